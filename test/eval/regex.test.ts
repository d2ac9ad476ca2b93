// Which regular expressions Nix refuses. What the others match is in fixtures/eval/regex.nix.

import { expect, test } from "vitest";
import { parseRegex } from "../../src/eval/regex/posix-expression.ts";

test.each([
  "*a",
  "a{,2}",
  "a{2,1}",
  "(",
  ")",
  "[",
  "[a",
  "a\\",
  "+",
  "{",
  "a{",
  "a{1",
  "[[:foo:]]",
  "[b-a]",
  "(*a)",
  "^*",
  "[]",
  "[^]",
  "?",
  "\\d",
  "\\-",
  "\\]",
  "a{99999}",
  "[a-[:alpha:]]",
  "(a))",
  "$*",
  "(?:a)",
  "[a-c-e]",
])("%s is invalid", (text) => {
  expect(parseRegex(text)).toBeNull();
});

test.each(["a||b", "a{1}{2}", "a+?", "[--a]", "()", "a]", "a}", "[[.a.]]", "[[=a=]]", "[a-]", "\\$\\^\\|\\{"])(
  "%s is valid",
  (text) => {
    expect(parseRegex(text)).not.toBeNull();
  },
);
