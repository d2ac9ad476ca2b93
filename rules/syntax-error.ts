// What Nix itself refuses to parse. An error where a host or an output needs the file, else a warning.

import { defineRule, pathInFlake } from "../src/rule.ts";

export default defineRule({
  id: "syntax-error",
  summary: "a file that Nix does not parse",
  severity: "error",
  profile: "recommended",
  scope: "file",
  *check(files) {
    for (const [path, file] of files.parsed) {
      const subject = pathInFlake(files, path);
      const severity = files.reached.has(path) ? "error" : "warning";
      for (const { file: at, start, end, message } of file.problems) {
        yield { kind: "finding", subject, at: { file: at, start, end }, message, severity };
      }
    }
  },
});
