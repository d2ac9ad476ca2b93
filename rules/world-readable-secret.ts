// A secret whose mode lets everybody on the machine read it.

import { all, defineRule, when } from "../src/rule.ts";

/** Public halves of keys, kept with the private ones. */
const publicKey = /(?:^|[._/-])pub(?:lic)?(?:[._-]?key)?$/i;

export default defineRule({
  id: "world-readable-secret",
  summary: "a secret that every user of the host can read",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host) {
    for (const secret of host.secrets) {
      if (publicKey.test(secret.name)) continue;
      yield* when(all([secret.certain, secret.isWorldReadable]), {
        subject: secret.option,
        at: host.place(secret.modeSpan ?? secret.span),
        message: `\`${secret.option}\` can be read by every user of the host`,
      });
    }
  },
});
