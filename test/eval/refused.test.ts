// What Nix refuses to evaluate is refused, with a message that says what is wrong.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import { expect, test } from "vitest";
import { createSession } from "../../src/eval/session.ts";
import { showStrict } from "../../src/eval/show.ts";
import { Store } from "../../src/eval/store.ts";
import { isError } from "../../src/eval/unknown.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

const fs = new MemoryFileSystem(
  new Map([
    ["/tree/a", "a"],
    ["/tree/b", "b"],
  ]),
);
const drv = 'derivation { name = "x"; builder = "b"; system = "s"; }';

test.each([
  ["a derivation without a name", "derivation { }", "required attribute `name` missing"],
  ["a derivation without a builder", '(derivation { name = "x"; system = "s"; }).outPath', "`builder` missing"],
  ["an empty system", '(derivation { name = "x"; builder = "b"; system = ""; }).drvPath', "`system` missing"],
  [
    "a name with a tilde",
    'derivationStrict { name = "~"; builder = "b"; system = "s"; }',
    "contains the character `~`",
  ],
  ["a name of dots", 'derivationStrict { name = ".-x"; builder = "b"; system = "s"; }', "component of dots"],
  ["a long name", `derivationStrict { name = "${"x".repeat(212)}"; }`, "longer than 211"],
  [
    "a derivation called .drv",
    'derivationStrict { name = "x.drv"; builder = "b"; system = "s"; }',
    "not end in `.drv`",
  ],
  ["no outputs", 'derivationStrict { name = "x"; outputs = [ ]; }', "at least one output"],
  ["an output twice", 'derivationStrict { name = "x"; outputs = [ "a" "a" ]; }', "duplicate derivation output `a`"],
  ["a variable that is a set", 'derivationStrict { name = "x"; a = { }; }', "cannot coerce a set"],
  [
    "a hash of another length",
    'derivationStrict { name = "x"; builder = "b"; system = "s"; outputHash = "sha256-x"; }',
    "wrong length",
  ],
  [
    "an unknown hash mode",
    'derivationStrict { name = "x"; builder = "b"; system = "s"; outputHashMode = "x"; }',
    "invalid `outputHashMode`",
  ],
  [
    "the hash of several outputs",
    'derivationStrict { name = "x"; builder = "b"; system = "s"; outputs = "a b"; outputHash = ""; outputHashAlgo = "sha1"; }',
    "several outputs",
  ],
  [
    "a content-addressed derivation",
    'derivationStrict { name = "x"; __contentAddressed = true; }',
    "experimental feature",
  ],
  ["a path that does not exist", '"${/tree/none}"', "`/tree/none` does not exist"],
  [
    "a path with a name no store path has",
    'builtins.path { path = /tree; name = "a b"; }',
    "contains the character ` `",
  ],
  ["another hash", `builtins.path { path = /tree; sha256 = "${"0".repeat(52)}"; }`, "does not have the hash"],
  ["an unknown argument", "builtins.path { path = /tree; nmae = 1; }", "unsupported argument `nmae`"],
  ["a filter that is no function", "builtins.filterSource [ ] /tree", "expected a function"],
  ["a filter of one argument", "builtins.filterSource (_: true) /tree", "not a function but bool"],
  ["a filter that gives a number", "builtins.filterSource (_: _: 1) /tree", "expected a Boolean"],
  ["a file that refers to a derivation", `builtins.toFile "x" "\${${drv}}"`, "must not refer to derivations"],
  ["an attr name that refers to the store", `{ "\${${drv}}" = 1; }`, "not allowed to refer to the store path"],
  ["a selected name that does", `{ }.\${"\${${drv}}"}`, "not allowed to refer to the store path"],
  ["a regular expression that does", `builtins.match "\${${drv}}" "x"`, "not allowed to refer to the store path"],
  ["a context that is no store path", 'builtins.appendContext "x" { "/x" = { path = true; }; }', "is not a store path"],
  [
    "outputs of a path",
    `builtins.appendContext "x" { "/nix/store/${"0".repeat(32)}-x" = { allOutputs = true; }; }`,
    "it is not a derivation",
  ],
  [
    "text that refers to two things",
    `builtins.addDrvOutputDependencies (let a = ${drv}; in a.drvPath + a)`,
    "exactly one store path",
  ],
  ["an output as a derivation", `builtins.addDrvOutputDependencies (${drv}).outPath`, "not one of its outputs"],
  ["a path outside of the store", "builtins.storePath /tree", "is not in the store"],
  ["an address whose last part is no name", 'builtins.fetchurl "https://x.example.org/~x"', "give a `name`"],
  ["a tree without a type", 'builtins.fetchTree { url = "x"; }', "needs a `type`"],
  ["a negative argument", 'builtins.fetchTree { type = "file"; owner = -1; }', "is negative"],
  ["a relative tarball", 'builtins.fetchTree "file:./x.tar.gz"', "must have an absolute path"],
  ["a tree by number", "builtins.fetchGit 1", "cannot coerce int"],
])("%s", (_, expression, message) => {
  const session = createSession({ fs, store: new Store(fs) });
  const value = showStrict(session.evaluateText(expression, "/expression.nix"));
  expect(isError(value) ? value.message : value).toContain(message);
});
