// Who can ask an exporter of a host: what the flake has its other exporters scraped with, the Prometheus of the host, or
// a new one where nothing in the fleet monitors anything.

import { posix } from "node:path";
import type { FleetHost } from "../../fleet/fleet.ts";
import type { ConcreteNode, ConcreteTree } from "../../syntax/concrete.ts";
import { isSet } from "../../syntax/concrete.ts";
import { Kind } from "../../syntax/flat-tree.ts";
import { attrPathOf, boundExpr, itemsOf } from "../bindings.ts";
import { showAttrPath, showList, showSet, showString } from "../nix-text.ts";
import type { Scraping, Watching } from "./role-text.ts";
import type { ScaffoldContext } from "./scaffold.ts";
import type { WrittenBinding } from "./written-index.ts";

/** Null: something monitors the fleet, and how it would learn of one more exporter is not known. */
export function scraperFor(
  context: ScaffoldContext,
  host: FleetHost,
  { watching, directory }: { readonly watching: Watching; readonly directory: string },
): Scraping | null {
  const isAsked = host.host.option(["services", "prometheus", "enable"]).is(true);
  if (isAsked.kind === "yes") return { imports: [], settings: [], prometheus: [] };
  const own = ownTargets(context);
  if (own !== null) return scrapedByOwn(own, host, { watching, directory });
  return isAsked.kind === "no" && !isMonitored(context) ? ownPrometheus : null;
}

const ownPrometheus: Scraping = {
  imports: [],
  settings: [],
  prometheus: [
    ["enable", "true"],
    ["listenAddress", showString("127.0.0.1")],
  ],
};

const monitors =
  /prometheus|victoria|vmagent|alloy|grafana|telegraf|netdata|zabbix|beszel|gatus|uptime-kuma|checkmk|datadog|influxdb|icinga|nagios|opentelemetry/i;

/** Whether anything looks after any host already: it should be told, and not have somebody else beside it. */
function isMonitored({ fleet }: ScaffoldContext): boolean {
  return fleet.hosts.some(
    ({ services, exporters, scrapeTargets }) =>
      exporters.length > 0 || scrapeTargets.targets.length > 0 || services.some(({ name }) => monitors.test(name)),
  );
}

/** An option of the flake's own that takes targets: `extraScrapeTargets`, a list of `{ job; targets; }`. */
interface OwnTargets {
  readonly path: readonly string[];
  /** What an element calls its name. */
  readonly nameAttr: string;
  /** Where it is declared; null: with what defines it. */
  readonly declaredIn: string | null;
}

function ownTargets({ index }: ScaffoldContext): OwnTargets | null {
  const files = index.inFiles(/scrape/i);
  for (const [file, bindings] of files) {
    const declared = bindings.find(({ path }) => path[0] === "options" && isTargetName(path.at(-1)));
    const nameAttr =
      declared && /\b(job|job_name|jobName|name)\s*=\s*(?:lib\.)?mkOption/.exec(declared.tree.source.text);
    if (declared && nameAttr?.[1] && /\btargets\s*=\s*(?:lib\.)?mkOption/.test(declared.tree.source.text))
      return { path: declared.path.slice(1), nameAttr: nameAttr[1], declaredIn: file };
  }
  for (const binding of files.flatMap(([, bindings]) => bindings)) {
    const nameAttr = isTargetName(binding.path.at(-1)) ? nameAttrIn(binding) : null;
    if (nameAttr !== null && binding.path[0] !== "options") return { path: binding.path, nameAttr, declaredIn: null };
  }
  return null;
}

function isTargetName(name: string | undefined): boolean {
  return /scrape/i.test(name ?? "") && /target|config|job/i.test(name ?? "") && name !== "scrapeConfigs";
}

/** Of a list of sets with targets and one attr more. */
function nameAttrIn({ tree, node }: WrittenBinding): string | null {
  const list = boundExpr(node);
  const [element] = list?.kind === Kind.list ? list.children : [];
  if (element === undefined || !isSet(element)) return null;
  const names = namesIn(tree, element);
  return names.length === 2 && names.includes("targets") ? (names.find((name) => name !== "targets") ?? null) : null;
}

function namesIn(tree: ConcreteTree, set: ConcreteNode): readonly string[] {
  return itemsOf(set).map((item) => attrPathOf(tree, item).join("."));
}

function scrapedByOwn(
  { path, nameAttr, declaredIn }: OwnTargets,
  host: FleetHost,
  { watching, directory }: { readonly watching: Watching; readonly directory: string },
): Scraping | null {
  const isDeclared = host.host.option(path).hasKnownType;
  if (!isDeclared && declaredIn === null) return null;
  const element = showSet([
    [nameAttr, showString(watching.job)],
    ["targets", showList([showString(`localhost:${watching.port}`)])],
  ]);
  const relative = posix.relative(directory, (declaredIn ?? "").replace(/\/default\.nix$/, ""));
  const imports = isDeclared ? [] : [relative.startsWith(".") ? relative : `./${relative}`];
  return { imports, settings: [[showAttrPath(path), showList([element])]], prometheus: null };
}
