// Comments and waivers that allow nothing, or that nixlint cannot read. One for a rule that does not run is left alone.

import { defineRule, fixBy, withoutSuppression } from "../src/rule.ts";

export default defineRule({
  id: "unused-suppression",
  summary: "a suppression that suppresses nothing",
  severity: "warning",
  profile: "recommended",
  scope: "suppression",
  *check(suppressions, { edit }) {
    for (const suppression of suppressions) {
      const { verdict, rule, defect, why, place: at } = suppression;
      if (verdict !== "unused" && verdict !== "defect") continue;
      const message = defect ?? why ?? `nothing here breaks \`${rule}\``;
      // What was meant by a comment with a defect only its author knows.
      const fix = verdict === "unused" ? fixBy("remove it", "safe", withoutSuppression(edit, suppression)) : {};
      yield { kind: "finding", subject: rule === "" ? "suppression" : rule, at, message, ...fix };
    }
  },
});
