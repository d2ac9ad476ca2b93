// The table in rules/README.md, generated from the registry.

import type { Rule } from "../rule.ts";

export function ruleTable(rules: readonly Rule[]): string {
  const rows = rules.map(
    ({ id, severity, profile, summary }) => `| [\`${id}\`](${id}.md) | ${severity} | ${profile} | ${summary} |`,
  );
  return [
    "# Rules",
    "",
    "Generated from the rules themselves (`npx vitest run test/rules.test.ts -u`). `strict` has everything that",
    "`recommended` has. `nixlint explain <rule>` prints a page in the terminal.",
    "",
    "| rule | severity | profile | flags |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
