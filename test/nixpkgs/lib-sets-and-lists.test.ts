// The native `lib`, function by function: expressions and what Nix gives for them with nixpkgs' own library.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import { describe, expect, it } from "vitest";
import { shownWithLib } from "./lib-evaluation.ts";

type Case = readonly [expression: string, shown: string];

const attrsetCases: readonly Case[] = [
  ['attrByPath [ "services" "nginx" ] "none" { services.nginx = "on"; }', '"on"'],
  ['attrByPath [ "services" "nginx" "port" ] 80 { services.nginx = "on"; }', "80"],
  ["attrByPath [ ] 1 { a = 2; }", "{ a = 2; }"],
  ['attrByPath [ "a" (throw "not read") ] 7 { }', "7"],
  ['hasAttrByPath [ "disk" "root" ] { disk.root = null; }', "true"],
  ['hasAttrByPath [ "disk" "root" "size" ] { disk.root = null; }', "false"],
  ['setAttrByPath [ "jobs" "daily" "paths" ] [ "/srv" ]', '{ jobs = { daily = { paths = [ "/srv" ]; }; }; }'],
  ['getAttrFromPath [ "jobs" "daily" ] { jobs.daily = 3; }', "3"],
  ['attrVals [ "b" "a" ] { a = "first"; b = "second"; }', '[ "second" "first" ]'],
  ['getAttrs [ "host" ] { host = "db"; port = 5432; }', '{ host = "db"; }'],
  ['catAttrs "paths" [ { paths = [ "/a" ]; } { } { paths = [ ]; } ]', '[ [ "/a" ] [ ] ]'],
  ["filterAttrs (name: value: value > 10) { one = 1; twelve = 12; }", "{ twelve = 12; }"],
  ['filterAttrs (name: _: hasPrefix "db" name) { db-1 = throw "lazy"; web = 1; } ? db-1', "true"],
  ["filterAttrsRecursive (_: value: value != { }) { a = { }; b = { c = { }; d = 1; }; }", "{ b = { d = 1; }; }"],
  ['foldlAttrs (sum: name: value: "${sum}${name}${toString value}") ">" { b = 2; a = 1; }', '">a1b2"'],
  ["foldAttrs (value: all: all + value) 100 [ { x = 1; y = 2; } { x = 10; } ]", "{ x = 111; y = 102; }"],
  ['collect isInt { a = 1; b = { c = 2; d = "text"; }; }', "[ 1 2 ]"],
  [
    'collect (value: value ? mount) { root.mount = "/"; data = { big.mount = "/big"; }; }',
    '[ { mount = "/big"; } { mount = "/"; } ]',
  ],
  [
    'cartesianProduct { host = [ "a" "b" ]; repo = [ "local" ]; }',
    '[ { host = "a"; repo = "local"; } { host = "b"; repo = "local"; } ]',
  ],
  ['cartesianProduct { host = [ "a" ]; repo = [ ]; }', "[ ]"],
  [
    'mapCartesianProduct ({ host, repo }: "${host}:${repo}") { host = [ "a" "b" ]; repo = [ "x" "y" ]; }',
    '[ "a:x" "a:y" "b:x" "b:y" ]',
  ],
  ['attrsToList { port = 22; host = "db"; }', '[ { name = "host"; value = "db"; } { name = "port"; value = 22; } ]'],
  [
    'mapAttrs\' (name: value: nameValuePair "role-${name}" (value * 2)) { db = 1; web = 2; }',
    "{ role-db = 2; role-web = 4; }",
  ],
  ['mapAttrs\' (name: value: { name = "same"; inherit value; }) { a = 1; b = 2; }', "{ same = 1; }"],
  ['mapAttrsToList (name: port: "${name}:${toString port}") { web = 80; ssh = 22; }', '[ "ssh:22" "web:80" ]'],
  [
    'concatMapAttrs (name: value: { "${name}-a" = value; "${name}-b" = value; }) { x = 1; y = 2; }',
    "{ x-a = 1; x-b = 1; y-a = 2; y-b = 2; }",
  ],
  [
    'mapAttrsRecursive (path: value: concatStringsSep "/" path + "=" + toString value) { a = 1; b.c = 2; }',
    '{ a = "a=1"; b = { c = "b/c=2"; }; }',
  ],
  [
    "mapAttrsRecursiveCond (set: !(set ? leaf)) (path: value: length path) { a.b.leaf = 1; c = 2; }",
    "{ a = { b = 2; }; c = 1; }",
  ],
  [
    'mapAttrsToListRecursive (path: value: "${concatStringsSep "." path}=${toString value}") { z.a = 1; b = 2; }',
    '[ "b=2" "z.a=1" ]',
  ],
  ['genAttrs [ "alpha" "beta" ] stringLength', "{ alpha = 5; beta = 4; }"],
  ['genAttrs\' [ 1 2 ] (number: nameValuePair "n${toString number}" (number * number))', "{ n1 = 1; n2 = 4; }"],
  ['isDerivation { type = "derivation"; }', "true"],
  ['isDerivation { type = "app"; }', "false"],
  ['optionalAttrs (1 == 2) (throw "not needed")', "{ }"],
  [
    'zipAttrsWithNames [ "a" ] (name: values: { inherit name values; }) [ { a = 1; b = 2; } { a = 3; } ]',
    '{ a = { name = "a"; values = [ 1 3 ]; }; }',
  ],
  ["zipAttrs [ { a = 1; } { a = 2; b = 3; } ]", "{ a = [ 1 2 ]; b = [ 3 ]; }"],
  ["mergeAttrsList [ { a = 1; b = 1; } { b = 2; } { c = 3; } ]", "{ a = 1; b = 2; c = 3; }"],
  ["mergeAttrsList [ ]", "{ }"],
  [
    'recursiveUpdate { job = { paths = [ "/a" ]; timer.at = "daily"; }; } { job = { paths = [ "/b" ]; timer.persistent = true; }; }',
    '{ job = { paths = [ "/b" ]; timer = { at = "daily"; persistent = true; }; }; }',
  ],
  [
    'recursiveUpdate { a.b = 1; c = 1; d = 3; } { a = "scalar"; c = { e = 2; }; }',
    '{ a = "scalar"; c = { e = 2; }; d = 3; }',
  ],
  ['(recursiveUpdate { a.b = throw "lazy"; } { a.c = 1; }).a.c', "1"],
  [
    'recursiveUpdateUntil (path: left: right: path == [ "keep" ]) { keep.a = 1; deep.a = 1; } { keep.b = 2; deep.b = 2; }',
    "{ deep = { a = 1; b = 2; }; keep = { b = 2; }; }",
  ],
  ['matchAttrs { unit.type = "oneshot"; } { unit = { type = "oneshot"; user = "root"; }; name = "x"; }', "true"],
  ['matchAttrs { unit.type = "simple"; } { unit.type = "oneshot"; }', "false"],
  ["overrideExisting { a = 1; b = 2; } { b = 20; c = 30; }", "{ a = 1; b = 20; }"],
  ['showAttrPath [ "services" "my app" "x-1" ]', '"services.\\"my app\\".x-1"'],
  ['getOutput "man" { outPath = "/pkg"; man = { outPath = "/pkg-man"; }; }', '{ outPath = "/pkg-man"; }'],
  ['(getBin { outPath = "/pkg"; bin = { outPath = "/pkg-bin"; }; outputSpecified = true; }).outPath', '"/pkg"'],
  ['(getFirstOutput [ "static" "lib" ] { outPath = "/pkg"; lib.outPath = "/pkg-lib"; }).outPath', '"/pkg-lib"'],
  [
    'updateManyAttrsByPath [ { path = [ "a" ]; update = old: old // { n = old.n + 1; }; } { path = [ "b" "c" ]; update = _: "new"; } ] { a.n = 1; }',
    '{ a = { n = 2; }; b = { c = "new"; }; }',
  ],
  [
    'updateManyAttrsByPath [ { path = [ ]; update = old: old // { top = true; }; } { path = [ "x" ]; update = old: old * 2; } ] { x = 21; }',
    "{ top = true; x = 42; }",
  ],
  ["attrsets.unionOfDisjoint { a = 1; } { b = 2; }", "{ a = 1; b = 2; }"],
  ['attrsets.longestValidPathPrefix [ "a" "b" "z" ] { a.b.c = 1; }', '[ "a" "b" ]'],
  ["recurseIntoAttrs { x = 1; }", "{ recurseForDerivations = true; x = 1; }"],
];

const listCases: readonly Case[] = [
  ['foldr (word: rest: word + "(" + rest + ")") "." [ "a" "b" "c" ]', '"a(b(c(.)))"'],
  ['foldr (value: rest: if value > 2 then "found" else rest) "none" [ 1 3 (throw "beyond") ]', '"found"'],
  ['foldl (rest: word: "(" + rest + ")" + word) "." [ "a" "b" ]', '"((.)a)b"'],
  ['foldl (rest: value: value) (throw "unused") [ 1 2 ]', "2"],
  ['imap0 (index: name: "${toString index}=${name}") [ "zero" "one" ]', '[ "0=zero" "1=one" ]'],
  ['imap1 (index: name: index * 10) [ "a" "b" ]', "[ 10 20 ]"],
  ['flatten [ [ "a" [ "b" [ ] ] ] "c" [ [ [ "d" ] ] ] ]', '[ "a" "b" "c" "d" ]'],
  ["flatten { a = [ 1 ]; }", "[ { a = [ 1 ]; } ]"],
  ['remove "tmp" [ "srv" "tmp" "var" "tmp" ]', '[ "srv" "var" ]'],
  ['findSingle (port: port > 1000) "none" "many" [ 22 8080 ]', "8080"],
  ['findSingle (port: port > 10) "none" "many" [ 22 8080 ]', '"many"'],
  ["findFirst (port: port > 1000) 0 [ 22 8080 9090 ]", "8080"],
  ["findFirst (port: port > 9999) 0 [ 22 8080 ]", "0"],
  ['lists.findFirstIndex (name: name == "b") null [ "a" "b" "b" ]', "1"],
  ['count (name: stringLength name == 2) [ "ab" "c" "de" ]', "2"],
  ['optional (1 < 2) "yes" ++ optional (2 < 1) "no"', '[ "yes" ]'],
  ['optionals false (throw "not needed")', "[ ]"],
  ["toList null", "[ null ]"],
  ["range 3 6", "[ 3 4 5 6 ]"],
  ["range 0 (-1)", "[ ]"],
  ["replicate 3 { }", "[ { } { } { } ]"],
  ["partition (port: port < 1024) [ 80 8080 22 ]", "{ right = [ 80 22 ]; wrong = [ 8080 ]; }"],
  [
    'groupBy (host: host.role) [ { role = "db"; n = 1; } { role = "web"; n = 2; } { role = "db"; n = 3; } ]',
    '{ db = [ { n = 1; role = "db"; } { n = 3; role = "db"; } ]; web = [ { n = 2; role = "web"; } ]; }',
  ],
  [
    'groupBy\' (sum: host: sum + host.n) 0 (host: host.role) [ { role = "db"; n = 1; } { role = "db"; n = 3; } ]',
    "{ db = 4; }",
  ],
  ['zipListsWith (a: b: "${a}${toString b}") [ "x" "y" "z" ] [ 1 2 ]', '[ "x1" "y2" ]'],
  ['zipLists [ "x" ] [ 1 2 ]', '[ { fst = "x"; snd = 1; } ]'],
  ["reverseList [ 1 [ 2 ] 3 ]", "[ 3 [ 2 ] 1 ]"],
  ["toposort (a: b: elem a b.after or [ ]) [ ]", "{ result = [ ]; }"],
  [
    "(toposort (a: b: elem a.n b.after) [ { n = 3; after = [ 1 2 ]; } { n = 1; after = [ ]; } { n = 2; after = [ 1 ]; } ]).result",
    "[ { after = [ ]; n = 1; } { after = [ 1 ]; n = 2; } { after = [ 1 2 ]; n = 3; } ]",
  ],
  ["(toposort (a: b: a != b) [ 1 2 ]) ? cycle", "true"],
  [
    'sortOn (job: job.at) [ { at = 3; n = "c"; } { at = 1; n = "a"; } { at = 3; n = "b"; } ]',
    '[ { at = 1; n = "a"; } { at = 3; n = "c"; } { at = 3; n = "b"; } ]',
  ],
  ["compareLists compare [ 1 2 3 ] [ 1 3 ]", "-1"],
  ['naturalSort [ "host10" "host9" "host1" "alpha" ]', '[ "alpha" "host1" "host9" "host10" ]'],
  ["take 2 [ 1 ]", "[ 1 ]"],
  ["drop 1 [ 1 2 3 ]", "[ 2 3 ]"],
  ["takeEnd 1 [ 1 2 3 ]", "[ 3 ]"],
  ["dropEnd 5 [ 1 2 ]", "[ ]"],
  ['sublist 1 1 [ "a" "b" "c" ]', '[ "b" ]'],
  ['lists.hasPrefix [ "a" ] [ "a" "b" ]', "true"],
  ['lists.removePrefix [ "a" ] [ "a" "b" ]', '[ "b" ]'],
  ['lists.commonPrefix [ "etc" "nixos" "a" ] [ "etc" "nixos" "b" ]', '[ "etc" "nixos" ]'],
  ["last [ 1 2 9 ]", "9"],
  ["init [ 1 2 9 ]", "[ 1 2 ]"],
  ["tryEval (last [ ])", "{ success = false; value = false; }"],
  ['unique [ "srv" { a = 1; } "srv" { a = 1; } 1 1.0 ]', '[ "srv" { a = 1; } 1 ]'],
  ['uniqueStrings [ "web" "db" "web" ]', '[ "db" "web" ]'],
  ['allUnique [ "a" "b" "a" ]', "false"],
  ['intersectLists [ "a" "b" "c" ] [ "c" "d" "b" ]', '[ "c" "b" ]'],
  ['subtractLists [ "tmp" ] [ "srv" "tmp" ]', '[ "srv" ]'],
  ["mutuallyExclusive [ 1 2 ] [ 3 2 ]", "false"],
  ["concatAttrValues { b = [ 2 ]; a = [ 1 ]; }", "[ 1 2 ]"],
  ['ifilter0 (index: value: index != 1) [ "a" "b" "c" ]', '[ "a" "c" ]'],
  ['replaceElemAt [ "a" "b" ] 1 "z"', '[ "a" "z" ]'],
];

describe("lib.attrsets", () => {
  it.each(attrsetCases)("%s", (expression, shown) => {
    expect(shownWithLib(expression)).toBe(shown);
  });
});

describe("lib.lists", () => {
  it.each(listCases)("%s", (expression, shown) => {
    expect(shownWithLib(expression)).toBe(shown);
  });
});
