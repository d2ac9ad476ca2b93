import { describe, expect, it } from "vitest";
import { matchesGlob } from "../../src/flake/glob.ts";
import { parseReference } from "../../src/flake/reference.ts";

describe("a flake reference", () => {
  it.each([
    ["github:NixOS/nixpkgs/nixos-unstable", "nixos/nixpkgs"],
    ["github:owner/repo?dir=sub", "owner/repo"],
    ["github:/owner/repo", "owner/repo"],
    ["gitlab:simple-nixos-mailserver/nixos-mailserver", "simple-nixos-mailserver/nixos-mailserver"],
    ["sourcehut:~me/repo", "~me/repo"],
    ["git+ssh://git@github.com/Me/secrets.git?ref=main", "me/secrets"],
    ["git+https://codeberg.org/a/b", "a/b"],
    ["https://github.com/a/b/archive/main.tar.gz", "a/b"],
    ["https://flakehub.com/f/NixOS/nixpkgs/0.1.tar.gz", "nixos/nixpkgs"],
    ["https://git.example.org/clan/core/archive/main.tar.gz", "clan/core"],
    ["https://channels.nixos.org/nixos-25.11/nixexprs.tar.xz", "channels.nixos.org/nixos-25.11/nixexprs.tar.xz"],
  ])("%s is of %s", (text, repository) => {
    expect(parseReference(text)).toMatchObject({ kind: "remote", repository });
  });

  it.each([
    ["./sub", "./sub"],
    ["path:./sub", "./sub"],
    ["path:/srv/flake?rev=1", "/srv/flake"],
    ["git+file:///home/me/x", "/home/me/x"],
    ["git+file:./x?dir=y", "./x"],
  ])("%s is on disk at %s", (text, path) => {
    expect(parseReference(text)).toEqual({ kind: "path", path });
  });

  it.each(["nixpkgs", "flake:nixpkgs", "nixpkgs/nixos-25.11"])("%s is a name of the registry", (text) => {
    expect(parseReference(text)).toEqual({ kind: "indirect", id: "nixpkgs" });
  });
});

describe("a glob", () => {
  it.each([
    ["roles/*.nix", "roles/a.nix", true],
    ["roles/*.nix", "roles/a/b.nix", false],
    ["roles/*.nix", "other/roles/a.nix", false],
    ["./roles/*.nix", "roles/a.nix", true],
    ["roles/**/*.nix", "roles/a.nix", true],
    ["roles/**/*.nix", "roles/a/b/c.nix", true],
    ["roles/**", "roles/a/b", true],
    ["{roles,profiles}/*/default.nix", "profiles/x/default.nix", true],
    ["roles/a+b?.nix", "roles/a+bc.nix", true],
    ["roles/a.nix", "roles/axnix", false],
  ])("%s and %s: %s", (glob, path, matches) => {
    expect(matchesGlob(glob, path)).toBe(matches);
  });
});
