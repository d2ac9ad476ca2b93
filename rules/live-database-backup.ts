// Database files that are copied while the server writes them: nobody knows whether the copy opens.

import { defineRule, groupByPlace, liveCopies, showOptions, when } from "../src/rule.ts";

export default defineRule({
  id: "live-database-backup",
  summary: "a backup of the files of a running database",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host, { profile }) {
    const found = liveCopies(host).filter(({ engine }) => engine !== "sqlite" || profile === "strict");
    for (const isEmbedded of [false, true]) {
      const alike = found.filter(({ engine }) => (engine === "sqlite") === isEmbedded);
      for (const { members, first, span, answer } of groupByPlace(alike)) {
        const jobs = showOptions(members.map(({ job }) => job));
        yield* when(answer, {
          subject: first.service.option,
          also: members.map(({ service }) => service.option),
          at: host.place(span),
          message: `${jobs} ${jobs.includes(" ") ? "copy" : "copies"} the files of ${showOptions(members.map(({ service }) => service))} while they are written`,
          severity: isEmbedded ? "warning" : "error",
          notes: [{ message: `the database is in \`${first.path}\``, at: first.service.cause }],
        });
      }
    }
  },
});
