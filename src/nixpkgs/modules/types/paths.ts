// `types.path` and its kin: absolute or not, in the store or not.

import { coerceToText } from "../../../eval/coerce.ts";
import { hasAttrPath } from "../../../eval/select.ts";
import { Unknown } from "../../../eval/unknown.ts";
import { Attrs, NixPath, PartialString, type Value } from "../../../eval/value.ts";
import type { OptionType } from "../option-type.ts";
import { mergeEqualOption } from "./merging.ts";
import { isText, simpleType } from "./scalars.ts";

/** What a path has to be; null: either. */
export interface PathDemand {
  readonly inStore: boolean | null;
  readonly absolute: boolean | null;
}

interface PathType extends OptionType {
  readonly demand: PathDemand;
}

export function pathWith(demand: PathDemand): PathType {
  const { inStore, absolute } = demand;
  const type: PathType = {
    ...simpleType("path", describe(demand), (value) => fits(value, demand), mergeEqualOption),
    mergeWith: (other) => {
      const own = "demand" in other ? (other as PathType).demand : null;
      return own?.inStore === inStore && own?.absolute === absolute ? type : null;
    },
    demand,
  };
  return type;
}

function describe({ inStore, absolute }: PathDemand): string {
  const kind = absolute === null ? "" : absolute ? "absolute " : "relative ";
  const place = inStore === null ? "" : inStore ? " in the Nix store" : " not in the Nix store";
  return `${kind}path${place}`;
}

function fits(value: Value, { inStore, absolute }: PathDemand): boolean | Unknown {
  // A path value could be copied to the store later on.
  if (inStore === false ? !isText(value) : !isStringLike(value)) return false;
  const text = coerceToText(value, null, { lenient: false, copyPaths: false });
  if (text instanceof Unknown) return text;
  return both(agrees(inStore, isInStore(text)), agrees(absolute, isAbsolute(text)));
}

function isStringLike(value: Value): boolean {
  if (isText(value) || value instanceof NixPath) return true;
  return (
    value instanceof Attrs && (hasAttrPath(value, ["outPath"]) !== false || value.lookup("__toString") !== undefined)
  );
}

function both(a: boolean | Unknown, b: boolean | Unknown): boolean | Unknown {
  if (a === false || b === false) return false;
  return a === true ? b : a;
}

function agrees(wanted: boolean | null, is: boolean | Unknown): boolean | Unknown {
  if (wanted === null) return true;
  return is instanceof Unknown ? is : is === wanted;
}

function isInStore(text: string | PartialString): boolean | Unknown {
  if (typeof text === "string") return /^\/nix\/store\/[0-9a-z]{32}-./.test(text);
  if (text.prefix !== "") return text.prefix.startsWith("/nix/") ? text.hole : false;
  return text.hole.storePathOf === null ? text.hole : true;
}

/** A path, or text that begins with a slash; what begins with a store path does. */
export function isAbsolutePath(value: Value): boolean | Unknown {
  if (value instanceof NixPath) return true;
  return typeof value === "string" || value instanceof PartialString ? isAbsolute(value) : false;
}

function isAbsolute(text: string | PartialString): boolean | Unknown {
  const known = typeof text === "string" ? text : text.prefix;
  if (known !== "" || typeof text === "string") return known.startsWith("/");
  return text.hole.storePathOf === null ? text.hole : true;
}

/** `types.path`. */
export const absolutePath = pathWith({ inStore: null, absolute: true });
