// Values as text: as `nix-instantiate --eval` prints them (Nix 2.34), with `--strict`, and with `--json`. What is not
// known is printed as `«unknown: …»`, inside strings too.

import { nested } from "./budget.ts";
import { compareText } from "./equality.ts";
import { forceDeep } from "./force-deep.ts";
import { toJson } from "./json-writer.ts";
import { printFloat } from "./numbers.ts";
import { Thunk } from "./thunk.ts";
import { Unknown } from "./unknown.ts";
import { Attrs, Builtin, Lambda, type Lazy, List, NixPath, PartialString, type Value } from "./value.ts";

/** The value as far as it has been computed; thunks that nobody forced are `<CODE>`. */
export function show(value: Value): string {
  const pieces: string[] = [];
  showValue(value, { pieces, seen: new Set(), strict: false });
  return pieces.join("");
}

/** The value forced to the end. An error inside is the result, as Nix then prints nothing else. */
export function showStrict(value: Value): string | Unknown {
  const problem = forceDeep(value);
  if (problem) return problem;
  const pieces: string[] = [];
  showValue(value, { pieces, seen: new Set(), strict: true });
  return pieces.join("");
}

/** Valid JSON; the error where Nix has one. Unknown values are strings, the rest of a set an attr of its own. */
export function showJson(value: Value): string | Unknown {
  const text = toJson(value, null, {
    value: (unknown) => ['"', unknown, '"'],
    rest: (unknown, inSet) => (inSet ? ['"«rest»":"', unknown, '"'] : ['"', unknown, '"']),
  });
  if (!(text instanceof PartialString)) return text;
  return knownParts(text)
    .map((part) => (typeof part === "string" ? part : jsonHole(part)))
    .join("");
}

function jsonHole(unknown: Unknown): string {
  return JSON.stringify(showUnknown(unknown)).slice(1, -1);
}

export function showUnknown(unknown: Unknown): string {
  return `«unknown: ${unknown.reason} ${unknown.message}»`;
}

/** Text for people: holes as `«…»`. */
export function renderText(text: string | PartialString | Unknown): string {
  if (typeof text === "string") return text;
  if (text instanceof Unknown) return showUnknown(text);
  return knownParts(text)
    .map((part) => (typeof part === "string" ? part : showUnknown(part)))
    .join("");
}

interface Printer {
  readonly pieces: string[];
  /** Sets and lists that have been printed: only their first occurrence is written out. */
  readonly seen: Set<object>;
  /** Everything has been forced. */
  readonly strict: boolean;
}

/** `cell` is what a list is recognised by when it is met again: the place it is in, as in Nix. */
function showValue(value: Value, printer: Printer, cell: object | null = null): void {
  if (value instanceof List) showCollection(value, value.elements.length, printer, showList, cell ?? value);
  else if (value instanceof Attrs) showCollection(value, value.entries.size, printer, showAttrs);
  else printer.pieces.push(showAtom(value));
}

function showAtom(value: Exclude<Value, List | Attrs>): string {
  if (typeof value === "string") return quoteString(value);
  if (typeof value === "number") return printFloat(value);
  if (value === null || typeof value !== "object") return String(value);
  if (value instanceof PartialString) return showPartial(value);
  if (value instanceof NixPath) return value.path;
  if (value instanceof Lambda) return "<LAMBDA>";
  if (value instanceof Builtin) return value.applied.length > 0 ? "<PRIMOP-APP>" : "<PRIMOP>";
  return showUnknown(value);
}

function showCollection<T extends List | Attrs>(
  value: T,
  size: number,
  printer: Printer,
  print: (value: T, printer: Printer) => void,
  identity: object = value,
): void {
  if (size > 0 && printer.seen.has(identity)) {
    printer.pieces.push("«repeated»");
    return;
  }
  printer.seen.add(identity);
  const stop = nested(() => print(value, printer));
  if (stop instanceof Unknown) printer.pieces.push(showUnknown(stop));
}

function showList(list: List, printer: Printer): void {
  const { pieces } = printer;
  pieces.push("[ ");
  for (const element of list.elements) {
    showLazy(element, printer);
    pieces.push(" ");
  }
  for (const element of list.possible) {
    showLazy(element, printer);
    pieces.push(" /* maybe */ ");
  }
  if (list.rest) pieces.push(showUnknown(list.rest), " ");
  pieces.push("]");
}

function showAttrs(attrs: Attrs, printer: Printer): void {
  const { pieces } = printer;
  pieces.push("{ ");
  for (const name of [...attrs.entries.keys()].sort(compareText)) {
    const attr = attrs.entries.get(name);
    pieces.push(`${showAttrName(name)} = `);
    if (attr) showLazy(attr.value, printer);
    pieces.push(attr?.maybe ? ` /* maybe */; ` : "; ");
  }
  if (attrs.rest) pieces.push(`${showUnknown(attrs.rest)} `);
  pieces.push("}");
}

/** A nested value; Nix keeps functions suspended until somebody asks for them. */
function showLazy(lazy: Lazy, printer: Printer): void {
  const value = lazy instanceof Thunk ? lazy.known : lazy;
  if (value === undefined || (value instanceof Lambda && !printer.strict && !(lazy instanceof Thunk))) {
    printer.pieces.push("<CODE>");
  } else showValue(value, printer, lazy instanceof Thunk ? lazy : null);
}

/** A string literal that Nix reads back as the text. */
export function quoteString(text: string): string {
  return `"${escapeString(text)}"`;
}

function showPartial(text: PartialString): string {
  return `"${knownParts(text)
    .map((part) => (typeof part === "string" ? escapeString(part) : showUnknown(part)))
    .join("")}"`;
}

/** The parts of the text, the holes that can be filled filled. */
function knownParts(text: PartialString): readonly (string | Unknown)[] {
  return text.parts.map((part) => {
    const known = typeof part === "string" ? undefined : part.contextText?.read();
    return known === undefined || known instanceof Unknown ? (known ?? part) : known.text;
  });
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeString(text: string): string {
  return text.replace(/["\\\n\r\t]|\$(?=\{)/g, (character) => escapes[character] ?? `\\${character}`);
}

const keywords = new Set(["if", "then", "else", "assert", "with", "let", "in", "rec", "inherit"]);

export function showAttrName(name: string): string {
  return /^[A-Za-z_][0-9A-Za-z_'-]*$/.test(name) && !keywords.has(name) ? name : quoteString(name);
}
