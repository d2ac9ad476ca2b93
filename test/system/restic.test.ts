// The backup system for real: restic backs three services up to a confined SFTP account, each as its own user, with
// the units, ssh configuration, secrets and retention that real Nix evaluated; then everything that goes wrong at night.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readGolden, threeServices } from "../nix/real-nix.ts";
import { vaultCanBeOpened } from "../nix/sops/vault.ts";
import { nasHome, runBlock, startHost, startSshd, stopSshd } from "./fleet-machine.ts";
import { readGuide } from "./guide.ts";
import { type Machine, missingForMachine, type Result } from "./machine.ts";
import { fillHome, listTree } from "./tree.ts";

const golden = readGolden(threeServices.name);
const services = ["hass", "scrypted", "postgres"] as const;
const programs = [
  "unshare",
  "nsenter",
  "setpriv",
  "ip",
  "dpkg",
  "restic",
  "sshd",
  "ssh-keyscan",
  "sudo",
  "age-keygen",
  "openssl",
];
const missing = missingForMachine(programs) ?? (vaultCanBeOpened ? null : "run `npm ci` in test/nix/sops first");
if (missing !== null) console.warn(`SKIPPED: restic over SFTP was not tried: ${missing}`);

let machine: Machine;
/** Another one, whose target fills up: restic tries for a minute before it gives up, beside everything else here. */
let fullMachine: Machine;
let fullRun: Promise<Result>;

describe.skipIf(missing !== null)("three services on one host", () => {
  beforeAll(async () => {
    fullMachine = await startHost(golden);
    fullRun = beginOnFullTarget();
    machine = await startHost(golden);
    for (const service of services) for (const path of pathsOf(service)) fillHome(machine, path, service);
  });
  afterAll(() => Promise.all([machine?.stop(), fullMachine?.stop()]));

  test("each backs itself up, forgets, prunes and checks, as its own user, all at 03:00", async () => {
    const runs = services.map((service) => machine.begin(`systemctl start ${unit(service)}`));
    for (const { status, output } of await Promise.all(runs)) {
      expect(output).toMatch(/created restic repository/);
      expect(output).toMatch(/snapshot [0-9a-f]+ saved/);
      expect(output).toMatch(/Applying Policy: keep 7 daily, 4 weekly, 12 monthly, 2 yearly snapshots/);
      expect(output).toMatch(/no errors were found/);
      expect(status).toBe(0);
    }
  });

  test("nothing of it belongs to another user", () => {
    for (const service of services) {
      const strangers = machine.must(`find /var/cache/restic-backups-${service} -not -user ${service}`);
      expect(strangers).toBe("");
    }
    expect(machine.must(`find ${nasHome} -mindepth 1 -not -user restic`)).toBe("");
    expect(machine.must("ls /run | grep restic || true")).toBe("");
  });

  test("one service cannot read another's password or key", () => {
    const { status, output } = machine.run("cat /run/secrets/restic-hass_password", { user: "scrypted" });
    expect(status).toBe(1);
    expect(output).toMatch(/Permission denied/);
  });

  test("the account on the NAS is confined to files", () => {
    const shell = machine.run("timeout 10 ssh truenas-backup true", { user: "hass" });
    expect(shell.status).not.toBe(0);
    expect(machine.must("echo 'ls /' | sftp -b - truenas-backup", { user: "hass" })).toMatch(/\/hass\b/);
  });

  test("the guide's commands: keys and passwords", () => {
    expect(runBlock(machine, "age-key").join()).toMatch(/Public key: age1\w{58}/);
    expect(machine.must("stat -c %a /var/lib/sops-nix/key.txt")).toBe("600\n");
    runBlock(machine, "ssh-key");
    expect(machine.must("tail -c 1 restic-key | od -An -c; ssh-keygen -lf restic-key.pub")).toMatch(/\\n\n256 SHA256/);
    expect(runBlock(machine, "password").join()).toMatch(/^[\w+/]{32}\n$/);
    const onNas = machine.must("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub");
    expect(runBlock(machine, "fingerprint").join()).toContain(onNas.split(" ")[1]);
  });

  test("the guide's commands: the first backup", () => {
    expect(runBlock(machine, "connection").join()).toContain("postgres-restic");
    expect(runBlock(machine, "first-backup").join("\n")).toMatch(/no errors were found[\s\S]*^[12] snapshots$/m);
    runBlock(machine, "restore");
    expect(runBlock(machine, "compare").join()).toBe("");
  });

  test("the guide's commands: every day", () => {
    const [snapshots, ls, backup, start, check, unlock] = runBlock(machine, "daily");
    expect(snapshots).toMatch(/^[12] snapshots$/m);
    expect(ls).toContain("/var/lib/hass/.storage/core.config");
    const [, manual = ""] = /snapshot ([0-9a-f]+) saved/.exec(backup ?? "") ?? [];
    expect(manual).not.toBe("");
    expect(start).toMatch(/no errors were found/);
    expect(check).toMatch(/no errors were found/);
    expect(unlock).not.toMatch(/Fatal/);
    // The policy keeps the last of a day; newer restic the oldest of all, too.
    const kept = machine.must("sudo -u hass restic-hass snapshots");
    expect(kept).toMatch(/^[12] snapshots$/m);
    expect(kept).not.toContain(manual);
  });

  test("the guide's commands: a service that lost its files gets them back", () => {
    const [path = ""] = pathsOf("hass");
    const before = listTree(machine, path);
    machine.must(`rm -r ${path}`);
    restore("hass");
    runBlock(machine, "into-place");
    expect(listTree(machine, path)).toBe(before);
  });

  test("what is restored is what was saved: bytes, owners, modes and times", () => {
    for (const service of services) {
      restore(service);
      for (const path of pathsOf(service)) {
        const saved = listTree(machine, path);
        expect(saved.split("\n").length).toBeGreaterThan(8);
        expect(listTree(machine, `/restore${path}`)).toBe(saved);
      }
    }
    // --no-cache: the restore as root left nothing behind for the next run to fall over.
    expect(machine.must("find /var/cache/restic-backups-* -user root")).toBe("");
  });

  describe("a night on which something is wrong ends in a failure that says so, and nothing is lost", () => {
    test("another host key", () => {
      machine.must("ssh-keygen -q -t ed25519 -N '' -f /root/other");
      const before = machine.must("cat /etc/ssh/ssh_known_hosts");
      onTestFinished(() => machine.write("/etc/ssh/ssh_known_hosts", before));
      machine.must('sed -i "s#ssh-ed25519 .*#$(cut -d" " -f1,2 /root/other.pub)#" /etc/ssh/ssh_known_hosts');
      expectFailure("hass", /Host key verification failed/);
    });

    test("a key that its user cannot read", () => {
      onTestFinished(() => void machine.must("chown hass:hass /run/secrets/restic-hass_ssh_private_key"));
      machine.must("chown root:root /run/secrets/restic-hass_ssh_private_key");
      expectFailure("hass", /Load key .*Permission denied[\s\S]*Permission denied \(publickey\)/);
    });

    test("a key that others can read, which is why every user has a file of his own", () => {
      onTestFinished(() => void machine.must("chmod 0400 /run/secrets/restic-hass_ssh_private_key"));
      machine.must("chmod 0440 /run/secrets/restic-hass_ssh_private_key");
      expectFailure("hass", /bad permissions/);
    });

    test("the wrong password", () => {
      const before = machine.must("cat /run/secrets/restic-hass_password");
      const mode = { owner: "hass:hass", mode: "0400" };
      onTestFinished(() => machine.write("/run/secrets/restic-hass_password", before, mode));
      machine.write("/run/secrets/restic-hass_password", "wrong", mode);
      expectFailure("hass", /wrong password or no key found/);
    });

    test("files of root in the cache", () => {
      machine.must("sudo restic-hass cat config");
      machine.must("chown -R root:root /var/cache/restic-backups-hass/*");
      expect(machine.must("find /var/cache/restic-backups-hass -user root -type f")).not.toBe("");
    });

    test("after all of that, the next night heals the cache and saves everything", () => {
      expectGoodRun("hass");
      expect(machine.must("find /var/cache/restic-backups-hass -user root")).toBe("");
    });

    test("the server goes away in the middle of a backup, and is back the next night", async () => {
      const run = beginBackup("scrypted");
      stopSshd(machine);
      const { status, output } = await run;
      startSshd(machine);
      // Whether restic or the ssh that it started notices first is a matter of microseconds.
      expect(output).toMatch(/(connection lost|broken pipe)[\s\S]*Fatal: unable to save snapshot/);
      expect(status).not.toBe(0);
      machine.must("rm /var/lib/scrypted/recording");
      expectGoodRun("scrypted");
    });

    test("locks of a backup and of a prune that lost power: the next night removes them", async () => {
      const run = beginBackup("scrypted");
      machine.must("pkill -KILL -x restic");
      expect((await run).status).not.toBe(0);
      machine.must("rm /var/lib/scrypted/recording");
      expect(machine.must(`ls ${nasHome}/scrypted/locks`)).not.toBe("");
      leaveLockOfPrune("scrypted");
      // Without the unlock before it, this is how every later night would end.
      const { status, output } = machine.run("sudo -u scrypted restic-scrypted cat config");
      expect(output).toMatch(/already locked exclusively/);
      expect(status).not.toBe(0);
      expectGoodRun("scrypted");
      expect(machine.must(`ls ${nasHome}/scrypted/locks`)).toBe("");
    });

    test("the target is full, and has room again the next night", async () => {
      const { status, output } = await fullRun;
      expect(output).toMatch(
        /snapshot [0-9a-f]+ saved[\s\S]*Fatal: unable to save snapshot: .*(no space left|Failure)/,
      );
      expect(status).not.toBe(0);
      expect(fullMachine.must(`ls ${nasHome}/scrypted/snapshots`)).toBe(fullMachine.must("cat /var/tmp/snapshots"));
      fullMachine.must(`mount -o remount,size=128M ${nasHome}/scrypted`);
      expectGoodRun("scrypted", fullMachine);
    });
  });
});

function unit(service: string): string {
  return `restic-backups-${service}.service`;
}

function pathsOf(service: string): readonly string[] {
  return golden.services.restic.backups[service]?.paths ?? [];
}

/** The unit fails, says why, and every snapshot that was there is there. */
function expectFailure(service: string, said: RegExp): void {
  const snapshots = `cd ${nasHome}/${service} && sha256sum config keys/* snapshots/*`;
  const before = machine.must(snapshots);
  let output = "";
  // restic may end before it has passed on what its ssh said: on a busy machine, and then on another night.
  for (let night = 0; night < 5 && !said.test(output); night++) {
    const result = machine.run(`systemctl start ${unit(service)}`);
    expect(result.status).not.toBe(0);
    expect(machine.must(snapshots)).toBe(before);
    output = result.output;
  }
  expect(output).toMatch(said);
}

/** A whole run succeeds, and its snapshot gives back what is there. */
function expectGoodRun(service: string, on = machine): void {
  expect(on.must(`systemctl start ${unit(service)}`)).toMatch(/no errors were found/);
  restore(service, on);
  for (const path of pathsOf(service)) expect(listTree(on, `/restore${path}`)).toBe(listTree(on, path));
}

function restore(service: string, on = machine): void {
  on.must("rm -rf /restore");
  for (const command of readGuide().blocks("restore")) on.must(command.replaceAll("hass", service));
}

/** A good run, and one that needs more room than the target has. */
function beginOnFullTarget(): Promise<Result> {
  const target = `${nasHome}/scrypted`;
  fillHome(fullMachine, "/var/lib/scrypted", "scrypted");
  fullMachine.must(`mount -t tmpfs -o size=24M,mode=0700,uid=2000,gid=2000 full ${target}`);
  return fullMachine.begin(`set -e
    systemctl start ${unit("scrypted")}
    ls ${target}/snapshots > /var/tmp/snapshots
    head -c 32M /dev/urandom > /var/lib/scrypted/recording
    chown scrypted:scrypted /var/lib/scrypted/recording
    systemctl start ${unit("scrypted")}`);
}

/** A run that has begun to send a file large enough to be in the middle of. */
function beginBackup(service: string): Promise<Result> {
  machine.must(`head -c 48M /dev/urandom > /var/lib/${service}/recording`, { user: service });
  const run = machine.begin(`systemctl start ${unit(service)}`);
  const fresh = `find ${nasHome}/${service}/data -type f -newer /var/lib/${service}/recording | grep -q .`;
  machine.must(`for _ in $(seq 3000); do ${fresh} && exit 0; sleep 0.02; done; exit 1`);
  return run;
}

/** A prune that is killed while it holds its lock; what other commands left is not this lock. */
function leaveLockOfPrune(service: string): void {
  const locks = `ls ${nasHome}/${service}/locks | wc -l`;
  const prune = `sudo -u ${service} restic-${service} prune --max-unused 0`;
  machine.must(
    `sudo -u ${service} restic-${service} unlock --remove-all
     ${prune} >/dev/null 2>&1 &
     for _ in $(seq 6000); do [ "$(${locks})" = 0 ] || break; sleep 0.005; done
     pkill -KILL -x restic
     wait`,
  );
}
