// What a sibling imports for its backup: the module that declares the option, as far as file names and texts tell.

import { posix } from "node:path";
import type { ConcreteTree } from "../../syntax/concrete.ts";
import { Kind } from "../../syntax/flat-tree.ts";
import { boundExpr } from "../bindings.ts";
import { bindingNamed, setOfFile } from "../written.ts";
import type { ScaffoldContext } from "./scaffold.ts";

/** Absolute files. What only some of the siblings import is about them and not about backups. */
export function importsOf(trees: readonly ConcreteTree[], { files }: ScaffoldContext): readonly string[] {
  const [first, ...others] = [...new Set(trees)].map(importedFiles);
  const shared = (first ?? []).filter((path) => others.every((imported) => imported.includes(path)));
  return shared.filter((path) => {
    const file = files.fs.kindOf(path) === "directory" ? `${path}/default.nix` : path;
    const text = files.parsed.get(file)?.source.text ?? "";
    return (
      /backups?\b/i.test(posix.basename(path)) ||
      /\bbackups?\b|restic|borg/i.test(path) ||
      /restic\.backups|borgbackup\.jobs/.test(text)
    );
  });
}

export function importedFiles(tree: ConcreteTree): readonly string[] {
  const module = setOfFile(tree);
  const binding = module && bindingNamed(tree, module, "imports");
  const list = binding && boundExpr(binding);
  if (list?.kind !== Kind.list) return [];
  const { path, text } = tree.source;
  return list.children
    .filter(({ kind, children }) => kind === Kind.path && children.length === 0)
    .map(({ start, end }) => posix.join(posix.dirname(path), text.slice(start, end)));
}
