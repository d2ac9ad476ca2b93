// `--changed[=REV]`: what the flake's other state, evaluated from git's objects, did not have already. A job that is
// deleted shows up although nothing in the changed files holds the finding.

import { join } from "node:path";
import { rules } from "../../rules/index.ts";
import { entriesOf, splitKnown } from "../lint/baseline.ts";
import type { Report, UndecidedResult } from "../lint/finding.ts";
import { lintFlake } from "../lint/lint-flake.ts";
import { UserError } from "../lint/user-error.ts";
import { type FlakeFlags, openFlake } from "./flake-arguments.ts";
import { openFlakeTree } from "./flake-tree.ts";
import { type Io, today } from "./io.ts";
import type { Version } from "./repository.ts";

export interface Comparison {
  readonly root: string;
  readonly flags: FlakeFlags & { readonly changed?: string };
  /** What the report is of. */
  readonly version: Version;
}

/** What was found and undecided before; evaluated when somebody asks, and once. */
export type Before = () => Pick<Report, "diagnostics" | "undecided">;

const nothing = { diagnostics: [], undecided: [] };

/** A revision that is none is told at once, findings or not. */
export function knownBefore({ root, flags, version }: Comparison, io: Io): Before {
  if (flags.changed === undefined) return () => nothing;
  const indexFile = version.kind === "index" ? version.file : null;
  const revision: Version = { kind: "revision", name: flags.changed, indexFile };
  const hadFlake = openFlakeTree(root, revision).kindOf(join(root, "flake.nix")) !== null;
  let before: ReturnType<Before> | null = null;
  return () => {
    before ??= (hadFlake ? reportOf(revision, { root, flags }, io) : null) ?? nothing;
    return before;
  };
}

export function onlyChanged(report: Report, before: Before): Report {
  if (report.diagnostics.length + report.undecided.length === 0) return report;
  const known = before();
  const { fresh } = splitKnown(report.diagnostics, entriesOf(known.diagnostics));
  return { ...report, diagnostics: fresh, undecided: report.undecided.filter((doubt) => !wasThere(doubt, known)) };
}

/** Null when its configuration is none: then all is new. */
function reportOf(version: Version, { root, flags }: Pick<Comparison, "root" | "flags">, io: Io): Report | null {
  try {
    const { host: _, ...others } = flags;
    const opened = openFlake(root, others, { cwd: io.cwd, version });
    return lintFlake(opened, { ...opened, baseline: [], rules, today: today(io) });
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function wasThere({ rule, subject, hosts }: UndecidedResult, before: ReturnType<Before>): boolean {
  const same = before.undecided.find((doubt) => doubt.rule === rule && doubt.subject === subject);
  return same !== undefined && hosts.every((host) => same.hosts.includes(host));
}
