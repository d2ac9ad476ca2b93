// Units that should not run at once do: their windows meet, and systemd does not order them.

import { defineRule, fixBy, showOptions, when } from "../src/rule.ts";

const reasons = {
  repository: "they write to one repository, and one of them prunes it",
  "dump-being-written": "the backup reads what the dump is writing",
  "dump-during-backup": "the dump may begin before the backup has read the last one",
  "same-machine": "both load one machine",
  reboot: "the upgrade may reboot the machine",
  gc: "both load the same disks",
};

export default defineRule({
  id: "backup-schedule-clash",
  summary: "a backup runs at the same time as a dump, another backup or an upgrade that may reboot",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host, { profile, edit }) {
    for (const { kind, ones, others, answer, at, first } of host.clashes) {
      const [one] = ones;
      if (one === undefined || (kind === "gc" && profile !== "strict")) continue;
      const isSame = others.every((other) => other.option === one.option);
      const partner = isSame ? "itself on another host" : showOptions(others);
      const free = ones.length === 1 && answer.kind === "yes" ? host.freeTime(one) : null;
      const change = free && edit.reschedule(host, one, free.text);
      yield* when(answer, {
        ...fixBy(`let it run at \`${free?.text}\``, "unsafe", change),
        subject: one.option,
        at: host.place(at),
        message: `${showOptions(ones)} ${ones.length > 1 ? "run" : "runs"} at the same time as ${partner}: ${reasons[kind]}`,
        severity: kind === "repository" || kind === "dump-being-written" ? "error" : "warning",
        notes: [
          ...(first === null ? [] : [{ message: `they first meet on ${first}`, at: null }]),
          ...(at === one.writtenAt ? [] : [{ message: "its time stands here", at: one.writtenAt }]),
          ...others.map((other) => ({
            message: `\`${other.option}\`${other.host === host.host ? "" : ` on \`${other.host.name}\``} is scheduled here`,
            at: other.span,
          })),
        ],
      });
    }
  },
});
