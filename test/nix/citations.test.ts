// Every line of the reference flake that cites a rule (`# secret-owner-mismatch`) is there for that rule: without it,
// exactly the rules it cites fire. A comment behind code cites for what begins on its line, a comment of its own for
// the binding below it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globbySync } from "globby";
import { describe, expect, test } from "vitest";
import { rules } from "../../rules/index.ts";
import { parseConfig } from "../../src/lint/config.ts";
import type { Report } from "../../src/lint/finding.ts";
import { lintFlake, loadFleet } from "../../src/lint/lint-flake.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";
import type { SourceFile } from "../../src/source/source-file.ts";
import { type ConcreteNode, concreteTree } from "../../src/syntax/concrete.ts";
import { Kind } from "../../src/syntax/flat-tree.ts";

const root = "/flake";
const directory = join(import.meta.dirname, "../../nix");
const files: ReadonlyMap<string, string> = new Map(
  globbySync("**", { cwd: directory, dot: true }).map((path) => [path, readFileSync(join(directory, path), "utf8")]),
);

/** `# rule-id` or `# rule-id, other-rule`, and nothing else in the comment. */
const pattern = /^# *([a-z]+(?:-[a-z]+)+(?:, [a-z]+(?:-[a-z]+)+)*)$/;

const ids: ReadonlySet<string> = new Set(rules.map(({ id }) => id));

interface Citation {
  readonly path: string;
  readonly line: number;
  readonly rules: readonly string[];
  /** The file without what the comment is about. */
  readonly without: string;
}

const citations = [...files]
  .filter(([path]) => path.endsWith(".nix"))
  .flatMap(([path, text]) => findCitations(path, text));

test("there is nothing to find, and nothing left undecided", () => {
  const report = lintWith(new Map());
  expect(report.diagnostics).toEqual([]);
  expect(report.undecided).toEqual([]);
});

test("every citation names a rule", () => {
  expect(citations.length).toBeGreaterThan(15);
  const cited = citations.flatMap((citation) => citation.rules);
  expect(cited.filter((id) => !ids.has(id))).toEqual([]);
});

describe("without the line, exactly the rules that it cites fire", () => {
  test.each(
    citations.map((citation) => [`${citation.path}:${citation.line} ${citation.rules.join(", ")}`, citation] as const),
  )("%s", (_, { path, rules: cited, without }) => {
    const { diagnostics } = lintWith(new Map([[path, without]]));
    const fired = new Set(diagnostics.map(({ rule }) => rule));
    expect([...fired].sort()).toEqual([...cited].sort());
  });
});

function lintWith(changed: ReadonlyMap<string, string>): Report {
  const texts = [...files, ...changed].map(([path, text]): [string, string] => [join(root, path), text]);
  const fs = new MemoryFileSystem(new Map(texts));
  const config = parseConfig({ path: "nixlint.toml", text: files.get("nixlint.toml") ?? "" }, rules);
  const loaded = loadFleet({ root, fs, overrideInputs: new Map() }, config);
  return lintFlake(loaded, { rules, config, today: "2026-06-01" });
}

function findCitations(path: string, text: string): Citation[] {
  const source: SourceFile = { path, text };
  const tree = concreteTree(source);
  if (tree === null) throw new Error(`${path} does not parse`);
  return tree.comments.flatMap((comment) => {
    const cited = pattern.exec(text.slice(comment.start, comment.end))?.[1]?.split(", ");
    if (cited === undefined) return [];
    const subject = subjectOf(tree.root, text, comment.start, comment.end);
    const line = text.slice(0, comment.start).split("\n").length;
    if (subject === null) throw new Error(`${path}:${line}: nothing here that the comment could be about`);
    return [{ path, line, rules: cited, without: text.slice(0, subject.start) + text.slice(subject.end) }];
  });
}

/** The binding or the element of a list that starts where the code of the line, or of the line below, starts. */
function subjectOf(tree: ConcreteNode, text: string, commentStart: number, commentEnd: number): ConcreteNode | null {
  const lineStart = text.lastIndexOf("\n", commentStart - 1) + 1;
  const isAlone = text.slice(lineStart, commentStart).trim() === "";
  const from = isAlone ? commentEnd : lineStart;
  const start = from + (/\S/.exec(text.slice(from))?.index ?? 0);
  return find(tree, (node) => node.start === start && (node.kind === Kind.binding || node.parent?.kind === Kind.list));
}

function find(node: ConcreteNode, matches: (node: ConcreteNode) => boolean): ConcreteNode | null {
  if (matches(node)) return node;
  for (const child of node.children) {
    const found = find(child, matches);
    if (found !== null) return found;
  }
  return null;
}
