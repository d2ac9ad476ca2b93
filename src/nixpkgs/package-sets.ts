// What an attr of `pkgs` is, judged by its name: a package, a set of packages, or a function that builds one.

import { define } from "../eval/native.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attr, Attrs, type Lazy } from "../eval/value.ts";
import { makeDerivation } from "./derivation.ts";
import { builder } from "./stdenv.ts";

/** `python3Packages`, `linuxPackages_latest`, `vimPlugins`, `gnomeExtensions`, `linuxKernel.packages`. */
const setName = /(^|[a-z0-9])(Packages|Plugins|Extensions)(_\w+)?$|^(packages|pkgs|apps|kernels)$/;

/** Sets of packages whose names follow no pattern. */
const setNames = new Set([
  "aspellDicts",
  "beam",
  "darwin",
  "gnome",
  "home-assistant-custom-components",
  "home-assistant-custom-lovelace-modules",
  "hunspellDicts",
  "linuxKernel",
  "nerd-fonts",
  "nur",
  "rustPlatform",
  "stable",
  "unstable",
  "vscode-extensions",
  "vscode-marketplace",
  "xfce",
  "xorg",
]);

/** Sets of functions that build things: `dockerTools.buildImage`. */
const builderSets = new Set(["appimageTools", "dockerTools", "nix-gitignore", "ociTools", "testers", "vmTools"]);

/** Functions from arguments to a derivation. */
const builderName = /^(build[A-Z]\w*|mkDerivation|mkShell\w*|make[A-Z]\w*|wrap[A-Z]\w*|apply[A-Z]\w*|requireFile)$/;

const fetcherName = /^fetch(url|zip|git|patch2?|svn|hg|cvs|tarball|[A-Z]\w*)$/;

export function packageByName(name: string): Lazy {
  if (builderSets.has(name)) return builderSet(name);
  if (name === "linuxPackagesFor") return define(name, 1, () => packageSet("linuxPackages"));
  if (setNames.has(name) || setName.test(name)) return packageSet(name);
  if (builderName.test(name)) return builder(name);
  return fetcherName.test(name)
    ? define(name, 1, () => makeDerivation({ label: "source" }))
    : makeDerivation({ label: name });
}

/** An open set whose every attr is a package or again a set. */
export function packageSet(label: string): Attrs {
  const entries = new Map<string, Attr>([["recurseForDerivations", new Attr(true)]]);
  const rest = new Unknown("package", `the packages in \`${label}\``);
  return new Attrs(entries, rest, null, (name) => (scopeFunctions.has(name) ? undefined : packageByName(name)));
}

/** Functions of a scope; what they give cannot be known. */
const scopeFunctions = new Set([
  "callPackage",
  "callPackages",
  "extend",
  "lib",
  "newScope",
  "override",
  "overrideScope",
]);

function builderSet(label: string): Attrs {
  return new Attrs(new Map(), new Unknown("package", `the functions in \`${label}\``), null, builder);
}
