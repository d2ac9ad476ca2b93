// A secret whose mode lets everybody on the machine read it.

import { all, defineRule, groupByPlace, showOptions, when } from "../src/rule.ts";

/** Public halves of keys, kept with the private ones. */
const publicKey = /(?:^|[._/-])pub(?:lic)?(?:[._-]?key)?$/i;

export default defineRule({
  id: "world-readable-secret",
  summary: "a secret that every user of the host can read",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host) {
    const open = host.secrets
      .filter(({ name }) => !publicKey.test(name))
      .map((secret) => ({
        option: secret.option,
        span: secret.modeSpan ?? secret.span,
        answer: all([secret.certain, secret.isWorldReadable]),
      }));
    for (const { members, first, span, answer } of groupByPlace(open))
      yield* when(answer, {
        subject: first.option,
        at: host.place(span),
        message: `${showOptions(members)} can be read by every user of the host`,
      });
  },
});
