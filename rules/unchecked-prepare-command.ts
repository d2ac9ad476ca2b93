// A command before the backup whose failure nobody notices: the backup is made of what was there before.

import type { Change, Editing } from "../src/rule.ts";
import { defineRule, fixBy, groupByPlace, prepareCommands, showOptions, when } from "../src/rule.ts";

const claims = {
  command: "goes on when this fails",
  pipe: "does not notice when the first part of this fails",
};

export default defineRule({
  id: "unchecked-prepare-command",
  summary: "a prepare command that goes on after a failure",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host, { edit }) {
    for (const { members, first, span, answer } of groupByPlace(prepareCommands(host))) {
      const { step } = first;
      const claim = step === null ? "is not known" : `${claims[step.kind]}: \`${step.command}\``;
      yield* when(answer, {
        subject: first.job.option,
        also: members.map(({ job }) => job.option),
        at: host.place(span),
        message: `the prepare command of ${showOptions(members.map(({ job }) => job))} ${claim}`,
        ...fixBy("stop at the first failure", "unsafe", stopAtFailure(edit, host.place(span))),
      });
    }
  },
});

/** Only in a text that is written there, in lines. */
function stopAtFailure(edit: Editing, at: Parameters<Editing["setValue"]>[0]): Change {
  const value = edit.setValue(at, "null")?.edits[0]?.span;
  const [, indent] = /^''\n([ \t]*)(?!#!)\S/.exec((value && edit.textOf(value)) ?? "") ?? [];
  if (value === undefined || indent === undefined) return null;
  const start = value.start + "''".length;
  return edit.replace({ ...value, start, end: start }, `\n${indent}set -eo pipefail`);
}
