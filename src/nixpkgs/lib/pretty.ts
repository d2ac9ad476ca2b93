// lib.generators: Nix values as Nix shows them to people, and how deep one goes into them.

import { nested } from "../../eval/budget.ts";
import { printFloat } from "../../eval/numbers.ts";
import { selectOrUndefined } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { evalError, thrownError, Unknown } from "../../eval/unknown.ts";
import { Attrs, joinText, type Lazy, List, NixPath, PartialString, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { listOfEntries, mapEntries, sortedEntries } from "./attr-entries.ts";
import { functionArgs } from "./function-values.ts";
import { mapList } from "./list-contents.ts";
import { isDerivation } from "./outputs.ts";
import { quoteIdentifier } from "./quoting.ts";
import { any, call, native, set, tableOf } from "./signature.ts";
import { concatPieces } from "./text-values.ts";

export const prettyFunctions = tableOf([
  native("toPretty", [set, any], ([settings, value], at) => {
    const read = (name: string, fallback: Value) => force(selectOrUndefined(settings, name) ?? fallback);
    const indent = read("indent", "");
    const layout = {
      multiline: read("multiline", true) === true,
      ownPretty: read("allowPrettyValues", false) === true,
      at,
    };
    return pretty(force(value), typeof indent === "string" ? indent : "", layout);
  }),
  native("withRecursion", [set, any], ([settings, value], at) => {
    const limit = force(selectOrUndefined(settings, "depthLimit") ?? evalError("no `depthLimit`", at));
    if (limit instanceof Unknown) return limit;
    const strict = force(selectOrUndefined(settings, "throwOnDepthLimit") ?? true) === true;
    return limitDepth(value, 0, {
      limit: typeof limit === "bigint" ? Number(limit) : Number.POSITIVE_INFINITY,
      strict,
      at,
    });
  }),
]);

interface Layout {
  readonly multiline: boolean;
  /** Whether `{ __pretty; val; }` shows itself. */
  readonly ownPretty: boolean;
  readonly at: Span | null;
}

/** The value as `toPretty { }` has it, for messages. */
export function showPretty(value: Value, at: Span | null): Value {
  return pretty(value, "", { multiline: true, ownPretty: false, at });
}

function pretty(value: Value, indent: string, layout: Layout): Value {
  if (value === null || typeof value === "boolean" || typeof value === "bigint") return `${value}`;
  if (typeof value === "number") return printFloat(value).includes(".") ? printFloat(value) : `${printFloat(value)}.0`;
  if (typeof value === "string" || value instanceof PartialString) return prettyText(value, indent, layout);
  if (value instanceof Unknown) return value;
  if (value instanceof NixPath) return value.path;
  if (value instanceof List) return nested(() => prettyList(value, indent, layout));
  if (!(value instanceof Attrs) || value.lookup("__functor")) return prettyFunction(value, layout);
  return prettyAttrs(value, indent, layout);
}

function spaces(indent: string, { multiline }: Layout) {
  return multiline ? { intro: `\n${indent}  `, outro: `\n${indent}` } : { intro: " ", outro: " " };
}

function prettyText(text: string | PartialString, indent: string, layout: Layout): Value {
  const parts = typeof text === "string" ? [text] : text.parts;
  const several = layout.multiline && parts.some((part) => typeof part === "string" && part.includes("\n"));
  if (!several)
    return joinText(['"', ...parts.map((part) => (typeof part === "string" ? escapeLine(part) : part)), '"']);
  const { intro, outro } = spaces(indent, layout);
  const lines = parts.map((part) => (typeof part === "string" ? escapeLines(part).replaceAll("\n", intro) : part));
  const last = lines.at(-1);
  if (typeof last === "string" && last.endsWith(intro)) {
    return joinText(["''", intro, ...lines.slice(0, -1), last.slice(0, -intro.length), outro, "''"]);
  }
  return joinText(["''", intro, ...lines, "''"]);
}

function escapeLine(text: string): string {
  return text.replaceAll(/\\|"|\$\{/g, "\\$&").replaceAll("\n", "\\n");
}

function escapeLines(text: string): string {
  return text.replaceAll(/\$\{|''/g, (one) => (one === "''" ? "'''" : "''${"));
}

function prettyList(list: List, indent: string, layout: Layout): Value {
  if (list.elements.length === 0) return list.rest ?? "[ ]";
  const { intro, outro } = spaces(indent, layout);
  const elements = list.elements.flatMap((element) => [intro, pretty(force(element), `${indent}  `, layout)]);
  return concatPieces(["[", ...elements, ...(list.rest === null ? [] : [list.rest]), outro, "]"], layout.at);
}

function prettyFunction(value: Value, { at }: Layout): Value {
  const args = functionArgs(value, at);
  if (!(args instanceof Attrs)) return "<function>";
  const names = sortedEntries(args).map(([name, attr]) => (force(attr.value) === true ? `${name}?` : name));
  return names.length === 0 ? "<function>" : `<function, args: {${names.join(", ")}}>`;
}

function prettyAttrs(attrs: Attrs, indent: string, layout: Layout): Value {
  const [own, shown] = [attrs.lookup("__pretty"), attrs.lookup("val")];
  if (layout.ownPretty && own && shown) return call(own.value, [shown.value], layout.at);
  if (isDerivation(attrs) === true) {
    return concatPieces(["<derivation ", force(selectOrUndefined(attrs, "name") ?? "???"), ">"], layout.at);
  }
  if (attrs.entries.size === 0) return attrs.rest ?? "{ }";
  const { intro, outro } = spaces(indent, layout);
  const lines = listOfEntries(attrs, (name, attr) =>
    lazily(() => {
      const value = pretty(force(attr.value), `${indent}  `, layout);
      return concatPieces([intro, `${quoteIdentifier(name)} = `, value, ";"], layout.at);
    }),
  );
  const rest = lines.rest === null ? [] : [lines.rest];
  return concatPieces(["{", ...lines.elements.map(force), ...rest, outro, "}"], layout.at);
}

/** Attrs that functions and conversions go by; they are left alone. */
const specialAttrs = new Set(["__functor", "__functionArgs", "__toString", "__pretty"]);

interface Depth {
  readonly limit: number;
  readonly strict: boolean;
  readonly at: Span | null;
}

function limitDepth(lazy: Lazy, depth: number, bounds: Depth): Value {
  const next = (inner: Lazy) => lazily(() => limitDepth(tooDeep(depth + 1, bounds) ?? inner, depth + 1, bounds));
  const value = force(lazy);
  if (value instanceof Attrs) return mapEntries(value, (name, inner) => (specialAttrs.has(name) ? inner : next(inner)));
  if (value instanceof List) return mapList(value, next);
  return tooDeep(depth + 1, bounds) ?? value;
}

function tooDeep(depth: number, { limit, strict, at }: Depth): Value | undefined {
  if (depth <= limit) return undefined;
  return strict ? thrownError(`Exceeded maximum eval-depth limit of ${limit}`, at) : "<unevaluated>";
}
