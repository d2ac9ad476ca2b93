// Repositories behind a REST server of the fleet that takes new snapshots and gives none up.

import { type Answer, all, any, no } from "../eval/answer.ts";
import type { Span } from "../source/span.ts";
import type { Fleet } from "./fleet.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Job } from "./jobs.ts";
import { entriesOf, readTexts, showText } from "./known.ts";
import { repositoryOf } from "./repository.ts";
import { namesOfHost } from "./scrape-targets.ts";

export interface Refusal {
  readonly job: Job;
  /** Whether the job prunes, and the server it talks to refuses that. */
  readonly answer: Answer;
  /** Where the server says so. */
  readonly server: Span | null;
}

const server = ["services", "restic", "server"];

export function refusedPrunings(fleet: Fleet, host: FleetHost): readonly Refusal[] {
  return host.jobs.flatMap((job): readonly Refusal[] => {
    const server = appendOnlyServer(fleet, host, job);
    if (server === null) return [];
    return [{ job, server: server.span, answer: all([job.certain, job.prunes, server.refuses]) }];
  });
}

/** The server of the fleet that a restic job talks to, and whether it refuses to remove anything; null for none. */
export function appendOnlyServer(
  fleet: Fleet,
  host: FleetHost,
  job: Job,
): { readonly refuses: Answer; readonly span: Span | null } | null {
  const [, name = ""] = /^rest:([^:]+):/.exec(repositoryOf(host.host, job.repository)?.identity ?? "") ?? [];
  if (job.mechanism !== "restic" || name === "") return null;
  const isLocal = name === "localhost" || name === "127.0.0.1";
  const keeper = isLocal ? host : fleet.hosts.find((other) => namesWith(other).some((own) => own === name));
  const enabled = keeper?.host.option([...server, "enable"]);
  if (keeper === undefined || !enabled?.isDefined) return null;
  const option = keeper.host.option([...server, "appendOnly"]);
  const isSet = any([option.isDefined ? option.is(true) : no, hasFlag(keeper)]);
  return { refuses: all([enabled.is(true), isSet]), span: option.span ?? enabled.span };
}

function hasFlag({ host }: FleetHost): Answer {
  const { items } = readTexts(host.option([...server, "extraFlags"]));
  return items.some(({ text }) => showText(text) === "--append-only") ? { kind: "yes" } : no;
}

/** A host's own names, and those under which its web server answers. */
function namesWith({ host }: FleetHost): readonly string[] {
  const sites = ["nginx", "caddy"].flatMap((name) =>
    entriesOf(host, ["services", name, "virtualHosts"]).entries.map((entry) => entry.name),
  );
  return [...namesOfHost(host), ...sites.map((site) => site.replace(/^https?:\/\//, "").toLowerCase())];
}
