// What the stages of loading a flake share.

import type { Session } from "../eval/session.ts";
import type { Lazy } from "../eval/value.ts";
import type { Nixpkgs } from "../nixpkgs/nixpkgs.ts";

export interface FlakeContext {
  readonly session: Session;
  /** nixpkgs as the search path and the adapters see it. */
  readonly nixpkgs: Nixpkgs;
  /** nixpkgs under the name of an input. */
  readonly nixpkgsNamed: (name: string) => Nixpkgs;
  /** Inputs of the root flake that are read from another directory: `--override-input`, `[inputs]`. */
  readonly overrides: ReadonlyMap<string, string>;
  /** Evaluates flake-level modules: open where nobody declares an option. */
  readonly evalFlakeModules: Lazy;
}
