// bench/verdicts.tsv: what people who read the flakes say of findings. One row is for one rule, one subject and the
// hosts it names; a finding has a verdict when rows speak for all of its hosts.

import { existsSync, readFileSync } from "node:fs";
import type { Diagnostic } from "../src/lint/finding.ts";
import { membersOf } from "../src/lint/gather.ts";

const file = "bench/verdicts.tsv";

export const verdicts = ["true", "false", "debatable"] as const;
export type Verdict = (typeof verdicts)[number];

interface Row {
  readonly hosts: readonly string[];
  readonly verdict: Verdict;
}

export type Verdicts = ReadonlyMap<string, readonly Row[]>;

/** A row that says nothing of the three is an error: nobody would notice it otherwise. */
export function readVerdicts(): Verdicts {
  const rows = new Map<string, Row[]>();
  const lines = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").slice(1) : [];
  for (const [index, line] of lines.entries()) {
    const [flake = "", rule = "", subject = "", hosts = "", word, why = ""] = line.split("\t");
    const verdict = verdicts.find((known) => known === word);
    if (verdict === undefined || why === "") throw new Error(`${file}:${index + 2} is no verdict: ${line}`);
    const key = keyOf(flake, rule, subject);
    rows.set(key, [...(rows.get(key) ?? []), { hosts: hosts === "" ? [] : hosts.split(","), verdict }]);
  }
  return rows;
}

function keyOf(...parts: readonly string[]): string {
  return parts.join("\t");
}

/** Of what is shown: the worst that anybody says of a member, and undefined when nobody has read the first. */
export function verdictOf(flake: string, diagnostic: Diagnostic, rows: Verdicts): Verdict | undefined {
  const said = membersOf([diagnostic]).map((member) => ofMember(flake, member, rows));
  if (said[0] === undefined) return undefined;
  return said.includes("false") ? "false" : said.includes("debatable") ? "debatable" : "true";
}

/** Undefined when nobody has read it, on one of its hosts at least. */
function ofMember(flake: string, { rule, subject, hosts }: Diagnostic, rows: Verdicts): Verdict | undefined {
  const fitting = rows.get(keyOf(flake, rule, subject)) ?? [];
  if (hosts.length === 0) return fitting[0]?.verdict;
  const found = hosts.map((host) => fitting.find((row) => row.hosts.includes(host))?.verdict);
  if (found.includes(undefined)) return undefined;
  return found.includes("false") ? "false" : found.includes("debatable") ? "debatable" : "true";
}
