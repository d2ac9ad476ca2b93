// The native `lib`, function by function: expressions and what Nix gives for them with nixpkgs' own library.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import { describe, expect, it } from "vitest";
import { shownWithLib } from "./lib-evaluation.ts";

type Case = readonly [expression: string, shown: string];

const trivialCases: readonly Case[] = [
  ["pipe [ 3 1 2 ] [ (sort lessThan) (map (number: number * 10)) last ]", "30"],
  ['[ (mod 17 5) (mod (-17) 5) (min 2.5 2) (max "a" "b") ]', '[ 2 -2 2 "b" ]'],
  ['[ (toHexString 3735928559) (fromHexString "c0ffee") (toBaseDigits 8 64) ]', '[ "DEADBEEF" 12648430 [ 1 0 0 ] ]'],
  ["[ (boolToString true) (boolToYesNo false) (xor true true) (bitNot 0) ]", '[ "true" "no" false -1 ]'],
  ["functionArgs (setFunctionArgs (args: args) { host = true; })", "{ host = true; }"],
  ["functionArgs ({ config, lib ? null, ... }: config)", "{ config = false; lib = true; }"],
  ["[ (isFunction (setFunctionArgs (x: x) { })) (isFunction { }) (isFunction toString) ]", "[ true false true ]"],
  ["mapNullable (port: port + 1) 80", "81"],
  ["defaultTo 5 null", "5"],
  ['tryEval (throwIfNot (1 == 2) "no" 3)', "{ success = false; value = false; }"],
  ['splitByAndCompare (hasPrefix "z") compare compare "zebra" "ant"', "-1"],
  ['fix (self: { base = "/srv"; data = "${self.base}/data"; })', '{ base = "/srv"; data = "/srv/data"; }'],
  ["(fix (extends (final: prev: { a = prev.a + 1; c = final.b; }) (self: { a = 1; b = self.a * 10; }))).c", "20"],
  [
    "fix (extends (composeManyExtensions [ (final: prev: { x = 1; }) (final: prev: { y = prev.x + 1; }) (final: prev: { z = final.y + 1; }) ]) (self: { w = 0; }))",
    "{ w = 0; x = 1; y = 2; z = 3; }",
  ],
  ['converge (text: removeSuffix "/" text) "/srv///"', '"/srv"'],
  [
    "(makeExtensible (self: { a = 1; b = self.a + 1; })).extend (final: prev: { a = prev.a + 10; }) // { extend = null; __unfix__ = null; }",
    "{ __unfix__ = null; a = 11; b = 12; extend = null; }",
  ],
  ["(lib.extend (final: prev: { twice = x: x * 2; four = final.twice 2; })).four", "4"],
];

const otherCases: readonly Case[] = [
  ['[ (asserts.assertOneOf "level" 2 [ 1 2 ]) (tryEval (asserts.assertMsg false "no")).success ]', "[ true false ]"],
  ['getExe { type = "derivation"; outPath = "/pkg"; meta.mainProgram = "tool"; name = "other-1"; }', '"/pkg/bin/tool"'],
  ['getExe { type = "derivation"; outPath = "/pkg"; pname = "plain"; name = "plain-1"; }', '"/pkg/bin/plain"'],
  ['getExe\' { type = "derivation"; outPath = "/pkg"; bin.outPath = "/pkg-bin"; } "cmd"', '"/pkg-bin/bin/cmd"'],
  ['(tryEval (getExe\' "/pkg" "cmd")).success', "false"],
  ['(hiPrio { name = "x"; meta.a = 1; }).meta', "{ a = 1; priority = -10; }"],
  ['meta.availableOn { system = "x86_64-linux"; } { meta.platforms = [ "aarch64-linux" ]; }', "false"],
  [
    'textClosureMap id { mount = stringAfter [ "format" ] "mount"; format = noDepEntry "format"; } [ "mount" "format" ]',
    '"format\\nmount"',
  ],
  ['showOption [ "services" "nginx" "virtualHosts" "<name>" "a.b" ]', '"services.nginx.virtualHosts.<name>.\\"a.b\\""'],
  [
    'options.showDefs [ { file = "a.nix"; value = { x = 1; }; } ]',
    '"\\n- In `a.nix\':\\n    {\\n      x = 1;\\n    }"',
  ],
  [
    '[ (path.subpath.isValid "a/b") (path.subpath.isValid "../a") (path.subpath.normalise "./a//b/") ]',
    '[ true false "./a/b" ]',
  ],
  ['path.subpath.join [ "roles" "./db/." ]', '"./roles/db"'],
  [
    "[ (path.hasPrefix /srv /srv/data) (path.hasPrefix /srv /srv2) (path.removePrefix /srv /srv/a/b) ]",
    '[ true false "./a/b" ]',
  ],
  [
    '[ (toString (gvariant.mkTuple [ true "a" ])) (toString (gvariant.mkArray [ 1.5 ])) (toString (gvariant.mkUint32 7)) ]',
    '[ "@(bs) (true,\'a\')" "@ad [1.500000]" "@u 7" ]',
  ],
  [
    '((makeOverridable ({ port, host ? "a" }: { url = "${host}:${toString port}"; }) { port = 1; }).override { port = 2; }).url',
    '"a:2"',
  ],
  [
    "((makeOverridable (args: { inherit args; }) { n = 1; }).override (old: { m = old.n + 1; })).args",
    "{ m = 2; n = 1; }",
  ],
  ["functionArgs (makeOverridable ({ a, b ? 1 }: { }) { a = 1; }).override", "{ a = false; b = true; }"],
  [
    'removeAttrs (callPackageWith { a = 1; b = 2; } ({ a, c ? 3 }: { inherit a c; }) { }) [ "override" "overrideDerivation" ]',
    "{ a = 1; c = 3; }",
  ],
  [
    "(makeScope (extra: callPackageWith extra) (self: { one = 1; two = self.callPackage ({ one }: { sum = one + 1; }) { }; })).two.sum",
    "2",
  ],
  ['network.ipv6.fromString "fe80::1/64"', '{ address = "fe80:0:0:0:0:0:0:1"; prefixLength = 64; }'],
  ['network.ipv6.mkEUI64Suffix "00-11-22-33-44-55"', '"211:22ff:fe33:4455"'],
  [
    '{ inherit (systems.elaborate "aarch64-linux") system isLinux isAarch64 is64bit linuxArch config libc; }',
    '{ config = "aarch64-unknown-linux-gnu"; is64bit = true; isAarch64 = true; isLinux = true; libc = "glibc"; linuxArch = "arm64"; system = "aarch64-linux"; }',
  ],
  ['elem "x86_64-linux" platforms.linux && !(elem "x86_64-darwin" platforms.linux)', "true"],
  ["map (license: license.spdxId) (with licenses; [ mit gpl3Only ])", '[ "MIT" "GPL-3.0-only" ]'],
  [
    "runTests { testRight = { expr = 1 + 1; expected = 2; }; testWrong = { expr = 1; expected = 2; }; }",
    '[ { expected = 2; name = "testWrong"; result = 1; } ]',
  ],
  ['sources.cleanSourceFilter "/src/result" "symlink"', "false"],
  [
    'map (file: sources.cleanSourceFilter file "regular") [ "/src/a.nix" "/src/a.nix~" "/src/.a.swp" "/src/lib.so" ]',
    "[ true false false false ]",
  ],
  ['literalExpression "pkgs.restic"', '{ _type = "literalExpression"; text = "pkgs.restic"; }'],
];

describe("lib.trivial and lib.fixedPoints", () => {
  it.each(trivialCases)("%s", (expression, shown) => {
    expect(shownWithLib(expression)).toBe(shown);
  });
});

describe("the rest of lib", () => {
  it.each(otherCases)("%s", (expression, shown) => {
    expect(shownWithLib(expression)).toBe(shown);
  });
});
