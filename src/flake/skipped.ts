// A file that was passed over, counted and named rather than ignored in silence.

export interface Skipped {
  readonly path: string;
  /** As in "encrypted by git-crypt". */
  readonly why: string;
}
