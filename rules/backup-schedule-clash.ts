// Two units that should not run at once do: their windows meet, and systemd does not order them.

import { defineRule, showOverlap, when } from "../src/rule.ts";

const why = {
  repository: "both write to one repository, and one of them prunes it",
  "dump-being-written": "the backup reads what the dump is writing",
  "same-machine": "both load the same machine",
  reboot: "the upgrade may reboot the machine",
  gc: "both load the same disks",
};

export default defineRule({
  id: "backup-schedule-clash",
  summary: "a backup runs while a dump, another backup, an upgrade or a garbage collection does",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host) {
    for (const { kind, one, other, answer, overlap } of host.clashes) {
      const when_ = overlap ? `they meet first ${showOverlap(overlap)}` : "they may meet";
      yield* when(answer, {
        subject: one.option,
        at: host.place(one.span),
        message: `\`${one.option}\` runs at the same time as \`${other.option}\`: ${why[kind]}`,
        severity: kind === "repository" || kind === "dump-being-written" ? "error" : "warning",
        notes: [
          { message: `${when_}; \`${other.option}\` is scheduled here`, at: other.span },
          ...(other.host === host.host ? [] : [{ message: `on the host \`${other.host.name}\``, at: null }]),
        ],
      });
    }
  },
});
