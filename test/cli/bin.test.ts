// The executable as it is installed: bundled, started from anywhere, with real pipes and signals.

import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundledExecutable } from "./bundle.ts";
import { flake, makeRepository, nothing, uncovered } from "./run.ts";

const bin = bundledExecutable();

function nixlint(cwd: string, ...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...argv], { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

test("hands on exit codes and both streams", () => {
  const good = makeRepository({ "flake.nix": flake, "hosts/nas.nix": nothing });
  expect(nixlint(good)).toEqual({ status: 0, stdout: "no findings in 1 host, 2 files\n", stderr: "" });
  expect(nixlint(makeRepository({ "flake.nix": flake, "hosts/nas.nix": uncovered })).status).toBe(1);
  const wrong = nixlint("/", "--hots");
  expect(wrong).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("--hots") });
});

test("has its pages with it", () => {
  expect(nixlint("/", "explain", "service-without-backup")).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("When to allow it"),
  });
});

test("its stack is deep enough for what Nix allows", () => {
  const { status, stdout } = nixlint(
    "/",
    "eval",
    "--expr",
    "let f = n: if n == 0 then 0 else 1 + f (n - 1); in f 9000",
  );
  expect({ status, stdout }).toEqual({ status: 0, stdout: "9000\n" });
});

test("writes all of a long output into a slow pipe", async () => {
  const list = 'builtins.genList (n: "element number ${toString n}") 40000';
  const child = spawn(process.execPath, [bin, "eval", "--strict", "--json", "--expr", list], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  let text = "";
  for await (const chunk of child.stdout) text += chunk;
  expect(JSON.parse(text)).toHaveLength(40000);
});

test("is quiet when nobody reads any more", () => {
  const command = `"${process.execPath}" "${bin}" eval --strict --expr 'builtins.genList (n: n) 100000' | head -c 10`;
  const { stdout, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  expect({ stdout, stderr }).toEqual({ stdout: "[ 0 1 2 3 ", stderr: "" });
});

test("an interrupt ends it with 130", async () => {
  // Nobody reads on after the first bytes, so it is still writing when the signal comes.
  const child = spawn(process.execPath, [bin, "eval", "--strict", "--expr", "builtins.genList (n: n) 200000"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("exit", (status) => resolve(status)));
  await new Promise((resolve) => child.stdout.once("readable", resolve));
  child.kill("SIGINT");
  expect(await ended).toBe(130);
});

test("two that fix at once: each change is made once, and no file is mixed", async () => {
  const stale = "{\n  services.openssh.enable = true; # nixlint: allow missing-import -- was one\n}\n";
  const names = Array.from({ length: 20 }, (_, index) => `roles/r${index}.nix`);
  const texts = Object.fromEntries(names.map((name) => [name, stale]));
  const repository = makeRepository({ "flake.nix": flake, "hosts/nas.nix": nothing, ...texts });
  const once = () =>
    new Promise<number | null>((resolve) => {
      spawn(process.execPath, [bin, "fix"], { cwd: repository, stdio: "ignore" }).on("exit", resolve);
    });
  const codes = await Promise.all([once(), once(), once()]);
  for (const name of names) expect(readFileSync(join(repository, name), "utf8")).toBe(nothing);
  expect(codes).toContain(0);
  // One that came too late finds other texts than it read, and says so instead of writing.
  expect(codes.every((code) => code === 0 || code === 2)).toBe(true);
});

test("a check is quiet when nobody reads any more, and still says how it went", () => {
  const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": uncovered });
  const command = `"${process.execPath}" "${bin}" check | head -c 5; echo " \${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", command], { cwd: directory, encoding: "utf8" });
  expect({ stdout, stderr }).toEqual({ stdout: "error 1\n", stderr: "" });
});
