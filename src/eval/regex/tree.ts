// What regular expressions of every syntax become: trees over bytes (see ../bytes.ts).

import type { ByteSet } from "./byte-set.ts";

/** `Note` is what the reader of a syntax keeps with each node. */
export type RegexNode<Note = unknown> = Note &
  (
    | { readonly kind: "bytes"; readonly bytes: ByteSet }
    | { readonly kind: "start" | "end" }
    | { readonly kind: "sequence" | "alternatives"; readonly nodes: readonly RegexNode<Note>[] }
    | { readonly kind: "group"; readonly index: number; readonly body: RegexNode<Note> }
    | {
        readonly kind: "repeat";
        readonly body: RegexNode<Note>;
        readonly least: number;
        /** Null: without end. */
        readonly most: number | null;
      }
  );

export interface RegexTree {
  readonly root: RegexNode;
  /** How many groups are kept. */
  readonly groups: number;
}
