// Suppressions whose `until` has passed: what they allowed is reported again.

import { defineRule, fixBy, withoutSuppression } from "../src/rule.ts";

export default defineRule({
  id: "expired-waiver",
  summary: "a suppression whose time is over",
  severity: "warning",
  profile: "recommended",
  scope: "suppression",
  *check(suppressions, { edit }) {
    for (const suppression of suppressions) {
      const { verdict, rule, until, place: at } = suppression;
      if (verdict !== "expired") continue;
      const message = `\`${rule}\` was allowed until ${until}`;
      yield {
        kind: "finding",
        subject: rule,
        at,
        message,
        ...fixBy("remove it", "safe", withoutSuppression(edit, suppression)),
      };
    }
  },
});
