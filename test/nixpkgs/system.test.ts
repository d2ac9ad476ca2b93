// The module system through `nixosSystem`: what a host's options are, who defined them, and why.

import { describe, expect, it } from "vitest";
import { createSession } from "../../src/eval/session.ts";
import { showStrict, showUnknown } from "../../src/eval/show.ts";
import { force, lazily } from "../../src/eval/thunk.ts";
import { Attr, Attrs, attrsOf, type Lazy } from "../../src/eval/value.ts";
import type { Host } from "../../src/nixpkgs/host.ts";
import { createModuleLibrary } from "../../src/nixpkgs/modules/library.ts";
import { noPositions } from "../../src/nixpkgs/modules/option-value.ts";
import { evaluateSystem, hostOf, isSystem } from "../../src/nixpkgs/system.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

/** A host whose modules are the elements of a Nix list; `lib` is the builtins with the module functions. */
function hostWith(modules: string): Host {
  const text = `{ specialArgs = { given = "special"; }; modules = [ ${modules} ]; }`;
  const session = createSession({ fs: new MemoryFileSystem(new Map([["/flake/flake.nix", text]])) });
  const builtins = force(session.builtins) as Attrs;
  const importFile = session.importFile.bind(session);
  const lib: Lazy = lazily(() => {
    const match = builtins.lookup("match")!.value;
    const { types, functions } = createModuleLibrary({ lib, match, importFile, positionOf: noPositions });
    const own = Object.entries({ ...functions, types }).map(([name, value]) => [name, new Attr(value)] as const);
    return new Attrs(new Map([...builtins.entries, ...own]));
  });
  const args = force(session.importFile("/flake/flake.nix", null)) as Attrs;
  const input = { importFile, createPackages: () => attrsOf({}), modulesPath: "/modules", file: "/flake/flake.nix" };
  const system = evaluateSystem(input, args, lib);
  if (!isSystem(system)) throw new Error("not a system");
  return hostOf(system.tag, "host", null);
}

function shown(host: Host, path: string): string {
  const text = showStrict(host.option(path.split(".")).value);
  return typeof text === "string" ? text : showUnknown(text);
}

const jobsModule = `
  ({ config, lib, ... }: with lib; {
    options.my.enable = mkEnableOption "backups";
    options.my.jobs = mkOption {
      default = { };
      type = types.attrsOf (types.submodule ({ name, ... }: {
        options.user = mkOption { type = types.str; default = name; };
        options.paths = mkOption { type = types.listOf types.str; };
      }));
    };
    config = mkIf config.my.enable {
      services.restic.backups = mapAttrs (name: job: { inherit (job) user paths; }) config.my.jobs;
    };
  })`;

describe("a host", () => {
  it("maps an option module's jobs into restic jobs, with facts for what they do not set", () => {
    const host = hostWith(`${jobsModule} { my.enable = true; my.jobs.hass.paths = [ "/var/lib/hass" ]; }`);
    expect(shown(host, "services.restic.backups.hass.user")).toBe('"hass"');
    expect(shown(host, "services.restic.backups.hass.paths")).toBe('[ "/var/lib/hass" ]');
    expect(shown(host, "services.restic.backups.hass.timerConfig")).toBe(
      '{ OnCalendar = "daily"; Persistent = true; }',
    );
  });

  it("carries the definition that made a condition true as a cause", () => {
    const host = hostWith(`${jobsModule} { my.enable = true; my.jobs.hass.paths = [ ]; }`);
    const [definition] = host.option(["services", "restic", "backups"]).definitions;
    expect(definition?.causes).toHaveLength(1);
    expect(force(definition!.causes[0]!.value)).toBe(true);
  });

  it("knows that undefined services are off, and that other undefined options are not known", () => {
    const host = hostWith("{ }");
    expect(shown(host, "services.grafana.enable")).toBe("false");
    expect(shown(host, "services.postgresqlBackup.startAt")).toBe('"*-*-* 01:15:00"');
    expect(shown(host, "services.nobody.knows")).toMatch(/unknown: nixpkgs-default/);
  });

  it("replaces the whole default of timerConfig by one key", () => {
    const host = hostWith('{ services.restic.backups.a.timerConfig.OnCalendar = "04:00"; }');
    expect(shown(host, "services.restic.backups.a.timerConfig")).toBe('{ OnCalendar = "04:00"; }');
  });

  it.each([
    ["mkDefault loses", "{ x.y = 1; } ({ lib, ... }: { x.y = lib.mkDefault 2; })", "1"],
    ["mkForce wins", "{ x.y = 1; } ({ lib, ... }: { x.y = lib.mkForce 2; })", "2"],
    ["null can be forced", "{ x.y = 1; } ({ lib, ... }: { x.y = lib.mkForce null; })", "null"],
    ["lists concatenate, later modules first", "{ x.y = [ 1 ]; } { x.y = [ 2 ]; }", "[ 2 1 ]"],
    ["order sorts lists", "({ lib, ... }: { x.y = lib.mkAfter [ 1 ]; }) { x.y = [ 2 ]; }", "[ 2 1 ]"],
    ["false conditions vanish", "({ lib, ... }: { x.y = lib.mkIf false 1; }) { x.y = 2; }", "2"],
    ["merges unfold", "({ lib, ... }: { x = lib.mkMerge [ { y = 1; } (lib.mkIf false { y = 2; }) ]; })", "1"],
    ["special args reach modules", "({ given, ... }: { x.y = given; })", '"special"'],
    ["module args reach modules", "{ _module.args.more = 3; } ({ more, ... }: { x.y = more; })", "3"],
    ["imports are followed", "{ imports = [ { x.y = 5; } ]; }", "5"],
  ])("%s", (_name, modules, expected) => {
    expect(shown(hostWith(modules), "x.y")).toBe(expected);
  });

  it("keeps what an undecided condition leaves known", () => {
    const host = hostWith(
      '({ config, lib, ... }: { x = lib.mkIf config.services.nobody.knows { y = [ "a" ]; }; }) { x.y = [ "b" ]; }',
    );
    const list = host.option(["x", "y"]).value;
    expect(list).toMatchObject({ elements: ["b"].map(() => expect.anything()), rest: { reason: "nixpkgs-default" } });
    expect(
      host
        .option(["x", "y"])
        .definitions.map((definition) => definition.certain)
        .sort(),
    ).toEqual([false, true]);
  });

  it("ends a self-referential option as a recursion", () => {
    expect(shown(hostWith("({ config, ... }: { x.y = config.x.y; })"), "x.y")).toMatch(/unknown: recursion/);
  });
});
