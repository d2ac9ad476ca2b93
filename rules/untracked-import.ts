// A file that is there for its author and for nobody else: a flake is what git tracks.

import { defineRule, pathInFlake, wholeFile } from "../src/rule.ts";

export default defineRule({
  id: "untracked-import",
  summary: "an import of a file that git does not track",
  severity: "error",
  profile: "recommended",
  scope: "file",
  *check(files) {
    for (const problem of files.problems) {
      if (problem.kind !== "missing-import" || !problem.untracked) continue;
      const subject = pathInFlake(files, problem.path);
      yield {
        kind: "finding",
        subject,
        at: problem.at ?? wholeFile(problem.path),
        message: `\`${subject}\` is not tracked by git, so the flake does not contain it`,
      };
    }
  },
});
