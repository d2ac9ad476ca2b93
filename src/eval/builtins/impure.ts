// Builtins whose result depends on the world outside the flake. Names that pure evaluation lacks are not defined.

import type { Span } from "../../source/span.ts";
import { withContext } from "../context.ts";
import { argument, define, expectPath, expectString } from "../native.ts";
import { normalizePath } from "../paths.ts";
import type { Session } from "../session.ts";
import { isStorePath } from "../store-path.ts";
import { force } from "../thunk.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { Attrs, type Builtin, type Lazy, PartialString, type Value } from "../value.ts";
import { problemOfDownload, problemOfTree } from "./fetch-arguments.ts";
import { showFlakeRef } from "./flakes.ts";

function impure(name: string, at: Span | null): Unknown {
  return new Unknown("impure", `the result of \`builtins.${name}\``, at);
}

/** A fetcher gives a set about a tree in the store; a tree that is known by where it comes from is that. */
function defineTreeFetcher(session: Session, name: string): Builtin {
  return define(name, 1, (args, at) => {
    const problem = problemOfTree(name, argument(args, 0), at);
    return problem ?? fetched(session, argument(args, 0), at) ?? new Attrs(new Map(), impure(name, at));
  });
}

/** A fetcher gives the store path of a file or of what an archive holds. */
function definePathFetcher(session: Session, name: string): Builtin {
  return define(name, 1, (args, at) => {
    const problem = problemOfDownload(name, argument(args, 0), at);
    if (problem) return problem;
    const tree = fetched(session, argument(args, 0), at);
    const path = tree instanceof Attrs ? tree.lookup("outPath")?.value : undefined;
    return path === undefined ? new PartialString([impure(name, at)]) : force(path);
  });
}

/** What stands at the address that a fetcher is given; undefined when that is not known. */
function fetched(session: Session, lazy: Lazy, at: Span | null): Value | undefined {
  const source = force(lazy);
  const address = source instanceof Attrs ? addressOf(source, at) : source;
  return typeof address === "string" ? session.fetch(address) : undefined;
}

function addressOf(source: Attrs, at: Span | null): string | undefined {
  const read = (name: string) => {
    const attr = source.entries.get(name);
    const text = attr === undefined ? undefined : expectString(attr.value, at);
    return typeof text === "string" ? text : undefined;
  };
  const [url, type, owner, repo] = [read("url"), read("type"), read("owner"), read("repo")];
  if (url !== undefined || type === undefined || owner === undefined || repo === undefined) return url;
  return showFlakeRef(new Map(Object.entries({ type, owner, repo })));
}

function storePath(session: Session, lazy: Lazy, at: Span | null): Value {
  const path = expectPath(lazy, at);
  if (path instanceof Unknown) return isError(path) ? path : new PartialString([path]);
  const stored = normalizePath(path).split("/").slice(0, 4).join("/");
  if (!isStorePath(stored)) return evalError(`the path \`${path}\` is not in the store`, at);
  if (session.store === null) return new PartialString([impure("storePath", at)]);
  return withContext({ text: normalizePath(path), context: new Set([stored]) });
}

export function impureBuiltins(session: Session): readonly Builtin[] {
  return [
    defineTreeFetcher(session, "fetchGit"),
    defineTreeFetcher(session, "fetchMercurial"),
    defineTreeFetcher(session, "fetchTree"),
    definePathFetcher(session, "fetchTarball"),
    definePathFetcher(session, "fetchurl"),
    definePathFetcher(session, "fetchClosure"),
    define("storePath", 1, (args, at) => storePath(session, argument(args, 0), at)),
    // Pure evaluation, which flakes use, sees no environment.
    define("getEnv", 1, (args, at) => {
      const name = expectString(argument(args, 0), at);
      return name instanceof Unknown ? name : "";
    }),
  ];
}
