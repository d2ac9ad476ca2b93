// Versions and package names, compared and split as Nix does.

import { compareText } from "../equality.ts";
import { argument, define, expectString } from "../native.ts";
import { Unknown } from "../unknown.ts";
import { attrsOf, type Builtin, List } from "../value.ts";

/** Runs of digits and runs of other characters; dots and dashes only separate. */
export function versionComponents(version: string): string[] {
  return version.match(/[0-9]+|[^0-9.-]+/g) ?? [];
}

/** Negative when `a` is older, positive when it is newer, 0 when they are the same. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionComponents(a), versionComponents(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i] ?? "", right[i] ?? ""];
    if (isOlder(x, y)) return -1;
    if (isOlder(y, x)) return 1;
  }
  return 0;
}

function isOlder(a: string, b: string): boolean {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== null && y !== null) return x < y;
  if (a === "" && y !== null) return true;
  if (a === "pre" && b !== "pre") return true;
  if (b === "pre") return false;
  if (y !== null) return true;
  if (x !== null) return false;
  return compareText(a, b) < 0;
}

/** Components beyond 32 bits are text to Nix. */
function numberOf(component: string): number | null {
  if (!/^[0-9]+$/.test(component)) return null;
  const value = Number(component);
  return value < 2 ** 31 ? value : null;
}

/** The version starts after the first dash that no letter follows. */
export function parseDrvName(text: string): { readonly name: string; readonly version: string } {
  const dash = text.search(/-[^A-Za-z]/);
  return dash < 0 ? { name: text, version: "" } : { name: text.slice(0, dash), version: text.slice(dash + 1) };
}

export const versionBuiltins: readonly Builtin[] = [
  define("compareVersions", 2, (args, at) => {
    const left = expectString(argument(args, 0), at);
    if (left instanceof Unknown) return left;
    const right = expectString(argument(args, 1), at);
    return right instanceof Unknown ? right : BigInt(compareVersions(left, right));
  }),
  define("splitVersion", 1, (args, at) => {
    const version = expectString(argument(args, 0), at);
    return version instanceof Unknown ? version : new List(versionComponents(version));
  }),
  define("parseDrvName", 1, (args, at) => {
    const text = expectString(argument(args, 0), at);
    return text instanceof Unknown ? text : attrsOf({ ...parseDrvName(text) });
  }),
];
