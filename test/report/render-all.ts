// One report in every format, with all that a format may show.

import { rules } from "../../rules/index.ts";
import { rulePage } from "../../src/cli/pages.ts";
import type { Report } from "../../src/lint/finding.ts";
import { reporters } from "../../src/report/reporter.ts";

const options = {
  version: "0",
  color: false,
  verbose: true,
  quiet: false,
  statistics: true,
  directory: "",
  rules,
  page: rulePage,
};

/** By name of the format. */
export function renderAll(report: Report): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(reporters).map(([name, reporter]) => [name, reporter(report, options)]));
}
