// The backup jobs of a host, whatever runs them, in one shape.

import { type Answer, no, yes } from "../eval/answer.ts";
import { force } from "../eval/thunk.ts";
import type { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Definition, Option } from "../nixpkgs/modules/definition.ts";
import type { Span } from "../source/span.ts";
import { borgJobs } from "./borg-jobs.ts";
import type { Script } from "./commands.ts";
import { attrIn, type Located, type TextList } from "./known.ts";
import { resticJobs } from "./restic-jobs.ts";
import { snapshotJobs } from "./snapshot-jobs.ts";
import { unitJobs } from "./unit-jobs.ts";

export type Mechanism = "restic" | "borg" | "borgmatic" | "btrbk" | "syncoid" | "zrepl" | "unit" | "copy" | "other";

/** A file that a job reads while it runs, as the user it runs as. */
export interface JobFile {
  readonly role: "password" | "repository" | "rclone configuration" | "SSH key";
  readonly path: Located;
}

export interface Job {
  readonly name: string;
  readonly mechanism: Mechanism;
  /** `services.restic.backups.hass`. */
  readonly option: string;
  readonly span: Span | null;
  /** Every file whose text defines it. */
  readonly files: ReadonlySet<string>;
  /** Without `.service`. */
  readonly unit: string;
  readonly certain: Answer;
  readonly user: Located;
  /** Set for the unit by itself; null: the user's own. */
  readonly group: Located | null;
  readonly paths: TextList;
  readonly exclude: TextList;
  /** File systems below its paths are left out. */
  readonly oneFileSystem: boolean;
  readonly repository: Located | null;
  /** Machines from which it fetches what it backs up. */
  readonly pullsFrom: readonly string[];
  readonly secretFiles: readonly JobFile[];
  /** Removes old snapshots from the repository. */
  readonly prunes: Answer;
  readonly pruneOpts: TextList;
  /** Reads the repository to see whether it is intact. */
  readonly checks: Answer;
  /** Whether there is anything to back up: some jobs only prune. */
  readonly backsUp: Answer;
  /** Runs before the backup, in the same unit. */
  readonly prepare: Script;
  /** Everything else it runs, where a notification could be. */
  readonly commands: Script;
  readonly timer: JobTimer;
}

/** How a mechanism says when a job runs; the unit's own timer counts too. */
export type JobTimer =
  | { readonly kind: "timer-config"; readonly option: Option }
  | {
      readonly kind: "start-at";
      readonly option: Option | null;
      readonly fallback: string | null;
      readonly persistent: boolean;
    };

export interface JobList {
  readonly jobs: readonly Job[];
  /** Why there may be more. */
  readonly rest: Unknown | null;
}

export function readJobs(host: Host): JobList {
  const modules = [resticJobs(host), borgJobs(host), snapshotJobs(host)];
  const taken = new Set(modules.flatMap((list) => list.jobs.map((job) => job.unit)));
  const lists = [...modules, unitJobs(host, taken)];
  const jobs = lists.flatMap((list) => list.jobs).filter((job) => job.certain.kind !== "no");
  return { jobs, rest: lists.find((list) => list.rest !== null)?.rest ?? null };
}

/** What most jobs have not. */
export const emptyJob = {
  group: null,
  exclude: { items: [], possible: [], rest: null },
  oneFileSystem: false,
  repository: null,
  pullsFrom: [],
  secretFiles: [],
  prunes: no,
  pruneOpts: { items: [], possible: [], rest: null },
  checks: no,
  backsUp: yes,
  prepare: { text: "", unread: null },
  commands: { text: "", unread: null },
} as const satisfies Partial<Job>;

/** Where a job is made: of several definitions the one that says where it backs up to; the others only add to it. */
export function madeAt(option: Option): Span | null {
  const isMaker = ({ value }: Definition) =>
    ["repository", "repositoryFile", "repo"].some((name) => attrIn(force(value), [name]) !== undefined);
  return (option.definitions.find(isMaker) ?? option).span;
}

/** The files that define an option: its definitions, what caused them, and the attr itself. */
export function definingFiles(option: Option, more: readonly (Span | null)[] = []): ReadonlySet<string> {
  const files = new Set<string>();
  for (const definition of option.definitions) {
    for (const link of [definition, ...definition.causes]) if (link.span) files.add(link.span.file);
  }
  for (const span of [option.span, ...more]) if (span) files.add(span.file);
  return files;
}
