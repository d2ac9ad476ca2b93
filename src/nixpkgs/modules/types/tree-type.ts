// Options declared below an option: a tree of options joins a submodule option of the same path.

import { attrsOf, emptyAttrs } from "../../../eval/value.ts";
import { noImports } from "../collect.ts";
import { type Declared, isOption } from "../declaration.ts";
import { typeToNix } from "../option-type.ts";
import { describeType } from "./nix-type.ts";
import { submoduleWith } from "./submodule.ts";

/** A declaration that is a tree of options, as the submodule option it stands for. */
export function submoduleOfTree(declared: Declared): Declared {
  if (isOption(declared.options)) return declared;
  const type = submoduleWith({
    modules: [attrsOf({ options: declared.options, _file: declared.module.file })],
    specialArgs: emptyAttrs,
    shorthandOnlyDefinesConfig: null,
    importFile: noImports,
  });
  return { ...declared, options: attrsOf({ _type: "option", type: typeToNix(type, describeType) }) };
}
