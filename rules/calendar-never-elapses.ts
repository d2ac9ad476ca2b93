// Calendar expressions that systemd accepts and that no day matches.

import { defineRule, hostCalendars, showText, when } from "../src/rule.ts";

export default defineRule({
  id: "calendar-never-elapses",
  summary: "a calendar expression that no moment matches",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host) {
    for (const { option, text, neverElapses } of hostCalendars(host)) {
      yield* when(neverElapses, {
        subject: option,
        at: host.place(text.span),
        message: `\`${showText(text.text)}\` never elapses`,
      });
    }
  },
});
