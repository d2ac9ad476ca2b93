// lib.path: path values, and subpaths, which are text relative to a path and never lead out of it.

import { posix } from "node:path";
import { normalizePath } from "../../eval/paths.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { attrsOf, List, NixPath, typeName, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { type Functions, type Kind, known, names, native, tableOf } from "./signature.ts";

/** A path value; text does not do. */
const pathValue: Kind<NixPath> = {
  read: (lazy, at) => {
    const value = known.read(lazy, at);
    if (value instanceof NixPath || value instanceof Unknown) return value;
    return thrownError(`lib.path: expected a path but found ${typeName(value)}`, at);
  },
};

export const paths: Functions = {
  ...tableOf([
    native("append", [pathValue, known], ([base, below], at) => {
      const invalid = invalidSubpath(below, at);
      return invalid ?? new NixPath(normalizePath(`${base.path}/${below}`));
    }),
    native("hasPrefix", [pathValue, pathValue], ([prefix, whole]) => below(prefix, whole) !== undefined),
    native("removePrefix", [pathValue, pathValue], ([prefix, whole], at) => {
      const components = below(prefix, whole);
      if (components !== undefined) return joinComponents(components);
      return thrownError(`lib.path.removePrefix: \`${prefix.path}\` is not a prefix of \`${whole.path}\``, at);
    }),
    native("splitRoot", [pathValue], ([whole]) => {
      const root = new NixPath("/");
      return attrsOf({ root, subpath: joinComponents(below(root, whole) ?? []) });
    }),
    native("hasStorePathPrefix", [pathValue], ([whole]) => {
      return /^\/nix\/store\/.{32}-[^/]+/.test(whole.path) || /^\/[0-9a-z]{52}(\/|$)/.test(whole.path);
    }),
  ]),
  subpath: attrsOf(
    tableOf([
      native("isValid", [known], ([value], at) => invalidSubpath(value, at) === null),
      native("join", [names], ([parts], at) => {
        const invalid = parts.map((part) => invalidSubpath(part, at)).find((problem) => problem !== null);
        return invalid ?? joinComponents(parts.flatMap(componentsOf));
      }),
      native("components", [known], ([value], at) => {
        return invalidSubpath(value, at) ?? new List(componentsOf(String(value)));
      }),
      native("normalise", [known], ([value], at) => {
        return invalidSubpath(value, at) ?? joinComponents(componentsOf(String(value)));
      }),
    ]),
  ),
};

function below(prefix: NixPath, whole: NixPath): readonly string[] | undefined {
  const relative = posix.relative(prefix.path, whole.path);
  if (relative === ".." || relative.startsWith("../")) return undefined;
  return relative === "" ? [] : relative.split("/");
}

function componentsOf(subpath: string): readonly string[] {
  return subpath.split("/").filter((part) => part !== "" && part !== ".");
}

function joinComponents(components: readonly string[]): string {
  return components.length === 0 ? "./." : `./${components.join("/")}`;
}

/** Why a value is no subpath; null when it is one. */
function invalidSubpath(value: Value, at: Span | null): Unknown | null {
  if (value instanceof Unknown) return value;
  if (typeof value !== "string") return thrownError(`a subpath is a string, but this is ${typeName(value)}`, at);
  if (value === "") return thrownError("a subpath must not be empty", at);
  if (value.startsWith("/")) return thrownError(`\`${value}\` is an absolute path, not a subpath`, at);
  return value.split("/").includes("..") ? thrownError(`\`${value}\` contains \`..\`, so it is no subpath`, at) : null;
}
