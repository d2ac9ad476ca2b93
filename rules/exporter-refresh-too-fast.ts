// A restic exporter that asks a repository on another machine for everything, every few minutes.

import { defineRule, refreshesTooFast, when } from "../src/rule.ts";

export default defineRule({
  id: "exporter-refresh-too-fast",
  summary: "a restic exporter that reads a remote repository more than once an hour",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host) {
    for (const exporter of host.exporters) {
      const { option, refresh, span } = exporter;
      yield* when(refreshesTooFast(host.host, exporter), {
        subject: option,
        at: host.place(refresh?.span ?? span),
        message: `\`${option}\` reads its repository over the network every ${refresh?.seconds} seconds`,
      });
    }
  },
});
