// What the model knows about a host, and the questions that rules ask of it.

import type { Answer } from "../eval/answer.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Span } from "../source/span.ts";
import type { ClashGroup } from "./clash-groups.ts";
import type { Clash, ScheduledUnit } from "./clashes.ts";
import type { Savers } from "./coverage.ts";
import type { Dump } from "./dumps.ts";
import type { Exporter } from "./exporters.ts";
import type { FreeTime } from "./free-time.ts";
import type { SecretRead } from "./job-secrets.ts";
import type { Job } from "./jobs.ts";
import type { Timing } from "./schedules.ts";
import type { ScrapeTargets } from "./scrape-targets.ts";
import type { Secret } from "./secrets.ts";
import type { State } from "./service-state.ts";
import type { Service } from "./services.ts";
import type { Vault } from "./vault.ts";
import type { Watch } from "./watching.ts";

/** Who has to define a job for it to count: anybody on the host, or the file that chose the service. */
export type CoverageMode = "host" | "role";

export interface FleetHost {
  readonly name: string;
  readonly kind: Host["kind"];
  /** The evaluated configuration itself, for questions the model does not answer. */
  readonly host: Host;
  readonly services: readonly Service[];
  readonly jobs: readonly Job[];
  readonly dumps: readonly Dump[];
  readonly secrets: readonly Secret[];
  readonly exporters: readonly Exporter[];
  readonly scrapeTargets: ScrapeTargets;
  readonly timers: readonly Timing[];
  /** Backups, dumps, upgrades and collections that run by the clock. */
  readonly scheduled: readonly ScheduledUnit[];
  /** Whether "there is none" can be said: not of a role alone, since a host may add what is missing. */
  claimsAbsence(mode: CoverageMode): boolean;
  /** Whether nothing saves this state of an enabled service. */
  isUncovered(service: Service, state: State, mode: CoverageMode): Answer;
  /** Whether some host of the fleet scrapes the exporter. */
  isScraped(exporter: Exporter): Answer;
  /** What there is to cover state with: jobs, dumps, names of paths, mounts. */
  readonly savers: Savers;
  /** Whether nothing keeps what the dump writes. */
  isLost(dump: Dump): Answer;
  /** Whether anybody would learn that the job stopped working. */
  isWatched(job: Job, accept: readonly Watch[]): Answer;
  /** The files of jobs that are secrets, or may be. */
  readonly secretReads: readonly SecretRead[];
  /** More about its secrets. */
  readonly vault: Vault;
  /** Jobs whose failure somebody should learn of: those of programs that back up. */
  readonly watchable: readonly Job[];
  /** The same before they are grouped. */
  readonly clashPairs: readonly Clash[];
  /** Clashes of this host's units with any unit of the fleet; each cause once. */
  readonly clashes: readonly ClashGroup[];
  /** The nearest time (to its own, or to the end of another's run) at which a unit of this host would meet no other. */
  freeTime(unit: ScheduledUnit, after?: ScheduledUnit): FreeTime | null;
  /** A place for what has none of its own. */
  place(span: Span | null): Span;
}
