// `config.sops.placeholder.x` stands for the secret in the text of a template and nowhere else.

import { defineRule, when } from "../src/rule.ts";

export default defineRule({
  id: "placeholder-outside-template",
  summary: "a placeholder of a secret where nothing replaces it",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host) {
    for (const { option, name, answer, span } of host.vault.strayPlaceholders) {
      yield* when(answer, {
        subject: option,
        at: host.place(span),
        message: `\`${option}\` holds the placeholder of \`${name}\`, which is only replaced in \`sops.templates\``,
      });
    }
  },
});
