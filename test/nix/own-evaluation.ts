// The reference flake as nixlint evaluates it, as JSON in which what is not known is marked.
import { join } from "node:path";
import { evaluate } from "../../src/cli/eval.ts";
import type { Io } from "../../src/cli/io.ts";

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
