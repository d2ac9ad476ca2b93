// Comments and waivers that allow nothing, or that nixlint cannot read. One for a rule that does not run is left alone.

import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "unused-suppression",
  summary: "a suppression that suppresses nothing",
  severity: "warning",
  profile: "recommended",
  scope: "suppression",
  *check(suppressions) {
    for (const { verdict, rule, defect, at } of suppressions) {
      if (verdict !== "unused" && verdict !== "defect") continue;
      const message = defect ?? `nothing here breaks \`${rule}\``;
      yield { kind: "finding", subject: rule === "" ? "suppression" : rule, at, message };
    }
  },
});
