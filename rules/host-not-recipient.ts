// A host takes a secret from a file that is not encrypted to it: activation fails, and with it all secrets of the host.

import { all, defineRule, not, pathInFlake, when } from "../src/rule.ts";

export default defineRule({
  id: "host-not-recipient",
  summary: "a host uses an encrypted file that it cannot decrypt",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host, { fleet }) {
    for (const source of host.vault.sources) {
      const { secret, path, file } = source;
      if (file.kind !== "encrypted" && file.kind !== "unknown") continue;
      const shown = path === null ? "its file" : pathInFlake(fleet, path);
      yield* when(all([secret.certain, not(host.vault.canDecrypt(source))]), {
        subject: secret.option,
        at: host.place(secret.span),
        message: `\`${secret.option}\` is taken from \`${shown}\`, which the key of \`${host.name}\` does not decrypt`,
        notes: [
          { message: "its recipients", at: file.kind === "encrypted" ? file.at : null },
          { message: `name the host in \`.sops.yaml\` and run \`sops updatekeys ${shown}\``, at: null },
        ],
      });
    }
  },
});
