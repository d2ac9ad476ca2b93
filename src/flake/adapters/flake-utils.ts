// flake-utils: outputs per system, turned inside out.

import { type Adapter, runNix } from "./adapter.ts";

export const flakeUtils: Adapter = {
  repositories: ["numtide/flake-utils"],
  outputs: (context) => ({ lib: runNix(context, flakeUtilsLib, context.nixpkgs.lib) }),
};

/** Exported for flake-utils-plus, which hands these functions on. */
export const flakeUtilsLib = `
lib:
let
  inherit (lib) foldl' genAttrs mapAttrs isDerivation isAttrs;
  defaultSystems = [ "aarch64-linux" "x86_64-linux" "aarch64-darwin" "x86_64-darwin" ];

  # { packages = v; } of one system, added to { packages.<system> = …; } of those before it.
  addSystem = f: all: system:
    all // mapAttrs (name: value: (all.\${name} or { }) // { \${system} = value; }) (f system);

  eachSystem = systems: f: foldl' (addSystem f) { } systems;
  eachSystemPassThrough = systems: f: foldl' (all: system: all // f system) { } systems;

  flatten = prefix: tree:
    foldl'
      (all: name:
        let value = tree.\${name}; path = "\${prefix}\${name}"; in
        if isDerivation value then all // { \${path} = value; }
        else if isAttrs value && value.recurseForDerivations or false then all // flatten "\${path}/" value
        else all)
      { }
      (builtins.attrNames tree);
in
{
  inherit defaultSystems eachSystem eachSystemPassThrough;
  allSystems = lib.systems.flakeExposed;
  system = genAttrs lib.systems.flakeExposed (system: system);
  eachDefaultSystem = eachSystem defaultSystems;
  eachDefaultSystemPassThrough = eachSystemPassThrough defaultSystems;
  eachSystemMap = systems: f: genAttrs systems f;
  eachDefaultSystemMap = genAttrs defaultSystems;
  flattenTree = flatten "";
  filterPackages = system: lib.filterAttrs (_: isDerivation);
  mkApp = { drv, name ? drv.pname or drv.name, exePath ? "/bin/\${name}" }: {
    type = "app";
    program = "\${drv}\${exePath}";
  };
  meld = lib.foldl' (all: next: all // next) { };
  simpleFlake = { self, nixpkgs, ... }: { };
}
`;
