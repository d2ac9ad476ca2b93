// Builtins on flake references.

import type { Span } from "../../source/span.ts";
import { compareText } from "../equality.ts";
import { argument, define, expectAttrs, expectString } from "../native.ts";
import type { Session } from "../session.ts";
import { force } from "../thunk.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { Attr, Attrs, attrsOf, type Builtin, type Lazy, type Scalar, type Value } from "../value.ts";

type RefAttrs = { [name: string]: Scalar; rev?: Scalar };

const revision = /^[0-9a-f]{40}$/;
const forges = new Set(["github", "gitlab", "sourcehut"]);

/** The attrs of a flake reference such as `github:owner/repo?dir=lib`; a message for what is none. */
export function parseFlakeRef(text: string): RefAttrs | string {
  const [location = "", query = ""] = text.split("#")[0]?.split(/\?(.*)/s) ?? [];
  const attrs = location.startsWith("/") ? { type: "path", path: location } : parseLocation(location);
  if (typeof attrs === "string") return attrs;
  for (const [name, value] of new URLSearchParams(query)) attrs[name] = refValue(name, value);
  return attrs;
}

/** Nix keeps numbers and switches of a reference as such. */
function refValue(name: string, value: string): Scalar {
  if (name === "lastModified" || name === "revCount") return /^\d+$/.test(value) ? BigInt(value) : value;
  if (["shallow", "submodules", "allRefs", "lfs", "exportIgnore"].includes(name)) return value === "1";
  return value;
}

function parseLocation(location: string): RefAttrs | string {
  const match = /^([a-zA-Z][\w+.-]*):(.*)$/s.exec(location);
  if (!match) return parseIndirect(location);
  const [, scheme = "", rest = ""] = match;
  if (forges.has(scheme)) return parseForge(scheme, rest);
  if (scheme === "flake") return parseIndirect(rest);
  if (scheme === "path") return { type: "path", path: rest.replace(/^\/\/(?=\/)/, "") };
  if (/^(git|hg)(\+\w+)?$/.test(scheme)) {
    const [type = "git", transport] = scheme.split("+");
    return { type, url: `${transport ?? type}:${rest}` };
  }
  return parseDownload(scheme, rest);
}

function parseDownload(scheme: string, rest: string): RefAttrs | string {
  const match = /^(?:(tarball|file)\+)?(https?|file)$/.exec(scheme);
  if (!match) return `\`${scheme}:${rest}\` is not a flake reference`;
  const isArchive = /\.(zip|tar|tgz|tar\.(gz|xz|bz2|zst))$/.test(rest);
  return { type: match[1] ?? (isArchive ? "tarball" : "file"), url: `${match[2]}:${rest}` };
}

function parseForge(type: string, rest: string): RefAttrs | string {
  const [owner, repo, ...more] = rest.split("/").map(decodeURIComponent);
  if (!owner || !repo) return `\`${type}:${rest}\` does not name an owner and a repository`;
  return withReference({ type, owner, repo }, more.join("/"));
}

function parseIndirect(rest: string): RefAttrs | string {
  const [id = "", ...more] = rest.split("/");
  if (!/^[a-zA-Z][\w-]*$/.test(id)) return `\`${rest}\` is not a flake reference`;
  const [first = "", second] = more;
  const attrs = withReference({ type: "indirect", id }, first);
  if (second !== undefined) attrs.rev = second;
  return attrs;
}

function withReference(attrs: RefAttrs, reference: string): RefAttrs {
  if (reference === "") return attrs;
  return { ...attrs, [revision.test(reference) ? "rev" : "ref"]: reference };
}

/** The reference as text; a message for attrs that are none. */
export function showFlakeRef(attrs: ReadonlyMap<string, Scalar>): string {
  const left = new Map(attrs);
  const take = (name: string) => {
    const value = left.get(name);
    left.delete(name);
    return value === undefined ? "" : String(value);
  };
  const type = take("type");
  const location = showLocation(type, take);
  const query = [...left]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => `${name}=${showParameter(value)}`);
  return location + (query.length > 0 ? `?${query.join("&")}` : "");
}

function showParameter(value: Scalar): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return encodeURIComponent(String(value)).replace(/%2F|%3A|%40/g, decodeURIComponent);
}

function showLocation(type: string, take: (name: string) => string): string {
  const reference = () =>
    [take("ref"), take("rev")]
      .filter((part) => part !== "")
      .map((part) => `/${part}`)
      .join("");
  if (forges.has(type)) return `${type}:${take("owner")}/${take("repo")}${reference()}`;
  if (type === "indirect") return `flake:${take("id")}${reference()}`;
  if (type === "path") return `path:${take("path")}`;
  const url = take("url");
  const plain = type === "tarball" || type === "file" || url.startsWith(`${type}:`) || url.startsWith(`${type}+`);
  return plain ? url : `${type}+${url}`;
}

function flakeRefToString(attrs: Attrs, at: Span | null): Value {
  const scalars = new Map<string, Scalar>();
  for (const [name, attr] of attrs.entries) {
    const value = force(attr.value);
    if (value instanceof Unknown) return value;
    if (value !== null && typeof value === "object") {
      return evalError(`the attribute \`${name}\` of a flake reference must be a string, an integer or a Boolean`, at);
    }
    if (typeof value === "bigint" && value < 0n) return evalError(`\`${name}\` of a flake reference is negative`, at);
    scalars.set(name, value);
  }
  if (attrs.rest) return attrs.rest;
  return scalars.has("type") ? showFlakeRef(scalars) : evalError("a flake reference needs a `type`", at);
}

export function flakeBuiltins(session: Session): readonly Builtin[] {
  return [
    define("parseFlakeRef", 1, (args, at) => {
      const text = expectString(argument(args, 0), at);
      if (text instanceof Unknown) return text;
      const attrs = parseFlakeRef(text);
      return typeof attrs === "string" ? evalError(attrs, at) : attrsOf(attrs);
    }),
    define("flakeRefToString", 1, (args, at) => {
      const attrs = expectAttrs(argument(args, 0), at);
      return attrs instanceof Unknown ? attrs : flakeRefToString(attrs, at);
    }),
    define("getFlake", 1, (args, at) => getFlake(session, argument(args, 0), at)),
  ];
}

/** Another flake is known by where it comes from, or not at all; what it holds is open then. */
function getFlake(session: Session, lazy: Lazy, at: Span | null): Value {
  const reference = expectString(lazy, at);
  if (isError(reference)) return reference;
  const known = typeof reference === "string" ? session.fetch(reference) : undefined;
  if (known !== undefined) return known;
  const which = typeof reference === "string" ? ` \`${reference}\`` : "";
  const unknown = new Unknown("input", `the flake${which} that \`builtins.getFlake\` gets`, at);
  return new Attrs(new Map([["_type", new Attr("flake")]]), unknown);
}
