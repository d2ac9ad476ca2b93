// Databases that are created and not among those that are dumped, and dumps that are described and not switched on.

import { defineRule, fixBy, showString, undumpedDatabases, unusedDumps, when } from "../src/rule.ts";

export default defineRule({
  id: "undumped-database",
  summary: "a database that no dump includes",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host, { edit }) {
    for (const { name, engine, span, list, answer } of undumpedDatabases(host)) {
      yield* when(answer, {
        subject: `services.${engine}.ensureDatabases`,
        at: host.place(span),
        message: `the database \`${name}\` is in no dump`,
        ...(list && fixBy(`dump \`${name}\` too`, "unsafe", edit.extendOption(host, list, showString(name)))),
      });
    }
    if (!host.claimsAbsence("host")) return;
    for (const { option, span, answer } of unusedDumps(host)) {
      yield* when(answer, {
        subject: option,
        at: host.place(span),
        message: `\`${option}\` is set up and not enabled, so nothing is dumped`,
        ...fixBy("enable it", "unsafe", edit.setOption(host, `${option}.enable`, "true")),
      });
    }
  },
});
