// An assertion of the flake that is known not to hold: the host does not build.

import { defineRule, failedAssertions, when } from "../src/rule.ts";

export default defineRule({
  id: "failed-assertion",
  summary: "an assertion of the flake that does not hold",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host, { fleet }) {
    // Of a role alone a host may still set what is asked for.
    if (!host.claimsAbsence("host")) return;
    for (const { message, span, answer } of failedAssertions(host.host, fleet.root)) {
      yield* when(answer, {
        subject: "assertions",
        at: span,
        message: message === null ? "this assertion does not hold" : `this assertion does not hold: ${message}`,
      });
    }
  },
});
