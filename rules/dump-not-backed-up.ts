// Dumps that stay on the disk of the database they were made of.

import { defineRule, showText, when } from "../src/rule.ts";

export default defineRule({
  id: "dump-not-backed-up",
  summary: "a dump that no backup job carries away",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host, { edit }) {
    if (!host.claimsAbsence("host")) return;
    for (const dump of host.dumps) {
      const where = dump.location ? `\`${showText(dump.location.text)}\`` : "the backup";
      const answer = host.isLost(dump);
      yield* when(answer, {
        ...(answer.kind === "yes" ? edit.carry(host, dump) : {}),
        subject: dump.option,
        at: host.place(dump.span),
        message: `\`${dump.option}\` dumps to ${where}, which no backup job covers`,
        notes: dump.location?.span ? [{ message: "the dumps go here", at: dump.location.span }] : [],
      });
    }
  },
});
