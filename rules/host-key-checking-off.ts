// A job that takes whoever answers for the machine it sends its data to.

import type { Change, Editing } from "../src/rule.ts";
import { defineRule, fixBy, groupByPlace, showOptions, uncheckedHostKeys, when } from "../src/rule.ts";

export default defineRule({
  id: "host-key-checking-off",
  summary: "a repository over SSH without a check of the host key",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host, { edit }) {
    for (const { members, first, span, answer } of groupByPlace(uncheckedHostKeys(host))) {
      yield* when(answer, {
        subject: first.job.option,
        also: members.map(({ job }) => job.option),
        at: host.place(span),
        message: `${showOptions(members.map(({ job }) => job))} ${members.length > 1 ? "reach" : "reaches"} \`${first.target.name}\` without a check of its host key`,
        ...fixBy("accept the first key only", "unsafe", acceptNew(edit, host.place(span))),
      });
    }
  },
});

/** In the text that says it. */
function acceptNew(edit: Editing, at: Parameters<Editing["setValue"]>[0]): Change {
  const value = edit.setValue(at, "null")?.edits[0]?.span;
  const text = (value && edit.textOf(value)) ?? "";
  const [whole, before = "", off = ""] = /(StrictHostKeyChecking[\s=]+)(no|off)\b/i.exec(text) ?? [];
  if (value === undefined || whole === undefined) return null;
  const start = value.start + text.indexOf(whole) + before.length;
  return edit.replace({ ...value, start, end: start + off.length }, "accept-new");
}
