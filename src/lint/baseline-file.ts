// `.nixlint-baseline.json` as text: one entry a line, sorted, so that two branches merge without a conflict.

import * as z from "zod";
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

export function parseBaseline(text: string): BaselineEntry[] {
  const hint = "`nixlint baseline create` writes it; delete it to begin anew";
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`${baselineFileName}: not valid JSON: ${why}`, hint);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data.findings;
  const issue = result.error.issues[0];
  const path = (issue?.path ?? [])
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("");
  throw new UserError(`${baselineFileName}: no baseline: ${path.replace(/^\./, "")}: ${issue?.message ?? "?"}`, hint);
}
