// A machine inside this one: users, files, network and processes of its own, and the programs of this one. Nothing is
// made outside of it, and it ends with the process that started it, whatever happens to that one.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Result {
  readonly status: number | null;
  readonly output: string;
}

export interface Account {
  readonly name: string;
  readonly id: number;
  readonly home: string;
  readonly shell?: string;
}

/** Why there can be no machine here; null when there can. */
export function missingForMachine(programs: readonly string[]): string | null {
  if (process.getuid?.() !== 0) return "it needs root";
  const missing = programs.filter((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
  if (missing.length > 0) return `not installed: ${missing.join(", ")}`;
  const { status } = spawnSync("unshare", [...namespaces, "true"]);
  return status === 0 ? null : "namespaces are not allowed here";
}

const namespaces = ["--mount", "--net", "--uts", "--pid", "--fork", "--kill-child"];

export class Machine {
  /** What was run as a shell would read it, for comparing with a guide. */
  readonly history: string[] = [];
  private readonly holder: ChildProcess;
  private readonly target: number;

  private constructor(holder: ChildProcess, target: number) {
    this.holder = holder;
    this.target = target;
  }

  static async start(name: string, accounts: readonly Account[]): Promise<Machine> {
    const script = join(import.meta.dirname, "machine.sh");
    const holder = spawn("unshare", [...namespaces, "bash", script, name], { stdio: ["pipe", "pipe", "inherit"] });
    await new Promise<void>((resolve, reject) => {
      holder.stdout?.once("data", () => resolve());
      holder.once("exit", (code) => reject(new Error(`the machine did not start (${code})`)));
    });
    const target = Number(readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, "utf8").trim());
    const machine = new Machine(holder, target);
    machine.writeAccounts(accounts);
    return machine;
  }

  /** Ends every process of the machine; its files go with it. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.holder.once("exit", resolve));
    this.holder.stdin?.end();
    await ended;
  }

  /** As root, unless another account is named. */
  run(command: string, { user, input }: { readonly user?: string; readonly input?: string | Uint8Array } = {}): Result {
    this.history.push(command);
    const { status, stdout, stderr } = spawnSync("nsenter", this.arguments(command, user), {
      encoding: "utf8",
      timeout: 110_000,
      env: environment,
      ...(input !== undefined && { input }),
    });
    return { status, output: stdout + stderr };
  }

  /** The output of a command that has to succeed. */
  must(command: string, options: { readonly user?: string; readonly input?: string | Uint8Array } = {}): string {
    const { status, output } = this.run(command, options);
    if (status !== 0) throw new Error(`${command}\nexit ${status}\n${output}`);
    return output;
  }

  /** Does not wait. */
  begin(command: string): Promise<Result> {
    const child = spawn("nsenter", this.arguments(command), { stdio: ["ignore", "pipe", "pipe"], env: environment });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    return new Promise((resolve) => child.once("close", (status) => resolve({ status, output })));
  }

  write(path: string, text: string, { owner = "0:0", mode = "0644" } = {}): void {
    this.must(
      `mkdir -p "$(dirname '${path}')" && cat > '${path}' && chown ${owner} '${path}' && chmod ${mode} '${path}'`,
      {
        input: text,
      },
    );
    this.history.pop();
  }

  private arguments(command: string, user?: string): string[] {
    const become = user === undefined ? [] : ["setpriv", "--reuid", user, "--regid", user, "--init-groups"];
    const enter = ["--target", String(this.target), "--mount", "--net", "--uts", "--pid", "--root", "--wdns=/root"];
    return [...enter, "--", ...become, "/bin/bash", "--norc", "-c", command];
  }

  private writeAccounts(accounts: readonly Account[]): void {
    const all: readonly Account[] = [
      { name: "root", id: 0, home: "/root", shell: "/bin/bash" },
      { name: "sshd", id: 101, home: "/run/sshd" },
      ...accounts,
    ];
    const passwd = all.map(
      ({ name, id, home, shell }) => `${name}:x:${id}:${id}::${home}:${shell ?? "/usr/sbin/nologin"}`,
    );
    this.write("/etc/passwd", `${passwd.join("\n")}\n`);
    this.write("/etc/group", `${all.map(({ name, id }) => `${name}:x:${id}:`).join("\n")}\n`);
    // `*`: no password opens it, but unlike with `!` sshd does not call the account locked.
    this.write("/etc/shadow", `${all.map(({ name }) => `${name}:*:19000::::::`).join("\n")}\n`, { mode: "0600" });
  }
}

/** What a root shell of NixOS has. */
const environment = {
  PATH: "/run/wrappers/bin:/run/current-system/sw/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  USER: "root",
  LANG: "C.UTF-8",
};
