// A heartbeat that is sent whatever became of the backup.

import { defineRule, finalPings, fixBy, groupByPlace, showOptions, when } from "../src/rule.ts";

export default defineRule({
  id: "success-ping-on-failure",
  summary: "a heartbeat that is also sent when the backup failed",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host, { edit }) {
    for (const { members, first, span, answer } of groupByPlace(finalPings(host))) {
      const path = first.option.split(".").at(-1) ?? "";
      const change = edit.setValue(host.place(span), "null")?.edits[0]?.span;
      const written = change && edit.textOf(change);
      const start = written?.startsWith('"') ? 1 : null;
      const isResult = path === "backupCleanupCommand" && change !== undefined && start !== null;
      const guard = isResult
        ? edit.replace(
            { ...change, start: change.start + start, end: change.start + start },
            '[ \\"$SERVICE_RESULT\\" = success ] && ',
          )
        : null;
      yield* when(answer, {
        subject: first.job.option,
        also: members.map(({ job }) => job.option),
        at: host.place(span),
        message: `\`${path}\` of ${showOptions(members.map(({ job }) => job))} sends its heartbeat also when the backup failed`,
        ...fixBy("send it after a success only", "unsafe", guard),
      });
    }
  },
});
