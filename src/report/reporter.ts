// What every reporter is: a pure function from a report to the text of one output.

import type { Report } from "../lint/finding.ts";
import type { Rule } from "../rule.ts";
import { reportConcise } from "./concise.ts";
import { reportGithub } from "./github.ts";
import { reportGitlab } from "./gitlab.ts";
import { reportJson } from "./json.ts";
import { reportSarif } from "./sarif.ts";
import { reportText } from "./text.ts";

export interface ReportOptions {
  /** Of nixlint itself. */
  readonly version: string;
  readonly color: boolean;
  /** List what is undecided, skipped, suppressed and assumed. */
  readonly verbose: boolean;
  /** Leave out everything but findings and problems. */
  readonly quiet: boolean;
  /** Add counts by rule. */
  readonly statistics: boolean;
  /** Where the flake's root lies in its repository: empty, or as in `machines/nixos`. Forges look from there. */
  readonly directory: string;
  /** All of them, for formats that describe each rule. */
  readonly rules: readonly Rule[];
  /** The page of a rule, as Markdown. */
  readonly page: (rule: string) => string;
}

/** The output ends with a newline, or is empty. */
export type Reporter = (report: Report, options: ReportOptions) => string;

export const reporters: Readonly<Record<string, Reporter>> = {
  text: reportText,
  concise: reportConcise,
  json: reportJson,
  sarif: reportSarif,
  github: reportGithub,
  gitlab: reportGitlab,
};
