// What fetchers refuse before they fetch anything.

import type { Span } from "../../source/span.ts";
import { expectString } from "../native.ts";
import { problemOfName } from "../store-path.ts";
import { force } from "../thunk.ts";
import { evalError, type Failure, isError, Unknown } from "../unknown.ts";
import { Attrs, type Lazy, NixPath, PartialString, typeName } from "../value.ts";
import { sortedNames } from "./attrs.ts";
import { baseName } from "./paths.ts";

const downloadArguments = new Set(["url", "sha256", "name"]);

/** An address, or a set with `url`, and perhaps `sha256` and `name`. */
export function problemOfDownload(fetcher: string, lazy: Lazy, at: Span | null): Unknown | null {
  const source = force(lazy);
  if (isError(source)) return source;
  if (!(source instanceof Attrs)) {
    const url = expectString(source, at);
    return typeof url === "string" ? problemOfFetchedName(fetcher, baseName(url), at) : errorOrNull(url);
  }
  const unexpected = sortedNames(source).find((name) => !downloadArguments.has(name));
  if (unexpected !== undefined) return evalError(`unsupported argument \`${unexpected}\` to \`${fetcher}\``, at);
  const [url, name] = [source.lookup("url"), source.lookup("name")];
  if (url === undefined) return source.rest ? null : evalError(`\`${fetcher}\` needs a \`url\``, at);
  const address = expectString(url.value, at);
  const given = name && expectString(name.value, at);
  if (isError(given)) return given;
  if (typeof given === "string") return problemOfFetchedName(fetcher, given, at);
  if (typeof address !== "string") return errorOrNull(address);
  return given === undefined ? problemOfFetchedName(fetcher, baseName(address), at) : null;
}

/** A file is stored by the last part of its address; an archive is called `source`. */
function problemOfFetchedName(fetcher: string, name: string, at: Span | null): Unknown | null {
  const problem = fetcher === "fetchurl" ? problemOfName(name) : null;
  return problem === null
    ? null
    : evalError(`invalid store path name in \`${fetcher}\`: ${problem}; give a \`name\``, at);
}

/** An address, or a set of attrs that are text, Booleans or whole numbers. */
export function problemOfTree(fetcher: string, lazy: Lazy, at: Span | null): Unknown | null {
  const source = force(lazy);
  if (isError(source)) return source;
  if (!(source instanceof Attrs)) return problemOfAddress(fetcher, lazy, at);
  const isTree = fetcher === "fetchTree";
  if (isTree && source.lookup("type") === undefined && source.rest === null) {
    return evalError("`fetchTree` needs a `type`", at);
  }
  for (const [name, attr] of source.entries) {
    const value = force(attr.value);
    if (isError(value)) return value;
    if (typeof value === "bigint" && value < 0n) {
      return evalError(`the argument \`${name}\` of \`${fetcher}\` is negative: ${value}`, at);
    }
    if (isPlain(value)) continue;
    return evalError(`the argument \`${name}\` of \`${fetcher}\` must be a string, a Boolean or an integer`, at);
  }
  return null;
}

function isPlain(value: unknown): boolean {
  if (value instanceof Unknown || value instanceof PartialString || value instanceof NixPath) return true;
  return typeof value === "string" || typeof value === "boolean" || typeof value === "bigint";
}

function problemOfAddress(fetcher: string, lazy: Lazy, at: Span | null): Unknown | null {
  const value = force(lazy);
  if (value instanceof NixPath || value instanceof PartialString || value instanceof Unknown) return null;
  if (typeof value !== "string") return evalError(`cannot coerce ${typeName(value)} to a string`, at);
  const relative = fetcher === "fetchTree" && /^(?:tarball\+|file\+)?file:(?!\/)/.test(value);
  return relative ? evalError(`\`${value}\` must have an absolute path`, at) : null;
}

function errorOrNull(value: Unknown): Failure | null {
  return isError(value) ? value : null;
}
