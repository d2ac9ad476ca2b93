// What is below a value is read to the bottom, and not further: a flake is a place, a loop is read once.

import { expect, test } from "vitest";
import { createSession } from "../../src/eval/session.ts";
import { deepTexts } from "../../src/fleet/deep-texts.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

function textsOf(expression: string) {
  const fs = new MemoryFileSystem(new Map([["/f/rules.yml", "rules"]]));
  const { texts, unread } = deepTexts(createSession({ fs }).evaluateText(expression, "/f/x.nix"), fs);
  return { texts: texts.map(({ text }) => text), unread: unread?.reason ?? null };
}

test.each([
  [`{ a = [ "x" { b = "y"; } ]; c = ./rules.yml; }`, ["x", "y", "rules"], null],
  [`let self = { outPath = "/s"; all = throw "never asked for"; }; in { inherit self; a = "x"; }`, ["x"], null],
  [`let loop = { a = "x"; inherit loop; }; in loop`, ["x"], null],
  [`{ many = builtins.genList (n: { inherit n; }) 30000; }`, [], "limit"],
])("%s", (expression, texts, unread) => {
  expect(textsOf(expression)).toEqual({ texts, unread });
});
