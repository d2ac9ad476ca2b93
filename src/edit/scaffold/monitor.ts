// A role that watches the backup jobs of the hosts that import it, where the flake has none: the exporter of restic when
// one can watch all of a host's jobs, else their units.

import type { FleetHost } from "../../fleet/fleet.ts";
import type { Job } from "../../fleet/jobs.ts";
import { attrIn, knownText, showText, textsIn } from "../../fleet/known.ts";
import type { Watch } from "../../fleet/watching.ts";
import { importOnHost, roleDirectory } from "./host-file.ts";
import { roleText, type Watching } from "./role-text.ts";
import type { ScaffoldContext, Scaffolded } from "./scaffold.ts";
import { scraperFor } from "./scrapers.ts";

export interface Unwatched {
  readonly job: Job;
  readonly accept: readonly Watch[];
}

export function scaffoldRole(context: ScaffoldContext, host: FleetHost, { job, accept }: Unwatched): Scaffolded | null {
  const watching = watchingOf(host, job, accept);
  if (watching === null || host.kind !== "host") return null;
  const directory = roleDirectory(context);
  const scraping = scraperFor(context, host, { watching, directory });
  // Of units, only an alert tells somebody.
  if (scraping === null || (watching.hours === null && scraping.prometheus === null)) return null;
  const path = `${directory}/monitoring-${watching.hours === null ? "backups" : "restic"}.nix`;
  const text = roleText(watching, scraping);
  const isThere = context.files.parsed.get(path)?.source.text === text;
  const created = isThere ? { newFiles: [] } : context.writing.create(path, text);
  const imported = importOnHost(context, host, path);
  if (created === null || imported === null || imported.edits.length === 0) return null;
  const name = path.slice(context.files.root.length + 1);
  return {
    title: isThere ? `import \`${name}\`, which watches it` : `write \`${name}\`, which watches it, and import it`,
    change: { edits: imported.edits, newFiles: created.newFiles ?? [] },
    commands: [],
  };
}

function watchingOf(host: FleetHost, job: Job, accept: readonly Watch[]): Watching | null {
  if (accept.includes("exporter") && canExport(host, job))
    return { exporter: "restic", port: 9753, job: "restic", hours: hoursOf(host, job) };
  if (!accept.includes("alert")) return null;
  const isNamedSo = /(restic|borg|backup|btrbk|syncoid|zrepl)/.test(job.unit);
  return isNamedSo ? { exporter: "systemd", port: 9558, job: "backups", hours: null } : null;
}

/** Whether the one exporter of a host can watch whatever the role would have it watch there. */
function canExport(host: FleetHost, job: Job): boolean {
  const jobs = host.jobs.filter(({ mechanism }) => mechanism === "restic");
  const isThere = host.exporters.some(({ name }) => name === "restic");
  return job.mechanism === "restic" && hasOneRepository(host) && !isThere && jobs.every((one) => isPlain(host, one));
}

export function hasOneRepository({ jobs }: FleetHost): boolean {
  const places = jobs.flatMap(({ mechanism, repository }) =>
    mechanism === "restic" ? [showText(repository?.text ?? "")] : [],
  );
  return new Set(places).size === 1;
}

/** Nothing that the exporter could not be told, or could not read: it sees no home directories. */
function isPlain(host: FleetHost, job: Job): boolean {
  const { value } = host.host.option(job.option.split("."));
  const isSet = (name: string) => (attrIn(value, [name])?.value ?? null) !== null;
  const extra = textsIn(value, ["extraOptions"]);
  const hasExtra = extra.rest !== null || extra.items.length + extra.possible.length > 0;
  if (hasExtra || isSet("rcloneConfig") || isSet("rcloneOptions") || !isSet("passwordFile")) return false;
  const repository = knownText(job.repository ?? undefined);
  const isHome = (path: string) => /^\/(home|root)\//.test(path);
  if (repository === undefined) return false;
  if (/^\//.test(repository)) return !isHome(repository);
  if (!repository.startsWith("sftp:")) return true;
  const keys = job.secretFiles.filter(({ role }) => role === "SSH key").map(({ path }) => showText(path.text));
  return keys.length > 0 && !keys.some(isHome);
}

/** A backup that ran as it should is as old as the time between two, and some. */
function hoursOf(host: FleetHost, job: Job): number {
  const unit = host.scheduled.find((one) => one.job?.option === job.option);
  const texts = unit?.timing.calendar.items.map(({ text }) => showText(text)) ?? [];
  if (texts.some((text) => /^(hourly|daily)$|^(\*-\*-\*( |$))|^[\d*/,:]+$/.test(text))) return 26;
  return texts.some((text) => /^(weekly$|(Mon|Tue|Wed|Thu|Fri|Sat|Sun))/.test(text)) ? 8 * 24 : 32 * 24;
}
