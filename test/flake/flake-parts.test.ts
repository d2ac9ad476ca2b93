// flake-parts down to what a host gets of it. The values are those that flake-parts 427bf4b gives under real Nix.

import { expect, it } from "vitest";
import { flakeOf, hostNames, shown } from "./in-memory.ts";

const directory = {
  "feature.nix": `{ my.feature = true; }`,
  "dev/flake.nix": `{ inputs.own.url = "path:./own"; outputs = _: { }; }`,
  "dev/own/flake.nix": `{ outputs = _: { nixosModules.default = { my.value = "of the partition"; }; }; }`,
};

/** A flake of one module of flake-parts, in which `host` makes a system of modules. */
function partsWith(module: string) {
  return flakeOf({
    ...directory,
    "flake.nix": `{
      inputs.nixpkgs.url = "nixpkgs";
      inputs.parts.url = "github:hercules-ci/flake-parts";
      outputs = inputs: inputs.parts.lib.mkFlake { inherit inputs; } (
        { config, lib, self, withSystem, moduleWithSystem, getSystem, flake-parts-lib, ... }:
        let
          inherit (inputs.parts) flakeModules;
          host = modules: inputs.nixpkgs.lib.nixosSystem {
            modules = modules ++ [ { nixpkgs.hostPlatform = "x86_64-linux"; } ];
          };
        in
        { systems = [ "x86_64-linux" ]; imports = [ ${module} ]; });
    }`,
  });
}

const perSystem = `perSystem = { system, ... }: { _module.args.greeting = "hello " + system; }`;

it.each([
  [
    "an argument of perSystem",
    `{ ${perSystem}; flake.nixosConfigurations.alder = withSystem "x86_64-linux" ({ greeting, ... }: host [ { my.value = greeting; } ]); }`,
    '"hello x86_64-linux"',
  ],
  [
    "an argument for a system that is not listed",
    `{ ${perSystem}; flake.nixosConfigurations.alder = withSystem "riscv64-linux" ({ greeting, ... }: host [ { my.value = greeting; } ]); }`,
    '"hello riscv64-linux"',
  ],
  [
    "an argument by moduleWithSystem, for the system of the host",
    `{ ${perSystem}; flake.nixosConfigurations.alder = host [ (moduleWithSystem ({ greeting }: { config, ... }: { my.value = greeting + "!"; })) ]; }`,
    '"hello x86_64-linux!"',
  ],
  [
    "an option of perSystem that a module declares",
    `{
      options.perSystem = flake-parts-lib.mkPerSystemOption { options.port = lib.mkOption { default = 80; }; };
      config.perSystem.port = 81;
      config.flake.nixosConfigurations.alder = host [ { my.value = (getSystem "x86_64-linux").port; } ];
    }`,
    "81",
  ],
  [
    "an output that is transposed",
    `{
      imports = [ (flake-parts-lib.mkTransposedPerSystemModule { name = "ports"; option = lib.mkOption { type = lib.types.lazyAttrsOf lib.types.raw; default = { }; }; file = ""; }) ];
      perSystem = { self', ... }: { ports = { web = 80; more = self'.ports.web + 1; }; };
      flake.nixosConfigurations.alder = host [ { my.value = self.ports.x86_64-linux.more; } ];
    }`,
    "81",
  ],
  [
    "what an input has for a system by a function of the flake's own",
    `{
      perInput = system: flake: lib.optionalAttrs (flake ? lib) { name = "has lib on " + system; };
      flake.nixosConfigurations.alder = withSystem "x86_64-linux" ({ inputs', ... }: host [ { my.value = inputs'.nixpkgs.name; } ]);
    }`,
    '"has lib on x86_64-linux"',
  ],
  [
    "a published module of a class",
    `{
      imports = [ flakeModules.modules ];
      flake.modules.nixos.web = { my.value = 80; };
      flake.nixosConfigurations.alder = host [ config.flake.modules.nixos.web ];
    }`,
    "80",
  ],
  [
    "the class and the file of published modules, and none for generic ones",
    `{
      imports = [ flakeModules.modules ];
      flake.modules.nixos.web = { };
      flake.modules.generic.any = { };
      flake.nixosModules.plain = ./feature.nix;
      flake.nixosConfigurations.alder = host [ {
        my.value = [
          (config.flake.modules.nixos.web { })._class
          (config.flake.modules.generic.any ? _class)
          self.nixosModules.plain._class
          (lib.hasSuffix "#nixosModules.plain" self.nixosModules.plain._file)
        ];
      } ];
    }`,
    '[ "nixos" false "nixos" true ]',
  ],
  [
    "a module of flakes that it publishes itself",
    `{
      imports = [ flakeModules.flakeModules (flake-parts-lib.importAndPublish "own" { options.own = lib.mkOption { default = "own"; }; }) ];
      flake.flakeModule = { };
      flake.nixosConfigurations.alder = host [ {
        my.value = [ config.own (config.flake.modules.flake ? own) (self.flakeModules ? default) self.flakeModule._class ];
      } ];
    }`,
    '[ "own" true true "flake" ]',
  ],
  [
    "a flake's default module by the flake alone",
    `{
      imports = [ (flake-parts-lib.defaultModule { _type = "flake"; flakeModules.default.flake.port = 80; }) ];
      flake.nixosConfigurations.alder = host [ { my.value = self.port; } ];
    }`,
    "80",
  ],
  [
    "the processed flake, where a module processes it",
    `{
      processedFlake = config.flake // { extra = "processed"; };
      flake.nixosConfigurations.alder = host [ { my.value = self.extra; } ];
    }`,
    '"processed"',
  ],
  [
    "a host out of a partition with inputs of its own",
    `{
      imports = [ flakeModules.partitions ];
      partitionedAttrs.nixosConfigurations = "lab";
      partitions.lab = {
        extraInputsFlake = ./dev;
        module = { inputs, ... }: { flake.nixosConfigurations.alder = host [ inputs.own.nixosModules.default ]; };
      };
    }`,
    '"of the partition"',
  ],
])("%s", (_, module, expected) => {
  const flake = partsWith(module);
  expect(hostNames(flake)).toEqual(["alder"]);
  expect(shown(flake, "alder", "my.value")).toBe(expected);
});

it("an argument of the flake is none of perSystem", () => {
  const module = `{ flake.nixosConfigurations.alder = withSystem "x86_64-linux" ({ inputs, ... }: host [ { my.value = inputs; } ]); }`;
  expect(shown(partsWith(module), "alder", "my.value")).toContain("inputs is an argument of the flake's modules");
});

it("a partition of an input that is not here costs what comes of it, and no host", () => {
  const flake = partsWith(`{
    imports = [ flakeModules.partitions ];
    partitionedAttrs = { nixosModules = "lab"; checks = "lab"; };
    partitions.lab = {
      extraInputs.vault = builtins.getFlake "git+ssh://git@git.example.org/vault";
      module = { inputs, ... }: { flake.nixosModules = { inherit (inputs.vault.nixosModules) default; plain.my.port = 80; }; };
    };
    flake.nixosConfigurations.alder = host [ self.nixosModules.plain { my.value = 1; } ];
    flake.nixosConfigurations.birch = host [ self.nixosModules.default { my.value = 2; } ];
  }`);
  expect(hostNames(flake)).toEqual(["alder", "birch"]);
  expect(shown(flake, "alder", "my.port")).toBe("80");
  expect(shown(flake, "birch", "my.value")).toBe("2");
  const unread = flake.hosts.map((host) => host.unread.map(({ cause }) => cause.message));
  expect(unread).toEqual([[], [expect.stringContaining("git.example.org/vault")]]);
});
