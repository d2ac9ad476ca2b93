// A host of the reference flake as a machine: users, secrets from the vault, ssh configuration, wrappers and units,
// all as real Nix evaluated them (the golden files), and the NAS that the guide describes, on the same machine.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Golden } from "../nix/real-nix.ts";
import { openVault, readIdentities } from "../nix/sops/vault.ts";
import { readGuide } from "./guide.ts";
import { type Account, Machine } from "./machine.ts";
import { unitScript } from "./unit.ts";

export const nasName = "truenas.srv.mares.id";
export const nasHome = "/mnt/storage01/backups";

/** Of NixOS: `services.home-assistant`, `services.postgresql`; the last is the account on the NAS. */
const accounts: readonly Account[] = [
  { name: "hass", id: 286, home: "/var/lib/hass" },
  { name: "postgres", id: 71, home: "/var/lib/postgresql" },
  { name: "scrypted", id: 990, home: "/var/lib/scrypted" },
  { name: "restic", id: 2000, home: nasHome },
];

/** What a package of nixpkgs has in bin/, by the Debian package that has the same programs. */
const debianPackages: Readonly<Record<string, string>> = {
  bash: "bash",
  coreutils: "coreutils",
  findutils: "findutils",
  gnugrep: "grep",
  gnused: "sed",
  openssh: "openssh-client",
  restic: "restic",
  systemd: "systemd",
};

export async function startHost(golden: Golden): Promise<Machine> {
  const machine = await Machine.start("ha-01", accounts);
  try {
    installStore(machine);
    installUnits(machine, golden);
    await installSecrets(machine, golden);
    startNas(machine);
    machine.write(
      "/etc/ssh/ssh_config",
      `${golden.programs.ssh.extraConfig}\nHost *\nGlobalKnownHostsFile /etc/ssh/ssh_known_hosts\n`,
    );
    machine.write("/etc/ssh/ssh_known_hosts", withHostKey(golden.programs.ssh.knownHosts, machine));
    return machine;
  } catch (error) {
    await machine.stop();
    throw error;
  }
}

/** `/nix/store/<package>/bin` with the programs of that package and no others; RESTIC names another restic to try. */
function installStore(machine: Machine): void {
  for (const [name, debian] of Object.entries(debianPackages)) {
    const { stdout } = spawnSync("dpkg", ["-L", debian], { encoding: "utf8" });
    const programs = stdout.split("\n").filter((path) => /^(\/usr)?\/s?bin\/[^/]+$/.test(path));
    const bin = `/nix/store/${name}/bin`;
    machine.must(`mkdir -p ${bin} && cd ${bin} && xargs -r -d '\\n' ln -sf -t .`, { input: programs.join("\n") });
  }
  const { RESTIC } = process.env;
  if (RESTIC !== undefined) {
    machine.must("cd /nix/store/restic/bin && rm -f restic && cat > restic && chmod 755 restic", {
      input: readFileSync(RESTIC),
    });
  }
}

function installUnits(machine: Machine, golden: Golden): void {
  const bin = "/run/current-system/sw/bin";
  for (const [name, backup] of Object.entries(golden.services.restic.backups)) {
    const unit = `restic-backups-${name}`;
    const service = golden.systemd.services[unit];
    const text = golden.systemd.units[`${unit}.service`];
    const wrapper = golden.wrappers[`restic-${name}`];
    if (service === undefined || text === undefined || wrapper === undefined) throw new Error(`no golden unit ${unit}`);
    // Golden paths have no hashes, so two jobs' lists would be one file.
    const paths = `/nix/store/${name}-staticPaths`;
    machine.write(paths, `${backup.paths.join("\n")}\n`);
    installScript(machine, `${unit}-pre-start`, service.preStart.replaceAll("/nix/store/staticPaths", paths));
    installScript(machine, `${unit}-post-stop`, service.postStop);
    machine.write(`/run/units/${unit}.service`, unitScript(text), { mode: "0755" });
    machine.write(`${bin}/restic-${name}`, wrapper, { mode: "0755" });
  }
  machine.write(`${bin}/systemctl`, '#!/bin/bash\n[ "$1" = start ] && exec "/run/units/$2"\n', { mode: "0755" });
  machine.write(
    "/etc/sudoers",
    `Defaults secure_path="/run/wrappers/bin:${bin}:/usr/sbin:/usr/bin"\nroot ALL=(ALL:ALL) ALL\n`,
    {
      mode: "0440",
    },
  );
}

function installScript(machine: Machine, name: string, text: string): void {
  const script = `#!/nix/store/bash/bin/bash\nset -e\n\n${text}\n`;
  machine.write(`/nix/store/unit-script-${name}/bin/${name}`, script, { mode: "0755" });
}

/** Decrypted as the host's own key decrypts them, owned as the module says. */
async function installSecrets(machine: Machine, golden: Golden): Promise<void> {
  const vault = await openVault(readIdentities()[1]);
  for (const { path, key, owner, group, mode } of Object.values(golden.sops.secrets)) {
    const value = vault[key];
    if (value === undefined) throw new Error(`the vault has no ${key}`);
    machine.write(path, value, { owner: `${owner}:${group}`, mode });
  }
}

/** The guide's steps on TrueNAS that a Linux machine can take: user, confinement, directories, host key. */
function startNas(machine: Machine): void {
  machine.write("/etc/hosts", `127.0.0.1 localhost ha-01 ${nasName}\n`);
  machine.must("ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key");
  machine.must(`install -d -m 0777 ${nasHome}`);
  runBlock(machine, "nas-root");
  runBlock(machine, "nas-directories");
  machine.must("mkdir -p /etc/ssh/authorized_keys");
  machine.must("ssh-keygen -y -f /run/secrets/restic-hass_ssh_private_key > /etc/ssh/authorized_keys/restic");
  machine.write("/etc/ssh/sshd_config", sshdConfig());
  startSshd(machine);
}

/** What each command of a block of the guide prints. */
export function runBlock(machine: Machine, name: string): readonly string[] {
  return readGuide()
    .blocks(name)
    .map((command) => machine.must(command));
}

export function startSshd(machine: Machine): void {
  const listens = "ss -ltnH 'sport = :22' | grep -q LISTEN";
  machine.must(
    `$(command -v sshd) -E /var/tmp/sshd.log; for _ in $(seq 2000); do ${listens} && exit; sleep 0.02; done; exit 1`,
  );
}

/** Also ends the sessions. */
export function stopSshd(machine: Machine): void {
  machine.must("pkill -x sshd; while pgrep -x sshd >/dev/null; do sleep 0.02; done");
}

function sshdConfig(): string {
  const [confinement] = readGuide().blocks("nas-sshd");
  return `ListenAddress 127.0.0.1
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /etc/ssh/authorized_keys/%u
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
Subsystem sftp internal-sftp
${confinement}
`;
}

/** What the guide says about the host key: the last two words of ssh-keyscan's line replace the placeholder. */
function withHostKey(knownHosts: string, machine: Machine): string {
  const [key] = /ssh-ed25519 \S+$/m.exec(runBlock(machine, "host-key").join()) ?? [];
  if (key === undefined) throw new Error("ssh-keyscan found no key");
  return knownHosts.replace(/ssh-ed25519 \S+/, key);
}
