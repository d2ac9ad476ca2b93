// A file that is meant to be encrypted and is not: whoever reads the repository reads the secret.

import { defineRule, type Finding, pathInFlake, type Span } from "../src/rule.ts";

export default defineRule({
  id: "plaintext-secret-file",
  summary: "a secret file that is not encrypted",
  severity: "error",
  profile: "recommended",
  scope: "fleet",
  *check(fleet) {
    const seen = new Set<string>();
    // The finding stands where the file is named: its own text is what nobody should see.
    const finding = (path: string, at: Span): Finding => {
      const subject = pathInFlake(fleet, path);
      seen.add(path);
      return { kind: "finding", subject, at, message: `\`${subject}\` is meant to be encrypted and is plain text` };
    };
    for (const { path, file, rule } of fleet.sops.governed) {
      if (file.kind === "plain") yield finding(path, rule.span);
    }
    for (const host of fleet.hosts) {
      for (const { secret, path, file } of host.vault.sources) {
        if (file.kind === "unknown") {
          yield { kind: "undecided", subject: secret.option, at: secret.span, reasons: [file], hosts: [host.name] };
        }
        if (path === null || file.kind !== "plain" || seen.has(path)) continue;
        yield finding(path, host.place(secret.span));
      }
    }
  },
});
