// `.nixlint-baseline.json` as text: one entry a line, sorted, so that two branches merge without a conflict.

import * as z from "zod";
import type { SourceFile } from "../source/source-file.ts";
import { type BaselineEntry, baselineFileName, sortEntries } from "./baseline.ts";
import { UserError } from "./user-error.ts";

const schema = z.strictObject({
  version: z.literal(1),
  findings: z.array(
    z.strictObject({
      rule: z.string(),
      subject: z.string(),
      host: z.union([z.string(), z.null()]),
      fingerprint: z.string(),
    }),
  ),
});

export function formatBaseline(entries: readonly BaselineEntry[]): string {
  const lines = sortEntries(entries).map(
    ({ rule, subject, host, fingerprint }) => `    ${JSON.stringify({ rule, subject, host, fingerprint })}`,
  );
  const findings = lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n  ]`;
  return `{\n  "version": 1,\n  "findings": ${findings}\n}\n`;
}

export function parseBaseline(source: SourceFile): BaselineEntry[] {
  const hint = "`nixlint baseline create` writes it; delete it to begin anew";
  const result = schema.safeParse(parseJson(source, hint));
  if (result.success) return result.data.findings;
  const path = (result.error.issues[0]?.path ?? [])
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("");
  const where = path === "" ? "" : `: \`${path.replace(/^\./, "")}\` is not what it writes`;
  throw new UserError(`${baselineFileName} is no baseline of this version of nixlint${where}`, hint);
}

function parseJson(source: SourceFile, hint: string): unknown {
  try {
    return JSON.parse(source.text);
  } catch (error) {
    const conflict = /^(?:<<<<<<<|=======|>>>>>>>).*$/m.exec(source.text);
    const start = conflict?.index ?? brokenAt(error, source.text);
    const span = { file: source.path, start, end: start + (conflict?.[0].length ?? 1) };
    const place = { source, span, name: baselineFileName };
    if (conflict === null) throw new UserError("not valid JSON", hint, place);
    throw new UserError(
      "the file has a merge conflict in it",
      "keep the lines of both sides, then `nixlint baseline prune`",
      place,
    );
  }
}

/** The parser says it in its message alone; where it names no position, the text ended too soon. */
function brokenAt(error: unknown, text: string): number {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
  const end = text.trimEnd().length;
  return position === undefined ? end : Math.min(Number(position), end);
}
