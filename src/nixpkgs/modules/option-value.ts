// The `options` argument: what Nix code may ask of an option besides its value.

import { define } from "../../eval/native.ts";
import { Attrs, attrsOf, emptyAttrs, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import type { Declaration } from "./declaration.ts";
import type { ModuleRef } from "./definition.ts";
import type { OptionRecord } from "./option-record.ts";
import { lazyRecord } from "./option-type.ts";
import type { DischargedDefinition } from "./properties.ts";
import { nixType } from "./types/nix-type.ts";

/** Line and column of a place, as Nix gives them; null for what stands in no file that has been read. */
export type PositionOf = (span: Span | null) => Value;

export const noPositions: PositionOf = () => null;

/** The attrset of an option after evaluation. */
export function describeOption(declaration: Declaration, record: OptionRecord, positionOf = noPositions): Attrs {
  const { path, attrs, type, modules, spans } = declaration;
  const definitions = () => record.result.definitions;
  const computed = {
    ...lazyRecord({
      value: () => record.value,
      definitions: () => listDefinitions(definitions(), ({ value }) => value),
      definitionsWithLocations: () =>
        listDefinitions(definitions(), ({ value, module }) => attrsOf({ file: module.file, value })),
      files: () => listDefinitions(definitions(), ({ module }) => module.file),
      isDefined: () => isDefined(definitions()),
      highestPrio: () => BigInt(record.result.priority ?? 9999),
      valueMeta: () => type.meta?.(path, definitions()) ?? emptyAttrs,
      declarationPositions: () => new List(spans.map((span, index) => position(span, modules[index], positionOf))),
    }),
    type: nixType(type),
    loc: new List(path),
    declarations: new List(modules.map((module) => module.file)),
    options: new List([]),
    __toString: define("__toString", 1, () => path.join(".")),
  };
  return new Attrs(new Map([...attrs, ...attrsOf(computed).entries]));
}

/** Where an option is declared: at least the file. */
function position(span: Span | null, module: ModuleRef | undefined, positionOf: PositionOf): Value {
  return positionOf(span) ?? attrsOf({ file: module?.file ?? "<unknown-file>", line: null, column: null });
}

type Definitions = readonly DischargedDefinition[];

function isDefined(definitions: Definitions): Value {
  const [first] = definitions;
  if (first === undefined) return false;
  return definitions.some(({ doubt }) => doubt === null) || first.doubt;
}

/** Of each definition; those that may not be in force are possible elements. */
function listDefinitions(definitions: Definitions, of: (definition: DischargedDefinition) => Lazy): List {
  const doubtful = definitions.filter(({ doubt }) => doubt !== null);
  const certain = definitions.filter(({ doubt }) => doubt === null);
  return new List(certain.map(of), doubtful[0]?.doubt ?? null, doubtful.map(of));
}
