// What the process ends with. A broken run never looks green: nothing turns 2 into less.

export const exitCode = {
  ok: 0,
  findings: 1,
  /** The job could not be done: bad flag or config, unreadable path, broken configuration, internal error. */
  failure: 2,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
