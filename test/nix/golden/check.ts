// `npm run test:nixpkgs -- --nixpkgs DIR --sops-nix DIR [--update]`: real Nix evaluates the hosts of the reference
// flake and every bad input. What it gives is compared with the golden files; `--update` rewrites them.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { badInputs } from "../bad-input.ts";
import { configurations, evaluateHost, type Golden, nixInstantiate, type Sources } from "../real-nix.ts";
import { settings } from "../settings.ts";

const usage = "usage: npm run test:nixpkgs -- --nixpkgs DIR --sops-nix DIR [--update]\n";

function main(): void {
  const request = readArguments();
  if (typeof request === "string") {
    process.stderr.write(`${request}\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const failures = [...checkHosts(request, request.update), ...checkSettings(request), ...checkBadInputs(request)];
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
}

/** What is to be done, or what is wrong with the command line. */
function readArguments(): (Sources & { readonly update: boolean }) | string {
  let values: { nixpkgs?: string; "sops-nix"?: string; update?: boolean };
  try {
    ({ values } = parseArgs({
      options: { nixpkgs: { type: "string" }, "sops-nix": { type: "string" }, update: { type: "boolean" } },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { nixpkgs, "sops-nix": sopsNix, update = false } = values;
  if (nixpkgs === undefined || sopsNix === undefined) return "both directories are needed";
  if (!existsSync(join(nixpkgs, "nixos/lib/eval-config.nix"))) return `${nixpkgs} is no checkout of nixpkgs`;
  if (!existsSync(join(sopsNix, "modules/sops/default.nix"))) return `${sopsNix} is no checkout of sops-nix`;
  if (spawnSync(nixInstantiate, ["--version"]).status !== 0) return `${nixInstantiate} cannot be run`;
  return { nixpkgs: resolve(nixpkgs), sopsNix: resolve(sopsNix), update };
}

function checkHosts(sources: Sources, update: boolean): string[] {
  const failures: string[] = [];
  for (const { name, host, extra } of configurations) {
    const { values, error } = evaluateHost(host, sources, extra);
    if (values === null) {
      failures.push(`${name}: ${error}`);
      continue;
    }
    const file = `test/nix/golden/${name}.json`;
    if (update) writeFileSync(file, `${JSON.stringify(values, null, 2)}\n`);
    const differences = compare(name, values, JSON.parse(readFileSync(file, "utf8")));
    failures.push(...differences);
    report(differences.length === 0, `${name} gives the values of ${file}`);
  }
  return failures;
}

/** The places where two values differ, deepest first found. */
function compare(path: string, real: unknown, golden: unknown): string[] {
  if (isObject(real) && isObject(golden)) {
    const keys = [...new Set([...Object.keys(real), ...Object.keys(golden)])];
    return keys.flatMap((key) => compare(`${path} ${key}`, real[key], golden[key]));
  }
  const [found, expected] = [JSON.stringify(real), JSON.stringify(golden)];
  return found === expected ? [] : [`${path}\n  golden: ${expected}\n  Nix:    ${found}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkSettings(sources: Sources): string[] {
  const failures: string[] = [];
  for (const { name, host, module, path, expected } of settings) {
    const { values, error } = evaluateHost(host, sources, module);
    const given = path.reduce<unknown>((inner, step) => (isObject(inner) ? inner[step] : undefined), values);
    const holds = values?.failedAssertions.length === 0 && gives(given, expected);
    report(holds, name);
    if (!holds)
      failures.push(`${name}: expected ${JSON.stringify(expected)}, Nix says: ${error || JSON.stringify(given)}`);
  }
  return failures;
}

/** A list may hold what nixpkgs puts before. */
function gives(given: unknown, expected: unknown): boolean {
  if (Array.isArray(given) && Array.isArray(expected))
    return gives(String(given.slice(-expected.length)), String(expected));
  return JSON.stringify(given) === JSON.stringify(expected);
}

function checkBadInputs(sources: Sources): string[] {
  const failures: string[] = [];
  for (const { name, host, module, message } of badInputs) {
    const { values, error } = evaluateHost(host, sources, module);
    const said = values === null ? error : refusals(values).join("\n");
    const clear = message.test(said.replace(/\s+/g, " "));
    report(clear, `refuses ${name}`);
    if (!clear) failures.push(`${name}: expected ${message}, Nix says:\n${said || "nothing"}`);
  }
  return failures;
}

function refusals({ failedAssertions }: Golden): readonly string[] {
  return failedAssertions;
}

function report(passed: boolean, text: string): void {
  process.stdout.write(`${passed ? "ok  " : "FAIL"} ${text}\n`);
}

main();
