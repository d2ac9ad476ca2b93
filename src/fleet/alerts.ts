// Alert rules of the fleet, as texts: which units and metrics do they look at?

import { type Answer, any, toAnswer, undecided } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { FileSystem } from "../source/file-system.ts";
import { deepTexts } from "./deep-texts.ts";
import { readGoExpression } from "./go-expression.ts";
import type { Job } from "./jobs.ts";

export interface AlertTexts {
  readonly texts: readonly string[];
  readonly unread: Unknown | null;
}

const alertOptions = [
  "services.prometheus.rules",
  "services.prometheus.ruleFiles",
  "services.vmalert",
  "services.victoriametrics.rules",
  "services.loki.configuration.ruler",
  "services.loki.rules",
  "services.mimir.rules",
  "services.grafana.provision.alerting",
];

export function readAlerts(hosts: readonly Host[], fs: FileSystem): AlertTexts {
  const found = hosts.flatMap((host) =>
    alertOptions.map((name) => host.option(name.split("."))).map((option) => deepTexts(option.value, fs, option.span)),
  );
  return {
    texts: [...new Set(found.flatMap(({ texts }) => texts.map(({ text }) => text)))],
    unread: found.find(({ unread }) => unread !== null)?.unread ?? null,
  };
}

/** A rule on the job's unit, on every failed unit, or on a metric that the job writes. */
export function alertsOnJob(job: Job, { texts, unread }: AlertTexts): Answer {
  const metrics = writtenMetrics(job.commands.text);
  const answers = texts.map((text) =>
    toAnswer(looksAtUnit(text, job.unit) || metrics.some((metric) => text.includes(metric))),
  );
  const doubts = [unread, statusOf(job)].filter((doubt) => doubt !== null);
  return any([...answers, ...doubts.map((doubt) => undecided(doubt))]);
}

/** A status for an agent to pick up: what is made of it is often decided elsewhere. */
function statusOf({ commands, option, span }: Job): Unknown | null {
  if (!/\/telegraf\/|\.prom\b|textfile|pushgateway/.test(commands.text)) return null;
  return new Unknown("unsupported", `\`${option}\` leaves a status that monitoring may look at`, span);
}

/** `node_systemd_unit_state{state="failed"}` holds for every unit unless `name` narrows it. */
function looksAtUnit(text: string, unit: string): boolean {
  if (text.includes(unit)) return true;
  const selectors = [
    ...text.matchAll(
      /(?:systemd_unit_state|systemd_service_\w+|systemd_unit_failed|systemd_timer_\w+)\s*(\{[^}]*\})?/g,
    ),
  ];
  return selectors.some(([whole, selector = ""]) => {
    const failed = /state\s*=~?\s*\\?["'][^"']*failed/.test(selector) || /service_|unit_failed|timer_/.test(whole);
    return failed && matchesName(selector, unit);
  });
}

function matchesName(selector: string, unit: string): boolean {
  const [, operator, pattern = ""] =
    /\b(?:name|unit)\s*(=~|=|!~|!=)\s*\\?["']([^"'\\]*(?:\\.[^"'\\]*)*)/.exec(selector) ?? [];
  if (operator === undefined) return true;
  const isMatch = matchesPattern(
    pattern.replace(/\\+/g, "\\").replace(/\\$/, ""),
    operator.includes("~"),
    `${unit}.service`,
  );
  return operator.startsWith("!") ? !isMatch : isMatch;
}

function matchesPattern(pattern: string, isExpression: boolean, name: string): boolean {
  if (!isExpression) return pattern === name;
  // One that is not understood is taken for a match, since somebody wrote it for units.
  return readGoExpression(pattern)?.matchesWhole(name) ?? true;
}

/** Metrics of a textfile, told by the `.prom` file they go to. */
function writtenMetrics(text: string): readonly string[] {
  if (!/\.prom\b|textfile|pushgateway/.test(text)) return [];
  return [...new Set([...text.matchAll(/\b([a-z]+(?:_[a-z0-9]+){1,})\b/g)].map(([, name = ""]) => name))].filter(
    (name) => /backup|restic|borg|_time|_success/.test(name),
  );
}
