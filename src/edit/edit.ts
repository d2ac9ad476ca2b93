// Changes to files as data.

import type { Span } from "../source/span.ts";

/** Replaces the span by the text: an empty span inserts, empty text removes. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** Applied whole or not at all. */
export interface Fix {
  /** What to do, imperative: "set the owner to `hass`". */
  readonly title: string;
  readonly edits: readonly Edit[];
  readonly newFiles?: readonly NewFile[];
  readonly safety: "safe" | "unsafe" | "scaffold";
}
