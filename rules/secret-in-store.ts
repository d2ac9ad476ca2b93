// A secret that ends up in the store, where every user and every build reads it.

import { defineRule, when } from "../src/rule.ts";

export default defineRule({
  id: "secret-in-store",
  summary: "a secret that is copied into the world-readable store",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host) {
    for (const { option, how, answer, span } of host.vault.stored) {
      yield* when(answer, {
        subject: option,
        at: host.place(span),
        message: `\`${option}\` ${how}`,
      });
    }
  },
});
