// Calendar expressions that systemd refuses: the timer is not loaded, and what it should start never runs.

import { defineRule, fixBy, hostCalendars, showString, showText, when } from "../src/rule.ts";

export default defineRule({
  id: "invalid-calendar",
  summary: "a calendar expression that systemd refuses",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host, { edit }) {
    for (const { option, text, parsed, isRefused } of hostCalendars(host)) {
      const { message, hint, suggestion } = parsed?.kind === "error" ? parsed : { message: "it is no calendar" };
      const change = suggestion === undefined ? null : edit.setValue(host.place(text.span), showString(suggestion));
      const replaced = change?.edits.map(({ span }) => edit.textOf(span));
      const isLiteral = replaced?.every((before) => before === showString(showText(text.text))) ?? false;
      yield* when(isRefused, {
        subject: option,
        at: host.place(text.span),
        message: `systemd refuses \`${showText(text.text)}\`: ${message}`,
        notes: hint === undefined ? [] : [{ message: hint, at: null }],
        ...fixBy(`write \`${suggestion}\``, "safe", isLiteral ? change : null),
      });
    }
  },
});
