// `types.attrTag`: a set with exactly one attr, an option among several, which says of what type its value is.

import { force } from "../../../eval/thunk.ts";
import { thrownError, Unknown } from "../../../eval/unknown.ts";
import { Attr, Attrs, type Value } from "../../../eval/value.ts";
import { quoteIdentifier } from "../../lib/quoting.ts";
import { type Declaration, type Declared, evalOptionValue, isOption, mergeOptionDeclarations } from "../declaration.ts";
import type { AttrPath } from "../definition.ts";
import type { OptionType } from "../option-type.ts";
import { describeOption } from "../option-value.ts";
import type { DischargedDefinition } from "../properties.ts";
import { toRaw } from "./collections.ts";
import { conflict, definitionsOfAttr } from "./merging.ts";
import { simpleType } from "./scalars.ts";

/** The declarations of each choice. */
export type Choices = ReadonlyMap<string, readonly Declared[]>;

interface AttrTagType extends OptionType {
  readonly choices: Choices;
}

/** The choices that a set of options stands for; an `Unknown` when one of them is no option. */
export function readChoices(set: Attrs): Choices | Unknown {
  const choices = new Map<string, readonly Declared[]>();
  for (const [name, attr] of set.entries) {
    const options = force(attr.value);
    if (!isOption(options)) {
      return options instanceof Unknown
        ? options
        : thrownError(`the tag \`${name}\` of \`attrTag\` has to be an option, made with \`mkOption\``, attr.span);
    }
    const module = { file: attr.span?.file ?? "<unknown-file>", importedAt: null, importedBy: null };
    choices.set(name, [{ module, options, span: attr.span }]);
  }
  return choices;
}

export function attrTag(choices: Choices): AttrTagType {
  const names = [...choices.keys()].map(quoteIdentifier).join(", ");
  return {
    ...simpleType("attrTag", `attribute-tagged union with choices: ${names}`, (value) => {
      const choice = chosen(value);
      return choice !== undefined && choices.has(choice);
    }),
    merge: (path, definitions) => mergeChoice(choices, path, definitions),
    subOptions: (prefix) => describeChoices(choices, prefix),
    mergeWith: (other) => ("choices" in other ? attrTag(unite(choices, (other as AttrTagType).choices)) : null),
    choices,
  };
}

function chosen(value: Value): string | undefined {
  return value instanceof Attrs && value.entries.size === 1 ? [...value.entries.keys()][0] : undefined;
}

function mergeChoice(choices: Choices, path: AttrPath, definitions: readonly DischargedDefinition[]): Value {
  const values = definitions.map((definition) => force(definition.value));
  const unknown = values.find((value) => value instanceof Unknown);
  if (unknown) return unknown;
  const [choice, ...others] = new Set(values.map(chosen));
  const declared = choice === undefined ? undefined : choices.get(choice);
  if (choice === undefined || declared === undefined || others.length > 0) return conflict(path, definitions);
  const at = [...path, choice];
  const declaration = mergeOptionDeclarations(at, declared);
  if (declaration instanceof Unknown) return declaration;
  const own = definitionsOfAttr(definitions, choice, false);
  return new Attrs(new Map([[choice, new Attr(evalOptionValue(declaration, own.map(toRaw)).value, own[0]?.span)]]));
}

function describeChoices(choices: Choices, prefix: AttrPath): Attrs {
  const entries = [...choices].map(([name, declared]): [string, Attr] => {
    const declaration = mergeOptionDeclarations([...prefix, name], declared);
    return [name, new Attr(declaration instanceof Unknown ? declaration : describeUndefined(declaration))];
  });
  return new Attrs(new Map(entries));
}

function describeUndefined(declaration: Declaration): Attrs {
  return describeOption(declaration, evalOptionValue(declaration, []));
}

function unite(a: Choices, b: Choices): Choices {
  const united = new Map(a);
  for (const [name, declared] of b) united.set(name, [...(united.get(name) ?? []), ...declared]);
  return united;
}
