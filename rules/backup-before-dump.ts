// Backups that run before the dump they carry is written, and so carry the one before it.

import { defineRule, groupByPlace, showOptions, staleDumps, when } from "../src/rule.ts";

export default defineRule({
  id: "backup-before-dump",
  summary: "a backup that carries an old dump, because it runs before the new one is written",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host) {
    const found = staleDumps(host).map((stale) => ({ ...stale, span: stale.backup.span }));
    for (const { members, first, span, answer } of groupByPlace(found)) {
      const { backup, hours } = first;
      yield* when(answer, {
        subject: backup.option,
        at: host.place(span),
        message: `\`${backup.option}\` runs before ${showOptions(members.map(({ dump }) => dump))}, so what it carries is ${hours} hours old`,
        notes: members.map(({ dump }) => ({ message: `\`${dump.option}\` is scheduled here`, at: dump.span })),
      });
    }
  },
});
