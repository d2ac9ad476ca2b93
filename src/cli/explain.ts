// `nixlint explain`: the page of a rule, offline.

import { Chalk } from "chalk";
import { rules } from "../../rules/index.ts";
import { suggest } from "../lint/suggestion.ts";
import { UserError } from "../lint/user-error.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { type ColorChoice, usesColor } from "./color.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { rulePage } from "./pages.ts";

export interface ExplainFlags {
  readonly color: ColorChoice;
}

export function explain(id: string, flags: ExplainFlags, io: Io): ExitCode {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) {
    const known = rules.map((candidate) => candidate.id);
    throw new UserError(`unknown rule \`${id}\``, suggest(id, known) ?? "`nixlint rules` lists them");
  }
  const paint = new Chalk({ level: usesColor(flags.color, io) ? 1 : 0 });
  io.stdout(`${paint.dim(`${rule.severity}, ${rule.profile} profile`)}\n\n${renderMarkdown(rulePage(id), paint)}`);
  return exitCode.ok;
}
