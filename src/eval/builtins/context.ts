// String contexts as programs see them. Without a store nixlint keeps none; a hole in a string that stands for a store
// path is what shows of one then.

import type { Span } from "../../source/span.ts";
import { interpolate } from "../coerce.ts";
import { addContext, type Context, readText, withContext } from "../context.ts";
import { compareText } from "../equality.ts";
import { argument, define, expectAttrs, expectBool, expectList, expectString, expectText } from "../native.ts";
import { isStorePath } from "../store-path.ts";
import { force } from "../thunk.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import {
  Attr,
  Attrs,
  attrsOf,
  type Builtin,
  emptyAttrs,
  type Lazy,
  List,
  PartialString,
  type Value,
} from "../value.ts";
import { sortedNames } from "./attrs.ts";

/** Whether the text refers to the store: for sure, not at all, or the hole that leaves it open. */
function hasContext(text: string | PartialString): boolean | Unknown {
  if (typeof text === "string") return false;
  const known = readText(text);
  if (!(known instanceof Unknown)) return known.context.size > 0;
  return isError(known) ? known : text.parts.some((part) => isStoreHole(part)) || text.hole;
}

function isStoreHole(part: string | Unknown): boolean {
  return part instanceof Unknown && part.storePathOf !== null;
}

/** A builtin that gives its argument as text, with another context where that is known. */
function defineChange(name: string, change: (text: string, context: Context) => Value): Builtin {
  return define(name, 1, (args, at) => {
    const text = interpolate(force(argument(args, 0)), at);
    if (text instanceof Unknown) return isError(text) ? text : new PartialString([text]);
    const known = readText(text);
    if (known instanceof Unknown) return isError(known) ? known : text;
    return change(known.text, known.context);
  });
}

/** A reference to a derivation with all that it needs becomes one to the derivation's file. */
function withoutOutputs(context: Context): Context {
  return new Set([...context].map((reference) => reference.replace(/^=/, "")));
}

/** The opposite, for text that refers to exactly one derivation. */
function withOutputs(text: string, context: Context): Value {
  const [reference = ""] = context;
  if (context.size !== 1) return evalError(`the string \`${text}\` must refer to exactly one store path`);
  if (reference.startsWith("=")) return withContext({ text, context });
  if (reference.startsWith("!"))
    return evalError("`addDrvOutputDependencies` needs a derivation, not one of its outputs");
  if (!reference.endsWith(".drv")) return evalError(`the path \`${reference}\` is not a derivation`);
  return withContext({ text, context: new Set([`=${reference}`]) });
}

/** A reference taken apart: what it refers to, and the attr that says so. */
function splitReference(reference: string): readonly [path: string, output: string | null, deep: boolean] {
  if (reference.startsWith("=")) return [reference.slice(1), null, true];
  const output = /^!([^!]*)!(.*)$/s.exec(reference);
  return output ? [output[2] ?? "", output[1] ?? "", false] : [reference, null, false];
}

function getContext(text: string | PartialString): Value {
  if (typeof text === "string") return emptyAttrs;
  const known = readText(text);
  if (known instanceof Unknown) return isError(known) ? known : new Attrs(new Map(), text.hole);
  const found = new Map<string, { path?: true; allOutputs?: true; outputs: string[] }>();
  for (const reference of known.context) {
    const [path, output, deep] = splitReference(reference);
    const info = found.get(path) ?? { outputs: [] };
    found.set(path, info);
    if (output !== null) info.outputs.push(output);
    else if (deep) info.allOutputs = true;
    else info.path = true;
  }
  return new Attrs(new Map([...found].map(([path, info]) => [path, new Attr(describe(info))])));
}

function describe({ outputs, ...flags }: { path?: true; allOutputs?: true; outputs: string[] }): Attrs {
  return attrsOf(outputs.length > 0 ? { ...flags, outputs: new List(outputs.sort(compareText)) } : flags);
}

/** The references that a set as `getContext` gives it describes. */
function readContext(described: Attrs, at: Span | null): Context | Unknown {
  const context = new Set<string>();
  for (const path of sortedNames(described)) {
    if (!isStorePath(path)) return evalError(`the context \`${path}\` is not a store path`, at);
    const info = expectAttrs(described.entries.get(path)?.value ?? null, at);
    if (info instanceof Unknown) return info;
    const references = referencesTo(path, info, at);
    if (references instanceof Unknown) return references;
    for (const reference of references) context.add(reference);
  }
  return described.rest ?? context;
}

function referencesTo(path: string, info: Attrs, at: Span | null): readonly string[] | Unknown {
  const [isPath, isDeep] = [switchOf(info, "path", at), switchOf(info, "allOutputs", at)];
  if (isPath instanceof Unknown) return isPath;
  if (isDeep instanceof Unknown) return isDeep;
  const outputs = outputsOf(info.lookup("outputs")?.value, at);
  if (outputs instanceof Unknown) return outputs;
  if ((isDeep || outputs.length > 0) && !path.endsWith(".drv")) {
    return evalError(`outputs of \`${path}\` cannot be referred to: it is not a derivation`, at);
  }
  return [...(isPath ? [path] : []), ...(isDeep ? [`=${path}`] : []), ...outputs.map((output) => `!${output}!${path}`)];
}

function switchOf(info: Attrs, name: string, at: Span | null): boolean | Unknown {
  const attr = info.lookup(name);
  return attr === undefined ? false : expectBool(attr.value, at);
}

function outputsOf(given: Lazy | undefined, at: Span | null): readonly string[] | Unknown {
  const names: string[] = [];
  const list = given === undefined ? null : expectList(given, at);
  if (list instanceof Unknown) return list;
  for (const element of list?.elements ?? []) {
    const name = expectString(element, at);
    if (name instanceof Unknown) return name;
    names.push(name);
  }
  return names;
}

function appendContext(text: string | PartialString, described: Attrs, at: Span | null): Value {
  const context = readContext(described, at);
  if (context instanceof Unknown) return isError(context) ? context : text;
  return addContext(text, context);
}

export const contextBuiltins: readonly Builtin[] = [
  defineChange("unsafeDiscardStringContext", (text) => text),
  defineChange("unsafeDiscardOutputDependency", (text, context) =>
    withContext({ text, context: withoutOutputs(context) }),
  ),
  defineChange("addDrvOutputDependencies", withOutputs),
  define("hasContext", 1, (args, at) => {
    const text = expectText(argument(args, 0), at);
    return text instanceof Unknown ? text : hasContext(text);
  }),
  define("getContext", 1, (args, at) => {
    const text = expectText(argument(args, 0), at);
    return text instanceof Unknown ? text : getContext(text);
  }),
  define("appendContext", 2, (args, at) => {
    const text = expectText(argument(args, 0), at);
    if (text instanceof Unknown) return text;
    const context = expectAttrs(argument(args, 1), at);
    if (context instanceof Unknown) return isError(context) ? context : text;
    return appendContext(text, context, at);
  }),
];
