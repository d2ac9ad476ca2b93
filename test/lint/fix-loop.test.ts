// The loop that applies fixes: overlaps wait, broken files are left alone, and it comes to an end.

import { expect, test } from "vitest";
import type { Edit, Safety } from "../../src/edit/edit.ts";
import type { Diagnostic, Report } from "../../src/lint/finding.ts";
import { type FixRequest, runFixes } from "../../src/lint/fix-loop.ts";
import type { FileSystem } from "../../src/source/file-system.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

const file = "/flake/a.nix";

/** A linter that offers to replace texts: `word -> replacement`, each occurrence a finding. */
function linterOf(rewrites: Readonly<Record<string, string>>, safety: Safety = "safe"): (fs: FileSystem) => Report {
  return (fs) => {
    const content = fs.readFile(file);
    const text = content.kind === "bytes" ? Buffer.from(content.bytes).toString() : "";
    const diagnostics = Object.entries(rewrites).flatMap(([word, replacement]) =>
      [...text.matchAll(new RegExp(word, "g"))].map(({ index, 0: found }) => {
        const edit = { span: { file, start: index, end: index + found.length }, text: replacement };
        return diagnostic(`${word}@${index}`, [edit], safety);
      }),
    );
    return { diagnostics, undecided: [] } as unknown as Report;
  };
}

function diagnostic(subject: string, edits: readonly Edit[], safety: Safety): Diagnostic {
  return {
    kind: "finding",
    rule: "sample",
    severity: "error",
    subject,
    at: edits[0]!.span,
    message: subject,
    hosts: [],
    fingerprint: subject,
    fix: { title: `rewrite ${subject}`, edits, safety },
  };
}

function fix(text: string, lint: FixRequest["lint"], extra: Partial<FixRequest> = {}) {
  const fs = new MemoryFileSystem(new Map([[file, text]]));
  const result = runFixes({ fs, lint, safeties: new Set<Safety>(["safe"]), ...extra });
  return { ...result, text: result.files[0]?.after ?? text };
}

test("applies all that do not overlap in one pass, the rest in the next", () => {
  let runs = 0;
  const lint = linterOf({ "1": "2", "3 ]": "4 ]", "\\[ 2": "[ 0" });
  const result = fix("{ a = [ 1 3 ]; }\n", (fs) => {
    runs += 1;
    return lint(fs);
  });
  expect(result.text).toBe("{ a = [ 0 4 ]; }\n");
  expect(result).toMatchObject({ converged: true, refused: [] });
  expect(runs).toBe(3);
});

test("a file that would not parse any more is left as it was, and the rest is applied", () => {
  const result = fix("{ a = 1; b = 2; }\n", linterOf({ "1;": "1", "2": "3" }));
  expect(result.text).toBe("{ a = 1; b = 3; }\n");
  expect(result.refused.map(({ subject }) => subject)).toEqual(["1;@6"]);
});

test("a fix is applied whole or not at all", () => {
  const other = "/flake/b.nix";
  const edits = [
    { span: { file, start: 0, end: 0 }, text: "# fine\n" },
    { span: { file: other, start: 0, end: 3 }, text: "{" },
  ];
  const fs = new MemoryFileSystem(
    new Map([
      [file, "{ }\n"],
      [other, "{ }\n"],
    ]),
  );
  const lint = () => ({ diagnostics: [diagnostic("both", edits, "safe")], undecided: [] }) as unknown as Report;
  const result = runFixes({ fs, lint, safeties: new Set<Safety>(["safe"]) });
  expect(result.files).toEqual([]);
  expect(result.refused).toHaveLength(1);
});

test("insertions at one place wait for each other; the same edit twice is one", () => {
  const at = { file, start: 2, end: 2 };
  const pass = (text: string) => (fs: FileSystem) => {
    const content = fs.readFile(file);
    const now = content.kind === "bytes" ? Buffer.from(content.bytes).toString() : "";
    const wanted = ["a = 1; ", "b = 2; "].filter((binding) => !now.includes(binding));
    const diagnostics = [...wanted, ...wanted].map((binding, index) =>
      diagnostic(`${binding}${text}${index}`, [{ span: at, text: binding }], "safe"),
    );
    return { diagnostics, undecided: [] } as unknown as Report;
  };
  expect(fix("{ }\n", pass("x")).text).toBe("{ b = 2; a = 1; }\n");
});

test("stops after ten passes, and says so", () => {
  const grows = (fs: FileSystem) => {
    const content = fs.readFile(file);
    const length = content.kind === "bytes" ? content.bytes.length : 0;
    const edit = { span: { file, start: 0, end: 0 }, text: "#\n" };
    return { diagnostics: [diagnostic(`grows ${length}`, [edit], "safe")], undecided: [] } as unknown as Report;
  };
  const result = fix("{ a = 1; }\n", grows);
  expect(result.converged).toBe(false);
  expect(result.applied).toHaveLength(10);
});

test("only what was asked for", () => {
  const lint = linterOf({ "1": "2" }, "unsafe");
  expect(fix("{ a = 1; }\n", lint).files).toEqual([]);
  expect(fix("{ a = 1; }\n", lint, { safeties: new Set<Safety>(["unsafe"]) }).text).toBe("{ a = 2; }\n");
});

test("a file that may not be touched keeps its findings", () => {
  const result = fix("{ a = 1; }\n", linterOf({ "1": "2" }), { objection: () => "git does not track it" });
  expect(result.files).toEqual([]);
  expect(result.declined).toMatchObject([{ path: file, why: "git does not track it" }]);
});

test("a fix after which the finding is still there is not applied", () => {
  const lint = (fs: FileSystem) => {
    const content = fs.readFile(file);
    const text = content.kind === "bytes" ? Buffer.from(content.bytes).toString() : "";
    const at = (start: number) => ({ file, start, end: start });
    const stays = diagnostic("stays", [{ span: at(2), text: "b = 2; " }], "safe");
    const goes = diagnostic("goes", [{ span: at(0), text: "# done\n" }], "safe");
    return { diagnostics: text.startsWith("#") ? [stays] : [stays, goes], undecided: [] } as unknown as Report;
  };
  const result = fix("{ a = 1; }\n", lint);
  expect(result.text).toBe("# done\n{ a = 1; }\n");
  expect(result.applied.map(({ subject }) => subject)).toEqual(["goes"]);
  expect(result.declined).toMatchObject([{ diagnostic: { subject: "stays" }, why: "its fix would not mend it" }]);
});

test("a fix after which nobody knows is not applied", () => {
  const lint = (fs: FileSystem) => {
    const content = fs.readFile(file);
    const text = content.kind === "bytes" ? Buffer.from(content.bytes).toString() : "";
    const one = {
      ...diagnostic("vague", [{ span: { file, start: 2, end: 2 }, text: "b = 2; " }], "safe"),
      hosts: ["nas"],
    };
    const doubt = { kind: "undecided", rule: "sample", subject: "vague", hosts: ["nas"], at: null, reasons: [] };
    const isDone = text.includes("b = 2");
    return { diagnostics: isDone ? [] : [one], undecided: isDone ? [doubt] : [] } as unknown as Report;
  };
  const result = fix("{ a = 1; }\n", lint);
  expect(result).toMatchObject({ text: "{ a = 1; }\n", applied: [] });
  expect(result.declined).toMatchObject([{ diagnostic: { subject: "vague" }, why: "its fix would not mend it" }]);
});
