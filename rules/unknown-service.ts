// Services that the configuration names and no host has: misspelt ones are not looked at, and nobody notices.

import { closestName, defineRule, unknownServices, when } from "../src/rule.ts";

export default defineRule({
  id: "unknown-service",
  summary: "a service of `nixlint.toml` that no host has",
  severity: "warning",
  profile: "recommended",
  scope: "fleet",
  *check(fleet) {
    for (const { name, at, known, answer } of unknownServices(fleet)) {
      const closest = closestName(name, known);
      const meant = closest === null ? "" : `; did you mean \`${closest}\`?`;
      yield* when(answer, { subject: `services.${name}`, at, message: `no host has a service \`${name}\`${meant}` });
    }
  },
});
