// Paths as forges want them: relative to the repository, of which the flake may be a subdirectory.

import { posix } from "node:path";
import type { Span } from "../source/span.ts";
import { type Atlas, displayPath } from "./place.ts";
import type { ReportOptions } from "./reporter.ts";

/** What lies outside of the repository, which only inputs do, keeps its `..`. */
export function repositoryPath(atlas: Atlas, path: string, { directory }: Pick<ReportOptions, "directory">): string {
  return posix.join(directory, displayPath(atlas, path));
}

/** The first place that is one; what is about no place is about the flake. */
export function placeOrFlake(root: string, spans: readonly (Span | null)[]): Span {
  return spans.find((span) => span !== null) ?? { file: `${root}/flake.nix`, start: 0, end: 0 };
}
