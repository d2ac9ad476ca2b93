// What every reporter is: a pure function from a report to the text of one output.

import type { Report } from "../lint/finding.ts";
import { reportConcise } from "./concise.ts";
import { reportJson } from "./json.ts";
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
}

/** The output ends with a newline, or is empty. */
export type Reporter = (report: Report, options: ReportOptions) => string;

export const reporters: Readonly<Record<string, Reporter>> = {
  text: reportText,
  concise: reportConcise,
  json: reportJson,
};
