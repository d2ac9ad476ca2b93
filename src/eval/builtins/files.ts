// Builtins that read files, all through the session.

import type { Span } from "../../source/span.ts";
import { pathOfText } from "../coerce.ts";
import { argument, define, expectAttrs, expectList, expectPath, expectString } from "../native.ts";
import { operate } from "../operators.ts";
import { normalizePath } from "../paths.ts";
import { selectAttr } from "../select.ts";
import type { Session } from "../session.ts";
import { hashHex } from "../store-hash.ts";
import { force } from "../thunk.ts";
import { evalError, isError, thrownError, Unknown } from "../unknown.ts";
import { Attr, Attrs, type Builtin, type Lazy, type List, NixPath, PartialString, type Value } from "../value.ts";
import { expectOpenAttrs } from "./attrs.ts";
import { expectAlgorithm } from "./hashing.ts";
import { baseName, dirName } from "./paths.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What `import` reads: a file of ours, or what stands for a file that is none. */
export function importValue(session: Session, lazy: Lazy, at: Span | null): Value {
  const value = force(lazy);
  if (isError(value)) return value;
  const given = value instanceof NixPath ? undefined : session.importValue(value, at);
  if (given !== undefined) return given;
  const path = expectPath(value, at);
  return path instanceof Unknown ? path : session.importFile(normalizePath(path), at);
}

/** `scopedImport`: the file with more names in scope. */
function scopedImport(session: Session, names: Attrs, lazy: Lazy, at: Span | null): Value {
  const path = expectPath(lazy, at);
  if (path instanceof Unknown) return path;
  if (names.rest) return names.rest;
  return session.importFile(normalizePath(path), at, names);
}

function readFile(session: Session, lazy: Lazy, at: Span | null): Value {
  const path = expectPath(lazy, at);
  if (path instanceof Unknown) {
    if (isError(path)) return path;
    session.noteUnknownRead(path, at);
    return new PartialString([path]);
  }
  const bytes = session.readBytes(path, at);
  if (bytes instanceof Unknown) return bytes;
  if (bytes.includes(0)) return evalError(`the contents of \`${path}\` cannot be represented as a string`, at);
  try {
    return decoder.decode(bytes);
  } catch {
    return new PartialString([new Unknown("unsupported", `the text of \`${path}\` is not UTF-8`, at)]);
  }
}

function readDir(session: Session, path: string, at: Span | null): Value {
  const listing = session.readDir(normalizePath(path));
  if (listing === null) return evalError(`there is no directory \`${path}\``, at);
  return new Attrs(new Map([...listing].map(([name, kind]) => [name, new Attr(kind)])));
}

function pathExists(session: Session, lazy: Lazy, at: Span | null): Value {
  const value = force(lazy);
  const given = expectPath(value, at);
  if (given instanceof Unknown) return given;
  const path = normalizePath(given);
  const kind = session.kindOf(path);
  const text = typeof value === "string" || value instanceof PartialString ? pathOfText(value) : undefined;
  const mustBeDirectory = text !== undefined && /\/\.?$/.test(text);
  if (mustBeDirectory) return kind === "directory";
  // A symlink that leads nowhere is there all the same.
  return kind !== null || (session.readDir(dirName(path))?.has(baseName(path)) ?? false);
}

/** `<name>`: first the entries of the search path, then what the session knows by that name. */
function findFile(session: Session, entries: List, name: string, at: Span | null): Value {
  for (const element of entries.elements) {
    const found = findIn(session, element, name, at);
    if (found !== null) return found;
  }
  if (entries.rest) return entries.rest;
  const [first = "", ...below] = name.split("/");
  const known = session.searchPath(first);
  if (known === undefined) return thrownError(`file \`${name}\` was not found in the Nix search path`, at);
  return below.length === 0 ? force(known) : operate("+", force(known), `/${below.join("/")}`, at);
}

function findIn(session: Session, element: Lazy, name: string, at: Span | null): Value {
  const entry = expectAttrs(element, at);
  if (entry instanceof Unknown) return entry;
  const prefix = expectString(entry.lookup("prefix")?.value ?? "", at);
  if (prefix instanceof Unknown) return prefix;
  const root = expectPath(selectAttr(entry, "path", at), at);
  if (root instanceof Unknown) return root;
  if (prefix !== "" && name !== prefix && !name.startsWith(`${prefix}/`)) return null;
  const path = normalizePath(`${root}/${prefix === "" ? name : name.slice(prefix.length)}`);
  return session.kindOf(path) === null ? null : new NixPath(path, session.store);
}

/** A builtin of one path. */
function definePathReader(name: string, read: (path: string, at: Span | null) => Value): Builtin {
  return define(name, 1, (args, at) => {
    const path = expectPath(argument(args, 0), at);
    return path instanceof Unknown ? path : read(path, at);
  });
}

export function fileBuiltins(session: Session): readonly Builtin[] {
  return [
    define("import", 1, (args, at) => importValue(session, argument(args, 0), at)),
    define("scopedImport", 2, (args, at) => {
      const names = expectOpenAttrs(argument(args, 0), at);
      return names instanceof Unknown ? names : scopedImport(session, names, argument(args, 1), at);
    }),
    define("readFile", 1, (args, at) => readFile(session, argument(args, 0), at)),
    definePathReader("readDir", (path, at) => readDir(session, path, at)),
    definePathReader("readFileType", (path, at) => {
      const kind = session.readDir(dirName(path))?.get(baseName(path)) ?? session.kindOf(normalizePath(path));
      return kind ?? evalError(`path \`${path}\` does not exist`, at);
    }),
    define("pathExists", 1, (args, at) => pathExists(session, argument(args, 0), at)),
    define("findFile", 2, (args, at) => {
      const entries = expectList(argument(args, 0), at);
      if (entries instanceof Unknown) return entries;
      const name = expectString(argument(args, 1), at);
      return name instanceof Unknown ? name : findFile(session, entries, name, at);
    }),
    define("hashFile", 2, (args, at) => {
      const algorithm = expectAlgorithm(argument(args, 0), at);
      if (algorithm instanceof Unknown) return algorithm;
      const path = expectPath(argument(args, 1), at);
      if (path instanceof Unknown) return path;
      const bytes = session.readBytes(path, at);
      return bytes instanceof Unknown ? bytes : hashHex(algorithm, bytes);
    }),
  ];
}
