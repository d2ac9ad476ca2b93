// What inputs stand for: decided by what their URL points to, never by their name.

import { describe, expect, it } from "vitest";
import { flakeOf, hostNamed, shown, unreadInputs } from "./in-memory.ts";

/** A flake with one host, whose `modules` list is given. */
function flakeWith(inputs: string, modules: string, more: Readonly<Record<string, string>> = {}) {
  return flakeOf({
    "flake.nix": `{
      inputs = { nixpkgs.url = "github:NixOS/nixpkgs"; ${inputs} };
      outputs = inputs: with inputs; {
        nixosConfigurations.alder = nixpkgs.lib.nixosSystem { specialArgs = { inherit inputs; }; modules = [ ${modules} ]; };
        some.module = { networking.domain = "from-self"; };
      };
    }`,
    ...more,
  });
}

function unreadOf(inputs: string, modules: string, more: Readonly<Record<string, string>> = {}): readonly string[] {
  return unreadInputs(hostNamed(flakeWith(inputs, modules, more), "alder"));
}

describe("a module of an input", () => {
  it("that is not on disk is unread, however it is imported", () => {
    const input = `vault.url = "git+ssh://git@example.org/me/vault";`;
    expect(unreadOf(input, "vault.nixosModules.default")).toEqual(["vault"]);
    expect(unreadOf(input, `"\${vault}/modules/secrets.nix"`)).toEqual(["vault"]);
    expect(unreadOf(input, `(vault + "/modules/secrets.nix")`)).toEqual(["vault"]);
    expect(unreadOf(input, `(import "\${vault}/modules")`)).toEqual(["vault"]);
    expect(unreadOf(input, `({ inputs, ... }: { imports = [ inputs.vault.nixosModules.x ]; })`)).toEqual(["vault"]);
    expect(unreadOf(input, `({ inputs, ... }: { imports = builtins.attrValues inputs.vault.nixosModules; })`)).toEqual([
      "vault",
    ]);
  });

  it("that only declares options is read, however it is imported", () => {
    const input = `secrets.url = "github:Mic92/sops-nix"; disks.url = "https://github.com/nix-community/disko/archive/main.tar.gz";`;
    expect(unreadOf(input, "secrets.nixosModules.sops disks.nixosModules.default")).toEqual([]);
    expect(unreadOf(input, `"\${secrets}/modules/sops" (import "\${disks}/module.nix")`)).toEqual([]);
  });

  it("that is published for everybody names none of the flake's own secrets, and a private one may", () => {
    const secrets = (url: string) => {
      const module = `{ sops.secrets.token = { }; }`;
      const host = hostNamed(flakeWith(`x.url = "${url}";`, `x.nixosModules.default ${module}`), "alder");
      return { unread: unreadInputs(host), isOpen: host.children(["sops", "secrets"]).rest !== null };
    };
    const mail = "gitlab:simple-nixos-mailserver/nixos-mailserver";
    expect(secrets(mail)).toEqual({ unread: ["x"], isOpen: false });
    expect(secrets("gitlab:someone/nixos-mailserver")).toEqual({ unread: ["x"], isOpen: true });
  });

  it("gives packages that are packages, whoever made them", () => {
    const packages = (modules: string) =>
      shown(flakeWith(`vault.url = "github:me/vault";`, modules), "alder", "my.text");
    const module = `({ pkgs, lib, ... }: { my.text = lib.getExe pkgs.restic + " of " + pkgs.stdenv.hostPlatform.system; })`;
    const expected = packages(`${module} { nixpkgs.hostPlatform = "x86_64-linux"; }`);
    expect(expected).toContain(" of x86_64-linux");
    const given = `{ nixpkgs.hostPlatform = "x86_64-linux"; _module.args.pkgs = lib.mkForce vault.pkgs; }`;
    expect(packages(`${module} ({ lib, ... }: ${given})`)).toBe(expected);
    expect(packages(`${module} { _module.args.pkgs = nixpkgs.lib.mkForce (throw "none"); }`)).toContain("none");
  });

  it("of nixpkgs itself is read", () => {
    expect(unreadOf("", `"\${nixpkgs}/nixos/modules/profiles/minimal.nix"`)).toEqual([]);
    expect(unreadOf("", `(nixpkgs + "/nixos/modules/profiles/minimal.nix")`)).toEqual([]);
    expect(unreadOf("", `<nixpkgs/nixos/modules/profiles/minimal.nix>`)).toEqual([]);
    const byPath = `({ modulesPath, ... }: { imports = [ (modulesPath + "/profiles/qemu-guest.nix") "\${modulesPath}/x.nix" ]; })`;
    expect(unreadOf("", byPath)).toEqual([]);
  });

  it("is not trusted for its name", () => {
    expect(unreadOf(`sops-nix.url = "github:someone/else";`, "sops-nix.nixosModules.sops")).toEqual(["sops-nix"]);
  });

  it("is not unread when it is on disk", () => {
    const inputs = `own.url = "path:./own"; own.inputs.nixpkgs.follows = "nixpkgs";`;
    const flake = flakeWith(inputs, "own.nixosModules.ssh", {
      "own/flake.nix": `{
        inputs.nixpkgs.url = "github:NixOS/nixpkgs";
        outputs = { self, nixpkgs }: { nixosModules.ssh = { ... }: {
          services.openssh.enable = nixpkgs.lib.elem 1 [ 1 ];
          networking.domain = baseNameOf (toString self.place);
        }; place = ./.; };
      }`,
    });
    expect(unreadInputs(hostNamed(flake, "alder"))).toEqual([]);
    expect(shown(flake, "alder", "services.openssh.enable")).toBe("true");
    expect(shown(flake, "alder", "networking.domain")).toBe('"own"');
  });

  it("comes from another directory when the input is overridden", () => {
    const files = {
      "flake.nix": `{
        inputs.nixpkgs.url = "nixpkgs"; inputs.vault.url = "git+ssh://git@example.org/me/vault";
        outputs = { nixpkgs, vault, ... }: {
          nixosConfigurations.alder = nixpkgs.lib.nixosSystem { modules = [ vault.nixosModules.default ]; };
        };
      }`,
      "/vault/flake.nix": `{ outputs = _: { nixosModules.default.networking.domain = "vault"; }; }`,
    };
    const flake = flakeOf(files, { overrideInputs: new Map([["vault", "/vault"]]) });
    expect(shown(flake, "alder", "networking.domain")).toBe('"vault"');
  });

  it("of the flake itself is read through self", () => {
    expect(shown(flakeWith("", "self.some.module"), "alder", "networking.domain")).toBe('"from-self"');
    const inFile = flakeWith("", `"\${self}/m.nix"`, { "m.nix": `{ networking.domain = "file"; }` });
    expect(shown(inFile, "alder", "networking.domain")).toBe('"file"');
  });
});

describe("an input in the Nix store", () => {
  // The hash of some tree, and where Nix keeps a tree of that hash.
  const narHash = "sha256-UxWfeA62sqgNWKRKtZxJAxvXsuTZZmbvNPCzcw6oeoM=";
  const path = "/nix/store/maf63xwxmjd5pf2y045crj032i8qy9rm-source";

  function stored(locked: object, more: Readonly<Record<string, string>>, storeInputs = true) {
    const nodes = {
      root: { inputs: { vault: "vault", nixpkgs: "nixpkgs" } },
      vault: { locked: { type: "git", url: "ssh://x/vault", narHash, ...locked }, inputs: { nixpkgs: ["nixpkgs"] } },
      nixpkgs: { locked: { type: "github", owner: "NixOS", repo: "nixpkgs", narHash } },
    };
    const files = {
      "flake.nix": `{
        inputs.nixpkgs.url = "nixpkgs"; inputs.vault.url = "git+ssh://x/vault";
        outputs = { nixpkgs, vault, ... }: {
          nixosConfigurations.alder = nixpkgs.lib.nixosSystem { modules = [ vault.nixosModules.default ]; };
        };
      }`,
      "flake.lock": JSON.stringify({ version: 7, root: "root", nodes }),
      ...more,
    };
    return flakeOf(files, { storeInputs });
  }

  const vault = `{ outputs = { self, nixpkgs }: { nixosModules.default = { lib, ... }: {
    networking.domain = lib.concatStrings [ "vault at " self.outPath ];
    networking.hosts = nixpkgs.lib.genAttrs [ "192.0.2.1" ] (_: [ "\${self}/x" ]);
  }; }; }`;

  it("is read when that is asked for", () => {
    const flake = stored({}, { [`${path}/flake.nix`]: vault });
    expect(unreadInputs(hostNamed(flake, "alder"))).toEqual([]);
    expect(shown(flake, "alder", "networking.domain")).toBe(`"vault at ${path}"`);
    expect(shown(flake, "alder", "networking.hosts")).toContain(`{ "192.0.2.1" = [ "${path}/x" ];`);
  });

  it("may be a directory of what was fetched", () => {
    const flake = stored({ dir: "nix" }, { [`${path}/nix/flake.nix`]: vault });
    expect(shown(flake, "alder", "networking.domain")).toBe(`"vault at ${path}/nix"`);
  });

  it("is not read unless that is asked for, nor when it is not there", () => {
    expect(unreadInputs(hostNamed(stored({}, { [`${path}/flake.nix`]: vault }, false), "alder"))).toEqual(["vault"]);
    expect(unreadInputs(hostNamed(stored({}, {}), "alder"))).toEqual(["vault"]);
    const elsewhere = stored({ narHash: "sha256-AAAA" }, { [`${path}/flake.nix`]: vault });
    expect(unreadInputs(hostNamed(elsewhere, "alder"))).toEqual(["vault"]);
  });
});

describe("what claims of absence rest on", () => {
  it("is said for unread inputs and for modules that fail, without paths", () => {
    const flake = flakeWith(
      `vault.url = "git+ssh://x/vault";`,
      "vault.nixosModules.a vault.nixosModules.b ./missing.nix",
    );
    expect(flake.assumptions.map(({ message, hosts }) => [message, hosts])).toEqual([
      [expect.stringMatching(/^an unread module defines no backup job: .*missing\.nix/), ["alder"]],
      ["the unread input `vault` defines no backup job", ["alder"]],
    ]);
    expect(flake.assumptions[1]?.at?.file).toBe(`${flake.root}/flake.nix`);
  });
});

describe("nixpkgs is recognised", () => {
  const spellings = [
    `url = "github:NixOS/nixpkgs/nixos-unstable"`,
    `url = "git+https://github.com/NixOS/nixpkgs?shallow=1&ref=nixos-unstable"`,
    `url = "https://flakehub.com/f/NixOS/nixpkgs/0.1"`,
    `url = "https://channels.nixos.org/nixos-unstable/nixexprs.tar.xz"`,
    `url = "nixpkgs/nixos-25.11"`,
    `type = "github"; owner = "me"; repo = "nixpkgs"`,
  ];
  it.each(spellings)("as %s", (spelling) => {
    const flake = flakeOf({
      "flake.nix": `{ inputs.pk = { ${spelling}; }; outputs = { pk, ... }: {
        nixosConfigurations.alder = pk.lib.nixosSystem { modules = [ { networking.hostName = "alder"; } ]; };
      }; }`,
    });
    expect(shown(flake, "alder", "networking.hostName")).toBe('"alder"');
  });

  it("without being listed among the inputs", () => {
    const flake = flakeOf({
      "flake.nix": `{ outputs = { self, nixpkgs }: { nixosConfigurations.alder = nixpkgs.lib.nixosSystem { modules = [ ]; }; }; }`,
    });
    expect(flake.hosts).toHaveLength(1);
  });

  it("through the lock and through follows", () => {
    const lock = {
      root: "root",
      nodes: {
        root: { inputs: { a: "a_2", b: ["a", "b"] } },
        a_2: { inputs: { b: "b" }, locked: { type: "github", owner: "someone", repo: "a", rev: "0123456789" } },
        b: {
          locked: { type: "github", owner: "nixos", repo: "nixpkgs", rev: "abcdef0123", lastModified: 1700000000 },
          original: { id: "b", type: "indirect" },
        },
      },
    };
    const flake = flakeOf({
      "flake.lock": JSON.stringify(lock),
      "flake.nix": `{ inputs.a.url = "github:someone/a"; inputs.b.follows = "a/b"; outputs = { a, b, ... }: {
        nixosConfigurations.alder = b.lib.nixosSystem { modules = [
          { networking.hostName = a.rev; networking.domain = a.inputs.b.lastModifiedDate; }
        ]; };
      }; }`,
    });
    expect(shown(flake, "alder", "networking.hostName")).toBe('"0123456789"');
    expect(shown(flake, "alder", "networking.domain")).toBe('"20231114221320"');
  });
});

describe("a flake-parts module that is not on disk", () => {
  it("may have added anything to the flake, and what others add is known", () => {
    const flake = flakeOf({
      "flake.nix": `{
        inputs = { nixpkgs.url = "nixpkgs"; flake-parts.url = "github:hercules-ci/flake-parts"; vault.url = "git+ssh://x/vault"; };
        outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
          imports = [ inputs.vault.flakeModule ];
          flake = { config, lib, ... }: {
            nixosConfigurations.alder = inputs.nixpkgs.lib.nixosSystem { modules = [
              { networking.hostName = "alder"; networking.domain = config.domain; system.name = inputs.self.name; }
            ]; };
          };
        };
      }`,
    });
    expect(shown(flake, "alder", "networking.hostName")).toBe('"alder"');
    expect(shown(flake, "alder", "networking.domain")).toContain("input `vault`");
    expect(shown(flake, "alder", "system.name")).toContain("input `vault`");
  });
});

describe("self", () => {
  it("has a revision or not: nobody knows", () => {
    const flake = flakeWith("", `{ system.configurationRevision = self.rev or self.dirtyRev or null; }`);
    expect(shown(flake, "alder", "system.configurationRevision")).toContain("impure");
  });
});
