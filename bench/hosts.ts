// `npm run hosts -- DIR [-v]`: which hosts nixlint finds in every flake below DIR, against what bench/hosts.tsv says the
// flake defines. With -v also the modules and unread inputs of each host.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Flake } from "../src/flake/flake.ts";
import { loadFlake } from "../src/flake/load.ts";
import { commitOf, findFlakes, nameOf, openFlake } from "./flake-directories.ts";

const tableFile = "bench/hosts.tsv";

/** What a flake defines, at the commit that was read. */
interface Truth {
  readonly commit: string;
  readonly hosts: readonly string[];
}

interface Judged {
  readonly found: number;
  readonly expected: number;
  readonly extra: number;
}

function main(args: readonly string[]): void {
  const [directory] = args.filter((arg) => !arg.startsWith("-"));
  if (directory === undefined) {
    process.stderr.write("usage: npm run hosts -- DIR [-v]\n");
    process.exitCode = 2;
    return;
  }
  const table = readTable();
  const judged = findFlakes(resolve(directory)).map((root) => judge(root, table, args.includes("-v")));
  const sum = (count: (one: Judged) => number) => judged.reduce((total, one) => total + count(one), 0);
  const [found, expected] = [sum((one) => one.found), sum((one) => one.expected)];
  const share = expected === 0 ? "-" : `${((100 * found) / expected).toFixed(1)} %`;
  process.stdout.write(`${found}/${expected} hosts (${share}), ${sum((one) => one.extra)} that are none\n`);
}

function readTable(): ReadonlyMap<string, Truth> {
  const rows = readFileSync(tableFile, "utf8").split("\n");
  return new Map(
    rows
      .filter((row) => row !== "" && !row.startsWith("#"))
      .map((row) => {
        const [flake = "", hosts = ""] = row.split("\t");
        const [repository = "", commit = ""] = flake.split("@");
        return [repository, { commit, hosts: hosts === "-" ? [] : hosts.split(" ") }];
      }),
  );
}

function judge(root: string, table: ReadonlyMap<string, Truth>, verbose: boolean): Judged {
  const started = performance.now();
  const flake = loadFlake(root, openFlake(root));
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  const repository = nameOf(root);
  const truth = table.get(repository);
  const names = flake.hosts.map((host) => host.name);
  const missing = truth?.hosts.filter((name) => !names.includes(name)) ?? [];
  const extra = truth === undefined ? [] : names.filter((name) => !truth.hosts.includes(name));
  const expected = truth === undefined ? "?" : String(truth.hosts.length);
  process.stdout.write(`${repository}: ${names.length - extra.length}/${expected} hosts, ${seconds} s\n`);
  if (truth !== undefined && commitOf(root) !== truth.commit) line("read at another commit");
  if (missing.length > 0) line(`missing: ${missing.join(" ")}`);
  if (extra.length > 0) line(`none: ${extra.join(" ")}`);
  for (const { name, why } of flake.unresolved) line(`unresolved: ${name}: ${why.reason}: ${why.message}`);
  if (verbose) describeHosts(flake);
  if (truth === undefined) return { found: 0, expected: 0, extra: 0 };
  return { found: names.length - extra.length, expected: truth.hosts.length, extra: extra.length };
}

function describeHosts(flake: Flake): void {
  for (const host of flake.hosts) {
    const unread = [...new Set(host.unread.map(({ input }) => input))];
    line(`${host.name} (${host.system ?? "?"}): ${host.modules.length} modules, unread: ${unread.join(", ") || "-"}`);
  }
  if (flake.roles.length > 0) line(`roles: ${flake.roles.map((role) => role.name).join(" ")}`);
}

function line(text: string): void {
  process.stdout.write(`  ${text}\n`);
}

main(process.argv.slice(2));
