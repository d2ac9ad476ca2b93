// A host of the fleet model: each noun is read when it is first asked for, and once.

import { type Answer, any } from "../eval/answer.ts";
import { within } from "../eval/budget.ts";
import { once } from "../eval/once.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { FileSystem } from "../source/file-system.ts";
import type { Span } from "../source/span.ts";
import { timed } from "../source/stopwatch.ts";
import { choosingFiles } from "./cause.ts";
import { type ClashGroup, groupClashes } from "./clash-groups.ts";
import { clashPairsOf } from "./clash-pairs.ts";
import { type Clash, type ScheduledUnit, scheduledUnits } from "./clashes.ts";
import { type Dump, readDumps } from "./dumps.ts";
import { type Exporter, readExporters } from "./exporters.ts";
import type { Fleet } from "./fleet.ts";
import type { CoverageMode, FleetHost } from "./fleet-host.ts";
import { type FreeTime, freeTime } from "./free-time.ts";
import { readJobSecrets } from "./job-secrets.ts";
import { type Job, readJobs } from "./jobs.ts";
import { isProxied, isScraped, readScrapeTargets } from "./scrape-targets.ts";
import { readSecrets } from "./secrets.ts";
import type { State } from "./service-state.ts";
import { readServices, type Service } from "./services.ts";
import type { SourceTexts } from "./source-texts.ts";
import { readTimers } from "./timers.ts";
import { type Beyond, isLost, isUncovered, readPullers, readSavers } from "./uncovered.ts";
import { readUndeclared } from "./undeclared.ts";
import { readVault } from "./vault.ts";
import { isWatched, type Watch } from "./watching.ts";

export interface FleetContext {
  readonly fleet: Fleet;
  readonly fs: FileSystem;
  readonly texts: SourceTexts;
}

export class HostModel implements FleetHost {
  readonly host: Host;
  readonly #context: FleetContext;

  constructor(host: Host, context: FleetContext) {
    this.host = host;
    this.#context = context;
  }

  readonly #isChoice = this.#own(() => choosingFiles(this.host, this.#fleet.root, this.#fleet.settings.roles));
  readonly #services = this.#own(() =>
    readServices({ host: this.host, settings: this.#fleet.settings, isChoice: this.#isChoice() }),
  );
  readonly #jobs = this.#own(() => readJobs(this.host));
  readonly #dumps = this.#own(() => readDumps(this.host, this.jobs));
  readonly #secrets = this.#own(() => readSecrets(this.host));
  readonly #exporters = this.#own(() => readExporters(this.host));
  readonly #scrapeTargets = this.#own(() => readScrapeTargets(this.host, this.#context.fs));
  readonly #timers = this.#own(() => readTimers(this.host, this.jobs, this.dumps));
  readonly #scheduled = this.#own(() => {
    const { settings } = this.#fleet;
    return scheduledUnits(this.host, this.jobs, this.dumps, { settings, isChoice: this.#isChoice() });
  });
  readonly #undeclared = this.#own(() => readUndeclared(this.host, this.#context.fs));
  readonly #savers = this.#own(() => readSavers(this.host, this.#jobs(), this.dumps));
  readonly #secretReads = this.#own(() => readJobSecrets(this.host, this.jobs, this.#secrets()));
  readonly #vault = this.#own(() =>
    readVault({
      host: this.host,
      root: this.#fleet.root,
      sops: this.#fleet.sops,
      fs: this.#context.fs,
      texts: this.#context.texts,
      secrets: this.#secrets,
      services: this.#services,
      jobs: () => this.jobs,
      exporters: this.#exporters,
    }),
  );
  readonly #clashPairs = this.#own(() => clashPairsOf(this.#fleet, this));
  readonly #clashes = this.#own(() =>
    groupClashes(this.clashPairs, () => this.#fleet.hosts.flatMap((other) => other.clashPairs)),
  );

  readonly #watchers = this.#own(() => {
    const { hosts, alerts } = this.#fleet;
    const fleet = hosts.map(({ host, exporters, scrapeTargets }) => ({ host, exporters, targets: scrapeTargets }));
    return { fleet, alerts };
  });

  /** Whoever asks first, the host pays for what is computed about it. */
  #own<T>(compute: () => T): () => T {
    return once(() => within(this.host.budget, () => timed("model", compute)));
  }

  get #fleet() {
    return this.#context.fleet;
  }
  get name() {
    return this.host.name;
  }
  get kind() {
    return this.host.kind;
  }
  get services() {
    return this.#services();
  }
  get jobs() {
    return this.#jobs().jobs;
  }
  get dumps() {
    return this.#dumps();
  }
  get secrets() {
    return this.#secrets().secrets;
  }
  get exporters() {
    return this.#exporters();
  }
  get scrapeTargets() {
    return this.#scrapeTargets();
  }
  get timers() {
    return this.#timers();
  }
  get scheduled() {
    return this.#scheduled();
  }
  get savers() {
    return this.#savers();
  }
  get secretReads() {
    return this.#secretReads();
  }
  get vault() {
    return this.#vault();
  }
  get clashPairs(): readonly Clash[] {
    return this.#clashPairs();
  }
  get clashes(): readonly ClashGroup[] {
    return this.#clashes();
  }
  get watchable() {
    return this.jobs.filter(({ mechanism }) => /^(restic|borg|borgmatic|unit)$/.test(mechanism));
  }

  claimsAbsence(mode: CoverageMode): boolean {
    return this.kind === "host" || mode === "role";
  }

  isUncovered(service: Service, state: State, mode: CoverageMode): Answer {
    return within(this.host.budget, () => isUncovered(service, state, mode, this.#beyond));
  }

  isLost(dump: Dump): Answer {
    return isLost(dump, this.#beyond);
  }

  isScraped(exporter: Exporter): Answer {
    const { host } = this;
    return any([isScraped(exporter, host, this.#watchers().fleet), isProxied(exporter, host, this.#context.fs)]);
  }

  isWatched(job: Job, accept: readonly Watch[]): Answer {
    return within(this.host.budget, () => isWatched(job, this.host, this.#watchers(), accept));
  }

  freeTime(unit: ScheduledUnit, after?: ScheduledUnit): FreeTime | null {
    const { hosts, settings } = this.#fleet;
    const fleet: readonly FleetHost[] = hosts.includes(this) ? hosts : [this];
    return freeTime(unit, { others: fleet.flatMap((other) => other.scheduled), gap: settings.gap, after });
  }

  place(span: Span | null): Span {
    return span ?? this.host.span ?? { file: `${this.#fleet.root}/flake.nix`, start: 0, end: 1 };
  }

  get #beyond(): Beyond {
    return {
      host: this.host,
      fs: this.#context.fs,
      services: this.services,
      savers: this.savers,
      undeclared: this.#undeclared(),
      pullers: readPullers(this.#fleet, this),
    };
  }
}
