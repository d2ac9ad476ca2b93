// However a run ends, files are whole and its end is told: interrupted, nobody reading, no room to write.

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, closeSync, existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundledExecutable } from "../cli/bundle.ts";
import { flake, makeDirectory, makeRepository, uncovered } from "../cli/run.ts";

const bin = bundledExecutable();
const names = Array.from({ length: 12 }, (_, index) => `hosts/m${index}.nix`);
const stale = "{\n  # nixlint: allow service-without-backup -- gone\n  services.openssh.enable = true;\n}\n";
const clean = "{\n  services.openssh.enable = true;\n}\n";
const files: Readonly<Record<string, string>> = {
  "flake.nix": flake.replace("./hosts/nas.nix", ["./hosts/nas.nix", ...names.map((name) => `./${name}`)].join(" ")),
  "hosts/nas.nix": uncovered,
  ...Object.fromEntries(names.map((name) => [name, stale])),
};

async function interrupted(root: string, argv: readonly string[], signal: NodeJS.Signals, afterMs: number) {
  const child = spawn(process.execPath, [bin, ...argv], { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (bytes) => (stderr += bytes));
  setTimeout(() => child.kill(signal), afterMs);
  return new Promise<{ code: number | null; by: NodeJS.Signals | null; stderr: string }>((resolve) => {
    child.on("close", (code, by) => resolve({ code, by, stderr }));
  });
}

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s", (signal, expected) => {
  test.each([60, 350, 550, 700])("after %i ms leaves files whole", async (afterMs) => {
    const root = makeRepository(files);
    const { code, by, stderr } = await interrupted(root, ["check", "--fix", "-o", "report.txt"], signal, afterMs);
    // It may have been done before, or killed before it could say so itself.
    if (by !== null) expect(by).toBe(signal);
    else expect([expected, 0, 1]).toContain(code);
    expect(stderr).not.toMatch(/^ {4}at |bug in nixlint/m);
    for (const name of names) expect([stale, clean]).toContain(readFileSync(join(root, name), "utf8"));
    const report = existsSync(join(root, "report.txt")) ? readFileSync(join(root, "report.txt"), "utf8") : null;
    if (report !== null) expect(report).toMatch(/\d+ (errors?|fixed|findings?).*\n$/);
    // The next run is not kept from its work.
    const next = spawnSync(process.execPath, [bin, "check", "--fix"], { cwd: root, encoding: "utf8" });
    expect(next.status).toBe(1);
    for (const name of names) expect(readFileSync(join(root, name), "utf8")).toBe(clean);
    expect(readdirSync(join(root, "hosts")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("without room or reader", () => {
  const root = () => makeRepository(files);
  const start = (argv: readonly string[], stdio: ("ignore" | "pipe" | number)[], cwd = root()) =>
    spawnSync(process.execPath, [bin, ...argv], { cwd, stdio, encoding: "utf8" });

  test.each([["check"], ["fleet"], ["eval", "."], ["rules"], ["explain", "syntax-error"]])(
    "%s says in one line that stdout is full",
    (...argv) => {
      const full = openSync("/dev/full", "w");
      const { status, stderr } = start(argv, ["ignore", full, "pipe"]);
      expect(stderr).toBe("nixlint: cannot write to stdout: no space left on the disk\n");
      expect(status).toBe(2);
      // Where even that cannot be said, the exit code still tells.
      expect(start(argv, ["ignore", full, full]).status).toBe(2);
      closeSync(full);
    },
  );

  test("a pipe that nobody reads is quiet", () => {
    const script = `"${process.execPath}" "${bin}" check -v; echo $? >&2`;
    const { stderr } = spawnSync("bash", ["-c", `{ ${script}; } | head -1 >/dev/null`], {
      cwd: root(),
      encoding: "utf8",
    });
    expect(stderr).toBe("1\n");
  });

  test("stdin may be closed", () => {
    const script = `"${process.execPath}" "${bin}" check -q <&-`;
    const { status, stderr } = spawnSync("bash", ["-c", script], { cwd: root(), encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(1);
  });

  test.skipIf(process.getuid?.() !== 0)(
    "a directory that is read-only costs nothing but what would be written there",
    () => {
      const place = root();
      const other = makeDirectory({ "cache/keep": "" });
      chmodSync(other, 0o555);
      spawnSync("chown", ["-R", "65534:65534", place]);
      spawnSync("chmod", ["-R", "a-w", place]);
      chmodSync(join(bin, ".."), 0o755);
      const asNobody = (...argv: string[]) =>
        spawnSync(process.execPath, [bin, ...argv], {
          ...{ cwd: place, encoding: "utf8", uid: 65534, gid: 65534 },
          env: { PATH: process.env.PATH, HOME: other, XDG_CACHE_HOME: join(other, "cache") },
        });
      expect(asNobody("check", "-q").status).toBe(1);
      const fixed = asNobody("check", "--fix");
      expect(fixed.status).toBe(2);
      expect(fixed.stderr).toMatch(/^nixlint: cannot write/);
      for (const name of names) expect(readFileSync(join(place, name), "utf8")).toBe(stale);
    },
  );
});
