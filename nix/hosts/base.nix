# What every virtual machine of the fleet has in common.
{
  imports = [
    ../modules/backup/restic.nix
    ../modules/monitoring
  ];

  boot.loader.systemd-boot.enable = true;

  fileSystems."/" = {
    device = "/dev/disk/by-label/nixos";
    fsType = "ext4";
  };
  fileSystems."/boot" = {
    device = "/dev/disk/by-label/ESP";
    fsType = "vfat";
  };

  time.timeZone = "Asia/Jakarta";

  # Written once, when the machine is installed; its public half is in .sops.yaml.
  sops.age.keyFile = "/var/lib/sops-nix/key.txt";

  # A placeholder: replace it by what `ssh-keyscan -t ed25519 <NAS>` prints.
  mares.backup.restic.defaults.sftpHostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBVLQz5yLeHQG+o6U3qtCsIt4Sf2FDn8lfCcZtPPSu/v";

  mares.monitoring.alloy.remoteWriteUrl = "http://prometheus.srv.mares.id:9090/api/v1/write";

  system.stateVersion = "25.11";
}
