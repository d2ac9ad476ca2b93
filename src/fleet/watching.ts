// Would anybody be told that a job stopped working?

import { type Answer, all, any, no, toAnswer, undecided, yes } from "../eval/answer.ts";
import type { Host } from "../nixpkgs/host.ts";
import { type AlertTexts, alertsOnJob } from "./alerts.ts";
import { endScript, type Script } from "./commands.ts";
import type { Exporter } from "./exporters.ts";
import type { Job } from "./jobs.ts";
import { entriesOf, type Located, showText, type TextList, textsIn } from "./known.ts";
import { isSameText } from "./readers.ts";
import { repositoryOf } from "./repository.ts";
import { isScraped, type Scraped } from "./scrape-targets.ts";

/** Ways in which people learn that a backup failed. */
export const waysOfWatching = ["exporter", "on-failure", "heartbeat", "alert"] as const;
export type Watch = (typeof waysOfWatching)[number];

/** Exporters of a host, and who scrapes them. */
export interface WatchingHost extends Scraped {
  readonly exporters: readonly Exporter[];
}

export interface Watchers {
  readonly fleet: readonly WatchingHost[];
  readonly alerts: AlertTexts;
}

export function isWatched(job: Job, host: Host, watchers: Watchers, accept: readonly Watch[]): Answer {
  return any(accept.map((way) => watchedBy(way, { job, host, watchers })));
}

interface Question {
  readonly job: Job;
  readonly host: Host;
  readonly watchers: Watchers;
}

function watchedBy(way: Watch, question: Question): Answer {
  switch (way) {
    case "exporter":
      return hasExporter(question);
    case "on-failure":
      return hasOnFailure(question);
    case "heartbeat":
      return hasHeartbeat(question);
    case "alert":
      return alertsOnJob(question.job, question.watchers.alerts);
  }
}

/** An exporter of the fleet that watches the job's repository and is scraped. */
function hasExporter({ job, host, watchers }: Question): Answer {
  return any(
    watchers.fleet.flatMap(({ host: other, exporters }) =>
      exporters
        .filter((exporter) => exporter.name === (job.mechanism === "borgmatic" ? "borgmatic" : "restic"))
        .map((exporter) =>
          all([
            exporter.certain,
            watchesRepository(exporter, { job, host, other }),
            isScraped(exporter, other, watchers.fleet),
          ]),
        ),
    ),
  );
}

interface Pair {
  readonly job: Job;
  readonly host: Host;
  /** The exporter's. */
  readonly other: Host;
}

export function watchesRepository(exporter: Exporter, { job, host, other }: Pair): Answer {
  if (exporter.name === "borgmatic") return toAnswer(host === other);
  const file = job.secretFiles.find(({ role }) => role === "repository")?.path ?? null;
  if (exporter.repositoryFile !== null && file !== null && host === other)
    return isSameText(exporter.repositoryFile.text, file.text);
  const [ours, theirs] = [repositoryOf(host, job.repository), repositoryOf(other, exporter.repository)];
  if (ours !== null && theirs !== null) return toAnswer(ours.identity === theirs.identity);
  if (isSamePartial(job.repository, exporter.repository)) return yes;
  const doubts = [job.repository, exporter.repository].flatMap((text) =>
    text && typeof text.text !== "string" ? [text.text] : [],
  );
  const [doubt] = doubts;
  if (doubt) return undecided(doubt.kind === "unknown" ? doubt : doubt.hole);
  // One of the two names its repository in a file or in its environment.
  return host === other ? yes : no;
}

function isSamePartial(a: Located | null, b: Located | null): boolean {
  return a !== null && b !== null && a.text === b.text;
}

function hasOnFailure({ job, host }: Question): Answer {
  const unit = host.option(["systemd", "services", job.unit]);
  const lists = [textsIn(unit.value, ["onFailure"]), textsIn(unit.value, ["unitConfig", "OnFailure"])];
  const { rest } = entriesOf(host, ["systemd", "services"]);
  const answers = [...lists.map(isNotEmpty), hasDropIn(host)];
  return any(rest ? [...answers, undecided(rest)] : answers);
}

function isNotEmpty({ items, possible, rest }: TextList): Answer {
  if (items.some((item) => showText(item.text) !== "")) return yes;
  const doubt = rest ?? possible.map((item) => item.text).find((text) => typeof text !== "string");
  return doubt && doubt.kind === "unknown" ? undecided(doubt) : no;
}

/** `service.d/failure.conf`, which holds for every service of the host. */
function hasDropIn(host: Host): Answer {
  const { entries } = entriesOf(host, ["environment", "etc"]);
  const dropIns = entries.filter(({ name }) => /systemd\/system\/(service|restic-)[^/]*\.d\//.test(name));
  return toAnswer(
    dropIns.some(({ option }) =>
      textsIn(option.value, ["text"]).items.some((item) => showText(item.text).includes("OnFailure=")),
    ),
  );
}

/** Programs and services that tell somebody. */
const heartbeat =
  /\b(curl|wget|xh|httpie|ntfy|healthchecks?|hc-ping|runitor|uptime-?kuma|gotify|apprise|shoutrrr|sendmail|s-nail|mailx?|msmtp|swaks|telegram|pushover|discord\w*|slack|matrix-commander|mosquitto_pub|notify-send|cronitor|zulip|signal-cli)\b/i;
/** Names of own scripts that say what they do. */
const notifier = /\b(notify|notification|alert|heartbeat|ping)[\w-]*/i;

function hasHeartbeat({ job, host }: Question): Answer {
  const scripts = [job.commands, endScript(host, job.unit), startOverrides(host, job)];
  return any(scripts.map(({ text, unread }) => tells(text, unread)));
}

function startOverrides(host: Host, job: Job): Script {
  const value = host.option(["systemd", "services", job.unit]).value;
  const lists = ["preStart", "script"].map((name) => textsIn(value, [name]));
  const execs = ["ExecStartPre", "ExecStart"].map((name) => textsIn(value, ["serviceConfig", name]));
  const items = [...lists, ...execs].flatMap((list) => list.items);
  return { text: items.map((item) => showText(item.text)).join("\n"), unread: null };
}

function tells(text: string, unread: Script["unread"]): Answer {
  if (heartbeat.test(text) || notifier.test(text)) return yes;
  return unread ? undecided(unread) : no;
}
