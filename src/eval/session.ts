// One evaluation of one tree of files: what is imported, read and found on the search path.

import type { FileSystem } from "../source/file-system.ts";
import type { Span } from "../source/span.ts";
import type { ParsedFile } from "../syntax/parse.ts";
import type { Lazy, Value } from "./value.ts";

/** What evaluation ran into that is worth a finding of its own. */
export type FileProblem =
  | { readonly kind: "missing-import"; readonly path: string; readonly untracked: boolean; readonly at: Span | null }
  | { readonly kind: "unreadable-file"; readonly path: string; readonly why: string; readonly at: Span | null };

export interface SessionOptions {
  readonly fs: FileSystem;
  /** `<name/rest>`: the value that `name` stands for; undefined when it is not on the search path. */
  readonly searchPath?: (name: string) => Lazy | undefined;
  /** What `import` of a value that is no path of ours gives, as for `import nixpkgs { … }`; undefined: unknown. */
  readonly importValue?: (value: Value, at: Span | null) => Value | undefined;
  /** `builtins.currentSystem`. */
  readonly system?: string;
}

export interface Session {
  readonly fs: FileSystem;
  readonly builtins: Lazy;
  /** Every file parsed so far, by path. */
  readonly files: ReadonlyMap<string, ParsedFile>;
  /** Paths read by any means (import, readFile, readDir, pathExists). */
  readonly touched: ReadonlySet<string>;
  readonly problems: readonly FileProblem[];
  /** The value of the file, or of `default.nix` in the directory; evaluated once. */
  importFile(path: string, at: Span | null): Value;
  /** Evaluates text as if it stood in the file at `path`. */
  evaluateText(text: string, path: string): Value;
}
