// Suppressions whose `until` has passed: what they allowed is reported again.

import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "expired-waiver",
  summary: "a suppression whose time is over",
  severity: "warning",
  profile: "recommended",
  scope: "suppression",
  *check(suppressions) {
    for (const { verdict, rule, until, at } of suppressions) {
      if (verdict !== "expired") continue;
      yield { kind: "finding", subject: rule, at, message: `\`${rule}\` was allowed until ${until}` };
    }
  },
});
