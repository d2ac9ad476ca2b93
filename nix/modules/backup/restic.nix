# One restic job per service, pushed over SFTP to a NAS as the service's own
# user. Generates `services.restic.backups`, the ssh client configuration that
# restic needs to reach the NAS, and the ownership of the secrets in sops-nix.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.mares.backup.restic;
  inherit (cfg) defaults;
  jobs = lib.attrValues cfg.jobs;

  # OpenSSH takes the first value it meets of most keywords, but every
  # IdentityFile: `Match` narrows the keys to those the caller can read. Root
  # is named for `sudo restic-<job>`.
  identityBlock =
    { user, sshKeyFile }:
    let
      readers = if user == "root" then "root" else "${user},root";
    in
    ''
      Match originalhost ${defaults.sshAlias} localuser ${readers}
        IdentityFile ${sshKeyFile}
    '';

  sshConfig = ''
    Host ${defaults.sshAlias}
      HostName ${defaults.sftpHost}
      Port ${toString defaults.sftpPort}
      User ${defaults.sftpUser}
      IdentitiesOnly yes
      BatchMode yes
      StrictHostKeyChecking yes
      ServerAliveInterval 30
      ServerAliveCountMax 10
  ''
  + lib.concatMapStrings identityBlock (
    lib.unique (map (job: { inherit (job) user sshKeyFile; }) jobs)
  );

  mkBackup = job: {
    inherit (job)
      repository
      passwordFile
      paths
      exclude
      pruneOpts
      timerConfig
      backupPrepareCommand
      backupCleanupCommand
      extraBackupArgs
      ;
    user = job.user; # secret-owner-mismatch, backup-as-root
    initialize = true; # manual-repository
    createWrapper = true;
    # Reads the structure of the repository after every prune; a damaged one is
    # found by the nightly run and not by the first restore.
    runCheck = true; # unchecked-repository
  };

  mkService =
    name: job:
    lib.nameValuePair "restic-backups-${name}" {
      serviceConfig = {
        # services.restic.backups has a user but no group.
        Group = job.group;
        ExecStartPre = lib.mkBefore [
          # `sudo restic-<job> …` leaves files of root in the cache, with which the
          # next nightly run fails or crawls. "+" runs this one command as root.
          "+${pkgs.coreutils}/bin/chown -hR ${job.user}:${job.group} /var/cache/restic-backups-${name}"
          # A prune that lost power leaves a lock that keeps every later run out, even
          # from seeing that there is a repository. Only locks of processes that are
          # gone are removed. "-": before the first run there is nothing to unlock.
          "-${lib.getExe config.services.restic.backups.${name}.package} unlock"
        ];
      };
    };
in
{
  imports = [
    ./restic-options.nix
    ./restic-assertions.nix
  ];

  # The secrets of a job belong to the user who reads them. Roles hand over paths,
  # not names, and a definition of `sops.secrets.${name}` that reads a path would
  # need itself; declaring the option a second time adds to its submodule instead.
  options.sops.secrets = lib.mkOption {
    type = lib.types.attrsOf (
      lib.types.submodule (
        { config, ... }:
        let
          readers = lib.filter (
            job:
            lib.elem config.path [
              job.passwordFile
              job.sshKeyFile
            ]
          ) jobs;
          job = lib.head readers;
        in
        {
          config = lib.mkIf (readers != [ ]) {
            owner = lib.mkDefault job.user; # secret-owner-mismatch, exporter-secret-unreadable
            group = lib.mkDefault job.group;
          };
        }
      )
    );
  };

  config = lib.mkIf (cfg.jobs != { }) {
    services.restic.backups = lib.mapAttrs (_: mkBackup) cfg.jobs;

    systemd.services = lib.mapAttrs' mkService cfg.jobs;

    # After everything else: a `Match` block lasts until the next `Host` or `Match`.
    programs.ssh.extraConfig = lib.mkAfter sshConfig;

    programs.ssh.knownHosts = lib.mkIf (defaults.sftpHostKey != null) {
      ${defaults.sshAlias} = {
        hostNames = [
          (
            if defaults.sftpPort == 22 then
              defaults.sftpHost
            else
              "[${defaults.sftpHost}]:${toString defaults.sftpPort}"
          )
        ];
        publicKey = defaults.sftpHostKey;
      };
    };
  };
}
