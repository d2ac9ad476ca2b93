// Single places: elements of lists, imports, arguments of a module, bindings that go.

import { expect, test } from "vitest";
import { addFormals } from "../../src/edit/formals.ts";
import { insertImport } from "../../src/edit/imports.ts";
import { insertElement, removeElement } from "../../src/edit/lists.ts";
import { removeItem } from "../../src/edit/sets.ts";
import { setOfFile } from "../../src/edit/written.ts";
import { nearest, nodeAround } from "../../src/syntax/concrete.ts";
import { Kind } from "../../src/syntax/flat-tree.ts";
import { edited, itemAt, nodeAt, treeOf } from "./edited.ts";

test.each([
  ["empty", "{ a = [ ]; }\n", '"x"', '{ a = [ "x" ]; }\n'],
  ["one on the line spreads", "{\n  a = [ 1 ];\n}\n", "2", "{\n  a = [\n    1\n    2\n  ];\n}\n"],
  ["several on the line stay", "{\n  a = [ 1 2 ];\n}\n", "3", "{\n  a = [ 1 2 3 ];\n}\n"],
  ["an argument stays", "{\n  a = f [ 1 ];\n}\n", "2", "{\n  a = f [ 1 2 ];\n}\n"],
  [
    "lines, with comments",
    "{\n  a = [\n    1 # one\n  ];\n}\n",
    "(f 2)",
    "{\n  a = [\n    1 # one\n    (f 2)\n  ];\n}\n",
  ],
  ["after parentheses", "{\n  a = [\n    (f 1)\n  ];\n}\n", "2", "{\n  a = [\n    (f 1)\n    2\n  ];\n}\n"],
])("a list grows: %s", (_, text, element, after) => {
  const tree = treeOf(text);
  const list = nearest(nodeAround(tree, text.indexOf("[") + 1, text.indexOf("[") + 1), Kind.list);
  expect(edited(tree, insertElement(tree, list!, element))).toBe(after);
});

test.each([
  ["of lines", "{\n  a = [\n    1\n    22 # it\n    3\n  ];\n}\n", "{\n  a = [\n    1\n    3\n  ];\n}\n"],
  ["on a line", "{ a = [ 1 (22) 3 ]; }\n", "{ a = [ 1 3 ]; }\n"],
  ["the only one", "{ a = [ 22 ]; }\n", "{ a = [ ]; }\n"],
])("a list loses one %s", (_, text, after) => {
  const tree = treeOf(text);
  const element = nodeAt(tree, "22");
  expect(edited(tree, [removeElement(tree, element.parent!, element)])).toBe(after);
});

test.each([
  [
    "sorted",
    "{\n  imports = [\n    ./a.nix\n    ./c.nix\n  ];\n}\n",
    "{\n  imports = [\n    ./a.nix\n    ./b.nix\n    ./c.nix\n  ];\n}\n",
  ],
  [
    "not sorted",
    "{\n  imports = [\n    ./c.nix\n    ./a.nix\n  ];\n}\n",
    "{\n  imports = [\n    ./c.nix\n    ./a.nix\n    ./b.nix\n  ];\n}\n",
  ],
  ["there already", "{\n  imports = [ ./b.nix ];\n}\n", "{\n  imports = [ ./b.nix ];\n}\n"],
  ["none yet", "{\n  a = 1;\n}\n", "{\n  imports = [ ./b.nix ];\n  a = 1;\n}\n"],
  [
    "a sum",
    "{\n  imports = [ ./a.nix ] ++ more;\n}\n",
    "{\n  imports = [\n    ./a.nix\n    ./b.nix\n  ] ++ more;\n}\n",
  ],
  ["computed", "{\n  imports = map f x;\n}\n", null],
])("imports: %s", (_, text, after) => {
  const tree = treeOf(text);
  expect(edited(tree, insertImport(tree, setOfFile(tree)!, "./b.nix"))).toBe(after);
});

test.each([
  ["a plain set", "{\n  a = 1;\n}\n", "{ config, ... }:\n{\n  a = 1;\n}\n"],
  ["on one line", "{ lib, ... }:\n{ }\n", "{ config, lib, ... }:\n{ }\n"],
  ["lines", "{\n  lib,\n  pkgs,\n  ...\n}:\n{ }\n", "{\n  config,\n  lib,\n  pkgs,\n  ...\n}:\n{ }\n"],
  ["nothing but more", "{ ... }:\n{ }\n", "{ config, ... }:\n{ }\n"],
  ["there already", "{ config, ... }:\n{ }\n", "{ config, ... }:\n{ }\n"],
  ["bound by a let", "let\n  config = 1;\nin\n{ }\n", "let\n  config = 1;\nin\n{ }\n"],
  ["closed", "{ lib }:\n{ }\n", null],
])("arguments: %s", (_, text, after) => {
  const tree = treeOf(text);
  expect(edited(tree, addFormals(tree, setOfFile(tree)!, ["config"]))).toBe(after);
});

test.each([
  ["with its comment", "{\n  a = 1;\n\n  # about b\n  b = 2;\n\n  c = 3;\n}\n", "{\n  a = 1;\n\n  c = 3;\n}\n"],
  ["not with that of a group", "{\n  # about all\n  b = 2;\n  c = 3;\n}\n", "{\n  # about all\n  c = 3;\n}\n"],
  ["the last", "{\n  a = 1;\n\n  b = 2; # why\n}\n", "{\n  a = 1;\n}\n"],
  ["the only one", "{\n  b = 2;\n}\n", "{ }\n"],
  ["on a line", "{ a = 1; b = 2; }\n", "{ a = 1; }\n"],
])("a binding goes: %s", (_, text, after) => {
  const tree = treeOf(text);
  const item = itemAt(tree, "b = 2");
  expect(edited(tree, [removeItem(tree, item.parent!, item)])).toBe(after);
});
