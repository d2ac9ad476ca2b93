// The files of a flake as rules about files see them.

import type { FileProblem } from "../eval/session.ts";
import type { FileSystem } from "../source/file-system.ts";
import type { ParsedFile } from "../syntax/parse.ts";
import type { Skipped } from "./skipped.ts";

export interface FlakeFiles {
  /** The flake's root directory. */
  readonly root: string;
  readonly fs: FileSystem;
  /** Every Nix file of the flake that could be read and is Nix, by path; also those no host reaches. */
  readonly parsed: ReadonlyMap<string, ParsedFile>;
  /** Files that some host, role or output reaches. */
  readonly reached: ReadonlySet<string>;
  /** What evaluation ran into. */
  readonly problems: readonly FileProblem[];
  /** Counted skips: encrypted, not Nix. */
  readonly skipped: readonly Skipped[];
}
