// What somebody may set wrong, and the sentence that has to answer it (Nix quotes names like `this', nixlint like
// `this`). Real Nix is asked by `npm run test:nixpkgs`,
// nixlint's own evaluation by bad-input.test.ts.
import type { HostName } from "./real-nix.ts";

export interface BadInput {
  readonly name: string;
  readonly host: HostName;
  /** Nix source of one more module of that host. */
  readonly module: string;
  /** Matches the error, with white space collapsed. */
  readonly message: RegExp;
}

function job(name: string, text: string): string {
  return `{ lib, ... }: { mares.backup.restic.jobs.${name} = { ${text} }; }`;
}

/** A second job on ha-01 that is right but for what `text` says. */
function secondJob(text: string): string {
  return `{ lib, ... }: {
    users.users.other = { isSystemUser = true; group = "other"; };
    users.groups.other = { };
    services.prometheus.exporters.restic.enable = lib.mkForce false;
    mares.backup.restic.jobs.other = lib.mkMerge [
      (lib.mapAttrs (_: lib.mkDefault) {
        repoPath = "other";
        passwordFile = "/run/secrets/other_password";
        sshKeyFile = "/run/secrets/other_key";
        paths = [ "/var/lib/other" ];
        user = "other";
        group = "other";
      })
      { ${text} }
    ];
  }`;
}

export const badInputs: readonly BadInput[] = [
  {
    name: "a relative path of a password file",
    host: "ha-01",
    module: job("hass", 'passwordFile = lib.mkForce "secrets/password";'),
    message:
      /`mares\.backup\.restic\.jobs\.hass\.passwordFile['`] is not of type `absolute path, as a string, of a file/,
  },
  {
    name: "a path literal as password file, which would be copied into the store",
    host: "ha-01",
    module: job("hass", "passwordFile = lib.mkForce /etc/password;"),
    message:
      /`mares\.backup\.restic\.jobs\.hass\.passwordFile['`] is not of type `absolute path, as a string, of a file/,
  },
  {
    name: "a key file in the store",
    host: "ha-01",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Nix's interpolation
    module: job("hass", 'sshKeyFile = lib.mkForce "${builtins.storeDir}/00000000000000000000000000000000-key";'),
    message: /`mares\.backup\.restic\.jobs\.hass\.sshKeyFile['`] is not of type .* outside the Nix store['`]/,
  },
  {
    name: "a repository path from the root",
    host: "ha-01",
    module: job("hass", 'repoPath = lib.mkForce "/backups/hass";'),
    message: /jobs\.hass\.repoPath` is "\/backups\/hass", but it has to be a directory below the login directory/,
  },
  {
    name: "a repository path that leaves the login directory",
    host: "ha-01",
    module: job("hass", 'repoPath = lib.mkForce "../other";'),
    message: /jobs\.hass\.repoPath` is "\.\.\/other", but it has to be a directory below the login directory/,
  },
  {
    name: "a user that nothing creates",
    host: "ha-01",
    module: job("hass", 'user = lib.mkForce "homeassistant";'),
    message: /jobs\.hass\.user` is "homeassistant", and this host has no such user/,
  },
  {
    name: "a group that nothing creates",
    host: "ha-01",
    module: job("hass", 'group = lib.mkForce "homeassistant";'),
    message: /jobs\.hass\.group` is "homeassistant", and this host has no such group/,
  },
  {
    name: "two jobs on one repository",
    host: "ha-01",
    module: secondJob('repoPath = "hass";'),
    message: /jobs\.hass\.repoPath` and `mares\.backup\.restic\.jobs\.other\.repoPath` are both "hass"/,
  },
  {
    name: "one key for two users",
    host: "ha-01",
    module: secondJob('sshKeyFile = "/run/secrets/restic-hass_ssh_private_key";'),
    message: /are the same file, \/run\/secrets\/restic-hass_ssh_private_key, but the jobs run as different users/,
  },
  {
    name: "no host key of the NAS",
    host: "ha-01",
    module: "{ lib, ... }: { mares.backup.restic.defaults.sftpHostKey = lib.mkForce null; }",
    message: /`mares\.backup\.restic\.defaults\.sftpHostKey` is not set, .* Get it with ssh-keyscan/,
  },
  {
    name: "nothing to back up",
    host: "ha-01",
    module: job("hass", "paths = lib.mkForce [ ];"),
    message:
      /`mares\.backup\.restic\.jobs\.hass\.paths['`] is not of type `non-empty \(?list of absolute path, as a string/,
  },
  {
    name: "a relative path to back up",
    host: "ha-01",
    module: job("hass", 'paths = lib.mkForce [ "var/lib/hass" ];'),
    message:
      /`mares\.backup\.restic\.jobs\.hass\.paths.*['`] is not of type `(non-empty \(list of )?absolute path, as a string/,
  },
  {
    name: "one secret for two services, as the design document has it",
    host: "ha-01",
    module: `{ lib, ... }: {
      sops.secrets.shared = lib.mkMerge [
        { sopsFile = FLAKE + "/secrets/restic.yaml"; key = "restic-ssh_private_key"; owner = "hass"; }
        { owner = "scrypted"; }
      ];
      mares.backup.restic.jobs.hass.sshKeyFile = lib.mkForce "/run/secrets/shared";
    }`,
    message: /`sops\.secrets\.shared\.owner['`] has conflicting definition/,
  },
  {
    name: "a second job beside the one exporter",
    host: "ha-01",
    module: secondJob(""),
    message: /The restic exporter of NixOS watches one repository, and this host has the jobs hass, other/,
  },
];
