// Changes to files as data.

import type { Span } from "../source/span.ts";

/** Replaces the span by the text: an empty span inserts, empty text removes. Line ends are those of the file. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

export interface NewFile {
  /** Absolute, as in spans. */
  readonly path: string;
  readonly text: string;
}

/** What one question to `Editing` gives. Null: it cannot be written for sure, so there is no fix. */
export type Change = { readonly edits: readonly Edit[]; readonly newFiles?: readonly NewFile[] } | null;

export type Safety = "safe" | "unsafe" | "scaffold";

/** Applied whole or not at all. */
export interface Fix {
  /** What to do, imperative: "set the owner to `hass`". */
  readonly title: string;
  readonly edits: readonly Edit[];
  readonly newFiles?: readonly NewFile[];
  readonly safety: Safety;
  /** What its author has to do besides, for nixlint cannot: shell commands, one per line. */
  readonly commands?: readonly string[];
}
