// The values of Nix, with three that Nix does not have: the unknown, the open collection and the partial string.
//
// Scalars are JavaScript's own: `null`, booleans, `bigint` for integers (64 bit), `number` for floats, `string` for
// strings known to the last character. Everything else is one of the classes below. A `Lazy` is a value or a thunk
// that will become one; only `force` turns the one into the other.

import type { Span } from "../source/span.ts";
import type { LambdaExpr } from "../syntax/ast.ts";
import { payForElements, payForText } from "./budget.ts";
import type { Store } from "./store.ts";
import type { Scope, Thunk } from "./thunk.ts";
import type { Unknown } from "./unknown.ts";

export type Scalar = null | boolean | bigint | number | string;
export type Value = Scalar | PartialString | NixPath | List | Attrs | Lambda | Builtin | Unknown;
export type Lazy = Value | Thunk;

/** A path value: absolute, normalised, in the file system being read. */
export class NixPath {
  readonly kind = "path";
  readonly path: string;
  /** Where evaluation has one, what says how the path's copy in the store is called. */
  readonly store: Store | null;

  constructor(path: string, store: Store | null = null) {
    this.path = path;
    this.store = store;
  }
}

/**
 * Text with holes. `parts` has at least one hole; adjacent texts are joined. Build it with `joinText`, which gives a
 * plain string when nothing is missing.
 */
export class PartialString {
  readonly kind = "partial-string";
  readonly parts: readonly (string | Unknown)[];

  constructor(parts: readonly (string | Unknown)[]) {
    this.parts = parts;
  }

  /** What is known of the beginning; "" when it starts with a hole. */
  get prefix(): string {
    const first = this.parts[0];
    return typeof first === "string" ? first : "";
  }

  get suffix(): string {
    const last = this.parts.at(-1);
    return typeof last === "string" ? last : "";
  }

  /** The first hole: why this is not a plain string. */
  get hole(): Unknown {
    for (const part of this.parts) if (typeof part !== "string") return part;
    throw new Error("a partial string without a hole");
  }
}

/**
 * `elements` are certainly there, in this order. An open list has a `rest`: there may be more, anywhere, and
 * `possible` holds those among them that are known (the `x` of `optional unknown x`).
 */
export class List {
  readonly kind = "list";
  readonly elements: readonly Lazy[];
  readonly rest: Unknown | null;
  readonly possible: readonly Lazy[];

  constructor(elements: readonly Lazy[], rest: Unknown | null = null, possible: readonly Lazy[] = []) {
    this.elements = elements;
    this.rest = rest;
    this.possible = possible;
  }
}

/**
 * One attr. `span` is the attrpath (or inherited name) that defined it, carried along by everything that maps or
 * merges sets. `maybe` is the reason why the attr is only possibly there.
 */
export class Attr {
  readonly value: Lazy;
  readonly span: Span | null;
  readonly maybe: Unknown | null;

  constructor(value: Lazy, span: Span | null = null, maybe: Unknown | null = null) {
    this.value = value;
    this.span = span;
    this.maybe = maybe;
  }
}

/** What a layer above evaluation knows of a set: that it is a derivation, an option type, a part of a host's config. */
export interface Tag {
  readonly kind: string;
  /** The option that the set is the value of, where what is missing in it is worth naming. */
  readonly optionPath?: readonly string[];
}

/** What a supply says of a name that is not among the entries either: they need not be enumerated to know. */
export const absent: unique symbol = Symbol("absent");

/** What an open set knows of names beyond its entries. Pure; asked at most once for a name. */
export type Supply = (name: string) => Lazy | Attr | undefined | typeof absent;

export type Entries = ReadonlyMap<string, Attr>;

/**
 * An open attrset has a `rest`: attrs that are not among `entries` may exist all the same, and reading one gives what
 * `supply` knows, else the rest. Entries may be computed when they are first enumerated; a set that does so has a
 * `supply` that answers for single names without enumerating.
 */
export class Attrs {
  readonly kind = "attrs";
  readonly rest: Unknown | null;
  readonly tag: Tag | null;
  private known: Entries | (() => Entries);
  private readonly supply: Supply | null;
  /** Attrs that `supply` has given, so that one name is one value. */
  private supplied: Map<string, Attr | undefined | typeof absent> | null = null;

  constructor(
    entries: Entries | (() => Entries),
    rest: Unknown | null = null,
    tag: Tag | null = null,
    supply: Supply | null = null,
  ) {
    this.known = entries;
    this.rest = rest;
    this.tag = tag;
    this.supply = supply;
  }

  /** The known attrs, in the order they were made. */
  get entries(): Entries {
    if (typeof this.known === "function") this.known = this.known();
    return this.known;
  }

  /** The attr, known or supplied. Undefined: absent when the set is closed, not known when it is open. */
  lookup(name: string): Attr | undefined {
    if (this.supply === null) return this.entries.get(name);
    const entry = typeof this.known === "function" ? undefined : this.known.get(name);
    if (entry !== undefined) return entry;
    const asked = this.ask(name, this.supply);
    return asked === absent ? undefined : (asked ?? this.entries.get(name));
  }

  private ask(name: string, supply: Supply): Attr | undefined | typeof absent {
    this.supplied ??= new Map();
    if (this.supplied.has(name)) return this.supplied.get(name);
    const given = supply(name);
    const attr = given === undefined || given === absent || given instanceof Attr ? given : new Attr(given);
    this.supplied.set(name, attr);
    return attr;
  }

  /** The same set with other known attrs; openness and supply stay, the tag does not. */
  withEntries(entries: Entries, rest: Unknown | null = this.rest): Attrs {
    return new Attrs(entries, rest, null, this.supply);
  }

  /** The same attrs under another tag. */
  withTag(tag: Tag | null): Attrs {
    return new Attrs(this.known, this.rest, tag, this.supply);
  }
}

export class Lambda {
  readonly kind = "lambda";
  readonly expr: LambdaExpr;
  readonly scope: Scope;

  constructor(expr: LambdaExpr, scope: Scope) {
    this.expr = expr;
    this.scope = scope;
  }
}

/** What a native function is called with: as many arguments as its arity, unforced, and the place of the call. */
export type NativeFunction = (args: readonly Lazy[], at: Span | null) => Value;

/** A native function, possibly with some of its arguments already given. */
export class Builtin {
  readonly kind = "builtin";
  readonly name: string;
  readonly arity: number;
  readonly run: NativeFunction;
  readonly applied: readonly Lazy[];

  constructor(name: string, arity: number, run: NativeFunction, applied: readonly Lazy[] = []) {
    this.name = name;
    this.arity = arity;
    this.run = run;
    this.applied = applied;
  }
}

export const emptyAttrs = new Attrs(new Map());
export const emptyList = new List([]);

/** A closed attrset of plain JavaScript entries, without spans. */
export function attrsOf(entries: Readonly<Record<string, Lazy>>): Attrs {
  const attrs = new Map<string, Attr>();
  for (const name in entries) attrs.set(name, new Attr(entries[name] as Lazy));
  return new Attrs(attrs);
}

const maxParts = 10_000;

/** Joins text and holes into a string, plain when nothing is missing. */
export function joinText(parts: readonly (string | Unknown | PartialString)[]): string | PartialString {
  const joined: (string | Unknown)[] = [];
  payForElements(parts.length);
  for (const part of parts) {
    for (const piece of part instanceof PartialString ? part.parts : [part]) {
      const last = joined.at(-1);
      if (piece === "") continue;
      if (typeof piece === "string" && typeof last === "string") joined[joined.length - 1] = joinPieces(last, piece);
      else joined.push(piece);
    }
  }
  if (joined.length === 0) return "";
  const [only] = joined;
  if (joined.length === 1 && typeof only === "string") return only;
  const text = new PartialString(joined);
  // Of text with that many holes, what is known is worth less than it costs.
  return joined.length > maxParts ? new PartialString([text.hole]) : text;
}

function joinPieces(first: string, second: string): string {
  payForText(second.length, first.length + second.length);
  return first + second;
}

/** The word Nix uses for a value's type in `builtins.typeOf` and error messages. */
export function typeName(value: Value): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "float";
  if (typeof value === "string") return "string";
  switch (value.kind) {
    case "partial-string":
      return "string";
    case "path":
      return "path";
    case "list":
      return "list";
    case "attrs":
      return "set";
    case "lambda":
    case "builtin":
      return "lambda";
    case "unknown":
      return "unknown";
  }
}
