// `lib.evalModules`: modules in, the fixed point of their options and config out.

import type { Attrs, Lazy } from "../../eval/value.ts";
import type { AttrPath, ModuleRef } from "./definition.ts";

/** How options that nobody declares behave. */
export type UndeclaredPolicy =
  /** As nixpkgs: an error. */
  | "error"
  /** As a NixOS host seen without nixpkgs: merged by shape, and open. */
  | "freeform";

export interface ModulesInput {
  readonly modules: readonly Lazy[];
  /** `specialArgs`: usable in `imports`. */
  readonly specialArgs: Attrs;
  /** Module arguments besides; `_module.args` of modules come on top. */
  readonly args?: Attrs;
  readonly prefix?: AttrPath;
  readonly class?: string;
  readonly undeclared: UndeclaredPolicy;
}

export interface ModuleEvaluation {
  readonly config: Attrs;
  readonly options: Attrs;
  /** All modules, in order of collection. Forces `imports` only. */
  readonly modules: readonly ModuleRef[];
  /** `{ config, options, type, extendModules, _module, class, graph }` as Nix code sees it. */
  readonly value: Attrs;
}
