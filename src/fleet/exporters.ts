// Prometheus exporters, and the repository that a restic exporter watches.

import { type Answer, all, no, toAnswer, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Option } from "../nixpkgs/modules/definition.ts";
import type { Span } from "../source/span.ts";
import { type CatalogueExporter, exporterFacts } from "./catalogue.ts";
import { startScript } from "./commands.ts";
import { attrIn, entriesOf, isUnset, knownText, type Located, readText, showText, textIn } from "./known.ts";
import { repositoryOf } from "./repository.ts";

export interface Exporter {
  /** `restic`, `node`. */
  readonly name: string;
  readonly option: string;
  readonly span: Span | null;
  readonly certain: Answer;
  /** Null when it cannot be told. */
  readonly port: number | null;
  /** Null: every address. */
  readonly address: string | null;
  /** What a restic exporter watches. */
  readonly repository: Located | null;
  readonly repositoryFile: Located | null;
  /** As whom it runs; null when nothing says so. */
  readonly user: Located | null;
  readonly group: Located | null;
  readonly unit: string;
  /** Seconds between two looks at the repository; only exporters of restic. */
  readonly refresh: Refresh | null;
}

export interface Refresh {
  readonly seconds: bigint | Unknown;
  readonly span: Span | null;
}

export function readExporters(host: Host): readonly Exporter[] {
  return [...moduleExporters(host), ...unitExporters(host), ...containerExporters(host)];
}

function moduleExporters(host: Host): readonly Exporter[] {
  return [...exporterFacts].flatMap(([name, facts]): readonly Exporter[] => {
    const base = facts.option.split(".");
    const enable = host.option([...base, "enable"]);
    const enabled = enable.is(true);
    if (!enable.isDefined || enabled.kind === "no") return [];
    return [
      {
        name,
        option: facts.option,
        span: enable.span,
        certain: enabled,
        port: portOf(host.option([...base, "port"])) ?? facts.port,
        address: addressOf(knownText(readText(host.option([...base, "listenAddress"])))),
        repository: readText(host.option([...base, "repository"])) ?? null,
        repositoryFile: readText(host.option([...base, "repositoryFile"])) ?? null,
        user: readText(host.option([...base, "user"])) ?? nameIn(facts.user),
        group: readText(host.option([...base, "group"])) ?? nameIn(facts.group),
        unit: facts.unit,
        refresh: name === "restic" ? refreshOf(host.option([...base, "refreshInterval"]), facts) : null,
      },
    ];
  });
}

function nameIn(name: string | null | undefined): Located | null {
  return typeof name === "string" ? { text: name, span: null } : null;
}

function refreshOf({ value, span }: Option, { option, defaults }: CatalogueExporter): Refresh {
  const usual = defaults[`${option}.refreshInterval`];
  if (isUnset(value) && typeof usual === "number") return { seconds: BigInt(usual), span: null };
  if (typeof value === "bigint") return { seconds: value, span };
  return { seconds: value instanceof Unknown ? value : new Unknown("error", "it is no number", span), span };
}

/** A refresh fetches the whole index: over the network, once an hour is plenty for a daily backup. */
const slowestRefresh = 3600n;

/** Whether a restic exporter asks another machine than its own for its repository more than once an hour. */
export function refreshesTooFast(host: Host, { certain, refresh, repository }: Exporter): Answer {
  if (refresh === null || repository === null) return no;
  const isRemote =
    /^(sftp|rest|s3|b2|azure|gs|swift|rclone):/.test(showText(repository.text)) &&
    repositoryOf(host, repository)?.machine !== null;
  const isFast =
    refresh.seconds instanceof Unknown ? undecided(refresh.seconds) : toAnswer(refresh.seconds < slowestRefresh);
  return all([certain, toAnswer(isRemote), isFast]);
}

function portOf({ value }: Option): number | null {
  return typeof value === "bigint" ? Number(value) : null;
}

function addressOf(address: string | undefined): string | null {
  return address === undefined || /^(0\.0\.0\.0|::|\[::\]|)$/.test(address) ? null : address;
}

const resticExporter = /restic[-_]exporter/i;

/** A unit that runs restic-exporter, told by its environment. */
function unitExporters(host: Host): readonly Exporter[] {
  const { entries } = entriesOf(host, ["systemd", "services"]);
  return entries.flatMap(({ name, option }): readonly Exporter[] => {
    if (name.startsWith("prometheus-restic-exporter")) return [];
    const text = startScript(host, name).text;
    if (!resticExporter.test(text) || !/restic[-_]exporter/i.test(`${name} ${text}`)) return [];
    return [ownExporter(`systemd.services.${name}`, option, attrIn(option.value, ["environment"])?.value ?? null)];
  });
}

function containerExporters(host: Host): readonly Exporter[] {
  const { entries } = entriesOf(host, ["virtualisation", "oci-containers", "containers"]);
  return entries.flatMap(({ option }): readonly Exporter[] => {
    const image = textIn(option.value, ["image"]);
    if (!image || !resticExporter.test(showText(image.text))) return [];
    return [ownExporter(option.path.join("."), option, attrIn(option.value, ["environment"])?.value ?? null)];
  });
}

/** Upstream's exporter listens on LISTEN_PORT, 8001 unless told otherwise. */
function ownExporter(name: string, option: Option, environment: Option["value"]): Exporter {
  const port = Number(knownText(textIn(environment, ["LISTEN_PORT"])) ?? "8001");
  return {
    name: "restic",
    option: name,
    span: option.span,
    certain:
      option.value !== null && typeof option.value === "object" && option.value.kind === "unknown"
        ? undecided(option.value)
        : yes,
    port: Number.isNaN(port) ? null : port,
    address: addressOf(knownText(textIn(environment, ["LISTEN_ADDRESS"]))),
    repository: textIn(environment, ["RESTIC_REPOSITORY"]) ?? null,
    repositoryFile: textIn(environment, ["RESTIC_REPOSITORY_FILE"]) ?? null,
    user: null,
    group: null,
    unit: name.split(".").at(-1) ?? name,
    refresh: null,
  };
}
