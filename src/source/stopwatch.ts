// What each stage of a run takes, for `--profile`. Stages ask for each other, so time counts for the innermost one.

/** In the order of the pipeline. */
const stages = ["start", "files", "parse", "lower", "evaluate", "model", "rules", "fixes", "report"] as const;

export type Stage = (typeof stages)[number];

class Stopwatch {
  readonly now: () => number;
  private readonly spent = new Map<Stage, number>();
  private stage: Stage = "start";
  private since = 0;

  constructor(clock: () => number) {
    this.now = clock;
  }

  switchTo(stage: Stage): Stage {
    const now = this.now();
    const before = this.stage;
    this.spent.set(before, (this.spent.get(before) ?? 0) + now - this.since);
    this.stage = stage;
    this.since = now;
    return before;
  }

  /** Milliseconds by stage. */
  readAll(): ReadonlyMap<Stage, number> {
    this.switchTo(this.stage);
    return new Map(stages.map((stage) => [stage, this.spent.get(stage) ?? 0]));
  }
}

let running: Stopwatch | null = null;

/** From now on stages are timed; what was before was the start. `clock` gives milliseconds since then. */
export function startStopwatch(clock: () => number): void {
  running = new Stopwatch(clock);
}

/** Milliseconds by stage; nothing is timed any more. */
export function stopStopwatch(): ReadonlyMap<Stage, number> {
  const times = running?.readAll() ?? new Map();
  running = null;
  return times;
}

export function timed<T>(stage: Stage, run: () => T): T {
  const watch = running;
  if (watch === null) return run();
  const before = watch.switchTo(stage);
  try {
    return run();
  } finally {
    watch.switchTo(before);
  }
}
