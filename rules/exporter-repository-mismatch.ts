// A restic exporter that watches a repository that nobody writes, or opens it with another password.

import { defineRule, exporterMismatches, showText, when } from "../src/rule.ts";

export default defineRule({
  id: "exporter-repository-mismatch",
  summary: "a restic exporter that watches another repository than the jobs write",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host, { fleet }) {
    if (!host.claimsAbsence("host")) return;
    for (const { exporter, kind, answer, job } of exporterMismatches(fleet, host)) {
      const repository = showText(exporter.repository?.text ?? "");
      yield* when(answer, {
        subject: exporter.option,
        at: host.place(exporter.repository?.span ?? exporter.span),
        message:
          kind === "repository"
            ? `\`${exporter.option}\` watches \`${repository}\`, which no job writes`
            : `\`${exporter.option}\` opens the repository of \`${job?.option}\` with another password`,
      });
    }
  },
});
