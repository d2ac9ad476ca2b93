// What the monitoring of a host scrapes: Prometheus and what speaks its configuration, Alloy and its like as text.

import { type Answer, any, no, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { FileSystem } from "../source/file-system.ts";
import type { Span } from "../source/span.ts";
import { deepTexts } from "./deep-texts.ts";
import type { Exporter } from "./exporters.ts";
import { elementsOf, entriesOf, knownText, readDefined, textIn } from "./known.ts";

export interface ScrapeTarget {
  /** `host:port`; a hole in the host is `…`. */
  readonly address: string;
  readonly span: Span | null;
  /** `job_name`, where it is structured. */
  readonly job: string | null;
}

export interface ScrapeTargets {
  readonly targets: readonly ScrapeTarget[];
  /** Why there may be more. */
  readonly rest: Unknown | null;
}

/** Other options that hold scrape configurations, structured or as text. */
const scrapeOptions = [
  "services.prometheus.configText",
  "services.victoriametrics.prometheusConfig",
  "services.vmagent.prometheusConfig",
  "services.grafana-agent.settings",
  "services.opentelemetry-collector.settings",
  "services.telegraf.extraConfig",
  "services.netdata.configDir",
  "services.vector.settings",
];

export function readScrapeTargets(host: Host, fs: FileSystem): ScrapeTargets {
  const scraped = host.option(["services", "prometheus", "scrapeConfigs"]);
  const configs = elementsOf(scraped.isDefined ? scraped.value : null);
  const options = [...scrapeOptions.map((name) => host.option(name.split("."))), ...alloyOptions(host)];
  const found = [
    ...configs.values.map(({ value, span }) => ({
      ...deepTexts(value, fs, span),
      job: knownText(textIn(value, ["job_name"])) ?? null,
    })),
    ...options.map((option) => ({ ...deepTexts(option.value, fs, option.span), job: null })),
  ];
  const targets = found.flatMap(({ texts, job }) =>
    texts.flatMap(({ text, span }) => addressesIn(text).map((address) => ({ address, span, job }))),
  );
  return { targets, rest: configs.rest ?? found.find(({ unread }) => unread !== null)?.unread ?? null };
}

/** Alloy reads a directory below /etc, or what `configPath` names. */
function alloyOptions(host: Host) {
  const files = entriesOf(host, ["environment", "etc"]).entries.filter(({ name }) =>
    /alloy|prometheus|vmagent|grafana-agent/.test(name),
  );
  return [...files.map(({ option }) => option), host.option(["services", "alloy", "configPath"])];
}

export function addressesIn(text: string): readonly string[] {
  return [
    ...text.matchAll(/((?:[\w.\u2026-]|\{[\w.-]*\})+|\[[0-9a-fA-F:]+\]):(\d{2,5}(?!\d)|\u2026|\{[\w.-]*\})/g),
  ].map(([address]) => address);
}

/** A host as monitoring sees it. */
export interface Scraped {
  readonly host: Host;
  readonly targets: ScrapeTargets;
}

/** Whether some host of the fleet scrapes the exporter of this one. */
export function isScraped(exporter: Exporter, host: Host, fleet: readonly Scraped[]): Answer {
  const { port } = exporter;
  if (port === null)
    return undecided(new Unknown("nixpkgs-default", "the port of the exporter is not known", exporter.span));
  return any(
    fleet.map(({ host: scraper, targets }) => {
      const own = scraper === host;
      const isLocal = exporter.address !== null && /^(127\.|localhost$|::1$|\[::1\]$)/.test(exporter.address);
      if (isLocal && !own) return no;
      const answers = targets.targets.map((target) => reaches(target, { host, port, own }));
      return any(targets.rest ? [...answers, undecided(targets.rest)] : answers);
    }),
  );
}

/** A web server of the host that passes requests on to the port: who scrapes that is not told by the port. */
export function isProxied({ port, span }: Exporter, host: Host, fs: FileSystem): Answer {
  const servers = ["nginx", "caddy", "traefik", "haproxy"].map((name) => host.option(["services", name]));
  const found = servers.map(({ value }) => deepTexts(value, fs));
  const isNamed = found.some(({ texts }) => texts.some(({ text }) => text.includes(`:${port}`)));
  if (isNamed) return undecided(new Unknown("unsupported", "a web server passes requests on to it", span));
  const unread = found.find((server) => server.unread !== null)?.unread;
  return unread ? undecided(unread) : no;
}

interface Listener {
  readonly host: Host;
  readonly port: number;
  /** The target is in the configuration of the exporter's own host. */
  readonly own: boolean;
}

function reaches({ address, span }: ScrapeTarget, { host, port, own }: Listener): Answer {
  const split = address.lastIndexOf(":");
  const name = address.slice(0, split).toLowerCase();
  const written = address.slice(split + 1);
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/.test(name);
  if (/^[{\u2026]/.test(written) && (own || !isLocal))
    return undecided(new Unknown("unsupported", `the port of \`${address}\` is not known`, span));
  if (Number(written) !== port) return no;
  if (isLocal) return own ? yes : no;
  if (namesOfHost(host).some((known) => name === known || name.startsWith(`${known}.`))) return yes;
  // An address, an alias of the network or a name with a hole may be this host.
  return undecided(new Unknown("unsupported", `whether \`${address}\` is this host is not known`, span));
}

/** The names a machine goes by, in lower case: the host's own first, then `networking.hostName` when somebody sets it. */
export function namesOfHost(host: Host): readonly string[] {
  const hostName = knownText(readDefined(host.option(["networking", "hostName"])));
  const domain = knownText(readDefined(host.option(["networking", "domain"])));
  const full = hostName !== undefined && domain !== undefined ? [`${hostName}.${domain}`] : [];
  return [...new Set([host.name, ...(hostName === undefined ? [] : [hostName]), ...full])].map((name) =>
    name.toLowerCase(),
  );
}
