// A secret is read while the configuration is evaluated: on a machine that has none, or into the store for all to read.

import { defineRule, when, wholeFile } from "../src/rule.ts";

export default defineRule({
  id: "secret-read-at-eval",
  summary: "a secret that is read while the configuration is evaluated",
  severity: "error",
  profile: "recommended",
  scope: "fleet",
  *check(fleet) {
    for (const { path, at, answer } of fleet.secretsReadAtEval) {
      yield* when(answer, {
        subject: path,
        at: at ?? wholeFile(path),
        message: `\`${path}\` is read while the configuration is evaluated, when no secret is there yet`,
      });
    }
  },
});
