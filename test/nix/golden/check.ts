// `npm run test:nixpkgs -- --nixpkgs DIR --sops-nix DIR [--update]`: real Nix evaluates the hosts of the reference
// flake and every bad input. What it gives is compared with the golden files; `--update` rewrites them.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { badInputs } from "../bad-input.ts";
import { configurations, evaluateHost, type Golden, type Sources } from "../real-nix.ts";

const usage = "usage: npm run test:nixpkgs -- --nixpkgs DIR --sops-nix DIR [--update]\n";

function main(): void {
  const { values } = parseArgs({
    options: { nixpkgs: { type: "string" }, "sops-nix": { type: "string" }, update: { type: "boolean" } },
  });
  if (values.nixpkgs === undefined || values["sops-nix"] === undefined) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const sources = { nixpkgs: resolve(values.nixpkgs), sopsNix: resolve(values["sops-nix"]) };
  const failures = [...checkHosts(sources, values.update ?? false), ...checkBadInputs(sources)];
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
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
