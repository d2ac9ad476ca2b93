// Suppressions of rules that do not exist: misspelt ones allow nothing, and nobody notices.

import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "unknown-rule",
  summary: "a suppression of a rule that does not exist",
  severity: "warning",
  profile: "recommended",
  scope: "suppression",
  *check(suppressions) {
    for (const { verdict, rule, closest, at } of suppressions) {
      if (verdict !== "unknown-rule") continue;
      const meant = closest === null ? "" : `; did you mean \`${closest}\`?`;
      yield { kind: "finding", subject: rule, at, message: `there is no rule \`${rule}\`${meant}` };
    }
  },
});
