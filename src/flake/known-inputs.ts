// Repositories that nixlint knows: nixpkgs in its spellings, and inputs whose modules define neither services with
// state nor backups nor secrets by themselves, so that not reading them loses nothing.

import { posix } from "node:path";
import type { Reference } from "./reference.ts";

/** Names of the global flake registry that point to something known here. */
const registry: Readonly<Record<string, string>> = {
  agenix: "ryantm/agenix",
  colmena: "zhaofengli/colmena",
  "deploy-rs": "serokell/deploy-rs",
  disko: "nix-community/disko",
  "flake-parts": "hercules-ci/flake-parts",
  "flake-utils": "numtide/flake-utils",
  "home-manager": "nix-community/home-manager",
  impermanence: "nix-community/impermanence",
  "nix-darwin": "nix-darwin/nix-darwin",
  "nixos-hardware": "nixos/nixos-hardware",
  nixpkgs: "nixos/nixpkgs",
  nur: "nix-community/nur",
  "sops-nix": "mic92/sops-nix",
  "treefmt-nix": "numtide/treefmt-nix",
};

/** `owner/name` of a reference; of somebody's checkout that is not here, the name of its directory. */
export function repositoryOf(reference: Reference): string | undefined {
  if (reference.kind === "remote") return reference.repository;
  if (reference.kind === "path") return posix.basename(reference.path).toLowerCase();
  return registry[reference.id.toLowerCase()];
}

/** nixpkgs, its forks, its channels as tarballs, FlakeHub's weekly builds, and the repository of `lib` alone. */
export function isNixpkgs(repository: string): boolean {
  if (/^(channels|releases)\.nixos\.org\/|^nixos\.org\/channels/.test(repository)) return true;
  const name = repository.split("/").at(-1) ?? repository;
  return /^nixpkgs\d*$|^nixpkgs[-.](lib|weekly|unstable|stable|channels|fork|patched)$/.test(name);
}

/** Options only, of machines, homes, secrets (as facts of nixlint), disks, editors and looks; packages and overlays. */
const moduleOnly = new Set([
  "0xc000022070/zen-browser-flake",
  "adnanhodzic/auto-cpufreq",
  "cachix/devenv",
  "cachix/git-hooks.nix",
  "cachix/pre-commit-hooks.nix",
  "catppuccin/nix",
  "chaotic-cx/nyx",
  "danth/stylix",
  "denful/flake-file",
  "determinatesystems/determinate",
  "e-tho/ucodenix",
  "edolstra/flake-compat",
  "ezkea/aagl-gtk-on-nix",
  "fufexan/nix-gaming",
  "gerg-l/spicetify-nix",
  "giyomoon/nixos-turing-rk1",
  "gmodena/nix-flatpak",
  "hercules-ci/hercules-ci-effects",
  "hyprwm/hyprland",
  "infinidoge/nix-minecraft",
  "ipetkov/crane",
  "jovian-experiments/jovian-nixos",
  "kirottu/watershot",
  "linyinfeng/angrr",
  "lix-project/nixos-module",
  "mic92/nix-index-database",
  "mic92/sops-nix",
  "mightyiam/files",
  "misterio77/nix-colors",
  "musnix/musnix",
  "naurissteins/veila",
  "nialov/actions.nix",
  "nicknovitski/make-shell",
  "nix-community/disko",
  "nix-community/emacs-overlay",
  "nix-community/fenix",
  "nix-community/home-manager",
  "nix-community/impermanence",
  "nix-community/lanzaboote",
  "nix-community/nix-index-database",
  "nix-community/nix-ld",
  "nix-community/nix-vscode-extensions",
  "nix-community/nixos-apple-silicon",
  "nix-community/nixos-generators",
  "nix-community/nixos-vscode-server",
  "nix-community/nixos-wsl",
  "nix-community/nixvim",
  "nix-community/nur",
  "nix-community/plasma-manager",
  "nix-community/preservation",
  "nix-community/stylix",
  "nixos-wsl/nixos-wsl",
  "nixos/nixos-hardware",
  "notashelf/nvf",
  "numtide/devshell",
  "numtide/flake-compat",
  "numtide/nixos-facter-modules",
  "numtide/treefmt-nix",
  "nvmd/nixos-raspberrypi",
  "oddlama/agenix-rekey",
  "oddlama/nix-topology",
  "oxalica/rust-overlay",
  "ryantm/agenix",
  "seiarotg/quadlet-nix",
  "sodiboo/niri-flake",
  "srid/flake-root",
  "thelegy/nixos-nftables-firewall",
  "vic/flake-file",
  "yaxitech/ragenix",
]);

/**
 * Inputs with services of their own, for everybody's use: they take secrets by options that a flake sets, and neither
 * declare secrets of sops-nix and agenix nor name them. No place for somebody's forks of them.
 */
const published = new Set([
  "accentor/flake",
  "aidalgol/valheim-server-flake",
  "astro/microvm.nix",
  "kolide/nix-agent",
  "mic92/fast-nix-gc",
  "mic92/niks3",
  "microvm-nix/microvm.nix",
  "nix-community/authentik-nix",
  "nix-community/buildbot-nix",
  "nix-community/srvos",
  "nixos/hydra",
  "numtide/srvos",
  "saumonnet/proxmox-nixos",
  "simple-nixos-mailserver/nixos-mailserver",
  "zhaofengli/attic",
]);

export function isPublished(repository: string): boolean {
  return published.has(repository);
}

/** Names so distinctive that a fork or mirror under another owner is the same thing. */
const distinctive = new Set(
  [...moduleOnly]
    .map((repository) => repository.split("/")[1] ?? "")
    .filter((name) =>
      /-nix$|^nixos-|^home-manager$|^agenix$|^disko$|^impermanence$|^lanzaboote$|^preservation$|^stylix$/.test(name),
    ),
);

export function isModuleOnly(repository: string): boolean {
  return moduleOnly.has(repository) || distinctive.has(repository.split("/").at(-1) ?? "");
}
