// Carets stand below what they mark, whatever is before it on the line.

import { expect, test } from "vitest";
import { codeFrame } from "../../src/report/frame.ts";
import { displayWidth } from "../../src/report/visible.ts";
import { sourceOf, spanOf } from "./sample.ts";

function frame(text: string, part: string): string[] {
  const source = sourceOf("a.nix", text);
  return codeFrame(source, spanOf(source, part)).map((line) => line.text);
}

test.each([
  ["a = 1;", "1", "a = 1;", "    ^"],
  ["\ta = 1;", "1", "    a = 1;", "        ^"],
  ["ab\ta = 1;", "1", "ab  a = 1;", "        ^"],
  ['x = "日本"; y = 1;', "1", 'x = "日本"; y = 1;', "                ^"],
  ['x = "日本";', "日本", 'x = "日本";', "     ^^^^"],
  ['x = "🎉"; y', "y", 'x = "🎉"; y', "          ^"],
  ['x = "e\u0301"; y', "y", 'x = "e\u0301"; y', "         ^"],
  ["a = 1;\r\nb", "1", "a = 1;", "    ^"],
])("%j", (text, part, line, carets) => {
  const shown = frame(text, part);
  expect(shown).toEqual([line, carets]);
  expect(displayWidth(carets)).toBe(displayWidth(line.slice(0, line.indexOf(part))) + displayWidth(part));
});

test("an empty span still has a caret", () => {
  const source = sourceOf("a.nix", "abc\n");
  expect(codeFrame(source, { file: source.path, start: 1, end: 1 }).map(({ text }) => text)).toEqual(["abc", " ^"]);
});

test("the end of the file can be marked", () => {
  const source = sourceOf("a.nix", "{ a = 1;\n");
  expect(codeFrame(source, { file: source.path, start: 8, end: 9 }).map(({ text }) => text)).toEqual([
    "{ a = 1;",
    "        ^",
  ]);
});

test("of a long span the beginning is shown", () => {
  expect(frame("{\n  a = [\n    1\n    2\n    3\n  ];\n}\n", "[\n    1\n    2\n    3\n  ]")).toEqual([
    "  a = [",
    "      ^",
    "    1",
    "    ^",
    "    2",
    "    ^",
    "…",
  ]);
});

test("a line as long as a book is cut", () => {
  expect(Math.max(...frame(`x = "${"y".repeat(5000)}";`, "x").map((line) => line.length))).toBeLessThan(200);
});

test.each([
  ['repository = "rest:https://me:hunter2@h/x";', 'repository = "rest:https://me:*******@h/x";'],
  ['password = "hunter2"; x = "$a";', 'password = "*******"; x = "$a";'],
  ['hashedPassword = "$6$ab/c";', 'hashedPassword = "*******";'],
  ['pkgs.writeText "db-password" "hunter2"', 'pkgs.writeText "db-password" "*******"'],
  ['key = "K001abcdefghijklmnopqrstuv";', 'key = "**************************";'],
  ...[
    'passwordFile = "/run/secrets/x";',
    'token = "/run/x";',
    'key = "db/password";',
    'url = "http://h:80/@x";',
    `password = "\${config.x}";`,
  ].map((line) => [line, line]),
])("%s is shown without its password", (line, shown) => {
  const source = { path: "/a.nix", text: line };
  expect(codeFrame(source, { file: source.path, start: 0, end: 1 })[0]?.text).toBe(shown);
});
