// `pkgs` without nixpkgs: names, writers that keep their text, formats, platforms, overlays, callPackage.

import { describe, expect, it } from "vitest";
import { applyAll } from "../../src/eval/apply.ts";
import { createSession } from "../../src/eval/session.ts";
import { showStrict, showUnknown } from "../../src/eval/show.ts";
import { Unknown } from "../../src/eval/unknown.ts";
import { Attrs, type PartialString, type Value } from "../../src/eval/value.ts";
import { derivationOfHole, derivationTag, textOfDerivation } from "../../src/nixpkgs/derivation.ts";
import { knownSourceOf } from "../../src/nixpkgs/known-source.ts";
import { createNixpkgs } from "../../src/nixpkgs/nixpkgs.ts";
import { libOfSession } from "../../src/nixpkgs/session-lib.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

const files = {
  "/e/storj.nix": `{ lib, stdenv, fetchurl, enableFoo ? "unset", extra }:
    stdenv.mkDerivation (finalAttrs: {
      pname = "storj"; version = "1.2"; src = fetchurl { url = "x"; };
      passthru = { inherit enableFoo extra; tag = "v\${finalAttrs.version}"; };
    })`,
  "/e/broken.nix": `{ lib }: lib.noSuchFunctionAtAll 1 2`,
};

/** The value of an expression that sees \`pkgs\` (x86_64-linux), \`nixpkgs\` and \`lib\`. */
function evaluated(expression: string): Value {
  const session = createSession({
    fs: new MemoryFileSystem(new Map(Object.entries(files))),
    importValue: (value) => {
      const source = knownSourceOf(value);
      return source?.tag.importPath(source.path);
    },
  });
  const nixpkgs = createNixpkgs({
    name: "nixpkgs",
    lib: libOfSession(session),
    evaluateSystem: () => new Unknown("unsupported", "no systems here"),
    importFile: session.importFile.bind(session),
    system: new Unknown("impure", "the current system"),
  });
  const program = session.evaluateText(
    `nixpkgs: let pkgs = import nixpkgs { system = "x86_64-linux"; }; inherit (nixpkgs) lib; in ${expression}`,
    "/e/e.nix",
  );
  return applyAll(program, [nixpkgs.flake], null);
}

function shown(expression: string): string {
  const text = showStrict(evaluated(expression));
  return typeof text === "string" ? text : showUnknown(text);
}

function textOf(expression: string) {
  const value = evaluated(expression);
  if (!(value instanceof Attrs)) throw new Error(`${expression} is no derivation`);
  return textOfDerivation(value);
}

describe("a package", () => {
  it("is a derivation with a name and an opaque store path", () => {
    expect(shown(`lib.isDerivation pkgs.restic`)).toBe("true");
    expect(shown(`pkgs.restic.pname`)).toBe('"restic"');
    const path = evaluated(`"\${pkgs.restic}/bin/restic -r"`) as PartialString;
    expect(path.suffix).toBe("/bin/restic -r");
    const derivation = derivationOfHole(path.hole) as Attrs;
    expect(derivationTag(derivation)?.label).toBe("restic");
  });

  it("keeps its name when it is changed", () => {
    for (const changed of [
      "pkgs.caddy.override { x = 1; }",
      "pkgs.caddy.overrideAttrs (old: { y = 1; })",
      "pkgs.caddy.withPlugins { }",
      "(import nixpkgs { }).caddy",
      "nixpkgs.legacyPackages.aarch64-linux.caddy",
    ]) {
      expect(shown(`(${changed}).pname`)).toBe('"caddy"');
    }
  });

  it("does not say what only nixpkgs knows", () => {
    expect(evaluated("pkgs.restic.version")).toBeInstanceOf(Unknown);
    expect((evaluated("pkgs.restic.passthru.x") as Unknown).reason).toBe("package");
    expect((evaluated("pkgs.restic.meta.mainProgram") as Unknown).reason).toBe("package");
  });

  it("knows the schema version of a PostgreSQL", () => {
    expect(shown("pkgs.postgresql_16.psqlSchema")).toBe('"16"');
  });

  it("is found in sets of packages", () => {
    expect(shown("pkgs.python3Packages.requests.pname")).toBe('"requests"');
    expect(shown("pkgs.linuxPackages_latest.kernel.pname")).toBe('"kernel"');
    expect(shown("pkgs.linuxKernel.packages.linux_6_6.pname")).toBe('"linux_6_6"');
    expect(shown("lib.isDerivation (pkgs.python3.withPackages (ps: with ps; [ requests ]))")).toBe("true");
  });

  it("does not hide a function of lib", () => {
    expect(shown("with lib; with pkgs; map (x: x.pname) (optional true restic)")).toBe('[ "restic" ]');
  });
});

describe("mkDerivation", () => {
  it("gives what its arguments say", () => {
    expect(shown(`(pkgs.stdenv.mkDerivation { pname = "a"; version = "1"; x = 2; }).name`)).toBe('"a-1"');
    expect(shown(`(pkgs.buildGoModule { name = "a"; passthru.y = 3; }).y`)).toBe("3");
    expect(shown(`(pkgs.stdenv.mkDerivation { name = "a"; meta.mainProgram = "b"; }).meta.mainProgram`)).toBe('"b"');
  });

  it("is what callPackage calls with what it asks for", () => {
    const call = `(pkgs.callPackage ./storj.nix { extra = 1; })`;
    expect(shown(`${call}.name`)).toBe('"storj-1.2"');
    expect(shown(`[ ${call}.enableFoo ${call}.extra ${call}.tag ]`)).toBe('[ "unset" 1 "v1.2" ]');
    expect(shown(`(pkgs.callPackage ./broken.nix { }).pname`)).toBe('"broken"');
  });
});

describe("writers keep their text", () => {
  it.each([
    [`pkgs.writeText "a" "text"`, ""],
    [`pkgs.writeShellScript "a" "text"`, ""],
    [`pkgs.writeShellScriptBin "a" "text"`, "/bin/a"],
    [`pkgs.writeScriptBin "a" "text"`, "/bin/a"],
    [`pkgs.writeTextDir "share/a.conf" "text"`, "/share/a.conf"],
    [`pkgs.writeTextFile { name = "a"; text = "text"; destination = "/etc/a"; }`, "/etc/a"],
    [`pkgs.writeShellApplication { name = "a"; runtimeInputs = [ pkgs.restic ]; text = "text"; }`, "/bin/a"],
    [`pkgs.writers.writeBash "a" "text"`, ""],
    [`pkgs.writers.writePython3Bin "a" { libraries = [ ]; } "text"`, "/bin/a"],
    [`pkgs.concatText "a" [ (pkgs.writeText "x" "te") (pkgs.writeText "y" "xt") ]`, ""],
    [`(pkgs.writeText "a" "text") // { more = 1; }`, ""],
  ])("%s", (expression, file) => {
    expect(textOf(expression)).toBe("text");
    expect(derivationTag(evaluated(expression) as Attrs)?.file).toBe(file);
  });

  it("with holes where something is not known", () => {
    const text = textOf(`pkgs.writeShellScript "a" "\${pkgs.restic}/bin/restic backup /x"`) as PartialString;
    expect(text.suffix).toBe("/bin/restic backup /x");
  });

  it("unless a build decides", () => {
    expect(textOf(`pkgs.runCommand "a" { } "echo > $out"`)).toBeUndefined();
    expect(textOf("pkgs.restic")).toBeUndefined();
  });

  it("and name their program", () => {
    expect(shown(`(pkgs.writeShellScriptBin "a" "x").meta.mainProgram`)).toBe('"a"');
  });
});

describe("formats", () => {
  it.each([
    [`pkgs.formats.json { }`, `{ a = 1; b = [ true ]; }`, `{"a":1,"b":[true]}`],
    [`pkgs.formats.yaml { }`, `{ a = "x"; }`, `{"a":"x"}`],
    [`pkgs.formats.toml { }`, `{ a.b = 1; }`, `[a]\nb = 1\n`],
    [`pkgs.formats.keyValue { }`, `{ a = 1; b = "x"; }`, `a=1\nb=x\n`],
    [`pkgs.formats.ini { }`, `{ s = { k = "v"; }; }`, `[s]\nk=v\n`],
  ])("%s generates a file", (format, value, text) => {
    expect(textOf(`(${format}).generate "file" ${value}`)).toBe(text);
  });

  it("have a type that options use", () => {
    const settings = `(lib.evalModules { modules = [
      { options.s = lib.mkOption { type = (pkgs.formats.json { }).type; }; }
      { s.a.b = 1; } { s.a.c = [ 2 ]; }
    ]; }).config.s`;
    expect(shown(settings)).toBe("{ a = { b = 1; c = [ 2 ]; }; }");
  });
});

describe("the platform", () => {
  it("is the system's", () => {
    expect(shown("pkgs.system")).toBe('"x86_64-linux"');
    expect(shown("pkgs.stdenv.hostPlatform.system")).toBe('"x86_64-linux"');
    expect(shown("[ pkgs.stdenv.isLinux pkgs.stdenv.isDarwin pkgs.stdenv.hostPlatform.isx86_64 ]")).toBe(
      "[ true false true ]",
    );
    expect(shown("nixpkgs.legacyPackages.aarch64-linux.stdenv.hostPlatform.isAarch64")).toBe("true");
  });

  it("is some Linux when the system is not known", () => {
    expect(shown("(import nixpkgs { }).stdenv.hostPlatform.isLinux")).toBe("true");
    expect(evaluated("(import nixpkgs { }).stdenv.hostPlatform.system")).toBeInstanceOf(Unknown);
  });
});

describe("overlays", () => {
  const withOverlays = (overlays: string) =>
    `(import nixpkgs { system = "x86_64-linux"; overlays = [ ${overlays} ]; })`;

  it("define what they define, upon each other and themselves", () => {
    const pkgs = withOverlays(
      `(final: prev: { a = prev.hello; b = final.c; }) (final: prev: { c = "second"; a = { below = prev.a; }; })`,
    );
    expect(shown(`${pkgs}.b`)).toBe('"second"');
    expect(shown(`${pkgs}.a.below.pname`)).toBe('"hello"');
    expect(shown(`${pkgs}.restic.pname`)).toBe('"restic"');
  });

  it("may bring other packages and another lib", () => {
    const pkgs = withOverlays(
      `(final: prev: { unstable = import nixpkgs { inherit (prev) system; }; lib = prev.lib // { mine = 1; }; })`,
    );
    expect(shown(`${pkgs}.unstable.system`)).toBe('"x86_64-linux"');
    expect(shown(`${pkgs}.lib.mine`)).toBe("1");
  });

  it("that are not known change no name", () => {
    expect(shown(`${withOverlays('(abort "never") (f: p: { a = 1; })')}.a`)).toBe("1");
  });

  it("come on top with extend", () => {
    expect(shown("(pkgs.extend (final: prev: { a = 1; })).a")).toBe("1");
    expect(shown("(pkgs.appendOverlays [ (final: prev: { a = 2; }) ]).a")).toBe("2");
  });
});
