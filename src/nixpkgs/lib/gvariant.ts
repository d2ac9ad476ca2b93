// lib.gvariant: values of GLib's type system, as dconf wants them; each shows itself through `__toString`.

import { coerceToText } from "../../eval/coerce.ts";
import { expectList, expectString } from "../../eval/native.ts";
import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { type Attrs, attrsOf, type Lazy, List, typeName, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { any, elements, type Functions, names, native, string, tableOf, text } from "./signature.ts";
import { mapCharacters } from "./text-edges.ts";
import { concatPieces, isText } from "./text-values.ts";

/** The letters of the types: https://docs.gtk.org/glib/gvariant-format-strings.html */
const letters = {
  string: "s",
  boolean: "b",
  uchar: "y",
  int16: "n",
  uint16: "q",
  int32: "i",
  uint32: "u",
  int64: "x",
  uint64: "t",
  double: "d",
  variant: "v",
};

const integers = [
  { name: "mkInt32", type: letters.int32, min: -2147483648n, max: 2147483647n },
  { name: "mkUint32", type: letters.uint32, min: 0n, max: 4294967295n },
  { name: "mkInt64", type: letters.int64, min: null, max: null },
  { name: "mkUint64", type: letters.uint64, min: 0n, max: null },
  { name: "mkInt16", type: letters.int16, min: -32768n, max: 32767n },
  { name: "mkUint16", type: letters.uint16, min: 0n, max: 65535n },
  { name: "mkUchar", type: letters.uchar, min: 0n, max: 255n },
];

type Show = (type: string, value: Lazy, at: Span | null) => Value;

const plainly: Show = (type, value, at) => concatPieces([`@${type} `, show(value, at)], at);
const bare: Show = (_type, value, at) => show(value, at);

export const gvariant: Functions = {
  type: attrsOf({
    ...letters,
    arrayOf: native("arrayOf", [string], ([type]) => `a${type}`),
    maybeOf: native("maybeOf", [string], ([type]) => `m${type}`),
    tupleOf: native("tupleOf", [names], ([types]) => `(${types.join("")})`),
    dictionaryEntryOf: native("dictionaryEntryOf", [string, string], ([key, value]) => `{${key}${value}}`),
  }),
  intConstructors: new List(integers.map((integer) => attrsOf(integer))),
  ...tableOf([
    native("isGVariant", [any], ([value]) => isGVariant(force(value))),
    native("mkValue", [any], ([value], at) => gvariantOf(value, at)),
    native("mkArray", [elements], ([xs], at) => array(xs, at)),
    native("mkEmptyArray", [string], ([type]) => make(`a${type}`, new List([]), (full) => `@${full} []`)),
    native("mkVariant", [any], ([value], at) => {
      const inner = gvariantOf(value, at);
      return make(letters.variant, inner, (_, shown, here) => concatPieces(["<", show(shown, here), ">"], here));
    }),
    native("mkDictionaryEntry", [any, any], ([key, value], at) => entry(key, value, at)),
    native("mkMaybe", [string, any], ([type, value]) => maybe(type, value)),
    native("mkNothing", [string], ([type]) => maybe(type, null)),
    native("mkJust", [any], ([value], at) => {
      const inner = gvariantOf(value, at);
      const type = typeOf(inner, at);
      return type instanceof Unknown ? type : maybe(type, inner);
    }),
    native("mkTuple", [elements], ([xs], at) => tuple(xs, at)),
    native("mkBoolean", [any], ([value]) => boolean(value)),
    native("mkString", [any], ([value]) => quoted(value)),
    native("mkObjectpath", [any], ([value]) => {
      return make(letters.string, value, (_, path, at) => {
        const escaped = text.read(path, at);
        if (escaped instanceof Unknown) return escaped;
        return concatPieces(["objectpath '", mapCharacters(escaped, (part) => part.replaceAll("'", "\\'")), "'"], at);
      });
    }),
    native("mkDouble", [any], ([value]) => make(letters.double, value, bare)),
    ...integers.map(({ name, type }) =>
      native(name, [any], ([value]) => make(type, value, type === letters.int32 ? bare : plainly)),
    ),
  ]),
};

function make(type: string, value: Lazy, showAs: Show): Attrs {
  const __toString = native("__toString", [any], (_, at) => showAs(type, value, at));
  return attrsOf({ _type: "gvariant", type, value, __toString });
}

function show(value: Lazy, at: Span | null): Value {
  return coerceToText(force(value), at, { lenient: true, copyPaths: false });
}

function isGVariant(value: Value): boolean | Unknown {
  if (value instanceof Unknown) return value;
  const type = selectOrUndefined(value, "_type");
  const known = type === undefined ? null : force(type);
  return known instanceof Unknown ? known : known === "gvariant";
}

/** The GVariant that a Nix value stands for; numbers have to say which type they are. */
export function gvariantOf(lazy: Lazy, at: Span | null): Value {
  const value = force(lazy);
  if (value instanceof Unknown) return value;
  if (typeof value === "boolean") return boolean(value);
  if (typeof value === "number") return make(letters.double, value, bare);
  if (isText(value)) return quoted(value);
  if (value instanceof List) return value.rest ?? array(value.elements, at);
  if (isGVariant(value) === true) return value;
  return thrownError(`The GVariant type of ${typeName(value)} values can't be inferred.`, at);
}

function boolean(value: Lazy): Attrs {
  return make(letters.boolean, value, (_, inner) => {
    const known = force(inner);
    return known instanceof Unknown ? known : known === true ? "true" : "false";
  });
}

function quoted(value: Lazy): Attrs {
  return make(letters.string, value, (_, inner, at) => {
    const known = text.read(inner, at);
    if (known instanceof Unknown) return known;
    const escaped = mapCharacters(known, (part) => part.replaceAll(/['\\]/g, "\\$&").replaceAll("\n", "\\n"));
    return concatPieces(["'", escaped, "'"], at);
  });
}

function array(xs: readonly Lazy[], at: Span | null): Value {
  const values = xs.map((x) => gvariantOf(x, at));
  const [first] = values;
  if (first === undefined) return thrownError("Please create empty array with mkEmptyArray.", at);
  const types = typesOf(values, at);
  if (types instanceof Unknown) return types;
  if (types.some((type) => type !== types[0])) return thrownError("Elements in a list should have same type.", at);
  return make(`a${types[0]}`, new List(values), listShow("[", "]"));
}

function tuple(xs: readonly Lazy[], at: Span | null): Value {
  const values = xs.map((x) => gvariantOf(x, at));
  const types = typesOf(values, at);
  return types instanceof Unknown ? types : make(`(${types.join("")})`, new List(values), listShow("(", ")"));
}

function listShow(open: string, close: string): Show {
  return (type, value, at) => {
    const list = expectList(value, at);
    if (list instanceof Unknown) return list;
    const items = list.elements.flatMap((x, index) => [index === 0 ? "" : ",", show(x, at)]);
    return concatPieces([`@${type} ${open}`, ...items, close], at);
  };
}

function entry(key: Lazy, value: Lazy, at: Span | null): Value {
  const [name, inner] = [gvariantOf(key, at), gvariantOf(value, at)];
  const types = typesOf([name, inner], at);
  if (types instanceof Unknown) return types;
  return make(`{${types.join("")}}`, attrsOf({ name: key, value }), (type, _, here) => {
    return concatPieces([`@${type} {`, show(name, here), ",", show(inner, here), "}"], here);
  });
}

function maybe(type: string, value: Lazy): Attrs {
  return make(`m${type}`, value, (full, inner, at) => {
    return force(inner) === null ? `@${full} nothing` : concatPieces(["just ", show(inner, at)], at);
  });
}

function typeOf(value: Value, at: Span | null): string | Unknown {
  return value instanceof Unknown ? value : expectString(selectAttr(value, "type", at), at);
}

function typesOf(values: readonly Value[], at: Span | null): readonly string[] | Unknown {
  const types: string[] = [];
  for (const value of values) {
    const type = typeOf(value, at);
    if (type instanceof Unknown) return type;
    types.push(type);
  }
  return types;
}
