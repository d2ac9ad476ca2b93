// Remembers which options were read while something was evaluated, so that a definition under a condition can name
// the definitions that made the condition true.

/** Whatever the module system says was read; evaluation only carries it. */
export type Read = object;

/** Most evaluations read nothing: the set is made for the first read. */
interface Recording {
  reads: Set<Read> | null;
}

let current: Recording | null = null;

const noReads: ReadonlySet<Read> = new Set();

/** Called when an option's value is read. */
export function recordRead(read: Read): void {
  if (current === null) return;
  current.reads ??= new Set();
  current.reads.add(read);
}

/** Whether somebody is listening; thunks then remember their reads for those who ask later. */
export function isRecording(): boolean {
  return current !== null;
}

/** Runs and gives what was read meanwhile, by it and by every thunk that was forced under a recording. */
export function recordReads<T>(run: () => T): { readonly result: T; readonly reads: ReadonlySet<Read> } {
  const before = current;
  const recording: Recording = { reads: null };
  current = recording;
  try {
    const result = run();
    return { result, reads: recording.reads ?? noReads };
  } finally {
    current = before;
    if (recording.reads !== null) for (const read of recording.reads) recordRead(read);
  }
}
