// Reading attrs, with what may be missing told apart from what is missing.

import type { Span } from "../source/span.ts";
import { recordRead } from "./reads.ts";
import { force } from "./thunk.ts";
import { evalError, Unknown } from "./unknown.ts";
import { type Attr, Attrs, type Lazy, typeName, type Value } from "./value.ts";

/** `value.name`: the attr's lazy value, or an `Unknown` that says why there is none. */
export function selectAttr(value: Value, name: string, at: Span | null): Lazy {
  if (value instanceof Attrs) {
    const attr = readAttr(value, name);
    if (attr !== undefined) return attr.value;
    if (value.rest !== null) return missingInOpen(value.rest, name);
    const path = value.tag?.optionPath;
    return evalError(`attribute \`${name}\` missing`, at, path && { optionPath: [...path, name] });
  }
  if (value instanceof Unknown) return missingInOpen(value, name);
  return evalError(`expected a set but found ${typeName(value)}`, at);
}

/** As `selectAttr`, but undefined where Nix takes the `or` branch: a closed set without the attr, or no set at all. */
export function selectOrUndefined(value: Value, name: string): Lazy | undefined {
  if (value instanceof Attrs) {
    const attr = readAttr(value, name);
    if (attr !== undefined) return attr.value;
    return value.rest === null ? undefined : missingInOpen(value.rest, name);
  }
  return value instanceof Unknown ? missingInOpen(value, name) : undefined;
}

function readAttr(attrs: Attrs, name: string): Attr | undefined {
  const attr = attrs.lookup(name);
  if (attr !== undefined && attrs.tag !== null) recordRead(attr);
  return attr;
}

/** The unknown below an unknown: the same reason, one step further down when it is an option. */
function missingInOpen(rest: Unknown, name: string): Unknown {
  if (rest.optionPath === null) return rest;
  return new Unknown(rest.reason, rest.message, rest.span, {
    optionPath: [...rest.optionPath, name],
    ...(rest.input === null ? {} : { input: rest.input, isPublished: rest.isPublished }),
  });
}

/** `value ? a.b`: true, false, or the reason why it cannot be said. */
export function hasAttrPath(value: Value, names: readonly string[]): boolean | Unknown {
  let current = value;
  let undecided: Unknown | null = null;
  for (const [index, name] of names.entries()) {
    if (current instanceof Unknown) return current;
    if (!(current instanceof Attrs)) return false;
    const attr = current.lookup(name);
    if (attr === undefined) return current.rest ?? false;
    undecided ??= attr.maybe;
    if (index < names.length - 1) current = force(attr.value);
  }
  return undecided ?? true;
}
