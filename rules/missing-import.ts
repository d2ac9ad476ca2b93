// An import of a file that is not there. One that git does not track is `untracked-import`.

import { defineRule, pathInFlake, wholeFile } from "../src/rule.ts";

export default defineRule({
  id: "missing-import",
  summary: "an import of a file that does not exist",
  severity: "error",
  profile: "recommended",
  scope: "file",
  *check(files) {
    for (const problem of files.problems) {
      if (problem.kind !== "missing-import" || problem.untracked) continue;
      const subject = pathInFlake(files, problem.path);
      yield {
        kind: "finding",
        subject,
        at: problem.at ?? wholeFile(problem.path),
        message: `\`${subject}\` does not exist`,
      };
    }
  },
});
