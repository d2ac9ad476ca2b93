// lib.filesystem: what is in directories, seen through `builtins` and so through the tree being read.

import { operate } from "../../eval/operators.ts";
import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, emptyAttrs, type Lazy, type List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { Collected, sortedEntries, withAttr } from "./attr-entries.ts";
import { scopeFunctions } from "./scopes.ts";
import {
  any,
  type CallBuiltin,
  call,
  callerOf,
  type Functions,
  inherit,
  known,
  native,
  set,
  string,
  tableOf,
} from "./signature.ts";

export function filesystem(builtins: Attrs): Functions {
  const callBuiltin = callerOf(builtins);
  return {
    ...inherit(builtins, ["baseNameOf", "dirOf", "hashFile", "isPath", "readDir", "readFileType"]),
    pathType: builtins.lookup("readFileType")?.value ?? null,
    ...kinds(callBuiltin),
    ...listings(callBuiltin),
    packagesFromDirectoryRecursive: native("packagesFromDirectoryRecursive", [set], ([args], at) => {
      return packagesFrom({ callBuiltin, args, at });
    }),
  };
}

function kinds(callBuiltin: CallBuiltin): Functions {
  const isOfType = (file: Value, type: string, at: Span | null): Value => {
    const exists = callBuiltin("pathExists", [file], at);
    if (exists !== true) return exists;
    const actual = callBuiltin("readFileType", [file], at);
    return actual instanceof Unknown ? actual : actual === type;
  };
  return tableOf([
    native("pathIsDirectory", [known], ([file], at) => isOfType(file, "directory", at)),
    native("pathIsRegularFile", [known], ([file], at) => isOfType(file, "regular", at)),
    native("resolveDefaultNix", [known], ([file], at) => {
      const isDirectory = isOfType(file, "directory", at);
      if (isDirectory instanceof Unknown) return isDirectory;
      if (isDirectory === true) return operate("+", file, "/default.nix", at);
      return typeof file === "string" && file.endsWith("/") ? `${file}default.nix` : file;
    }),
  ]);
}

function listings(callBuiltin: CallBuiltin): Functions {
  return tableOf([
    native("listFilesRecursive", [known], ([directory], at) => listFiles(callBuiltin, directory, at)),
    native("haskellPathsInDir", [known], ([root], at) => {
      const files = set.read(callBuiltin("readDir", [root], at), at);
      if (files instanceof Unknown) return files;
      const entries = new Map<string, Attr>();
      for (const [name] of sortedEntries(files)) {
        const path = operate("+", root, `/${name}`, at);
        if (callBuiltin("pathExists", [operate("+", path, `/${name}.cabal`, at)], at) === true) {
          entries.set(name, new Attr(path));
        }
      }
      return new Attrs(entries, files.rest);
    }),
    native("locateDominatingFile", [string, known], ([pattern, file], at) =>
      locate({ callBuiltin, pattern, at }, file),
    ),
  ]);
}

/** Every file below the directory, as paths or text as the directory was given. */
function listFiles(callBuiltin: CallBuiltin, directory: Value, at: Span | null): List | Unknown {
  const files = set.read(callBuiltin("readDir", [directory], at), at);
  if (files instanceof Unknown) return files;
  const collected = new Collected();
  collected.leaveOpen(files.rest);
  for (const [name, attr] of sortedEntries(files)) {
    const path = operate("+", directory, `/${name}`, at);
    const type = force(attr.value);
    if (type instanceof Unknown) return type;
    if (type !== "directory") {
      collected.add(path, attr.maybe);
      continue;
    }
    const below = listFiles(callBuiltin, path, at);
    if (below instanceof Unknown) return below;
    collected.addAll(below, attr.maybe);
  }
  return collected.toList();
}

interface Search {
  readonly callBuiltin: CallBuiltin;
  readonly pattern: string;
  readonly at: Span | null;
}

/** The nearest directory at or above the file that has an entry of the pattern. */
function locate({ callBuiltin, pattern, at }: Search, file: Value): Value {
  let directory = file;
  if (callBuiltin("readFileType", [file], at) !== "directory") directory = callBuiltin("dirOf", [file], at);
  for (;;) {
    const files = set.read(callBuiltin("readDir", [directory], at), at);
    if (files instanceof Unknown) return files;
    const matches = new Collected();
    for (const [name] of sortedEntries(files)) {
      const match = callBuiltin("match", [pattern, name], at);
      if (match instanceof Unknown) return match;
      if (match !== null) matches.add(match);
    }
    const found = matches.toList();
    if (found.elements.length > 0) return attrsOf({ path: directory, matches: found });
    if (callBuiltin("toString", [directory], at) === "/") return null;
    directory = callBuiltin("dirOf", [directory], at);
  }
}

interface Packages {
  readonly callBuiltin: CallBuiltin;
  readonly args: Attrs;
  readonly at: Span | null;
}

/** A directory with a `package.nix` is that package, any other a set (or scope) of what is in it. */
function packagesFrom(packages: Packages): Value {
  const { callBuiltin, args, at } = packages;
  const directory = force(selectAttr(args, "directory", at));
  const own = operate("+", directory, "/package.nix", at);
  const exists = callBuiltin("pathExists", [own], at);
  if (exists instanceof Unknown) return exists;
  if (exists === true) return call(selectAttr(args, "callPackage", at), [own, emptyAttrs], at);
  const newScope = selectOrUndefined(args, "newScope");
  if (newScope === undefined) return packagesIn(packages, directory);
  const members = native("packages", [any], ([self], here) => {
    const inScope = (name: string) => lazily(() => force(selectAttr(force(self), name, here)));
    const scoped = withAttr(withAttr(args, "callPackage", inScope("callPackage")), "newScope", inScope("newScope"));
    return packagesIn({ ...packages, args: scoped }, directory);
  });
  const scope = set.read(call(scopeFunctions.makeScope ?? null, [newScope, members], at), at);
  return scope instanceof Unknown ? scope : withAttr(scope, "recurseForDerivations", true);
}

function packagesIn(packages: Packages, directory: Value): Value {
  const { callBuiltin, args, at } = packages;
  const files = set.read(callBuiltin("readDir", [directory], at), at);
  if (files instanceof Unknown) return files;
  const entries = new Map<string, Attr>();
  for (const [name, attr] of sortedEntries(files)) {
    const path: Lazy = operate("+", directory, `/${name}`, at);
    const type = force(attr.value);
    if (type === "directory") {
      const below = lazily(() => packagesFrom({ ...packages, args: withAttr(args, "directory", path) }));
      entries.set(name, new Attr(below, null, attr.maybe));
    } else if (type !== "regular") {
      return type instanceof Unknown
        ? type
        : thrownError(`packagesFromDirectoryRecursive: unsupported file type of \`${name}\``, at);
    } else if (name.endsWith(".nix")) {
      const called = lazily(() => call(selectAttr(args, "callPackage", at), [path, emptyAttrs], at));
      entries.set(name.slice(0, -".nix".length), new Attr(called, null, attr.maybe));
    }
  }
  return new Attrs(entries, files.rest);
}
