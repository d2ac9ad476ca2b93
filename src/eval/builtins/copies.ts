// Builtins that put files and text into the store. Nothing is written: without a store of its own an evaluation knows
// only that the result is a store path.

import type { FileKind } from "../../source/file-system.ts";
import type { Span } from "../../source/span.ts";
import { applyAll } from "../apply.ts";
import { copyHole, readText } from "../context.ts";
import type { ArchiveFilter } from "../nar.ts";
import {
  argument,
  define,
  expectAttrs,
  expectBool,
  expectFunction,
  expectPath,
  expectString,
  expectText,
} from "../native.ts";
import { normalizePath } from "../paths.ts";
import { selectAttr } from "../select.ts";
import type { Session } from "../session.ts";
import type { CopyOptions } from "../store.ts";
import { problemOfName, textPath } from "../store-path.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { type Attrs, type Builtin, type Lazy, NixPath, PartialString, type Value } from "../value.ts";
import { parseHashOrEmpty } from "./instantiate.ts";
import { baseName } from "./paths.ts";

/** A copy of a path; a filter leaves files out, those that are there are the same. */
function copyOf(session: Session, path: string, options: CopyOptions, at: Span | null): Value {
  const { store } = session;
  const of = new NixPath(path, store);
  if (store === null) {
    return new PartialString([
      new Unknown("package", `the store path of \`${options.name}\``, at, { storePathOf: of }),
    ]);
  }
  const copy = store.copy(path, options);
  return isError(copy) ? copy : new PartialString([copyHole(options.name, () => copy, of)]);
}

const pathArguments = new Set(["path", "name", "filter", "recursive", "sha256"]);

function copyPath(session: Session, args: Attrs, at: Span | null): Value {
  const unexpected = [...args.entries.keys()].find((name) => !pathArguments.has(name));
  if (unexpected !== undefined) return evalError(`unsupported argument \`${unexpected}\` to \`builtins.path\``, at);
  const path = expectPath(selectAttr(args, "path", at), at);
  if (path instanceof Unknown) return isError(path) ? path : new PartialString([path]);
  const given = args.lookup("name");
  const name = given ? expectString(given.value, at) : baseName(path);
  if (isError(name)) return name;
  const options = copyOptions(args, typeof name === "string" ? name : baseName(path), at);
  return options instanceof Unknown ? options : copyOf(session, normalizePath(path), options, at);
}

/** What is not known of the options is as if it were not given. */
function copyOptions(args: Attrs, name: string, at: Span | null): CopyOptions | Unknown {
  const recursive = args.lookup("recursive");
  const isRecursive = recursive ? expectBool(recursive.value, at) : true;
  if (isError(isRecursive)) return isRecursive;
  const filter = args.lookup("filter");
  const included = filter ? archiveFilter(filter.value, at) : null;
  if (isError(included)) return included;
  const sha256 = args.lookup("sha256");
  const text = sha256 ? expectString(sha256.value, at) : null;
  if (isError(text)) return text;
  const expected = typeof text === "string" ? parseHashOrEmpty(text, "sha256") : null;
  if (typeof expected === "string") return evalError(expected, at);
  const filters = included instanceof Unknown ? null : included;
  return {
    name,
    flat: isRecursive === false,
    ...(filters ? { filter: filters } : {}),
    ...(expected ? { expected } : {}),
  };
}

/** `path: type: …` as a program wrote it. */
function archiveFilter(lazy: Lazy, at: Span | null): ArchiveFilter | Unknown {
  const fn = expectFunction(lazy, at);
  if (fn instanceof Unknown) return fn;
  return (path: string, kind: FileKind) => expectBool(applyAll(fn, [path, kind], at), at);
}

function filterSource(session: Session, args: readonly Lazy[], at: Span | null): Value {
  const path = expectPath(argument(args, 1), at);
  if (path instanceof Unknown) return isError(path) ? path : new PartialString([path]);
  const filter = archiveFilter(argument(args, 0), at);
  if (isError(filter)) return filter;
  const name = baseName(path);
  return copyOf(session, normalizePath(path), filter instanceof Unknown ? { name } : { name, filter }, at);
}

function toFile(session: Session, args: readonly Lazy[], at: Span | null): Value {
  const name = expectString(argument(args, 0), at);
  if (name instanceof Unknown) return isError(name) ? name : new PartialString([name]);
  const text = expectText(argument(args, 1), at);
  if (isError(text)) return text;
  const known = text instanceof Unknown ? text : readText(text);
  if (known instanceof Unknown) {
    return isError(known) ? known : new PartialString([new Unknown("package", `the store path of \`${name}\``, at)]);
  }
  const built = [...known.context].find((reference) => !reference.startsWith("/"));
  const problem = built ? `a file made by \`toFile\` must not refer to derivations: \`${built}\`` : problemOfName(name);
  if (problem !== null) return evalError(problem, at);
  const path = textPath(name, known.text, known.context);
  session.addStoreText(path, known.text);
  // Who has no store sees the plain path, which says as much.
  return session.store === null ? path : new PartialString([copyHole(name, () => path)]);
}

export function copyBuiltins(session: Session): readonly Builtin[] {
  return [
    define("path", 1, (args, at) => {
      const attrs = expectAttrs(argument(args, 0), at);
      return attrs instanceof Unknown ? attrs : copyPath(session, attrs, at);
    }),
    define("filterSource", 2, (args, at) => filterSource(session, args, at)),
    define("toFile", 2, (args, at) => toFile(session, args, at)),
  ];
}
