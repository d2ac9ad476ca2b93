// Backups that run before the dump they carry is written, and so carry the one before it.

import { defineRule, fixBy, groupByPlace, showOptions, staleDumps, when } from "../src/rule.ts";

export default defineRule({
  id: "backup-before-dump",
  summary: "a backup that carries an old dump, because it runs before the new one is written",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host, { edit }) {
    const found = staleDumps(host).map((stale) => ({ ...stale, span: stale.backup.span }));
    for (const { members, first, span, answer } of groupByPlace(found)) {
      const { backup, hours } = first;
      const free = members.length === 1 && answer.kind === "yes" ? host.freeTime(backup, first.dump) : null;
      const change = free && edit.reschedule(host, backup, free.text);
      yield* when(answer, {
        ...fixBy(`let it run at \`${free?.text}\`, after the dump`, "unsafe", change),
        subject: backup.option,
        also: members.map((member) => member.backup.option),
        at: host.place(span),
        message: `\`${backup.option}\` runs before ${showOptions(members.map(({ dump }) => dump))}, so what it carries is ${hours} hours old`,
        notes: members.map(({ dump }) => ({ message: `\`${dump.option}\` is scheduled here`, at: dump.span })),
      });
    }
  },
});
