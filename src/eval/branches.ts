// A value that depends on something unknown: what both branches agree on is known, the rest is "maybe".

import { force, lazily } from "./thunk.ts";
import { isError, Unknown } from "./unknown.ts";
import { Attr, Attrs, joinText, type Lazy, List, PartialString, type Value } from "./value.ts";

/**
 * The value of `if condition then a else b` for an unknown condition. An error in the condition stays an error; a
 * branch that fails for sure is not the one taken.
 */
export function joinBranches(condition: Unknown, a: Lazy, b: Lazy): Lazy {
  if (condition.reason === "error" || a === b) return condition.reason === "error" ? condition : a;
  const left = force(a);
  const right = force(b);
  if (isError(left)) return right;
  if (isError(right)) return left;
  return joinValues(condition, left, right);
}

function joinValues(condition: Unknown, a: Value, b: Value): Value {
  if (a === b) return a;
  if (a instanceof Attrs && b instanceof Attrs) return joinAttrs(condition, a, b);
  if (a instanceof List && b instanceof List) return joinLists(condition, a, b);
  if (isText(a) && isText(b)) return joinStrings(condition, a, b);
  return condition;
}

function isText(value: Value): value is string | PartialString {
  return typeof value === "string" || value instanceof PartialString;
}

function joinAttrs(condition: Unknown, a: Attrs, b: Attrs): Value {
  if (isTagged(a) || isTagged(b)) return condition;
  const entries = new Map<string, Attr>();
  for (const [name, attr] of a.entries) {
    const other = b.entries.get(name);
    if (other === undefined) entries.set(name, new Attr(attr.value, attr.span, attr.maybe ?? condition));
    else entries.set(name, joinAttr(condition, attr, other));
  }
  for (const [name, attr] of b.entries) {
    if (!entries.has(name)) entries.set(name, new Attr(attr.value, attr.span, attr.maybe ?? condition));
  }
  return new Attrs(entries, a.rest ?? b.rest);
}

/** Derivations, option types and the like are not mixed attr by attr. */
function isTagged(attrs: Attrs): boolean {
  return attrs.tag !== null || attrs.entries.has("_type");
}

function joinAttr(condition: Unknown, a: Attr, b: Attr): Attr {
  const value = lazily(() => force(joinBranches(condition, a.value, b.value)));
  return new Attr(value, a.span ?? b.span, a.maybe ?? b.maybe);
}

function joinLists(condition: Unknown, a: List, b: List): Value {
  let common = 0;
  while (common < a.elements.length && common < b.elements.length && same(a.elements[common], b.elements[common])) {
    common++;
  }
  if (common === a.elements.length && common === b.elements.length && !a.rest && !b.rest) return a;
  const possible = [...a.elements.slice(common), ...a.possible, ...b.elements.slice(common), ...b.possible];
  return new List(a.elements.slice(0, common), condition, possible);
}

function same(a: Lazy | undefined, b: Lazy | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a === b) return true;
  const left = force(a);
  return left === force(b) && !(left instanceof Unknown);
}

function joinStrings(condition: Unknown, a: string | PartialString, b: string | PartialString): Value {
  const [first, second] = [prefixOf(a), prefixOf(b)];
  let start = 0;
  while (start < first.length && first[start] === second[start]) start++;
  const [firstTail, secondTail] = [
    suffixOf(a).slice(typeof a === "string" ? start : 0),
    suffixOf(b).slice(typeof b === "string" ? start : 0),
  ];
  let end = 0;
  while (end < Math.min(firstTail.length, secondTail.length) && firstTail.at(-1 - end) === secondTail.at(-1 - end))
    end++;
  return joinText([first.slice(0, start), condition, end === 0 ? "" : firstTail.slice(-end)]);
}

function prefixOf(text: string | PartialString): string {
  return typeof text === "string" ? text : text.prefix;
}

function suffixOf(text: string | PartialString): string {
  return typeof text === "string" ? text : text.suffix;
}
