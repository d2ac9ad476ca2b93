// `nixlint rules`: what there is, as a table or as JSON.

import { rules } from "../../rules/index.ts";
import { visibleJson } from "../report/visible.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";

export interface RulesFlags {
  readonly json?: boolean;
}

export function listRules({ json }: RulesFlags, io: Io): ExitCode {
  const rows = rules.map(({ id, severity, profile, summary, scope }) => ({ id, severity, profile, scope, summary }));
  if (json) {
    io.stdout(`${visibleJson(rows)}\n`);
    return exitCode.ok;
  }
  const width = Math.max(...rows.map(({ id }) => id.length));
  for (const { id, severity, profile, summary } of rows) {
    io.stdout(`${id.padEnd(width)}  ${severity.padEnd(7)}  ${profile.padEnd(11)}  ${summary}\n`);
  }
  return exitCode.ok;
}
