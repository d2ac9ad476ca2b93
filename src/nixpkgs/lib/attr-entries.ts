// Walking over sets and building new ones, so that spans and what is only possibly there survive.

import { joinBranches } from "../../eval/branches.ts";
import { compareText } from "../../eval/equality.ts";
import { expectAttrs, expectText } from "../../eval/native.ts";
import { operate } from "../../eval/operators.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { evalError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, emptyAttrs, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";

/** The known attrs in the order in which Nix lists them. */
export function sortedEntries(attrs: Attrs): readonly (readonly [string, Attr])[] {
  return [...attrs.entries].sort(([a], [b]) => compareText(a, b));
}

/** The same names with other values; spans, doubts and openness stay. */
export function mapEntries(attrs: Attrs, make: (name: string, value: Lazy) => Lazy): Attrs {
  const entries = new Map<string, Attr>();
  for (const [name, attr] of attrs.entries) {
    entries.set(name, new Attr(make(name, attr.value), attr.span, attr.maybe));
  }
  const supply = (name: string) => {
    const attr = attrs.lookup(name);
    return attr === undefined ? undefined : make(name, attr.value);
  };
  return new Attrs(entries, attrs.rest, null, attrs.rest === null ? null : supply);
}

/** One element per attr. */
export function listOfEntries(attrs: Attrs, make: (name: string, attr: Attr) => Lazy): List {
  const collected = new Collected();
  collected.leaveOpen(attrs.rest);
  for (const [name, attr] of sortedEntries(attrs)) collected.add(make(name, attr), attr.maybe);
  return collected.toList();
}

/** A list in the making, whose elements may be in doubt. */
export class Collected {
  private readonly elements: Lazy[] = [];
  private readonly possible: Lazy[] = [];
  private rest: Unknown | null = null;

  add(element: Lazy, maybe: Unknown | null = null): void {
    this.rest ??= maybe;
    (maybe === null ? this.elements : this.possible).push(element);
  }

  /** Appends all of a list; with a doubt, all of it is only possible. */
  addAll(list: List, maybe: Unknown | null = null): void {
    for (const element of list.elements) this.add(element, maybe);
    this.rest ??= list.rest;
    this.possible.push(...list.possible);
  }

  leaveOpen(cause: Unknown | null): void {
    this.rest ??= cause;
  }

  toList(): List {
    return new List(this.elements, this.rest, this.possible);
  }
}

/** A set in the making: the first attr of a name wins, as in `listToAttrs`. */
export class CollectedAttrs {
  private readonly entries = new Map<string, Attr>();
  private rest: Unknown | null = null;

  add(name: string, attr: Attr): void {
    const before = this.entries.get(name);
    if (before === undefined) this.entries.set(name, attr);
    else if (before.maybe !== null) this.entries.set(name, joinedAttr(before, before.maybe, attr));
  }

  /** Adds what `{ name, value }` says; gives the error when it is no such thing. */
  addPair(pair: Lazy, span: Span | null, maybe: Unknown | null, at: Span | null): Unknown | null {
    const attrs = expectAttrs(pair, at);
    if (attrs instanceof Unknown) return this.leaveOpen(attrs);
    const nameAttr = attrs.lookup("name");
    const value = attrs.lookup("value")?.value ?? attrs.rest ?? evalError("attribute `value` missing", at);
    if (nameAttr === undefined) return this.leaveOpen(attrs.rest ?? evalError("attribute `name` missing", at));
    const name = expectText(nameAttr.value, at);
    if (name instanceof Unknown) return this.leaveOpen(name);
    if (typeof name !== "string") return this.leaveOpen(name.hole);
    this.add(name, new Attr(value, span ?? attrs.lookup("value")?.span ?? nameAttr.span, maybe));
    return null;
  }

  /** There may be more; an error is given back, for it makes the whole set one. */
  leaveOpen(cause: Unknown | null): Unknown | null {
    if (cause?.reason === "error") return cause;
    this.rest ??= cause;
    return null;
  }

  toAttrs(): Attrs {
    return new Attrs(this.entries, this.rest);
  }
}

/** The attr that is `first` when its doubt turns out well, else `second`. */
function joinedAttr(first: Attr, doubt: Unknown, second: Attr): Attr {
  const value = lazily(() => force(joinBranches(doubt, first.value, second.value)));
  return new Attr(value, first.span, second.maybe);
}

/** `a // b // …` of parts of which some may not be there. */
export function mergeParts(
  parts: Iterable<readonly [Lazy, Unknown | null]>,
  rest: Unknown | null,
  at: Span | null,
): Value {
  let merged: Value = emptyAttrs;
  for (const [part, maybe] of parts) {
    const value = maybe === null ? part : joinBranches(maybe, part, emptyAttrs);
    merged = operate("//", merged, force(value), at);
    if (merged instanceof Unknown && merged.reason === "error") return merged;
  }
  return rest === null ? merged : operate("//", merged, rest, at);
}

/** The set with one attr more, or another one of that name. */
export function withAttr(attrs: Attrs, name: string, value: Lazy): Attrs {
  return attrs.withEntries(new Map(attrs.entries).set(name, new Attr(value)));
}
