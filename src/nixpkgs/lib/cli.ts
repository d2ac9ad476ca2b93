// lib.cli: attrs as the arguments of a command.

import { expectBool, expectList } from "../../eval/native.ts";
import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { evalError, Unknown } from "../../eval/unknown.ts";
import { type Attrs, attrsOf, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { Collected, sortedEntries } from "./attr-entries.ts";
import { valueString } from "./generators.ts";
import { any, type CallBuiltin, call, callerOf, type Functions, native, set, string, tableOf } from "./signature.ts";
import { quoteForShell } from "./string-escapes.ts";
import { concatPieces } from "./text-values.ts";

export function cli(builtins: Attrs): Functions {
  const callBuiltin = callerOf(builtins);
  return tableOf([
    native("toCommandLine", [any, set], ([format, options], at) => commandLine(format, options, at)),
    native("toCommandLineShell", [any, set], ([format, options], at) => {
      return quoted(callBuiltin, commandLine(format, options, at), at);
    }),
    native("toCommandLineGNU", [set, set], ([settings, options], at) => commandLine(gnuFormat(settings), options, at)),
    native("toCommandLineShellGNU", [set, set], ([settings, options], at) => {
      return quoted(callBuiltin, commandLine(gnuFormat(settings), options, at), at);
    }),
    native("toGNUCommandLine", [set, set], ([settings, options], at) => gnuCommandLine(settings, options, at)),
    native("toGNUCommandLineShell", [set, set], ([settings, options], at) => {
      return quoted(callBuiltin, gnuCommandLine(settings, options, at), at);
    }),
  ]);
}

function quoted(callBuiltin: CallBuiltin, args: List | Unknown, at: Span | null): Value {
  if (args instanceof Unknown) return args;
  const quote = (arg: Lazy) => lazily(() => quoteForShell(arg, at));
  return callBuiltin("concatStringsSep", [" ", new List(args.elements.map(quote), args.rest)], at);
}

/** What each option becomes, one after the other. */
function concatOptions(options: Attrs, render: (name: string, value: Lazy) => List | Unknown): List | Unknown {
  const collected = new Collected();
  collected.leaveOpen(options.rest);
  for (const [name, attr] of sortedEntries(options)) {
    const args = render(name, attr.value);
    if (args instanceof Unknown && args.reason === "error") return args;
    if (args instanceof Unknown) collected.leaveOpen(args);
    else collected.addAll(args, attr.maybe);
  }
  return collected.toList();
}

function concatValues(list: List, render: (value: Lazy) => List | Unknown): List | Unknown {
  const collected = new Collected();
  collected.leaveOpen(list.rest);
  for (const element of list.elements) {
    const args = render(element);
    if (args instanceof Unknown) return args;
    collected.addAll(args);
  }
  return collected.toList();
}

function commandLine(format: Lazy, options: Attrs, at: Span | null): List | Unknown {
  return concatOptions(options, (name, lazy) => {
    if (name === "") return evalError("lib.cli.toCommandLine only accepts non-empty option names", at);
    const value = force(lazy);
    const render = (one: Lazy) => renderOption(call(format, [name], at), force(one), at);
    return value instanceof List ? concatValues(value, render) : render(value);
  });
}

function renderOption(format: Value, value: Value, at: Span | null): List | Unknown {
  if (format instanceof Unknown) return format;
  if (value instanceof Unknown) return value;
  const read = (name: string) => selectAttr(format, name, at);
  const explicit = expectBool(read("explicitBool"), at);
  if (explicit instanceof Unknown) return explicit;
  const option = force(read("option"));
  if (value === null || (!explicit && value === false)) return new List([]);
  if (!explicit && value === true) return new List([option]);
  const formatArg = selectOrUndefined(format, "formatArg");
  const arg = formatArg === undefined ? valueString(value, at) : call(formatArg, [value], at);
  const separator = force(read("sep"));
  return new List(separator === null ? [option, arg] : [concatPieces([option, separator, arg], at)]);
}

function gnuFormat(settings: Attrs): Lazy {
  return native("optionFormat", [string], ([name], at) => {
    const isLong = selectOrUndefined(settings, "isLong");
    const long = isLong === undefined ? name.length > 1 : expectBool(call(isLong, [name], at), at);
    if (long instanceof Unknown) return long;
    const formatArg = selectOrUndefined(settings, "formatArg");
    return attrsOf({
      option: `${long ? "--" : "-"}${name}`,
      sep: long ? "=" : "",
      explicitBool: selectOrUndefined(settings, "explicitBool") ?? false,
      ...(formatArg !== undefined && { formatArg }),
    });
  });
}

function gnuCommandLine(settings: Attrs, options: Attrs, at: Span | null): List | Unknown {
  const setting = (name: string) => selectOrUndefined(settings, name);
  const nameOf = (name: string) => {
    const make = setting("mkOptionName");
    return make === undefined ? `${name.length === 1 ? "-" : "--"}${name}` : call(make, [name], at);
  };
  const separator = force(setting("optionValueSeparator") ?? null);
  const option = (name: string, lazy: Lazy): List | Unknown => {
    const make = setting("mkOption");
    if (make !== undefined) return expectList(call(make, [name, lazy], at), at);
    const value = force(lazy);
    if (value === null) return new List([]);
    const arg = valueString(value, at);
    return new List(separator === null ? [nameOf(name), arg] : [concatPieces([nameOf(name), separator, arg], at)]);
  };
  return concatOptions(options, (name, lazy) => {
    const value = force(lazy);
    const [makeBool, makeList] = [setting("mkBool"), setting("mkList")];
    if (typeof value === "boolean") {
      if (makeBool !== undefined) return expectList(call(makeBool, [name, value], at), at);
      return new List(value ? [nameOf(name)] : []);
    }
    if (!(value instanceof List)) return value instanceof Unknown ? value : option(name, value);
    if (makeList !== undefined) return expectList(call(makeList, [name, value], at), at);
    return concatValues(value, (one) => option(name, one));
  });
}
