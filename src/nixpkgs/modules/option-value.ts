// The `options` argument: what Nix code may ask of an option besides its value.

import { define } from "../../eval/native.ts";
import { Attr, Attrs, attrsOf, type Lazy, List } from "../../eval/value.ts";
import type { Declaration } from "./declaration.ts";
import type { OptionRecord } from "./option-record.ts";
import { lazyRecord } from "./option-type.ts";
import { nixType } from "./types/nix-type.ts";

/** The attrset of an option after evaluation. */
export function describeOption(declaration: Declaration, record: OptionRecord): Attrs {
  const { path, attrs, type, modules } = declaration;
  const computed = {
    ...lazyRecord({
      value: () => record.value,
      definitions: () => new List(record.result.definitions.map((definition) => definition.value)),
      definitionsWithLocations: () =>
        new List(record.result.definitions.map(({ value, module }) => attrsOf({ file: module.file, value }))),
      files: () => new List(record.result.definitions.map(({ module }) => module.file)),
      isDefined: () => record.result.definitions.length > 0,
      highestPrio: () => BigInt(record.result.priority ?? 9999),
    }),
    type: nixType(type),
    loc: new List(path),
    declarations: new List(modules.map((module) => module.file)),
    declarationPositions: new List([]),
    options: new List([]),
    __toString: define("__toString", 1, () => path.join(".")),
  };
  const all: Record<string, Lazy> = { ...Object.fromEntries(attrs), ...computed };
  return new Attrs(new Map(Object.entries(all).map(([name, value]) => [name, new Attr(value)])));
}
