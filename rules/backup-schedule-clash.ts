// Two units that should not run at once do: their windows meet, and systemd does not order them.

import { defineRule, when } from "../src/rule.ts";

const reasons = {
  repository: "both write to one repository, which one of them prunes",
  "dump-being-written": "the backup reads what the dump is writing",
  "same-machine": "both load one machine",
  reboot: "the upgrade may reboot the machine",
  gc: "both load the same disks",
};

export default defineRule({
  id: "backup-schedule-clash",
  summary: "a backup runs at the same time as a dump, another backup, an upgrade or a garbage collection",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host) {
    for (const { kind, one, other, answer, first } of host.clashes) {
      const elsewhere = other.host === one.host ? "" : ` on \`${other.host.name}\``;
      yield* when(answer, {
        subject: one.option,
        at: host.place(one.span),
        message: `\`${one.option}\` runs at the same time as \`${other.option}\`: ${reasons[kind]}`,
        severity: kind === "repository" || kind === "dump-being-written" ? "error" : "warning",
        notes: [
          {
            message: `\`${other.option}\`${elsewhere}${first === null ? "" : `; they first meet on ${first}`}`,
            at: other.span,
          },
        ],
      });
    }
  },
});
