// A table of the configuration goes with the comments that are about it, and the others stay as they were.

import { expect, test } from "vitest";
import { applyEdits } from "../../src/edit/apply.ts";
import { removeTable } from "../../src/edit/toml-tables.ts";

const before = `profile = "strict"

# About a.
[[waive]]
rule = "a"
# why

# About b.
[[waive]]
rule = "b"
`;

function without(text: string, header: number): string | null {
  const start = [...text.matchAll(/^\[\[/gm)][header]?.index ?? -1;
  const edit = removeTable({ path: "/nixlint.toml", text }, { file: "/nixlint.toml", start, end: start + 9 });
  return edit && applyEdits(text, [edit]);
}

test.each([
  ["the first", 0, 'profile = "strict"\n\n# About b.\n[[waive]]\nrule = "b"\n'],
  ["the last, with the blank line before it", 1, 'profile = "strict"\n\n# About a.\n[[waive]]\nrule = "a"\n# why\n'],
])("%s", (_, header, after) => {
  expect(without(before, header)).toBe(after);
  expect(without(before.replaceAll("\n", "\r\n"), header)).toBe(after.replaceAll("\n", "\r\n"));
});

test("a place that is no table is left alone", () => {
  expect(removeTable({ path: "/nixlint.toml", text: before }, { file: "/nixlint.toml", start: 0, end: 7 })).toBeNull();
});

test("each of very many takes no longer than one of few", () => {
  const text = before.slice(before.indexOf("# About a.")).repeat(5000);
  const source = { path: "/nixlint.toml", text };
  const headers = [...text.matchAll(/^\[\[waive\]\]/gm)].map(({ index }) => index);
  const started = performance.now();
  for (const start of headers) removeTable(source, { file: source.path, start, end: start + 9 });
  expect(headers).toHaveLength(10_000);
  expect(performance.now() - started).toBeLessThan(5000);
});
