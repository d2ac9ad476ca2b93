// A host with everything the model knows about it, and the questions that rules ask.

import { type Answer, all, any, not, undecided } from "../eval/answer.ts";
import { within } from "../eval/budget.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { FileSystem } from "../source/file-system.ts";
import type { Span } from "../source/span.ts";
import { choosingFiles } from "./cause.ts";
import { type ClashGroup, groupClashes } from "./clash-groups.ts";
import { type Clash, clashKind, clashOf, type ScheduledUnit, scheduledUnits } from "./clashes.ts";
import { startScript } from "./commands.ts";
import { isCovered, isKept, type Savers } from "./coverage.ts";
import { type Dump, readDumps } from "./dumps.ts";
import { savedElsewhere } from "./elsewhere.ts";
import { type Exporter, readExporters } from "./exporters.ts";
import type { Fleet } from "./fleet.ts";
import { type FreeTime, freeTime } from "./free-time.ts";
import { type Job, type JobFile, type JobList, readJobs } from "./jobs.ts";
import { entriesOf } from "./known.ts";
import { once } from "./once.ts";
import { canRead, isSameText, readerOf } from "./readers.ts";
import type { Timing } from "./schedules.ts";
import { isProxied, isScraped, namesOfHost, readScrapeTargets, type ScrapeTargets } from "./scrape-targets.ts";
import { readSecrets, type Secret, type SecretList, secretAt } from "./secrets.ts";
import { essentialPath, type State } from "./service-state.ts";
import { readServices, type Service } from "./services.ts";
import type { SourceTexts } from "./source-texts.ts";
import { readAliases, readMounts } from "./state-paths.ts";
import { readTimers } from "./timers.ts";
import { doubtsAbout, readUndeclared } from "./undeclared.ts";
import { readVault, type Vault } from "./vault.ts";
import { isWatched, type Watch } from "./watching.ts";

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
  /** The nearest time at which a unit of this host would meet no other of the fleet. */
  freeTime(unit: ScheduledUnit): FreeTime | null;
  /** A place for what has none of its own. */
  place(span: Span | null): Span;
}

/** A job reads a secret as its own user. */
export interface SecretRead {
  readonly job: Job;
  readonly file: JobFile;
  /** Null when it is one that is not in sight; the answers are undecided then. */
  readonly secret: Secret | null;
  readonly canRead: Answer;
  /** Whether the secret belongs to the job's user. */
  readonly isOwner: Answer;
}

export interface FleetContext {
  readonly fleet: Fleet;
  readonly fs: FileSystem;
  readonly texts: SourceTexts;
}

export function buildHost(host: Host, { fleet, fs, texts }: FleetContext): FleetHost {
  const { settings } = fleet;
  // Whoever asks first, the host pays for what is computed about it.
  const own = <T>(compute: () => T) => once(() => within(host.budget, compute));
  const isChoice = own(() => choosingFiles(host, fleet.root, settings.roles));
  const services = own(() => readServices({ host, settings, isChoice: isChoice() }));
  const jobs = own(() => readJobs(host));
  const dumps = own(() => readDumps(host, jobs().jobs));
  const secrets = own(() => readSecrets(host));
  const exporters = own(() => readExporters(host));
  const scrapeTargets = own(() => readScrapeTargets(host, fs));
  const timers = own(() => readTimers(host, jobs().jobs, dumps()));
  const scheduled = own(() => scheduledUnits(host, jobs().jobs, dumps(), { settings, isChoice: isChoice() }));
  const undeclared = own(() => readUndeclared(host, fs));
  const savers = own(() => readSavers(host, jobs(), dumps()));
  const secretReads = own(() => jobs().jobs.flatMap((job) => readsOf(host, job, secrets())));
  const vault = own(() =>
    readVault({
      host,
      root: fleet.root,
      fs,
      texts,
      sops: fleet.sops,
      secrets,
      services,
      jobs: () => jobs().jobs,
      exporters,
    }),
  );
  const clashPairs = own(() => pairsOf(fleet, self));
  const clashes = own(() => groupClashes(clashPairs(), () => fleet.hosts.flatMap((other) => other.clashPairs)));
  const watchers = own(() => ({
    fleet: fleet.hosts.map(({ host: other, exporters, scrapeTargets }) => ({
      host: other,
      exporters,
      targets: scrapeTargets,
    })),
    alerts: fleet.alerts,
  }));
  const uncovered = (service: Service, state: State, mode: CoverageMode): Answer => {
    const role = mode === "role" ? (service.cause?.file ?? null) : null;
    const more = [...doubtsAbout(state, undeclared()), ...pullers(fleet, self)];
    const known = { ...savers(), doubts: more };
    if (isSavedWithItsServer(state, services(), known)) return { kind: "no" };
    const answer = not(isCovered(state, service, known, role));
    const elsewhere =
      answer.kind === "yes" && mode === "host" ? savedElsewhere(service, state, known, { host, fs }) : null;
    return all([service.enabled, elsewhere === null ? answer : undecided(elsewhere)]);
  };
  const self: FleetHost = {
    name: host.name,
    kind: host.kind,
    host,
    get services() {
      return services();
    },
    get jobs() {
      return jobs().jobs;
    },
    get dumps() {
      return dumps();
    },
    get secrets() {
      return secrets().secrets;
    },
    get exporters() {
      return exporters();
    },
    get scrapeTargets() {
      return scrapeTargets();
    },
    get timers() {
      return timers();
    },
    get scheduled() {
      return scheduled();
    },
    get secretReads() {
      return secretReads();
    },
    get vault() {
      return vault();
    },
    get watchable() {
      return jobs().jobs.filter(({ mechanism }) => /^(restic|borg|borgmatic|unit)$/.test(mechanism));
    },
    get clashPairs() {
      return clashPairs();
    },
    get clashes() {
      return clashes();
    },
    get savers() {
      return savers();
    },
    isScraped: (exporter) => any([isScraped(exporter, host, watchers().fleet), isProxied(exporter, host, fs)]),
    isLost(dump) {
      const more = dump.location ? doubtsAbout(essentialPath(dump.location), undeclared()) : [];
      const doubts = [...more, ...pullers(fleet, self)].map((reason) => undecided(reason));
      return all([dump.certain, not(any([isKept(dump, savers()), ...doubts]))]);
    },
    claimsAbsence: (mode) => host.kind === "host" || mode === "role",
    isUncovered: (service, state, mode) => within(host.budget, () => uncovered(service, state, mode)),
    isWatched: (job, accept) => within(host.budget, () => isWatched(job, host, watchers(), accept)),
    freeTime(unit) {
      const all = fleet.hosts.includes(self) ? fleet.hosts : [self];
      return freeTime(
        unit,
        all.flatMap((other) => other.scheduled),
        settings.gap,
      );
    },
    place: (span) => span ?? host.span ?? { file: `${fleet.root}/flake.nix`, start: 0, end: 1 },
  };
  return self;
}

function readsOf(host: Host, job: Job, secrets: SecretList): readonly SecretRead[] {
  return job.secretFiles.flatMap((file): readonly SecretRead[] => {
    const secret = secretAt(file.path.text, secrets);
    if (secret === null) return [];
    if (secret instanceof Unknown)
      return [{ job, file, secret: null, canRead: undecided(secret), isOwner: undecided(secret) }];
    const reads = canRead(readerOf(host, job), secret, file.role);
    return [{ job, file, secret, canRead: reads, isOwner: isSameText(job.user.text, secret.owner.text) }];
  });
}

function scriptsOf(host: Host): readonly string[] {
  return entriesOf(host, ["systemd", "services"]).entries.map(({ name }) => startScript(host, name).text);
}

function readSavers(host: Host, jobs: JobList, dumps: readonly Dump[]): Savers {
  return {
    jobs,
    dumps,
    aliases: readAliases(host),
    mounts: readMounts(host),
    scripts: once(() => scriptsOf(host)),
    doubts: [],
  };
}

/** A database on a server of the host that nothing saves at all is one finding, about the server. */
function isSavedWithItsServer(state: State, services: readonly Service[], savers: Savers): boolean {
  if (state.path !== null || state.database === null) return false;
  const { engine } = state.database;
  const server = services.find((service) =>
    service.state.some((own) => own.path !== null && own.database?.engine === engine),
  );
  const own = server?.essentialState[0];
  return server !== undefined && own !== undefined && isCovered(own, server, savers).kind === "no";
}

/** Other hosts may fetch what is on this one. */
function pullers(fleet: Fleet, self: FleetHost): readonly Unknown[] {
  const names = namesOfHost(self.host);
  return fleet.hosts
    .filter((other) => other !== self)
    .flatMap((other) => other.jobs)
    .filter((job) =>
      job.pullsFrom.some((machine) => names.some((name) => machine === name || machine.startsWith(`${name}.`))),
    )
    .map(
      (job) =>
        new Unknown("unsupported", `what \`${job.option}\` of another host fetches from here is not read`, job.span),
    );
}

function pairsOf(fleet: Fleet, self: FleetHost): readonly Clash[] {
  const others = self.kind === "role" ? [self] : fleet.hosts;
  return self.scheduled.flatMap((one) =>
    others.flatMap((host) =>
      host.scheduled.flatMap((other) => {
        const kind = isFirstOfPair(one, other, self === host) ? clashKind(one, other) : undefined;
        return kind === undefined ? [] : [clashOf(kind, one, other, fleet.settings.gap)];
      }),
    ),
  );
}

/** Two backups are compared once: by the host's name, then by the option. */
function isFirstOfPair(one: ScheduledUnit, other: ScheduledUnit, sameHost: boolean): boolean {
  if (one === other) return false;
  if (one.kind !== other.kind) return true;
  return sameHost ? one.option < other.option : one.host.name < other.host.name;
}
