// Which values of a job are known: repository, paths, user, schedule, secret, retention. What a job has not, is not
// counted: a root job without a password file has no secret, a mirror of snapshots no repository.

import { Unknown } from "../src/eval/unknown.ts";
import type { Job } from "../src/fleet/jobs.ts";
import { doubtOf, type Located, type TextList } from "../src/fleet/known.ts";
import { timingOf } from "../src/fleet/schedules.ts";
import type { Host } from "../src/nixpkgs/host.ts";

export interface JobValue {
  readonly name: "repository" | "paths" | "user" | "schedule" | "secret" | "retention";
  /** Null when the value is known. */
  readonly doubt: Unknown | null;
}

export function valuesOf(host: Host, job: Job): readonly JobValue[] {
  const secrets = job.secretFiles.filter(({ role }) => role === "password").map(({ path }) => path);
  return [
    ...repositoryOf(job),
    { name: "paths", doubt: doubtOfList(job.paths) },
    { name: "user", doubt: doubtOf(job.user.text) },
    { name: "schedule", doubt: doubtOfSchedule(host, job) },
    ...(secrets.length > 0 ? [{ name: "secret", doubt: doubtOfTexts(secrets) } as const] : []),
    ...(hasRetention(job) ? [{ name: "retention", doubt: doubtOfRetention(job) } as const] : []),
  ];
}

/** In the option, or in the file that holds it. A script of one's own has one whether or not it can be read there. */
function repositoryOf(job: Job): readonly JobValue[] {
  const file = job.secretFiles.find(({ role }) => role === "repository")?.path;
  const found = job.repository ?? file;
  if (found) return [{ name: "repository", doubt: doubtOf(found.text) }];
  if (job.mechanism !== "unit") return [];
  const message = "the script does not say to which repository it writes";
  return [{ name: "repository", doubt: new Unknown("unsupported", message, job.span) }];
}

function doubtOfList({ items, possible, rest }: TextList): Unknown | null {
  return rest ?? doubtOfTexts([...items, ...possible]);
}

function doubtOfTexts(texts: readonly Located[]): Unknown | null {
  return texts.map(({ text }) => doubtOf(text)).find((doubt) => doubt !== null) ?? null;
}

function doubtOfSchedule(host: Host, { unit, timer }: Job): Unknown | null {
  const timing = timingOf(host, unit, timer);
  if (timing === null) return null;
  const delays = [timing.randomizedDelay, timing.accuracy].filter((delay) => delay !== null);
  return doubtOfList(timing.calendar) ?? doubtOfTexts(delays);
}

function hasRetention({ mechanism }: Job): boolean {
  return mechanism === "restic" || mechanism === "borg";
}

function doubtOfRetention({ prunes, pruneOpts }: Job): Unknown | null {
  return doubtOfList(pruneOpts) ?? (prunes.kind === "undecided" ? (prunes.reasons[0] ?? null) : null);
}
