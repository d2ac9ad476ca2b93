// Calling `lib` from native code by the names Nix code uses.

import { applyAll } from "../eval/apply.ts";
import { selectAttr } from "../eval/select.ts";
import { force } from "../eval/thunk.ts";
import type { Lazy, Value } from "../eval/value.ts";

/** `lib.a.b` for `"a.b"`; an `Unknown` where there is none. */
export function readLib(lib: Lazy, path: string): Value {
  let value = force(lib);
  for (const name of path.split(".")) value = force(selectAttr(value, name, null));
  return value;
}

/** `lib.a.b x y` for `"a.b"`. */
export function callLib(lib: Lazy, path: string, ...args: readonly Lazy[]): Value {
  return applyAll(readLib(lib, path), args, null);
}
