// Whether state, or a dump, is kept by nothing in the fleet: not by a job of its host, and not by another host's.

import { type Answer, all, any, no, not, undecided } from "../eval/answer.ts";
import { once } from "../eval/once.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { FileSystem } from "../source/file-system.ts";
import { startScript } from "./commands.ts";
import { isCovered, isKept, type Savers } from "./coverage.ts";
import type { Dump } from "./dumps.ts";
import { savedElsewhere } from "./elsewhere.ts";
import type { Fleet } from "./fleet.ts";
import type { CoverageMode, FleetHost } from "./fleet-host.ts";
import type { Job, JobList } from "./jobs.ts";
import { entriesOf } from "./known.ts";
import { namesOfHost } from "./scrape-targets.ts";
import { essentialPath, type State } from "./service-state.ts";
import type { Service } from "./services.ts";
import { readAliases, readMounts } from "./state-paths.ts";
import { doubtsAbout, type Undeclared } from "./undeclared.ts";

/** Why something might be saved after all, besides what a host's own jobs say. */
export interface Beyond {
  readonly host: Host;
  readonly fs: FileSystem;
  readonly services: readonly Service[];
  readonly savers: Savers;
  readonly undeclared: readonly Undeclared[];
  /** Other hosts that fetch from this one. */
  readonly pullers: readonly Unknown[];
}

/** Whether nothing saves this state of an enabled service. */
export function isUncovered(service: Service, state: State, mode: CoverageMode, beyond: Beyond): Answer {
  const { services, undeclared, pullers, host, fs } = beyond;
  const role = mode === "role" ? (service.cause?.file ?? null) : null;
  const savers = { ...beyond.savers, doubts: [...doubtsAbout(state, undeclared), ...pullers] };
  if (isSavedWithItsServer(state, services, savers)) return no;
  const answer = not(isCovered(state, service, savers, role));
  const elsewhere =
    answer.kind === "yes" && mode === "host" ? savedElsewhere(service, state, savers, { host, fs }) : null;
  return all([service.enabled, elsewhere === null ? answer : undecided(elsewhere)]);
}

/** Whether nothing keeps what the dump writes. */
export function isLost(dump: Dump, { savers, undeclared, pullers }: Beyond): Answer {
  const own = dump.location ? doubtsAbout(essentialPath(dump.location), undeclared) : [];
  const doubts = [...own, ...pullers].map((reason) => undecided(reason));
  return all([dump.certain, not(any([isKept(dump, savers), ...doubts]))]);
}
export function readSavers(host: Host, jobs: JobList, dumps: readonly Dump[]): Savers {
  return {
    jobs,
    dumps,
    aliases: readAliases(host),
    mounts: readMounts(host),
    scripts: once(() => scriptsOf(host)),
    doubts: [],
  };
}

function scriptsOf(host: Host): readonly string[] {
  return entriesOf(host, ["systemd", "services"]).entries.map(({ name }) => startScript(host, name).text);
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

interface Puller {
  readonly host: FleetHost;
  readonly job: Job;
}

const pullers = new WeakMap<Fleet, readonly Puller[]>();

/** Jobs that fetch from other machines: few do. */
function pullersOf(fleet: Fleet): readonly Puller[] {
  const known =
    pullers.get(fleet) ??
    fleet.hosts.flatMap((host) =>
      host.jobs.filter(({ pullsFrom }) => pullsFrom.length > 0).map((job): Puller => ({ host, job })),
    );
  pullers.set(fleet, known);
  return known;
}

/** Other hosts may fetch what is on this one. */
export function readPullers(fleet: Fleet, self: FleetHost): readonly Unknown[] {
  const names = namesOfHost(self.host);
  return pullersOf(fleet)
    .filter(({ host }) => host !== self)
    .map(({ job }) => job)
    .filter((job) =>
      job.pullsFrom.some((machine) => names.some((name) => machine === name || machine.startsWith(`${name}.`))),
    )
    .map(
      (job) =>
        new Unknown("unsupported", `what \`${job.option}\` of another host fetches from here is not read`, job.span),
    );
}
