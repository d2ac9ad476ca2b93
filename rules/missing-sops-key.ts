// A secret is taken from a key that its encrypted file does not have.

import { all, defineRule, not, pathInFlake, showText, when } from "../src/rule.ts";

export default defineRule({
  id: "missing-sops-key",
  summary: "a secret whose key is not in its encrypted file",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host, { fleet }) {
    for (const { secret, path, file, hasKey } of host.vault.sources) {
      const shown = path === null ? "its file" : `\`${pathInFlake(fleet, path)}\``;
      const isMissing = file.kind === "missing";
      yield* when(all([secret.certain, not(hasKey)]), {
        subject: secret.option,
        at: host.place(secret.span),
        message: isMissing
          ? `\`${secret.option}\` is taken from ${shown}, which does not exist`
          : `\`${secret.option}\` is taken from ${shown}, which has no key \`${showText(secret.key ?? "")}\``,
        notes:
          isMissing || path === null ? [] : [{ message: `add it with \`sops ${pathInFlake(fleet, path)}\``, at: null }],
      });
    }
  },
});
