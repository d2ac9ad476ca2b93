// From a directory with a flake.nix to its hosts.

import type { Session } from "../eval/session.ts";
import type { Unknown } from "../eval/unknown.ts";
import type { Attrs } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Span } from "../source/span.ts";
import type { FlakeFiles } from "./files.ts";

/** An entry of `nixosConfigurations` (or of a hive) that could not be evaluated to a system. */
export interface UnresolvedHost {
  /** Its attr name; `nixosConfigurations` or `outputs` when not even the names are known. */
  readonly name: string;
  readonly why: Unknown;
}

export interface Flake {
  readonly root: string;
  readonly session: Session;
  readonly files: FlakeFiles;
  /** Names of its inputs, sorted. */
  readonly inputs: readonly string[];
  /** The outputs of `flake.nix`. */
  readonly outputs: Attrs;
  /** Every entry of `nixosConfigurations` and what the adapters add, sorted by name. */
  readonly hosts: readonly Host[];
  /** What should have been a host and is not; never empty in silence. */
  readonly unresolved: readonly UnresolvedHost[];
  /** Roles that no host imports. */
  readonly roles: readonly Host[];
  /** What was taken for granted, as in "1 unread input (`private`) defines no backup job". */
  readonly assumptions: readonly Assumption[];
}

/** What claims of absence rest on. */
export interface Assumption {
  readonly message: string;
  /** Where what was not read comes in. */
  readonly at: Span | null;
  /** Sorted. */
  readonly hosts: readonly string[];
}
