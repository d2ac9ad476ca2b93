// What the facts about options are made of: open submodules, and the types that units and jobs share.

import { argument, define } from "../../eval/native.ts";
import { force } from "../../eval/thunk.ts";
import { Attrs, attrsOf, emptyAttrs, type Lazy, List, type Value } from "../../eval/value.ts";
import { noImports } from "../modules/collect.ts";
import { nativeFile } from "../modules/declaration.ts";
import type { OptionType } from "../modules/option-type.ts";
import { listOf, attrsOf as setOf } from "../modules/types/collections.ts";
import { coercedTo } from "../modules/types/combinators.ts";
import { concat, mergeEqualOption } from "../modules/types/merging.ts";
import { separatedString, simpleType, str } from "../modules/types/scalars.ts";
import { submoduleWith } from "../modules/types/submodule.ts";

export type Options = Readonly<Record<string, Lazy>>;

/** The arguments of a submodule that its defaults may depend on. */
interface Names {
  readonly name: Lazy;
  readonly config: Lazy;
}

/** An open submodule with these options; `own` are those whose defaults depend on the submodule itself. */
export function openSubmodule(options: Options, own?: (names: Names) => Options): OptionType {
  const named = define("facts", 1, (args) => {
    const given = force(argument(args, 0));
    const read = (name: string) => (given instanceof Attrs ? (given.lookup(name)?.value ?? null) : null);
    return factsModule({ ...options, ...own?.({ name: read("name"), config: read("config") }) });
  });
  return submoduleWith({
    modules: [own === undefined ? factsModule(options) : named],
    specialArgs: emptyAttrs,
    shorthandOnlyDefinesConfig: true,
    importFile: noImports,
    undeclared: "freeform",
  });
}

function factsModule(options: Options): Attrs {
  return attrsOf({ _file: nativeFile, options: attrsOf(options) });
}

export function read(set: Lazy, name: string): Value {
  const value = force(set);
  const attr = value instanceof Attrs ? value.lookup(name) : undefined;
  return attr === undefined ? null : force(attr.value);
}

/** What systemd unit settings merge like: lists concatenate, everything else is equal. */
export const unitOption: OptionType = simpleType(
  "systemd option",
  "systemd option",
  () => true,
  (at, definitions) => {
    const values = definitions.map((definition) => force(definition.value));
    return values.every((value) => value instanceof List) ? concat(values) : mergeEqualOption(at, definitions);
  },
);

export const settings = setOf(unitOption);
export const strings = listOf(str);
export const lines = separatedString("\n");
const asList = define("singleton", 1, ([value]) => new List([value as Lazy]));
export const stringOrList = coercedTo(str, asList, strings);
