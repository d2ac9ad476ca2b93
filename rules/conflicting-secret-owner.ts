// One secret, two owners: what a shared SSH key becomes as soon as two services live on one host.

import { all, defineRule, showText, when } from "../src/rule.ts";

export default defineRule({
  id: "conflicting-secret-owner",
  summary: "a secret that is given to two owners on one host",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host) {
    for (const secret of host.secrets) {
      for (const what of ["owner", "group"] as const) {
        const { claims, hasConflict } = secret[what];
        const names = claims.map(({ text }) => `\`${showText(text)}\``).join(" and ");
        yield* when(all([secret.certain, hasConflict]), {
          subject: secret.option,
          at: host.place(claims[0]?.span ?? secret.span),
          message: `\`${secret.option}\` is given the ${what}s ${names}`,
          notes: claims.slice(1).map(({ text, span }) => ({ message: `\`${showText(text)}\` is set here`, at: span })),
        });
      }
    }
  },
});
