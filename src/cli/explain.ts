// `nixlint explain`: the page of a rule, offline.

import { Chalk, type ChalkInstance } from "chalk";
import { rules } from "../../rules/index.ts";
import { type RuleOption, ruleOptions } from "../lint/rule-options.ts";
import { suggest } from "../lint/suggestion.ts";
import { UserError } from "../lint/user-error.ts";
import { type Rendering, renderMarkdown } from "../report/markdown.ts";
import type { Rule } from "../rule.ts";
import { type ColorChoice, usesColor } from "./color.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { rulePage } from "./pages.ts";

export interface ExplainFlags {
  readonly color: ColorChoice;
}

/** Longer lines are hard to read, however wide the terminal is. */
const widest = 100;

export function explain(id: string, flags: ExplainFlags, io: Io): ExitCode {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) {
    const known = rules.map((candidate) => candidate.id);
    throw new UserError(`unknown rule \`${id}\``, suggest(id, known) ?? "`nixlint rules` lists them");
  }
  const paint = new Chalk({ level: usesColor(flags.color, io) ? 1 : 0 });
  const rendering: Rendering = { paint, width: Math.min(io.columns ?? widest, widest) };
  io.stdout(`${headOf(rule, paint)}\n${renderMarkdown(rulePage(id), rendering)}${optionsOf(rule, rendering)}`);
  return exitCode.ok;
}

function headOf({ severity, profile }: Rule, paint: ChalkInstance): string {
  return `${paint.dim(`${severity}, ${profile} profile`)}\n`;
}

/** From the schema that checks them, so that they cannot be out of date. */
function optionsOf(rule: Rule, rendering: Rendering): string {
  const options = ruleOptions(rule);
  if (options.length === 0) return "";
  const list = options.map(optionLine).join("\n");
  return `\n${renderMarkdown(`## Options\n\nIn \`nixlint.toml\`, below \`[rules.${rule.id}]\`:\n\n${list}`, rendering)}`;
}

function optionLine({ name, description, fallback, choices }: RuleOption): string {
  const details = [
    ...(choices.length > 0 ? [`of ${choices.map((choice) => `\`"${choice}"\``).join(", ")}`] : []),
    ...(fallback === null ? [] : [`default \`${fallback}\``]),
  ];
  return `- \`${name}\`: ${description}${details.length === 0 ? "" : ` (${details.join("; ")})`}`;
}
