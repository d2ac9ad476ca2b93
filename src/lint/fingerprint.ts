// The identity of a finding across edits: rule, subject and what the flagged text says, never where it stands.

import { createHash } from "node:crypto";
import type { SourceFile } from "../source/source-file.ts";
import type { Diagnostic } from "./finding.ts";
import type { MergedFinding } from "./merge.ts";

/** Adds fingerprints to diagnostics in report order; equal ones are told apart by their ordinal. */
export function addFingerprints(
  diagnostics: readonly MergedFinding[],
  sources: ReadonlyMap<string, SourceFile>,
): Diagnostic[] {
  const seen = new Map<string, number>();
  return diagnostics.map((diagnostic) => {
    const text = flaggedText(diagnostic, sources);
    const key = JSON.stringify([diagnostic.rule, diagnostic.subject, text]);
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    return { ...diagnostic, fingerprint: digest(ordinal === 0 ? key : `${key}#${ordinal}`) };
  });
}

/** White space is folded, so that a formatter does not change a fingerprint. */
function flaggedText({ at }: MergedFinding, sources: ReadonlyMap<string, SourceFile>): string {
  const text = sources.get(at.file)?.text.slice(at.start, at.end) ?? "";
  return text.replace(/\s+/g, " ").trim();
}

/** 128 bits are plenty for one repository and keep baselines readable. */
export function digest(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 32);
}
