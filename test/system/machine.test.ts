// The machine of these tests ends with the process that made it, and nothing of it is seen outside.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Machine, missingForMachine } from "./machine.ts";

const missing = missingForMachine(["unshare", "nsenter", "setpriv", "ip"]);
if (missing !== null) console.warn(`SKIPPED: no machine can be made: ${missing}`);

describe.skipIf(missing !== null)("a machine", () => {
  test("has users, files and mounts that this one does not see", async () => {
    const machine = await Machine.start("island", [{ name: "somebody", id: 4711, home: "/home/somebody" }]);
    machine.write("/nix/store/only-there", "here");
    expect(machine.must("id -un", { user: "somebody" })).toBe("somebody\n");
    expect(machine.must("hostname")).toBe("island\n");
    expect(existsSync("/nix/store/only-there")).toBe(false);
    expect(readFileSync("/proc/mounts", "utf8")).not.toContain("machine /mnt");
    expect(readFileSync("/etc/passwd", "utf8")).not.toContain("somebody");
    await machine.stop();
  });

  test("ends when the process that made it is killed", async () => {
    const script = join(import.meta.dirname, "machine.sh");
    const maker = spawn(process.execPath, ["--input-type=module", "-e", killedMaker, script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => maker.stdout.once("data", resolve));
    expect(sleepers()).toBe(1);
    maker.kill("SIGKILL");
    for (let tries = 0; tries < 100 && sleepers() > 0; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sleepers()).toBe(0);
  });
});

/** Makes a machine with something running in it, and waits to be killed. */
const killedMaker = `
  import { execFileSync, spawn } from "node:child_process";
  import { readFileSync } from "node:fs";
  const namespaces = ["--mount", "--net", "--uts", "--pid", "--fork", "--kill-child"];
  const holder = spawn("unshare", [...namespaces, "bash", process.argv[1], "victim"], { stdio: ["pipe", "pipe", "inherit"] });
  holder.stdout.once("data", () => {
    const target = readFileSync("/proc/" + holder.pid + "/task/" + holder.pid + "/children", "utf8").trim();
    spawn("nsenter", ["--target", target, "--mount", "--pid", "--root", "/bin/sleep", "98765"], { stdio: "ignore" });
    setTimeout(() => console.log("running"), 500);
  });
  setInterval(() => {}, 1000);`;

function sleepers(): number {
  const commands = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine);
  return commands.filter((command) => command.startsWith("/bin/sleep\u000098765")).length;
}

/** Empty when the process has just ended. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
