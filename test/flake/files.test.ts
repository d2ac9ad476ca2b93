// A flake's files and the roles that no host imports.

import { describe, expect, it } from "vitest";
import { flakeOf, hostNamed, hostNames, shown } from "./in-memory.ts";

const flakeNix = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.alder = nixpkgs.lib.nixosSystem {
      specialArgs.site = { user = "me"; };
      modules = [ ./roles/used.nix ./roles/folder ];
    };
  };
}`;

const files = {
  "flake.nix": flakeNix,
  "roles/default.nix": `{ used = ./used.nix; }`,
  "roles/used.nix": `{ imports = [ ./missing.nix ]; services.openssh.enable = true; }`,
  "roles/folder/default.nix": `{ }`,
  "roles/spare.nix": `{ site, lib, ... }: { users.users.\${site.user} = { }; services.a.port = 1; services.a.owner = site.user; }`,
  "roles/other/default.nix": `{ inputs, ... }: { networking.hostName = if inputs ? nixpkgs then "other" else "none"; }`,
  "modules/secret.nix": "\0GITCRYPT\0abc",
  "modules/unused.nix": `{ a = ; }`,
};

describe("roles", () => {
  it("that no host imports are evaluated alone", () => {
    const flake = flakeOf(files);
    expect(hostNames(flake)).toEqual(["alder"]);
    expect(flake.roles.map((role) => [role.name, role.kind])).toEqual([
      ["other", "role"],
      ["spare", "role"],
    ]);
    expect(shown(flake, "other", "networking.hostName")).toBe('"other"');
  });

  it("know their own definitions, not what a host gives them", () => {
    const flake = flakeOf(files);
    expect(shown(flake, "spare", "services.a.port")).toBe("1");
    expect(shown(flake, "spare", "services.a.owner")).toContain("an argument that a host gives");
    expect(hostNamed(flake, "spare").span?.file).toBe("/flake/roles/spare.nix");
  });

  it("are where the globs say", () => {
    const flake = flakeOf({ ...files, "parts/x.nix": "{ }", "parts/deep/y.nix": "{ }" }, { roles: ["parts/**/*.nix"] });
    expect(flake.roles.map((role) => role.name)).toEqual(["x", "y"]);
  });

  it("make a flake without hosts", () => {
    const flake = flakeOf({ "flake.nix": `{ outputs = _: { }; }`, "roles/a.nix": "{ }" });
    expect([flake.hosts.length, flake.roles.length, flake.unresolved.length]).toEqual([0, 1, 0]);
  });
});

describe("files", () => {
  it("are all parsed, reached or not; what is encrypted is counted", () => {
    const { files: all } = flakeOf(files);
    expect(all.parsed.has("/flake/modules/unused.nix")).toBe(true);
    expect(all.parsed.get("/flake/modules/unused.nix")?.problems).toHaveLength(1);
    expect(all.reached.has("/flake/modules/unused.nix")).toBe(false);
    expect(all.reached.has("/flake/roles/used.nix")).toBe(true);
    expect(all.skipped).toEqual([{ path: "/flake/modules/secret.nix", why: "encrypted with git-crypt" }]);
    expect([...all.parsed.keys()].every((path) => path.startsWith("/flake/"))).toBe(true);
  });

  it("that are imported and missing are problems of the flake, not of the run", () => {
    const flake = flakeOf(files);
    expect(flake.files.problems.map(({ kind, path }) => [kind, path])).toEqual([
      ["missing-import", "/flake/roles/missing.nix"],
    ]);
    expect(shown(flake, "alder", "services.openssh.enable")).toBe("true");
  });

  it("say when there is no flake.nix that can be evaluated", () => {
    const flake = flakeOf({ "flake.nix": `{ outputs = { self }: ` });
    expect(flake.unresolved[0]?.why.reason).toBe("syntax");
  });
});
