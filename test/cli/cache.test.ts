// What is kept between runs only makes them quicker: whatever is in the cache, and whatever happened to it, a run says
// what it says without it.

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Cache, openCache } from "../../src/cli/cache.ts";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import { keepRun, type Repeatable, replay } from "../../src/cli/replay.ts";
import { bundledExecutable } from "./bundle.ts";
import { flake, makeDirectory, makeRepository } from "./run.ts";

const executable = bundledExecutable();
const files = {
  "flake.nix": flake,
  "hosts/nas.nix": "{ ... }: { imports = [ ./maybe ]; }",
  "hosts/maybe/x.nix": "{ }",
};

interface Said {
  readonly stdout: string;
  readonly status: number | null;
}

function check(directory: string, cache: string, ...args: readonly string[]): Said {
  const env = { ...process.env, XDG_CACHE_HOME: cache };
  const { stdout, status } = spawnSync(process.execPath, [executable, ...args], {
    cwd: directory,
    env,
    encoding: "utf8",
  });
  return { stdout, status };
}

function namesIn(cache: string, prefix = ""): string[] {
  return readdirSync(join(cache, "nixlint")).filter((name) => name.startsWith(prefix));
}

describe("the executable", () => {
  test("says the same cold, warm, and from a damaged cache", { timeout: 60_000 }, () => {
    const directory = makeRepository(files);
    settle();
    const cache = makeDirectory({});
    const cold = check(directory, cache, "--no-cache");
    expect(() => namesIn(cache)).toThrow();
    expect(check(directory, cache)).toEqual(cold);
    expect(namesIn(cache, "run-")).toHaveLength(1);
    expect(namesIn(cache, "code-")).toHaveLength(1);
    expect(check(directory, cache)).toEqual(cold);
    for (const name of namesIn(cache)) damage(join(cache, "nixlint", name));
    expect(check(directory, cache)).toEqual(cold);
    for (const name of namesIn(cache)) writeFileSync(join(cache, "nixlint", name), "");
    expect(check(directory, cache)).toEqual(cold);
  });

  test("repeats an earlier run, until something changes", { timeout: 60_000 }, () => {
    const directory = makeRepository(files);
    settle();
    const cache = makeDirectory({});
    const first = check(directory, cache);
    // What stands in the record is what is printed: here, something that no run would say.
    const [name = ""] = namesIn(cache, "run-");
    const store = openCache([], { XDG_CACHE_HOME: cache });
    const record = JSON.parse(store?.read(name)?.toString() ?? "");
    store?.write(name, Buffer.from(JSON.stringify({ ...record, stdout: "as before\n" })));
    expect(check(directory, cache).stdout).toBe("as before\n");
    expect(check(directory, cache, "--no-cache").stdout).toBe(first.stdout);
    appendFileSync(join(directory, "hosts/nas.nix"), "\n# a comment\n");
    expect(check(directory, cache).stdout).toBe(first.stdout);
  });

  test("needs no place for a cache, and shares one", { timeout: 60_000 }, async () => {
    const directory = makeRepository(files);
    const cold = check(directory, makeDirectory({}), "--no-cache");
    const file = join(makeDirectory({ file: "no directory" }), "file");
    expect(check(directory, file)).toEqual(cold);
    expect(check(directory, "relative")).toEqual(cold);
    const shared = makeDirectory({});
    const env = { ...process.env, XDG_CACHE_HOME: shared };
    const children = Array.from({ length: 4 }, () => spawn(process.execPath, [executable], { cwd: directory, env }));
    expect(await Promise.all(children.map(outputOf))).toEqual(children.map(() => cold.stdout));
    expect(namesIn(shared).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

function damage(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
  writeFileSync(path, bytes);
}

async function outputOf(child: ChildProcess): Promise<string> {
  const parts: string[] = [];
  child.stdout?.on("data", (data) => parts.push(String(data)));
  await new Promise((resolve) => child.on("close", resolve));
  return parts.join("");
}

/** A file that was changed a moment ago may have been changed while it was read: such a run is not kept. */
function settle(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 40);
}

describe("a run is repeated only when nothing is different", () => {
  const key = { argv: ["check"], build: "one" };

  async function runOnce(directory: string): Promise<{ readonly cache: Cache; readonly io: Io }> {
    settle();
    const started = Date.now();
    const printed: string[] = [];
    const seen: Repeatable[] = [];
    const io: Io = {
      stdout: (text) => printed.push(text),
      stderr: (text) => printed.push(text),
      env: {},
      cwd: directory,
      stdoutIsTerminal: false,
      now: () => new Date("2026-06-01T12:00:00Z"),
      repeatable: (run) => seen.push(run),
    };
    const code = await main(["check"], io);
    const [repeatable] = seen;
    if (repeatable === undefined) throw new Error(`not repeatable: ${printed.join("")}`);
    const cache = openCache([], { XDG_CACHE_HOME: makeDirectory({}) }) as Cache;
    keepRun({ ...key, repeatable, variables: ["NO_COLOR"], started, stdout: printed.join(""), code }, cache, io);
    expect(replay(key, cache, io)).toMatchObject({ stdout: printed.join(""), code });
    return { cache, io };
  }

  const changes: Record<string, (directory: string) => void> = {
    "a file that was read": (directory) => appendFileSync(join(directory, "hosts/nas.nix"), "\n"),
    "a file of the same size": (directory) => writeFileSync(join(directory, "hosts/maybe/x.nix"), "{a}"),
    "a file that was looked for": (directory) => writeFileSync(join(directory, "hosts/maybe/default.nix"), "{ }"),
    "a file that went": (directory) => rmSync(join(directory, "hosts/nas.nix")),
    "the configuration": (directory) => writeFileSync(join(directory, "nixlint.toml"), 'profile = "strict"\n'),
    "the machine's configuration": (directory) => writeFileSync(join(directory, "nixlint.local.toml"), "[inputs]\n"),
    "the baseline": (directory) => writeFileSync(join(directory, ".nixlint-baseline.json"), "[]\n"),
    "what git tracks": (directory) => {
      writeFileSync(join(directory, "hosts/new.nix"), "{ }");
      execFileSync("git", ["-C", directory, "add", "hosts/new.nix"]);
    },
    "a file that became a directory": (directory) => {
      rmSync(join(directory, "hosts/maybe/x.nix"));
      mkdirSync(join(directory, "hosts/maybe/x.nix"));
    },
    "the repository": (directory) => rmSync(join(directory, ".git"), { recursive: true }),
  };
  test.each(Object.keys(changes))("%s", async (name) => {
    const directory = makeRepository(files);
    const { cache, io } = await runOnce(directory);
    changes[name]?.(directory);
    expect(replay(key, cache, io)).toBeNull();
  });

  test("not by what was put aside and back", async () => {
    const directory = makeRepository(files);
    const { cache, io } = await runOnce(directory);
    for (const name of ["flake.nix", "hosts/nas.nix", "hosts/maybe/x.nix"]) {
      const path = join(directory, name);
      writeFileSync(`${path}.new`, readFileSync(path));
      renameSync(`${path}.new`, path);
    }
    expect(replay(key, cache, io)).not.toBeNull();
    renameSync(join(directory, "hosts"), join(directory, "elsewhere"));
    symlinkSync("elsewhere", join(directory, "hosts"));
    expect(replay(key, cache, io)).toBeNull();
  });

  test("the day, the environment, the command line, the build", async () => {
    const { cache, io } = await runOnce(makeRepository(files));
    expect(replay(key, cache, { ...io, now: () => new Date("2026-06-02T00:00:00Z") })).toBeNull();
    expect(replay(key, cache, { ...io, env: { NO_COLOR: "1" } })).toBeNull();
    expect(replay(key, cache, { ...io, stdoutIsTerminal: true })).toBeNull();
    expect(replay({ ...key, argv: ["check", "-v"] }, cache, io)).toBeNull();
    expect(replay({ ...key, build: "two" }, cache, io)).toBeNull();
    expect(replay(key, cache, io)).not.toBeNull();
  });

  test("another directory", async () => {
    const directory = makeRepository({ ...files, "sub/notes.txt": "" });
    const { cache, io } = await runOnce(directory);
    expect(replay(key, cache, { ...io, cwd: join(directory, "sub") })).toBeNull();
    appendFileSync(join(directory, "sub/notes.txt"), "what nobody reads\n");
    expect(replay(key, cache, io)).not.toBeNull();
  });

  test("what was changed while it was read is not kept", async () => {
    const directory = makeRepository(files);
    const { cache, io } = await runOnce(directory);
    const looked = {
      files: new Set<string>(),
      contents: new Set([join(directory, "flake.nix")]),
      kinds: new Set<string>(),
    };
    const run = { variables: [], stdout: "", code: 0, argv: ["other"], build: "one" };
    const repeatable = { root: directory, paths: ["."], settings: [], looked: { ...looked, isCertain: true } };
    keepRun({ ...run, repeatable, started: statSync(join(directory, "flake.nix")).ctimeMs - 1 }, cache, io);
    expect(replay({ argv: ["other"], build: "one" }, cache, io)).toBeNull();
  });
});

test("the cache is bounded, and what was used longest ago goes", () => {
  const home = makeDirectory({});
  const cache = openCache([], { XDG_CACHE_HOME: home }) as Cache;
  const large = Buffer.alloc(15 * 1024 * 1024);
  for (const name of ["a", "b", "c", "d", "e", "f"]) cache.write(name, large);
  const sizes = readdirSync(join(home, "nixlint")).map((name) => statSync(join(home, "nixlint", name)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(64 * 1024 * 1024);
  expect(cache.read("f")?.length).toBe(large.length);
  expect(cache.read("a")).toBeNull();
});

test("a report that shows the line of a password is kept without it", { timeout: 60_000 }, () => {
  const canary = "hunter2-canary-of-a-long-line";
  const module = `{ pkgs, ... }: {
  services.restic.backups.a.repository = "rest:https://me:${canary}@nas.example.org/home";
  services.restic.backups.a.rcloneConfig = { type = "b2"; key = "${canary}"; };
  services.restic.backups.a.rcloneConfig.password = "${canary}";
  services.restic.backups.a.passwordFile = pkgs.writeText "restic-password" "${canary}";
  services.restic.backups.a.paths = [ "/home" ];
}`;
  const directory = makeRepository({ ...files, "hosts/nas.nix": module });
  settle();
  const cache = makeDirectory({});
  const { stdout } = check(directory, cache);
  expect(stdout.match(/secret-in-store/g)?.length).toBeGreaterThan(3);
  expect(stdout).toContain(`"rest:https://me:${"*".repeat(canary.length)}@nas.example.org/home"`);
  expect(stdout).not.toContain(canary);
  expect(check(directory, cache).stdout).toBe(stdout);
  expect(namesIn(cache, "run-")).toHaveLength(1);
  for (const name of namesIn(cache)) expect(readFileSync(join(cache, "nixlint", name)).includes(canary)).toBe(false);
});

test("no text of a secret gets there", { timeout: 60_000 }, () => {
  const canary = "hunter2-canary-of-a-secret";
  const secret = `restic: ${canary}\nsops:\n    mac: ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]\n    version: 3.9.4\n`;
  const module = `{
  sops.defaultSopsFile = ../secrets/all.yaml;
  sops.secrets.restic = { };
  users.users.a.password = "${canary}";
}`;
  const directory = makeRepository({ ...files, "hosts/nas.nix": module, "secrets/all.yaml": secret });
  settle();
  const cache = makeDirectory({});
  check(directory, cache, "-v");
  expect(namesIn(cache).length).toBeGreaterThan(1);
  for (const name of namesIn(cache)) expect(readFileSync(join(cache, "nixlint", name)).includes(canary)).toBe(false);
});
