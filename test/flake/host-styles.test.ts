// Hosts come about in many ways; each style that public flakes have gives the same hosts.

import { describe, expect, it } from "vitest";
import { flakeOf, hostNames, shown } from "./in-memory.ts";

const nixpkgs = `nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";`;

const hostFile = `{ services.openssh.enable = true; networking.hostName = "alder"; }`;

function flakeNix(outputs: string, inputs = ""): string {
  return `{ inputs = { ${nixpkgs} ${inputs} }; outputs = ${outputs}; }`;
}

/** The flake has the hosts alder and birch, and alder's own file was read. */
function expectBothHosts(files: Readonly<Record<string, string>>): void {
  const flake = flakeOf(files);
  expect(flake.unresolved).toEqual([]);
  expect(hostNames(flake)).toEqual(["alder", "birch"]);
  expect(shown(flake, "alder", "services.openssh.enable")).toBe("true");
  expect(shown(flake, "birch", "services.openssh.enable")).toBe("false");
}

const hostFiles = { "hosts/alder.nix": hostFile, "hosts/birch.nix": "{ }" };

describe("hosts come from", () => {
  it("a literal attrset", () => {
    expectBothHosts({
      ...hostFiles,
      "flake.nix": flakeNix(`{ self, nixpkgs, ... }: {
        nixosConfigurations.alder = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./hosts/alder.nix ]; };
        nixosConfigurations.birch = nixpkgs.lib.nixosSystem { modules = [ ./hosts/birch.nix ]; };
      }`),
    });
  });

  it("a helper with names, in a file that is given the inputs", () => {
    expectBothHosts({
      ...hostFiles,
      "lib/mk-host.nix": `inputs: name: inputs.nixpkgs.lib.nixosSystem {
        specialArgs = { inherit inputs name; };
        modules = [ (../hosts + "/\${name}.nix") ({ name, ... }: { networking.domain = name; }) ];
      }`,
      "flake.nix": flakeNix(`inputs: let mkHost = import ./lib/mk-host.nix inputs; in {
        nixosConfigurations = { alder = mkHost "alder"; birch = mkHost "birch"; };
      }`),
    });
  });

  it("the files of a directory", () => {
    expectBothHosts({
      ...hostFiles,
      "hosts/README.md": "not a host",
      "flake.nix": flakeNix(`{ nixpkgs, ... }: let inherit (nixpkgs) lib; in {
        nixosConfigurations = lib.mapAttrs' (file: _: lib.nameValuePair (lib.removeSuffix ".nix" file)
          (lib.nixosSystem { modules = [ ./hosts/\${file} ]; }))
          (lib.filterAttrs (file: type: type == "regular" && lib.hasSuffix ".nix" file) (builtins.readDir ./hosts));
      }`),
    });
  });

  it("data in TOML", () => {
    expectBothHosts({
      ...hostFiles,
      "fleet.toml": `[hosts.alder]\nssh = true\n[hosts.birch]\nssh = false\n`,
      "flake.nix": flakeNix(`{ nixpkgs, ... }: {
        nixosConfigurations = builtins.mapAttrs
          (name: node: nixpkgs.lib.nixosSystem { modules = [ { services.openssh.enable = node.ssh; } ]; })
          (builtins.fromTOML (builtins.readFile ./fleet.toml)).hosts;
      }`),
    });
  });

  it("an extended lib that is handed back to nixosSystem", () => {
    expectBothHosts({
      ...hostFiles,
      "flake.nix": flakeNix(`{ self, nixpkgs, ... }: rec {
        lib = nixpkgs.lib.extend (final: prev: { own.on = { services.openssh.enable = final.mkDefault true; }; });
        nixosConfigurations = with self.lib; {
          alder = nixosSystem { inherit lib; modules = [ ({ lib, ... }: lib.own.on) ]; };
          birch = nixosSystem { modules = [ ./hosts/birch.nix ]; } // { deploy.targetHost = "birch"; };
        };
      }`),
    });
  });

  it("eval-config.nix, by input and by search path", () => {
    expectBothHosts({
      ...hostFiles,
      "flake.nix": flakeNix(`{ nixpkgs, ... }: {
        nixosConfigurations.alder = import "\${nixpkgs}/nixos/lib/eval-config.nix" { modules = [ ./hosts/alder.nix ]; };
        nixosConfigurations.birch = import <nixpkgs/nixos> { configuration = ./hosts/birch.nix; };
      }`),
    });
  });

  it("flake-parts, with modules, options and withSystem", () => {
    expectBothHosts({
      ...hostFiles,
      "nodes.nix": `{ lib, config, withSystem, inputs, ... }: {
        options.nodes = lib.mkOption {
          type = lib.types.attrsOf (lib.types.submodule ({ name, ... }: {
            options.system = lib.mkOption { type = lib.types.str; };
            options.fqdn = lib.mkOption { type = lib.types.str; default = "\${name}.example.org"; };
          }));
        };
        config.flake.nixosConfigurations = lib.mapAttrs (name: node: withSystem node.system ({ system, ... }:
          inputs.nixpkgs.lib.nixosSystem {
            inherit system;
            specialArgs = { inherit node; };
            modules = [ ./hosts/\${name}.nix ({ node, ... }: { networking.fqdn = node.fqdn; }) ];
          })) config.nodes;
      }`,
      "flake.nix": flakeNix(
        `inputs@{ flake-parts, ... }: flake-parts.lib.mkFlake { inherit inputs; } {
          systems = [ "x86_64-linux" ];
          imports = [ ./nodes.nix ];
          nodes.alder.system = "x86_64-linux";
          nodes.birch.system = "aarch64-linux";
          perSystem = { pkgs, ... }: { packages.default = throw "never forced for hosts"; };
        }`,
        `flake-parts.url = "github:hercules-ci/flake-parts";`,
      ),
    });
  });

  it("a tree of flake-parts modules with flake.modules", () => {
    expectBothHosts({
      "modules/ssh.nix": `{ flake.modules.nixos.ssh = { services.openssh.enable = true; }; }`,
      "modules/_draft.nix": `throw "not imported"`,
      "modules/hosts/all.nix": `{ config, inputs, ... }: {
        flake.nixosConfigurations.alder = inputs.nixpkgs.lib.nixosSystem { modules = [ config.flake.modules.nixos.ssh ]; };
        flake.nixosConfigurations.birch = inputs.nixpkgs.lib.nixosSystem { modules = [ ]; };
      }`,
      "flake.nix": flakeNix(
        `inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
          imports = [ inputs.flake-parts.flakeModules.modules (inputs.import-tree ./modules) ];
          systems = import inputs.systems;
        }`,
        `flake-parts.url = "github:hercules-ci/flake-parts"; import-tree.url = "github:vic/import-tree";
         systems.url = "github:nix-systems/default";`,
      ),
    });
  });

  it("a colmena hive without nixosConfigurations", () => {
    expectBothHosts({
      ...hostFiles,
      "flake.nix": flakeNix(`{ nixpkgs, ... }: {
        colmena = {
          meta = { nixpkgs = import nixpkgs { system = "x86_64-linux"; }; specialArgs.greeting = "hi"; };
          defaults = { greeting, ... }: { networking.domain = greeting; };
          alder = { imports = [ ./hosts/alder.nix ]; deployment.targetHost = "alder"; };
          birch = ./hosts/birch.nix;
        };
      }`),
    });
  });

  it("a hive made by colmena", () => {
    expectBothHosts({
      ...hostFiles,
      "flake.nix": flakeNix(
        `{ self, nixpkgs, colmena, ... }: {
          colmenaHive = colmena.lib.makeHive {
            meta.nixpkgs = import nixpkgs { system = "x86_64-linux"; };
            alder = ./hosts/alder.nix;
            birch = ./hosts/birch.nix;
          };
          nixosConfigurations = self.colmenaHive.nodes;
        }`,
        `colmena.url = "github:zhaofengli/colmena";`,
      ),
    });
  });

  it("haumea, modules by path", () => {
    expectBothHosts({
      ...hostFiles,
      "profiles/net/ssh.nix": `{ services.openssh.enable = true; }`,
      "profiles/_private.nix": `throw "private"`,
      "flake.nix": flakeNix(
        `{ nixpkgs, haumea, ... }: let
          profiles = haumea.lib.load { src = ./profiles; loader = haumea.lib.loaders.path; };
        in {
          nixosConfigurations.alder = nixpkgs.lib.nixosSystem { modules = [ profiles.net.ssh ]; };
          nixosConfigurations.birch = nixpkgs.lib.nixosSystem { modules = [ ./hosts/birch.nix ]; };
        }`,
        `haumea.url = "github:nix-community/haumea";`,
      ),
    });
  });

  it("flake-utils-plus", () => {
    expectBothHosts({
      ...hostFiles,
      "flake.nix": flakeNix(
        `inputs@{ self, nixpkgs, utils, ... }: utils.lib.mkFlake {
          inherit self inputs;
          hostDefaults.modules = [ { networking.domain = "example.org"; } ];
          hosts.alder.modules = [ ./hosts/alder.nix ];
          hosts.birch.modules = [ ./hosts/birch.nix ];
          hosts.cherry = { output = "darwinConfigurations"; modules = [ ]; };
        }`,
        `utils.url = "github:gytis-ivaskevicius/flake-utils-plus";`,
      ),
    });
  });

  it("outputs merged with what flake-utils makes per system", () => {
    expectBothHosts({
      ...hostFiles,
      "flake.nix": flakeNix(
        `{ nixpkgs, flake-utils, ... }: flake-utils.lib.eachDefaultSystem (system: {
          devShells.default = nixpkgs.legacyPackages.\${system}.mkShell { };
        }) // {
          nixosConfigurations.alder = nixpkgs.lib.nixosSystem { modules = [ ./hosts/alder.nix ]; };
          nixosConfigurations.birch = nixpkgs.lib.nixosSystem { modules = [ ]; };
        }`,
        `flake-utils.url = "github:numtide/flake-utils";`,
      ),
    });
  });
});

describe("hosts", () => {
  it("read each other as one fixed point", () => {
    const flake = flakeOf({
      "flake.nix": flakeNix(`{ self, nixpkgs, ... }: {
        nixosConfigurations.alder = nixpkgs.lib.nixosSystem { modules = [
          { networking.hostName = self.nixosConfigurations.birch.config.networking.domain; }
        ]; };
        nixosConfigurations.birch = nixpkgs.lib.nixosSystem { modules = [ { networking.domain = "example.org"; } ]; };
      }`),
    });
    expect(shown(flake, "alder", "networking.hostName")).toBe('"example.org"');
  });

  it("may take modules from every input, the flake itself among them", () => {
    const flake = flakeOf({
      "modules/default.nix": `{ networking.domain = "example.org"; }`,
      "flake.nix": flakeNix(`inputs: let
        inherit (inputs.nixpkgs) lib;
        has = input: input ? nixosModules.default;
        modules = map (input: input.nixosModules.default) (builtins.filter has (builtins.attrValues inputs));
        hosts.alder = inputs.nixpkgs.lib.nixosSystem { inherit modules; };
      in
      lib.mapAttrs (_: lib.listToAttrs) (lib.groupBy (host: if host.value ? class then "nixosConfigurations" else "others")
        (lib.mapAttrsToList lib.nameValuePair hosts)) // { nixosModules.default = inputs.self + /modules; }`),
    });
    expect(hostNames(flake)).toEqual(["alder"]);
    expect(shown(flake, "alder", "networking.domain")).toBe('"example.org"');
  });

  it("that fail are listed with the reason, the others are found", () => {
    const flake = flakeOf({
      "flake.nix": flakeNix(
        `{ nixpkgs, builder, ... }: {
          nixosConfigurations.alder = nixpkgs.lib.nixosSystem { modules = [ ]; };
          nixosConfigurations.broken = throw "no such machine";
          nixosConfigurations.opaque = builder.lib.makeHost { };
        }`,
        `builder.url = "github:someone/builder";`,
      ),
    });
    expect(hostNames(flake)).toEqual(["alder"]);
    expect(flake.unresolved.map(({ name, why }) => [name, why.reason])).toEqual([
      ["broken", "error"],
      ["opaque", "input"],
    ]);
  });

  it("of a framework that is not known are not none", () => {
    const flake = flakeOf({
      "flake.nix": flakeNix(`inputs: inputs.frame.mkFlake { }`, `frame.url = "github:someone/frame";`),
    });
    expect(flake.hosts).toEqual([]);
    expect(flake.unresolved[0]?.why.input).toBe("frame");
  });

  it("of a flake-parts module that is not on disk are not none either", () => {
    const flake = flakeOf({
      "flake.nix": flakeNix(
        `inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } { imports = [ inputs.frame.flakeModule ]; }`,
        `frame.url = "github:someone/frame"; flake-parts.url = "github:hercules-ci/flake-parts";`,
      ),
    });
    expect(flake.hosts).toEqual([]);
    expect(flake.unresolved[0]?.why.input).toBe("frame");
  });
});
