// Remembers which options were read while something was evaluated, so that a definition under a condition can name
// the definitions that made the condition true.

/** Whatever the module system says was read; evaluation only carries it. */
export type Read = object;

let current: Set<Read> | null = null;

/** Called when an option's value is read. */
export function recordRead(read: Read): void {
  current?.add(read);
}

/** Whether somebody is listening; thunks then remember their reads for those who ask later. */
export function isRecording(): boolean {
  return current !== null;
}

/** Runs and gives what was read meanwhile, by it and by every thunk that was forced under a recording. */
export function recordReads<T>(run: () => T): { readonly result: T; readonly reads: ReadonlySet<Read> } {
  const before = current;
  const reads = new Set<Read>();
  current = reads;
  try {
    return { result: run(), reads };
  } finally {
    current = before;
    if (before) for (const read of reads) before.add(read);
  }
}
