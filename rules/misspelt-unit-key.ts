// Keys of unit sections that systemd ignores because it does not know them, where it is clear what was meant.

import { defineRule, fixBy, ignoredKeys, when } from "../src/rule.ts";

export default defineRule({
  id: "misspelt-unit-key",
  summary: "a key of a unit that systemd does not know and ignores",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host, { edit }) {
    for (const { option, key, section, meant, span, answer } of ignoredKeys(host)) {
      const isSpelling = meant.section === section;
      const written = span && edit.textOf(span);
      const change = isSpelling && span && written === key ? edit.replace(span, meant.key) : null;
      const hint = isSpelling ? `did you mean \`${meant.key}\`?` : `it belongs in \`[${meant.section}]\``;
      yield* when(answer, {
        subject: option,
        at: host.place(span),
        message: `\`${key}\` is no key of \`[${section}]\`, so systemd ignores it; ${hint}`,
        ...fixBy(`write \`${meant.key}\``, "safe", change),
      });
    }
  },
});
