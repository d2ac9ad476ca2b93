// Suppressions of rules that do not exist: misspelt ones allow nothing, and nobody notices.

import { defineRule, fixBy, withoutSuppression } from "../src/rule.ts";

export default defineRule({
  id: "unknown-rule",
  summary: "a suppression of a rule that does not exist",
  severity: "warning",
  profile: "recommended",
  scope: "suppression",
  *check(suppressions, { edit }) {
    for (const suppression of suppressions) {
      const { verdict, rule, closest, place: at } = suppression;
      if (verdict !== "unknown-rule") continue;
      const meant = closest === null ? "" : `; did you mean \`${closest}\`?`;
      const message = `there is no rule \`${rule}\`${meant}`;
      // What a misspelt name was meant to allow, its author should say; one that is nothing like a rule can go.
      const fix = closest === null ? fixBy("remove it", "safe", withoutSuppression(edit, suppression)) : {};
      yield { kind: "finding", subject: rule, at, message, ...fix };
    }
  },
});
