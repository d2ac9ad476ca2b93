// Nix's own language tests, from a checkout of its source that NIX_SOURCE names. Skipped where it is not set.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { apply } from "../../src/eval/apply.ts";
import { toXml } from "../../src/eval/builtins/xml.ts";
import { selectAttr } from "../../src/eval/select.ts";
import { createSession } from "../../src/eval/session.ts";
import { renderText, showStrict } from "../../src/eval/show.ts";
import { Store } from "../../src/eval/store.ts";
import { force } from "../../src/eval/thunk.ts";
import { Unknown } from "../../src/eval/unknown.ts";
import { attrsOf, type Value } from "../../src/eval/value.ts";
import { DiskFileSystem } from "../../src/source/disk-file-system.ts";

const source = process.env.NIX_SOURCE;
if (source === undefined) console.warn("skipped: Nix's language tests (set NIX_SOURCE to a checkout of NixOS/nix)");

const functional = join(source ?? "/", "tests/functional");
const directory = join(functional, "lang");
const names = source === undefined ? [] : readdirSync(directory).filter((name) => name.endsWith(".nix"));

const notYet = new Set(
  readFileSync(new URL("../../fixtures/eval/notyet.txt", import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(/\s/)[0]),
);

/** The value, and the first thing that Nix would refuse to parse. */
function evaluateFile(name: string): { readonly value: Value; readonly problem: string | undefined } {
  const fs = new DiskFileSystem("/");
  const session = createSession({ fs, store: new Store(fs), home: "/fake-home", system: "x86_64-linux" });
  let value = session.importFile(join(directory, name), null);
  if (name === "eval-okay-autoargs.nix") {
    const args = attrsOf({ lib: session.importFile(join(directory, "lib.nix"), null), xyzzy: "xyzzy!" });
    value = force(selectAttr(apply(value, args, null), "result", null));
  }
  const problems = [...session.files.values()].flatMap((file) => file.problems);
  return { value, problem: problems[0]?.message };
}

function evaluatesAsExpected(name: string): boolean {
  const { value, problem } = evaluateFile(name);
  if (problem !== undefined) return false;
  const expected = (suffix: string) => join(directory, name.replace(/\.nix$/, suffix));
  const asXml = !existsSync(expected(".exp"));
  const text = asXml ? toXml(value) : showStrict(value);
  const shown = renderText(text).replaceAll(functional, "/pwd") + (asXml ? "" : "\n");
  return shown === readFileSync(expected(asXml ? ".exp.xml" : ".exp"), "utf8");
}

/** An error, or something that is not known, where Nix fails. */
function fails(name: string): boolean {
  const { value, problem } = evaluateFile(name);
  const text = showStrict(value);
  return problem !== undefined || text instanceof Unknown || text.includes("«unknown");
}

describe.skipIf(source === undefined)("Nix's language tests", () => {
  const okay = names.filter((name) => /^eval-okay-.*\.nix$/.test(name) && hasExpectation(name));
  const failing = names.filter((name) => /^(eval|parse)-fail-.*\.nix$/.test(name));

  test.each(okay)("%s", (name) => {
    expect(evaluatesAsExpected(name)).toBe(!notYet.has(name.replace(/\.nix$/, "")));
  });

  test.each(failing)("%s", (name) => {
    expect(fails(name)).toBe(!notYet.has(name.replace(/\.nix$/, "")));
  });
});

function hasExpectation(name: string): boolean {
  return [".exp", ".exp.xml"].some((suffix) => existsSync(join(directory, name.replace(/\.nix$/, suffix))));
}
