// What a forge's job log gets when no format was asked for: text for people, then annotations.

import { createHash } from "node:crypto";
import type { Report } from "../lint/finding.ts";
import { reportGithub } from "./github.ts";
import type { ReportOptions } from "./reporter.ts";
import { reportText } from "./text.ts";

export function reportActionsLog(report: Report, options: ReportOptions): string {
  const annotations = reportGithub(report, { ...options, quiet: true, verbose: false });
  return withoutCommands(reportText(report, options)) + annotations;
}

/** The text shows other people's code, of which no line may act as a command: commands are off while it lasts. */
export function withoutCommands(text: string): string {
  if (text === "") return "";
  // No text can hold the digest of itself, so nothing in it can switch commands on again.
  const token = createHash("sha256").update(text).digest("hex");
  return `::stop-commands::${token}\n${text}::${token}::\n`;
}
