// What all scaffolds share: what they look at, and what they give.

import type { FlakeFiles } from "../../flake/files.ts";
import type { Fleet } from "../../fleet/fleet.ts";
import type { FileSystem } from "../../source/file-system.ts";
import type { Change } from "../edit.ts";
import type { Writing } from "../writing.ts";
import type { WrittenIndex } from "./written-index.ts";

export interface ScaffoldContext {
  readonly files: FlakeFiles;
  readonly fs: FileSystem;
  readonly fleet: Fleet;
  readonly writing: Writing;
  readonly index: WrittenIndex;
}

export interface Scaffolded {
  /** What to do, imperative. */
  readonly title: string;
  readonly change: Change;
  /** What its author has to run besides. */
  readonly commands: readonly string[];
}
