// lib.generators: key-value and INI files. Nix values as code are in pretty.ts and code-generators.ts.

import { coerceToText } from "../../eval/coerce.ts";
import { expectBool } from "../../eval/native.ts";
import { selectOrUndefined } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { evalError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, type Lazy, List, typeName, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { Collected, listOfEntries, sortedEntries } from "./attr-entries.ts";
import { codeGenerators } from "./code-generators.ts";
import { gvariantOf } from "./gvariant.ts";
import { isDerivation } from "./outputs.ts";
import { prettyFunctions } from "./pretty.ts";
import {
  any,
  type CallBuiltin,
  call,
  callerOf,
  type Functions,
  known,
  native,
  set,
  string,
  tableOf,
  text,
} from "./signature.ts";
import { mapCharacters } from "./text-edges.ts";
import { concatPieces, isText } from "./text-values.ts";

export function generators(builtins: Attrs): Functions {
  const callBuiltin = callerOf(builtins);
  return {
    ...values,
    ...files(callBuiltin),
    ...prettyFunctions,
    ...codeGenerators(callBuiltin),
    ...tableOf([
      native("toJSON", [any, any], ([, value], at) => callBuiltin("toJSON", [value], at)),
      native("toYAML", [any, any], ([, value], at) => callBuiltin("toJSON", [value], at)),
    ]),
  };
}

const mkValueString = native("mkValueString", [known], ([value], at) => valueString(value, at));
const mkKeyValue = keyValue(mkValueString, "=");

const values = tableOf([
  native("mkValueStringDefault", [any, known], ([, value], at) => valueString(value, at)),
  native("mkKeyValueDefault", [set, string, text, any], ([settings, separator, key, value], at) => {
    const show = selectOrUndefined(settings, "mkValueString") ?? mkValueString;
    return call(keyValue(show, separator), [key, value], at);
  }),
  native("mkDconfKeyValue", [text, any], ([key, value], at) => call(dconfKeyValue, [key, value], at)),
  native("mkLuaInline", [any], ([expr]) => attrsOf({ _type: "lua-inline", expr })),
]);

const dconfKeyValue = keyValue(
  native("mkValueString", [any], ([value], at) => {
    return coerceToText(gvariantOf(value, at), at, { lenient: true, copyPaths: false });
  }),
  "=",
);

/** How one line is made: the functions that may be given, and the defaults. */
interface Layout {
  readonly keyValue: Lazy;
  readonly sectionName: Lazy;
  /** Whether a list is one line per element. */
  readonly duplicates: boolean;
  readonly indent: Lazy;
}

const sectionName = native("mkSectionName", [text], ([name]) => {
  return mapCharacters(name, (part) => part.replaceAll(/[[\]]/g, "\\$&"));
});

function files(callBuiltin: CallBuiltin): Functions {
  const join = (separator: string, xs: List, at: Span | null) => callBuiltin("concatStringsSep", [separator, xs], at);
  const lines = (layout: Layout, attrs: Attrs, at: Span | null): Value => {
    const collected = new Collected();
    collected.leaveOpen(attrs.rest);
    for (const [name, attr] of sortedEntries(attrs)) {
      const several = layout.duplicates ? force(attr.value) : null;
      const line = (value: Lazy) =>
        lazily(() => concatPieces([force(layout.indent), call(layout.keyValue, [name, value], at), "\n"], at));
      if (several instanceof List) several.elements.forEach((value) => void collected.add(line(value), attr.maybe));
      else collected.add(line(attr.value), attr.maybe);
      if (several instanceof List) collected.leaveOpen(several.rest);
    }
    return join("", collected.toList(), at);
  };
  const sections = (layout: Layout, attrs: Attrs, at: Span | null): Value => {
    const blocks = listOfEntries(attrs, (name, attr) =>
      lazily(() => {
        const section = set.read(attr.value, at);
        const body = section instanceof Unknown ? section : lines(layout, section, at);
        return concatPieces(["[", call(layout.sectionName, [name], at), "]\n", body], at);
      }),
    );
    return join("\n", blocks, at);
  };
  const ini = (settings: Attrs, attrs: Attrs, at: Span | null) => {
    const layout = layoutOf(settings, at);
    return layout instanceof Unknown ? layout : sections(layout, attrs, at);
  };
  return tableOf([
    native("toKeyValue", [set, set], ([settings, attrs], at) => {
      const layout = layoutOf(settings, at);
      return layout instanceof Unknown ? layout : lines(layout, attrs, at);
    }),
    native("toINI", [set, set], ([settings, attrs], at) => ini(settings, attrs, at)),
    native("toINIWithGlobalSection", [set, set], ([settings, parts], at) => {
      const layout = layoutOf(settings, at);
      if (layout instanceof Unknown) return layout;
      const global = set.read(selectOrUndefined(parts, "globalSection") ?? evalError("no `globalSection`", at), at);
      if (global instanceof Unknown) return global;
      const below = set.read(selectOrUndefined(parts, "sections") ?? attrsOf({}), at);
      if (below instanceof Unknown) return below;
      const isEmpty = global.entries.size === 0 && global.rest === null;
      const top = isEmpty ? [] : [lines(layout, global, at), "\n"];
      return concatPieces([...top, sections(layout, below, at)], at);
    }),
    native("toGitINI", [set], ([attrs], at) => {
      const flat = flattenGitSections(attrs, at);
      return flat instanceof Unknown ? flat : sections(gitLayout, flat, at);
    }),
    native("toDconfINI", [set], ([attrs], at) => ini(attrsOf({ mkKeyValue: dconfKeyValue }), attrs, at)),
  ]);
}

function layoutOf(settings: Attrs, at: Span | null): Layout | Unknown {
  const duplicates = expectBool(selectOrUndefined(settings, "listsAsDuplicateKeys") ?? false, at);
  if (duplicates instanceof Unknown) return duplicates;
  return {
    keyValue: selectOrUndefined(settings, "mkKeyValue") ?? mkKeyValue,
    sectionName: selectOrUndefined(settings, "mkSectionName") ?? sectionName,
    duplicates,
    indent: selectOrUndefined(settings, "indent") ?? "",
  };
}

/** `key=value`, with the separator escaped in the key. */
function keyValue(show: Lazy, separator: string): Lazy {
  return native("mkKeyValue", [text, any], ([key, value], at) => {
    const escaped = mapCharacters(key, (part) => part.replaceAll(separator, () => `\\${separator}`));
    return concatPieces([escaped, separator, call(show, [value], at)], at);
  });
}

/** A value as most configuration formats have it. */
export function valueString(value: Value, at: Span | null): Value {
  if (value === null) return "null";
  if (typeof value === "boolean") return `${value}`;
  if (isText(value) || isDerivation(value) === true || typeof value === "bigint" || typeof value === "number") {
    return coerceToText(value, at, { lenient: true, copyPaths: false });
  }
  if (value instanceof Unknown) return value;
  return evalError(`generators.mkValueStringDefault: ${typeName(value)} not supported`, at);
}

const gitValue = native("mkValueString", [any], ([lazy], at) => {
  const value = force(lazy);
  if (!isText(value)) return valueString(value, at);
  const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\" };
  const escaped = mapCharacters(value, (part) => part.replaceAll(/[\n\t"\\]/g, (one) => escapes[one] ?? one));
  return concatPieces(['"', escaped, '"'], at);
});

const gitLine = keyValue(gitValue, " = ");

const gitLayout: Layout = {
  keyValue: native("mkKeyValue", [text, any], ([key, lazy], at) => {
    const value = force(lazy);
    const values = value instanceof List ? value.elements : [lazy];
    const lines = values.flatMap((one, index) => [index === 0 ? "\t" : "\n\t", call(gitLine, [key, one], at)]);
    return concatPieces(lines, at);
  }),
  /** `[a "b.c"]` for the section `a.b.c`. */
  sectionName: native("mkSectionName", [string], ([name]) => {
    const dot = name.indexOf(".");
    return dot < 0 || name.includes('"') ? name : `${name.slice(0, dot)} "${name.slice(dot + 1)}"`;
  }),
  duplicates: false,
  indent: "",
};

/** Sets below a section become sections of their own, named by their path. */
function flattenGitSections(attrs: Attrs, at: Span | null): Attrs | Unknown {
  const entries = new Map<string, Attr>();
  for (const [name, attr] of sortedEntries(attrs)) {
    const section = force(attr.value);
    if (!isPlainSet(section)) {
      entries.set(name, attr);
      continue;
    }
    const values = new Map<string, Attr>();
    const failed = flattenInto({ entries, path: name, values, at }, section, attr.maybe);
    if (failed) return failed;
    if (values.size > 0 || section.entries.size === 0)
      entries.set(name, new Attr(new Attrs(values, section.rest), attr.span));
  }
  return new Attrs(entries, attrs.rest);
}

interface Flattening {
  readonly entries: Map<string, Attr>;
  readonly path: string;
  readonly values: Map<string, Attr>;
  readonly at: Span | null;
}

function flattenInto(flattening: Flattening, section: Attrs, maybe: Unknown | null): Unknown | null {
  const { entries, path, values, at } = flattening;
  for (const [name, attr] of sortedEntries(section)) {
    const value = force(attr.value);
    if (value instanceof Unknown && value.reason === "error") return value;
    if (!isPlainSet(value)) {
      values.set(name, new Attr(attr.value, attr.span, attr.maybe ?? maybe));
      continue;
    }
    const below = new Map<string, Attr>();
    const key = `${path}.${name}`;
    const failed = flattenInto({ entries, path: key, values: below, at }, value, attr.maybe ?? maybe);
    if (failed) return failed;
    if (below.size > 0) entries.set(key, new Attr(new Attrs(below, value.rest), attr.span, attr.maybe ?? maybe));
  }
  return null;
}

function isPlainSet(value: Value): value is Attrs {
  return value instanceof Attrs && isDerivation(value) !== true;
}
