// lib.sources: source trees with some files left out. What is left out is not modelled: a source is the tree it was
// made from, so that reading below it finds the files.

import { interpolate } from "../../eval/coerce.ts";
import { expectText } from "../../eval/native.ts";
import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attrs, attrsOf, type Lazy, NixPath, PartialString, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import {
  any,
  type Functions,
  inherit,
  known,
  native,
  notImplemented,
  set,
  shown,
  string,
  tableOf,
} from "./signature.ts";

export function sources(builtins: Attrs): Functions {
  return {
    ...inherit(builtins, ["filterSource"]),
    ...cleaning,
    ...revisions,
    pathIsGitRepo: native("pathIsGitRepo", [any], () => unknownRevision),
    commitIdFromGitRepo: native("commitIdFromGitRepo", [any], () => unknownRevision),
    ...notImplemented("lib.sources", ["repoRevToName"]),
  };
}

const unknownRevision = new Unknown("impure", "the git repository of a source");

const acceptAll = native("filter", [any, any], () => true);

const cleaning = tableOf([
  native("cleanSourceWith", [set], ([args], at) => {
    const src = selectAttr(args, "src", at);
    return makeSource(src, selectOrUndefined(args, "filter") ?? acceptAll, selectOrUndefined(args, "name") ?? null, at);
  }),
  native("cleanSource", [any], ([src], at) => makeSource(src, cleanSourceFilter, null, at)),
  native("sourceByRegex", [any, any], ([src], at) => makeSource(src, acceptAll, null, at)),
  native("sourceByGlobs", [any, any], ([src], at) => makeSource(src, acceptAll, null, at)),
  native("sourceFilesBySuffices", [any, any], ([src], at) => makeSource(src, acceptAll, null, at)),
  native("trace", [any], ([src]) => force(src)),
  native("canCleanSource", [known], ([src]) => src instanceof NixPath || isSource(src)),
  native("pathHasContext", [known], ([src]) => src instanceof PartialString),
  native("cleanSourceFilter", [any, any], ([name, type], at) => keptByDefault(name, type, at)),
]);

const cleanSourceFilter = native("cleanSourceFilter", [any, any], ([name, type], at) => keptByDefault(name, type, at));

function isSource(value: Value): value is Attrs {
  return value instanceof Attrs && value.lookup("_isLibCleanSourceWith") !== undefined;
}

/** A source made from a path, or the source below it with another filter. */
export function makeSource(lazy: Lazy, filter: Lazy, name: Lazy, at: Span | null): Value {
  const src = force(lazy);
  if (src instanceof Unknown) return src;
  const origin = isSource(src) ? force(selectAttr(src, "origSrc", at)) : src;
  const outPath = interpolate(origin, at);
  if (outPath instanceof Unknown && outPath.reason === "error") return outPath;
  return attrsOf({
    _isLibCleanSourceWith: true,
    origSrc: origin,
    filter,
    name: force(name) === null ? "source" : name,
    outPath,
  });
}

const versionControl = new Set([".svn", "CVS", ".hg", ".jj", ".pijul", "_darcs"]);

/** Leaves out version control, what editors and compilers leave behind, and results of `nix build`. */
function keptByDefault(name: Lazy, type: Lazy, at: Span | null): Value {
  const path = shown.read(name, at);
  const kind = expectText(type, at);
  if (path instanceof Unknown) return path;
  if (kind instanceof Unknown) return kind;
  if (typeof path !== "string") return path.hole;
  const base = path.split("/").at(-1) ?? "";
  if (base === ".git" || (kind === "directory" && versionControl.has(base))) return false;
  if (/(~|\.o|\.so)$|^\.sw[a-z]$|^\..*\.sw[a-z]$/.test(base)) return false;
  return !(kind === "symlink" && base.startsWith("result")) && kind !== "unknown";
}

const revisions = tableOf([
  native("urlToName", [shown], ([url]) => {
    if (typeof url !== "string") return url.hole;
    const last = url.split(":").at(-1) ?? "";
    const base = last.replace(/\/$/, "").split("/").at(-1) ?? "";
    return base.replace(/(\.(git|tar|zip|gz|tgz|bz|tbz|bz2|tbz2|lzma|txz|xz|zstd))+$/, "");
  }),
  native("shortRev", [string], ([revision]) => {
    const base = revision.split("/").at(-1) ?? "";
    if (/^[a-f0-9]+$/.test(base)) return base.slice(0, 7);
    return /^(?:[A-Za-z]+[-_. ]?)*v?([0-9.]+.*)$/.exec(base)?.[1] ?? base;
  }),
  native("revOrTag", [any, any], ([revision, tag]) => {
    const known = force(tag);
    return known === null ? (force(revision) ?? "HEAD") : known;
  }),
]);
