// An exporter that nothing in a fleet that scrapes others asks for its numbers.

import { all, defineRule, not, when } from "../src/rule.ts";

export default defineRule({
  id: "unscraped-exporter",
  summary: "an exporter that nothing scrapes",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host, { fleet }) {
    const scrapes = fleet.hosts.some(({ scrapeTargets }) => scrapeTargets.targets.length > 0);
    if (!host.claimsAbsence("host") || !scrapes) return;
    for (const exporter of host.exporters) {
      yield* when(all([exporter.certain, not(host.isScraped(exporter))]), {
        subject: exporter.option,
        at: host.place(exporter.span),
        message: `nothing scrapes \`${exporter.option}\` on port ${exporter.port}`,
      });
    }
  },
});
