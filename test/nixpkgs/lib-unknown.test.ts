// What the native `lib` knows when something it is given is not known (`u`): no less than is certain, and no more.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import { describe, expect, it } from "vitest";
import { Unknown } from "../../src/eval/unknown.ts";
import { evaluateWithLib, shownWithLib } from "./lib-evaluation.ts";

/** As it is shown, with unknowns of whatever reason and message as `?`. */
function known(expression: string, files: Readonly<Record<string, string>> = {}): string {
  return shownWithLib(expression, files)
    .replaceAll(/«unknown: [^»]*»/g, "?")
    .replaceAll(" /* maybe */", "~");
}

type Case = readonly [expression: string, known: string];

function check(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    it.each(cases)("%s", (expression, shown) => {
      expect(known(expression)).toBe(shown);
    });
  });
}

check("conditions", [
  ['[ "/etc" ] ++ optional u "/srv"', '[ "/etc" "/srv"~ ? ]'],
  ['optionals u [ "/a" "/b" ]', '[ "/a"~ "/b"~ ? ]'],
  ["{ a = 1; } // optionalAttrs u { b = 2; }", "{ a = 1; b = 2~; }"],
  ["(optionalAttrs u { b = 2; }) ? b", "?"],
  ['"--tag x${optionalString u " --verbose"}"', '"--tag x?"'],
  ['throwIf u "no" 1', "1"],
  ['warnIf u "hm" 1', "1"],
  ["lib.or u true", "true"],
  ["lib.and u false", "false"],
  ["lib.and u true", "?"],
]);

check("predicates", [
  ["filterAttrs (_: on: on) { a = true; b = u; c = false; }", "{ a = true; b = ?~; }"],
  ["filterAttrs (_: value: value > 1) ({ a = 1; b = 2; } // u)", "{ b = 2; ? }"],
  ["remove 1 [ 1 2 u ]", "[ 2 ?~ ? ]"],
  ["findFirst (x: x > 1) 0 [ 1 2 u ]", "2"],
  ["findFirst (x: x > 1) 0 [ 1 u 2 ]", "?"],
  ["findSingle (x: x > 1) 0 9 [ 2 u ]", "?"],
  ["findSingle (x: x > 1) 0 9 [ 2 u 3 ]", "9"],
  ["count (x: x > 1) [ 2 3 u ]", "?"],
  ["subtractLists [ u ] [ 1 2 ]", "[ 1~ 2~ ? ]"],
  ["subtractLists [ 1 ] [ 1 u ]", "[ ?~ ? ]"],
  ["intersectLists ([ 1 ] ++ u) [ 1 2 ]", "[ 1 2~ ? ]"],
  ["mutuallyExclusive [ 1 u ] [ 1 ]", "false"],
  ["unique [ 1 u 1 2 ]", "[ 1 2 ?~ ? ]"],
  ["allUnique [ 1 1 u ]", "false"],
  ["allUnique [ 1 2 u ]", "?"],
  ['collect isString { a = "x"; b = u; c.d = "y"; }', '[ "x" "y" ?~ ? ]'],
  ["matchAttrs { a = 1; b = 2; } { a = 3; b = u; }", "false"],
  ["matchAttrs { a = 1; b = 2; } { a = 1; b = u; }", "?"],
]);

check("text", [
  ['hasPrefix "/var" "/var/lib/${u}"', "true"],
  ['hasPrefix "/srv" "/var/lib/${u}"', "false"],
  ['hasPrefix "/var/lib/x" "/var/lib/${u}"', "?"],
  ['hasSuffix ".age" "${u}.age"', "true"],
  ['hasSuffix ".nix" "${u}.age"', "false"],
  ['hasInfix "lib" "/var/lib/${u}"', "true"],
  ['hasInfix "srv" "/var/lib/${u}"', "?"],
  ['removePrefix "/var" "/var/lib/${u}"', '"/lib/?"'],
  ['removePrefix "x" "/var/${u}"', '"/var/?"'],
  // The prefix may reach into the text behind the hole.
  ['removePrefix "ab" "${u}bc"', '"?c"'],
  ['removePrefix "ab" "${u}cd"', '"?cd"'],
  ['removeSuffix ".nix" "${u}.nix"', '"?"'],
  ['removeSuffix "bc" "ab${u}"', '"a?"'],
  ['splitString "/" "a/b${u}c/d"', '[ "a" "d" ? ]'],
  ['splitString "::" "a::b${u}"', "[ ? ]"],
  ['toUpper "ab${u}c"', '"AB?C"'],
  ['trim "  a${u} "', '"a?"'],
  ['concatMapStringsSep " " (x: "-e ${x}") [ "a" u ]', '"-e a -e ?"'],
  ['hasInfix "-e a" (concatMapStringsSep " " (x: "-e ${x}") ([ "a" ] ++ u))', "true"],
  ['escapeShellArg "a b${u}"', "\"'a b?'\""],
  ['hasInfix "ab" (escapeShellArg "ab${u}")', "true"],
  ['makeBinPath [ u "/usr" ]', '"?/bin:/usr/bin"'],
  ['generators.toKeyValue { } { a = u; b = "x${u}"; }', '"a=?\\nb=x?\\n"'],
  ['hasInfix "[s]\\na=1\\n" (generators.toINI { } ({ s.a = 1; } // u))', "true"],
  ['versionAtLeast lib.version "24.05"', "true"],
  ['versionOlder lib.version "26.05.1"', "?"],
  ['getExe { type = "derivation"; outPath = "/pkg"; meta = u; }', '"/pkg/bin/?"'],
]);

check("sets", [
  ['attrByPath [ "a" "b" ] 0 ({ a.b = 1; } // u)', "1"],
  ['attrByPath [ "x" ] 0 ({ a = 1; } // u)', "?"],
  ['attrByPath [ "a" ] 1 (optionalAttrs u { a = 1; })', "1"],
  ['hasAttrByPath [ "a" "b" ] ({ a = 1; } // u)', "false"],
  ["recursiveUpdate { a.b = 1; } ({ a.c = 2; } // u)", "{ a = { b = 1; c = 2; }; ? }"],
  ["recursiveUpdate { a.b = 1; c = 2; } { a = u; }", "{ a = ?; c = 2; }"],
  ["recursiveUpdate { a = u; } { a.b = 1; }", "{ a = { b = 1; ? }; }"],
  ["recursiveUpdate { a.b = 1; } (optionalAttrs u { a.b = 2; a.c = 3; })", "{ a = { b = ?; c = 3~; }; }"],
  ['mapAttrs\' (name: value: nameValuePair (name + "x") value) (optionalAttrs u { a = 1; })', "{ ax = 1~; }"],
  ["mapAttrs' (name: value: nameValuePair u value) { a = 1; }", "{ ? }"],
  [
    "concatMapAttrs (name: value: { ${name} = value; }) ({ a = 1; } // optionalAttrs u { b = 2; })",
    "{ a = 1; b = 2~; }",
  ],
  ['genAttrs ([ "a" ] ++ u) (name: name)', '{ a = "a"; ? }'],
  ['genAttrs (optional u "a") (name: 1)', "{ a = 1~; ? }"],
  ["mapAttrsToList (name: _: name) (optionalAttrs u { a = 1; } // { b = 2; })", '[ "b" "a"~ ? ]'],
  ["mergeAttrsList ([ { a = 1; } ] ++ optional u { b = 2; })", "{ a = 1; b = 2~; ? }"],
  ["overrideExisting { a = 1; b = 2; } ({ a = 3; } // u)", "{ a = 3; b = ?; }"],
  ['attrVals [ "a" "b" ] ({ a = 1; } // u)', "[ 1 ? ]"],
]);

check("lists", [
  ["flatten [ 1 [ u 2 ] ]", "[ 1 2 ? ]"],
  ["take 1 ([ 1 2 ] ++ u)", "[ 1~ 2~ ? ]"],
  ["last ([ 1 2 ] ++ u)", "?"],
  ["range 1 u", "?"],
  ["cartesianProduct { a = [ 1 ] ++ u; b = [ 2 ]; }", "[ { a = 1; b = 2; } ? ]"],
  ['textClosureMap id { a = stringAfter [ ] u; } [ "a" ]', '"?"'],
]);

describe("errors", () => {
  it.each([
    'optional (throw "broken") 1',
    'optionalString (throw "broken") "x"',
    'filterAttrs (_: _: throw "broken") { a = 1; }',
    'unique [ 1 (throw "broken") ]',
    'removePrefix "a" (throw "broken")',
    'recursiveUpdate (throw "broken") { }',
  ])("%s stays one", (expression) => {
    const value = evaluateWithLib(expression);
    expect(value).toBeInstanceOf(Unknown);
    expect(value).toMatchObject({ reason: "error", message: expect.stringContaining("broken"), catchable: true });
  });

  it("names what is not implemented", () => {
    expect(evaluateWithLib("lib.systems.examples.riscv64")).toMatchObject({ reason: "unsupported" });
    expect(shownWithLib("lib.systems.examples")).toContain("lib.systems.examples");
  });
});

describe("files of ours", () => {
  const files = {
    "/tree/roles/db.nix": "",
    "/tree/roles/_draft.nix": "",
    "/tree/roles/web/default.nix": "",
    "/tree/x.md": "",
  };
  const list = (expression: string) => known(`map toString (${expression})`, files);

  it.each([
    [
      "filesystem.listFilesRecursive ./roles",
      '[ "/tree/roles/_draft.nix" "/tree/roles/db.nix" "/tree/roles/web/default.nix" ]',
    ],
    ['filter (hasSuffix "default.nix") (filesystem.listFilesRecursive ./roles)', '[ "/tree/roles/web/default.nix" ]'],
    [
      'filter (file: !(hasInfix "/_" (toString file))) (filesystem.listFilesRecursive ./roles)',
      '[ "/tree/roles/db.nix" "/tree/roles/web/default.nix" ]',
    ],
    ['fileset.toList (fileset.fileFilter (file: file.hasExt "md") ./.)', '[ "/tree/x.md" ]'],
    [
      "fileset.toList (fileset.difference ./roles (fileset.unions [ ./roles/web ./roles/_draft.nix ]))",
      '[ "/tree/roles/db.nix" ]',
    ],
    ["fileset.toList (fileset.intersection ./roles ./roles/db.nix)", '[ "/tree/roles/db.nix" ]'],
    ["fileset.toList (fileset.maybeMissing ./nowhere)", "[ ]"],
    ["fileset.toList (fileset.union ./x.md u)", '[ "/tree/x.md" ? ]'],
    ["fileset.toList (fileset.fileFilter (file: file.name == u) ./roles/web)", '[ "/tree/roles/web/default.nix"~ ? ]'],
  ])("%s", (expression, shown) => {
    expect(list(expression)).toBe(shown);
  });

  it("are found below a cleaned source", () => {
    expect(shownWithLib('import (cleanSource ./. + "/roles/one.nix")', { "/tree/roles/one.nix": "1" })).toBe("1");
  });

  it("become packages", () => {
    const packages = { "/tree/p/a/package.nix": "{ n }: n", "/tree/p/b.nix": "{ n, a ? 0 }: n + 1" };
    const expression = "packagesFromDirectoryRecursive { callPackage = callPackageWith { n = 1; }; directory = ./p; }";
    expect(shownWithLib(expression, packages)).toBe("{ a = 1; b = 2; }");
  });
});
