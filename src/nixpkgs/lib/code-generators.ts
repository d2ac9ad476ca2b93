// lib.generators: values as Lua, Dhall and property lists.

import { formatFloat } from "../../eval/numbers.ts";
import { selectOrUndefined } from "../../eval/select.ts";
import { force } from "../../eval/thunk.ts";
import { evalError, thrownError, Unknown } from "../../eval/unknown.ts";
import { Attrs, joinText, type Lazy, List, NixPath, PartialString, typeName, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { sortedEntries } from "./attr-entries.ts";
import { isDerivation } from "./outputs.ts";
import { any, type CallBuiltin, coerced, type Functions, native, set, tableOf } from "./signature.ts";
import { mapCharacters } from "./text-edges.ts";
import { concatPieces } from "./text-values.ts";

export function codeGenerators(callBuiltin: CallBuiltin): Functions {
  const json = (value: Lazy, at: Span | null) => callBuiltin("toJSON", [value], at);
  return tableOf([
    native("toLua", [set, any], ([settings, value], at) => {
      const read = (name: string, fallback: Value) => force(selectOrUndefined(settings, name) ?? fallback);
      const indent = read("indent", "");
      const lua: Lua = { multiline: read("multiline", true) === true, json, at };
      const start = typeof indent === "string" ? indent : "";
      return read("asBindings", false) === true ? luaBindings(value, start, lua) : toLua(force(value), start, lua);
    }),
    native("toDhall", [any, any], ([, value], at) => toDhall(force(value), { json, at })),
    native("toPlist", [set, any], ([settings, value], at) => {
      const xml = force(selectOrUndefined(settings, "escape") ?? false) === true;
      const body = plist(force(value), "", { xml, at });
      return concatPieces([plistHead, body, "\n</plist>"], at);
    }),
  ]);
}

interface Writer {
  readonly json: (value: Lazy, at: Span | null) => Value;
  readonly at: Span | null;
}

interface Lua extends Writer {
  readonly multiline: boolean;
}

const luaName = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;

function luaBindings(lazy: Lazy, indent: string, lua: Lua): Value {
  const attrs = set.read(lazy, lua.at);
  if (attrs instanceof Unknown) return attrs;
  const wrong = [...attrs.entries.keys()].find((name) => !luaName.test(name));
  if (wrong !== undefined) return thrownError(`bad Lua variable name \`${wrong}\``, lua.at);
  const lines = sortedEntries(attrs).flatMap(([name, attr]) => [
    `${indent}${name} = `,
    toLua(force(attr.value), indent, lua),
    "\n",
  ]);
  return concatPieces(attrs.rest === null ? lines : [...lines, attrs.rest], lua.at);
}

function toLua(value: Value, indent: string, lua: Lua): Value {
  if (value instanceof Unknown) return value;
  if (value === null) return "nil";
  if (value instanceof List) {
    const items = value.elements.map((element) => [toLua(force(element), `${indent}  `, lua)]);
    return luaTable(items, indent, { ...lua, rest: value.rest });
  }
  const isPlace = value instanceof NixPath || isDerivation(value) === true;
  if (isPlace) {
    const text = coerced.read(value, lua.at);
    return text instanceof Unknown ? text : lua.json(text, lua.at);
  }
  if (value instanceof Attrs) return luaAttrs(value, indent, lua);
  if (typeof value !== "object" || value instanceof PartialString) return lua.json(value, lua.at);
  return evalError(`generators.toLua: type ${typeName(value)} is unsupported`, lua.at);
}

function luaAttrs(attrs: Attrs, indent: string, lua: Lua): Value {
  const type = selectOrUndefined(attrs, "_type");
  if (type !== undefined && force(type) === "lua-inline") {
    return concatPieces(["(", force(selectOrUndefined(attrs, "expr") ?? evalError("no `expr`", lua.at)), ")"], lua.at);
  }
  const items = sortedEntries(attrs).map(([name, attr]) => [
    "[",
    lua.json(name, lua.at),
    "] = ",
    toLua(force(attr.value), `${indent}  `, lua),
  ]);
  return luaTable(items, indent, { ...lua, rest: attrs.rest });
}

function luaTable(items: readonly Value[][], indent: string, lua: Lua & { readonly rest: Unknown | null }): Value {
  if (items.length === 0) return lua.rest ?? "{}";
  const { intro, outro } = lua.multiline
    ? { intro: `\n${indent}  `, outro: `\n${indent}` }
    : { intro: " ", outro: " " };
  const pieces = items.flatMap((item, index) => [index === 0 ? intro : `,${intro}`, ...item]);
  return concatPieces(["{", ...pieces, ...(lua.rest === null ? [] : [lua.rest]), outro, "}"], lua.at);
}

function toDhall(value: Value, writer: Writer): Value {
  const { at } = writer;
  if (value instanceof Unknown) return value;
  if (value === null) return evalError("generators.toDhall: cannot convert a null to Dhall", at);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return value < 0n ? `${value}` : `+${value}`;
  if (value instanceof List) {
    const items = value.elements.flatMap((element, index) => [
      index === 0 ? "" : ", ",
      toDhall(force(element), writer),
    ]);
    return concatPieces(["[ ", ...items, ...(value.rest === null ? [] : [value.rest]), " ]"], at);
  }
  if (!(value instanceof Attrs)) return writer.json(value, at);
  const items = sortedEntries(value).flatMap(([name, attr], index) => [
    `${index === 0 ? "" : ", "}${name} = `,
    toDhall(force(attr.value), writer),
  ]);
  return concatPieces(["{ ", ...items, ...(value.rest === null ? [] : [value.rest]), " }"], at);
}

const plistHead = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
`;

interface Plist {
  readonly xml: boolean;
  readonly at: Span | null;
}

const xmlEntities: Readonly<Record<string, string>> = { '"': "quot", "'": "apos", "<": "lt", ">": "gt", "&": "amp" };

function plist(value: Value, indent: string, writer: Plist): Value {
  if (value === null) return "";
  if (typeof value === "boolean") return `${indent}<${value}/>`;
  if (typeof value === "bigint") return `${indent}<integer>${value}</integer>`;
  if (typeof value === "number") return `${indent}<real>${formatFloat(value)}</real>`;
  if (value instanceof NixPath) return plistText("string", value.path, indent, writer);
  if (typeof value === "string" || value instanceof PartialString) return plistText("string", value, indent, writer);
  if (value instanceof List) {
    const items = value.elements.flatMap((element, index) => [
      index === 0 ? "" : "\n",
      plist(force(element), `\t${indent}`, writer),
    ]);
    return concatPieces(
      [`${indent}<array>\n`, ...items, ...(value.rest ? [value.rest] : []), `\n${indent}</array>`],
      writer.at,
    );
  }
  if (!(value instanceof Attrs)) {
    return value instanceof Unknown ? value : evalError(`generators.toPlist: type ${typeName(value)}`, writer.at);
  }
  return plistDict(value, indent, writer);
}

function plistDict(attrs: Attrs, indent: string, writer: Plist): Value {
  const lines: Value[] = [];
  for (const [name, attr] of sortedEntries(attrs)) {
    const value = force(attr.value);
    if (name === "_module" || value === null) continue;
    if (lines.length > 0) lines.push("\n");
    lines.push(plistText("key", name, `\t${indent}`, writer), "\n", plist(value, `\t${indent}`, writer));
  }
  const rest = attrs.rest === null ? [] : [attrs.rest];
  return concatPieces([`${indent}<dict>\n`, ...lines, ...rest, `\n${indent}</dict>`], writer.at);
}

function plistText(tag: string, text: string | PartialString, indent: string, { xml }: Plist): Value {
  const shown = xml
    ? mapCharacters(text, (part) => part.replaceAll(/["'<>&]/g, (one) => `&${xmlEntities[one]};`))
    : text;
  return joinText([`${indent}<${tag}>`, shown, `</${tag}>`]);
}
