// lib.fileset: sets of files, as the list of the files that are in them now.

import { interpolate } from "../../eval/coerce.ts";
import { compareText } from "../../eval/equality.ts";
import { expectList } from "../../eval/native.ts";
import { selectAttr } from "../../eval/select.ts";
import { force } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { Attrs, attrsOf, type Lazy, type List, NixPath, type Tag, typeName, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";

import { Collected, sortedEntries } from "./attr-entries.ts";
import { any, ask, type CallBuiltin, callerOf, type Functions, known, native, set, tableOf } from "./signature.ts";
import { makeSource } from "./sources.ts";

/** Files by path, each with the reason why it may not be in the set, and why there may be others. */
interface Files {
  readonly entries: ReadonlyMap<string, Unknown | null>;
  readonly rest: Unknown | null;
}

interface FilesetTag extends Tag {
  readonly kind: "fileset";
  readonly files: Files;
}

const noFiles: Files = { entries: new Map(), rest: null };

export function fileset(builtins: Attrs): Functions {
  const callBuiltin = callerOf(builtins);
  const coerce = (lazy: Lazy, at: Span | null) => coerceToFiles(callBuiltin, force(lazy), at);
  const combine = (name: string, how: (a: Files, b: Files) => Files) =>
    native(name, [any, any], ([a, b], at) => {
      const [first, second] = [coerce(a, at), coerce(b, at)];
      if (first instanceof Unknown) return first;
      return second instanceof Unknown ? second : makeFileset(how(first, second));
    });
  return {
    empty: makeFileset(noFiles),
    ...tableOf([
      combine("union", union),
      combine("intersection", intersection),
      combine("difference", difference),
      native("unions", [any], ([filesets], at) => unions(filesets, coerce, at)),
      native("toList", [any], ([given], at) => {
        const files = coerce(given, at);
        return files instanceof Unknown ? files : listOf(files);
      }),
      native("fileFilter", [any, known], ([predicate, root], at) => {
        if (!(root instanceof NixPath)) return noPath("fileFilter", root, at);
        return filterFiles(callBuiltin, { predicate, root, at });
      }),
      native("maybeMissing", [known], ([path], at) => {
        if (!(path instanceof NixPath)) return noPath("maybeMissing", path, at);
        const files = callBuiltin("pathExists", [path], at) === false ? noFiles : coerce(path, at);
        return files instanceof Unknown ? files : makeFileset(files);
      }),
      native("fromSource", [known], ([source], at) => {
        const isSource = source instanceof Attrs && source.lookup("origSrc") !== undefined;
        const files = coerce(isSource ? selectAttr(source, "origSrc", at) : source, at);
        return files instanceof Unknown ? files : makeFileset(files);
      }),
      ...tracked(coerce),
      native("toSource", [set], ([args], at) => {
        const files = coerce(selectAttr(args, "fileset", at), at);
        if (files instanceof Unknown && files.reason === "error") return files;
        const filter = native("filter", [any, any], () => true);
        return makeSource(selectAttr(args, "root", at), filter, "source", at);
      }),
      native("trace", [any, any], ([, value]) => force(value)),
      native("traceVal", [any], ([value]) => force(value)),
      native("isFileset", [known], ([value]) => value instanceof NixPath || filesOf(value) !== undefined),
    ]),
  };
}

type Coerce = (lazy: Lazy, at: Span | null) => Files | Unknown;

/** A flake sees what git tracks and nothing else. */
function tracked(coerce: Coerce) {
  const all = (path: Lazy, at: Span | null) => {
    const files = coerce(path, at);
    return files instanceof Unknown ? files : makeFileset(files);
  };
  return [
    native("gitTracked", [any], ([path], at) => all(path, at)),
    native("gitTrackedWith", [any, any], ([, path], at) => all(path, at)),
  ];
}

function makeFileset(files: Files): Attrs {
  const tag: FilesetTag = { kind: "fileset", files };
  return attrsOf({ _type: "fileset" }).withTag(tag);
}

function filesOf(value: Value): Files | undefined {
  // The only tags of kind "fileset" are made above.
  return value instanceof Attrs && value.tag?.kind === "fileset" ? (value.tag as FilesetTag).files : undefined;
}

function noPath(name: string, value: Value, at: Span | null): Unknown {
  return thrownError(`lib.fileset.${name}: expected a path but found ${typeName(value)}`, at);
}

function coerceToFiles(callBuiltin: CallBuiltin, value: Value, at: Span | null): Files | Unknown {
  if (value instanceof Unknown) return value.reason === "error" ? value : { entries: new Map(), rest: value };
  const files = filesOf(value);
  if (files !== undefined) return files;
  if (!(value instanceof NixPath)) return noPath("toList", value, at);
  const exists = callBuiltin("pathExists", [value], at);
  if (exists === false) return thrownError(`lib.fileset: the path \`${value.path}\` does not exist`, at);
  return exists instanceof Unknown ? exists : filesBelow(callBuiltin, value, at);
}

function filesBelow(callBuiltin: CallBuiltin, root: NixPath, at: Span | null): Files | Unknown {
  const type = callBuiltin("readFileType", [root], at);
  if (type instanceof Unknown) return type;
  if (type !== "directory") return { entries: new Map([[root.path, null]]), rest: null };
  const found = new Map<string, Unknown | null>();
  const failed = collectBelow(callBuiltin, root.path, found, at);
  return failed ?? { entries: found, rest: null };
}

function collectBelow(
  callBuiltin: CallBuiltin,
  directory: string,
  found: Map<string, Unknown | null>,
  at: Span | null,
): Unknown | null {
  const members = set.read(callBuiltin("readDir", [new NixPath(directory)], at), at);
  if (members instanceof Unknown) return members;
  for (const [name, attr] of sortedEntries(members)) {
    const path = `${directory === "/" ? "" : directory}/${name}`;
    if (force(attr.value) !== "directory") found.set(path, attr.maybe);
    else {
      const failed = collectBelow(callBuiltin, path, found, at);
      if (failed) return failed;
    }
  }
  return null;
}

function union(a: Files, b: Files): Files {
  const entries = new Map(a.entries);
  for (const [path, maybe] of b.entries) if (maybe === null || !entries.has(path)) entries.set(path, maybe);
  return { entries, rest: a.rest ?? b.rest };
}

function intersection(a: Files, b: Files): Files {
  const entries = new Map<string, Unknown | null>();
  for (const [path, maybe] of union(a, b).entries) {
    const [left, right] = [doubtAbout(a, path), doubtAbout(b, path)];
    if (left !== undefined && right !== undefined) entries.set(path, left ?? right ?? maybe);
  }
  return { entries, rest: a.rest !== null && b.rest !== null ? a.rest : null };
}

/** Why a path may not be in the set, null when it is for sure, undefined when it is not. */
function doubtAbout(files: Files, path: string): Unknown | null | undefined {
  return files.entries.has(path) ? files.entries.get(path) : (files.rest ?? undefined);
}

function difference(a: Files, b: Files): Files {
  const entries = new Map<string, Unknown | null>();
  for (const [path, maybe] of a.entries) {
    const removed = doubtAbout(b, path);
    if (removed === undefined) entries.set(path, maybe);
    else if (removed !== null) entries.set(path, removed);
  }
  return { entries, rest: a.rest };
}

function unions(lazy: Lazy, coerce: Coerce, at: Span | null): Value {
  const filesets = expectList(lazy, at);
  if (filesets instanceof Unknown) return filesets;
  let all: Files = { entries: new Map(), rest: filesets.rest };
  for (const [index, element] of [...filesets.elements, ...filesets.possible].entries()) {
    const files = coerce(element, at);
    if (files instanceof Unknown) return files;
    const doubt = index < filesets.elements.length ? null : filesets.rest;
    const entries = new Map([...files.entries].map(([path, maybe]) => [path, maybe ?? doubt]));
    all = union(all, { entries, rest: files.rest });
  }
  return makeFileset(all);
}

function listOf(files: Files): List {
  const collected = new Collected();
  collected.leaveOpen(files.rest);
  const sorted = [...files.entries].sort(([a], [b]) => comparePaths(a, b));
  for (const [path, maybe] of sorted) collected.add(new NixPath(path), maybe);
  return collected.toList();
}

/** A directory's files stand where its name does. */
function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareText(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

interface Filter {
  readonly predicate: Lazy;
  readonly root: NixPath;
  readonly at: Span | null;
}

function filterFiles(callBuiltin: CallBuiltin, { predicate, root, at }: Filter): Value {
  const files = coerceToFiles(callBuiltin, root, at);
  if (files instanceof Unknown) return files;
  const entries = new Map<string, Unknown | null>();
  for (const [path, maybe] of files.entries) {
    const kept = ask(predicate, [describeFile(callBuiltin, path, at)], at);
    if (kept instanceof Unknown && kept.reason === "error") return kept;
    if (kept !== false) entries.set(path, kept instanceof Unknown ? kept : maybe);
  }
  return makeFileset({ entries, rest: files.rest });
}

/** What a `fileFilter` predicate is asked about. */
function describeFile(callBuiltin: CallBuiltin, path: string, at: Span | null): Attrs {
  const name = path.split("/").at(-1) ?? "";
  const type = callBuiltin("readFileType", [new NixPath(path)], at);
  const hasExt = native("hasExt", [any], ([ext], here) => {
    const known = interpolate(force(ext), here);
    if (known instanceof Unknown) return known;
    return typeof known === "string" ? name.endsWith(`.${known}`) : known.hole;
  });
  return attrsOf({ name, type, hasExt });
}
