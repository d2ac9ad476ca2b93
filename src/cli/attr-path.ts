// Attrpaths on the command line: `a.b."c d".0`, as `nix-instantiate -A` reads them.

import { parseAttrPath } from "../edit/nix-text.ts";
import { force } from "../eval/thunk.ts";
import { evalError, Unknown } from "../eval/unknown.ts";
import { Attrs, List, typeName, type Value } from "../eval/value.ts";
import { closestName } from "../lint/suggestion.ts";
import { UserError } from "../lint/user-error.ts";

export function readAttrPath(text: string): readonly string[] {
  const names = parseAttrPath(text);
  if (names === null) throw new UserError(`\`${text}\` is no attrpath`, 'names with dots need quotes: a."b.c".d');
  return names;
}

/** Numbers select from lists. What is not there is an error with the nearest name. */
export function selectAttrPath(root: Value, path: readonly string[]): Value {
  let value = root;
  for (const name of path) {
    if (value instanceof Unknown) return value;
    value = selectOne(value, name);
  }
  return value;
}

function selectOne(value: Value, name: string): Value {
  if (value instanceof List && /^\d+$/.test(name)) {
    const element = value.elements[Number(name)];
    if (element !== undefined && value.rest === null) return force(element);
    return value.rest ?? evalError(`the list has ${value.elements.length} elements, none at index ${name}`);
  }
  if (!(value instanceof Attrs)) return evalError(`cannot select \`${name}\` from a ${typeName(value)}`);
  const attr = value.lookup(name);
  if (attr !== undefined) return force(attr.value);
  if (value.rest !== null) return value.rest;
  const closest = closestName(name, value.entries.keys());
  return evalError(`attribute \`${name}\` missing${closest === null ? "" : `; did you mean \`${closest}\`?`}`);
}
