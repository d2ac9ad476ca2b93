# What evaluates and then fails at night, refused while somebody is looking.
{ config, lib, ... }:
let
  cfg = config.mares.backup.restic;
  inherit (cfg) defaults;

  # Names of the jobs that share a value of `field`, per shared value.
  sharing =
    field:
    lib.filterAttrs (_: names: lib.length names > 1) (
      lib.groupBy (name: cfg.jobs.${name}.${field}) (lib.attrNames cfg.jobs)
    );

  option = name: field: "`mares.backup.restic.jobs.${name}.${field}`";

  # A directory below the login directory: no empty step, and none that leaves it.
  isBelow =
    path:
    lib.all (
      step:
      !lib.elem step [
        ""
        "."
        ".."
      ]
    ) (lib.splitString "/" path);

  jobAssertions = lib.concatLists (
    lib.mapAttrsToList (name: job: [
      {
        assertion = isBelow job.repoPath;
        message = ''
          ${option name "repoPath"} is "${job.repoPath}", but it has to be a directory below the
          login directory of the SFTP user. Set it without a slash at either end and without
          "." and ".."; use `mares.backup.restic.defaults.basePath` when repositories live elsewhere.
        '';
      }
      {
        assertion = config.users.users ? ${job.user};
        message = ''
          ${option name "user"} is "${job.user}", and this host has no such user: the job
          would fail at its first run. Enable the service that creates it, or declare
          `users.users.${job.user}`.
        '';
      }
      {
        assertion = config.users.groups ? ${job.group};
        message = ''
          ${option name "group"} is "${job.group}", and this host has no such group. Enable
          the service that creates it, or declare `users.groups.${job.group}`.
        '';
      }
    ]) cfg.jobs
  );

  repositoryAssertions = lib.mapAttrsToList (repoPath: names: {
    assertion = false;
    message = ''
      ${lib.concatMapStringsSep " and " (name: option name "repoPath") names} are both
      "${repoPath}". Two jobs on one repository lock each other out and share a password;
      give each a directory of its own.
    '';
  }) (sharing "repoPath");

  # One file has one owner, and ssh refuses a key that a second user can read.
  keyAssertions =
    field:
    lib.mapAttrsToList (file: names: {
      assertion = lib.length (lib.unique (map (name: cfg.jobs.${name}.user) names)) == 1;
      message = ''
        ${lib.concatMapStringsSep " and " (name: option name field) names} are the same file,
        ${file}, but the jobs run as different users. Declare one secret per user; with
        sops-nix, `sops.secrets.<name>.key` lets both hold the same value.
      '';
    }) (sharing field);
in
{
  config = lib.mkIf (cfg.jobs != { }) {
    assertions = [
      {
        assertion = defaults.sftpHostKey != null;
        message = ''
          `mares.backup.restic.defaults.sftpHostKey` is not set, and without it every backup
          ends with "Host key verification failed". Get it with
            ssh-keyscan -t ed25519 -p ${toString defaults.sftpPort} ${defaults.sftpHost}
          compare its fingerprint on the NAS, and set the last two words of that line.
        '';
      }
    ]
    ++ jobAssertions
    ++ repositoryAssertions
    ++ keyAssertions "passwordFile"
    ++ keyAssertions "sshKeyFile";
  };
}
