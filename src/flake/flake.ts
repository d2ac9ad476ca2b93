// From a directory with a flake.nix to its hosts.

import type { Session } from "../eval/session.ts";
import type { Attrs } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { FlakeFiles } from "./files.ts";

export interface Flake {
  readonly root: string;
  readonly session: Session;
  readonly files: FlakeFiles;
  /** The outputs of `flake.nix`. */
  readonly outputs: Attrs;
  /** Every entry of `nixosConfigurations` and what the adapters add, sorted by name. */
  readonly hosts: readonly Host[];
  /** Roles that no host imports. */
  readonly roles: readonly Host[];
  /** What was taken for granted, as in "1 unread input (`private`) defines no backup job". */
  readonly assumptions: readonly string[];
}
