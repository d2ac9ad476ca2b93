// Forcing everything below a value, as `deepSeq` and strict printing do.

import { nested } from "./budget.ts";
import { withoutContext } from "./context.ts";
import { force } from "./thunk.ts";
import { isError, Unknown } from "./unknown.ts";
import { Attrs, type Lazy, List, PartialString } from "./value.ts";

/** Forces the value and all that is in it. Gives the first error met, null when there is none; never loops. */
export function forceDeep(lazy: Lazy): Unknown | null {
  return forceBelow(lazy, new Set());
}

function forceBelow(lazy: Lazy, seen: Set<object>): Unknown | null {
  const value = force(lazy);
  if (value instanceof Unknown) return isRefused(value) ? value : null;
  if (value instanceof PartialString) return problemOfText(value);
  if (!(value instanceof List || value instanceof Attrs) || seen.has(value)) return null;
  seen.add(value);
  return nested(() => {
    const children = value instanceof List ? value.elements : certainValues(value, seen);
    for (const child of children) {
      const problem = forceBelow(child, seen);
      if (problem) return problem;
    }
    // What is only possibly there may fail without the whole failing.
    if (value instanceof List) for (const child of value.possible) forceBelow(child, seen);
    return value.rest && isRefused(value.rest) ? value.rest : null;
  });
}

/** What Nix fails with for sure. */
function isRefused(value: Unknown): boolean {
  return isError(value) || value.reason === "recursion";
}

/** The error in what the text's holes stand for. */
function problemOfText(text: PartialString): Unknown | null {
  const known = withoutContext(text);
  return known instanceof Unknown && isRefused(known) ? known : null;
}

/** The values of the attrs that are certainly there; those of the others are forced, and may fail. */
function certainValues(attrs: Attrs, seen: Set<object>): Lazy[] {
  const certain: Lazy[] = [];
  for (const attr of attrs.entries.values()) {
    if (attr.maybe === null) certain.push(attr.value);
    else forceBelow(attr.value, seen);
  }
  return certain;
}
