// The reference flake as nixlint evaluates it, as JSON in which what is not known is marked.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { evaluate } from "../../src/cli/eval.ts";
import type { Io } from "../../src/cli/io.ts";
import type { HostName } from "./real-nix.ts";

const root = join(import.meta.dirname, "../..");

/** The value of `config.<path>` on a host, as `nixlint eval --json --strict` prints it. */
export function evaluateOption(host: string, path: string, flake = join(root, "nix")): unknown {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    stdout: (text) => out.push(text),
    stderr: (text) => err.push(text),
    env: {},
    cwd: root,
    stdoutIsTerminal: false,
    now: () => new Date("2026-06-01T12:00:00Z"),
  };
  evaluate(`${flake}#nixosConfigurations.${host}.config.${path}`, { json: true, strict: true }, io);
  if (err.length > 0) throw new Error(err.join(""));
  return JSON.parse(out.join(""));
}

/** A copy of the reference flake in which the host has one module more; it goes away with the test. */
export function flakeWith(host: HostName, module: string): string {
  const copy = mkdtempSync(join(tmpdir(), "nixlint-flake-"));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  cpSync(join(root, "nix"), copy, { recursive: true });
  const file = join(copy, "hosts", host, "default.nix");
  writeFileSync(join(copy, "hosts", host, "extra.nix"), module.replaceAll("FLAKE", "../.."));
  writeFileSync(file, readFileSync(file, "utf8").replace("imports = [", "imports = [\n    ./extra.nix"));
  return copy;
}
