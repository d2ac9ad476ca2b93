// nix-systems: inputs that are a list of systems when imported.

import { List } from "../../eval/value.ts";
import type { Adapter } from "./adapter.ts";

const lists: Readonly<Record<string, readonly string[]>> = {
  "nix-systems/default": ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"],
  "nix-systems/default-darwin": ["aarch64-darwin", "x86_64-darwin"],
  "nix-systems/default-linux": ["aarch64-linux", "x86_64-linux"],
  "nix-systems/aarch64-darwin": ["aarch64-darwin"],
  "nix-systems/aarch64-linux": ["aarch64-linux"],
  "nix-systems/x86_64-darwin": ["x86_64-darwin"],
  "nix-systems/x86_64-linux": ["x86_64-linux"],
};

export const systems: Adapter = {
  repositories: Object.keys(lists),
  outputs: () => ({}),
  importPath: (_context, path, repository) => {
    const list = lists[repository];
    return list === undefined || !/^(\/default\.nix)?$/.test(path) ? undefined : new List(list);
  },
};
