// What a host imports and nobody without a key can read. Files that nothing imports are counted as skipped instead.

import { defineRule, pathInFlake, wholeFile } from "../src/rule.ts";

export default defineRule({
  id: "unreadable-file",
  summary: "an imported file that cannot be read",
  severity: "error",
  profile: "recommended",
  scope: "file",
  *check(files) {
    for (const problem of files.problems) {
      if (problem.kind !== "unreadable-file") continue;
      const subject = pathInFlake(files, problem.path);
      const message = `\`${subject}\` cannot be read: ${problem.why}`;
      yield { kind: "finding", subject, at: problem.at ?? wholeFile(problem.path), message };
    }
  },
});
