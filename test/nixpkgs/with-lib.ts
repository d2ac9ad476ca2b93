// Nix functions of `{ lib }`, called with the native `lib`; and with nixpkgs' own, by the installed Nix.

import { join } from "node:path";
import { apply } from "../../src/eval/apply.ts";
import { startBudget } from "../../src/eval/budget.ts";
import { createSession, type Session } from "../../src/eval/session.ts";
import { attrsOf, type Value } from "../../src/eval/value.ts";
import { libOfSession } from "../../src/nixpkgs/session-lib.ts";
import { DiskFileSystem } from "../../src/source/disk-file-system.ts";
import { evaluateWithNix, hasNix } from "../real-nix.ts";

/** A checkout of nixpkgs, or of its library. */
const source = process.env.NIXPKGS_SOURCE;
export const hasNixpkgs = hasNix && source !== undefined;
if (!hasNixpkgs)
  console.warn(
    "skipped: modules under real Nix (needs nix-instantiate, and NIXPKGS_SOURCE set to a checkout of nixpkgs)",
  );

export class WithLib {
  private readonly session: Session = createSession({ fs: new DiskFileSystem("/") });
  private readonly args = attrsOf({ lib: libOfSession(this.session) });

  callFile(path: string): Value {
    return this.call(this.session.importFile(path, null));
  }

  callText(text: string): Value {
    return this.call(this.session.evaluateText(text, "/module.nix"));
  }

  private call(fn: Value): Value {
    startBudget();
    return apply(fn, this.args, null);
  }
}

/** What nixpkgs and Nix make of the functions, all in one process. */
export function callWithNixpkgs(functions: readonly string[]): readonly unknown[] {
  const lib = join(source ?? "/", "lib");
  return evaluateWithNix(functions.map((fn) => `(${fn}) { lib = import ${lib}; }`));
}
