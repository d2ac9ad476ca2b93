// Jobs whose repository is on a file system that may not be there when they start.

import { type Answer, all, any, not, toAnswer, undecided } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attrs } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Span } from "../source/span.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Job } from "./jobs.ts";
import { attrsEntries, doubtOf, isUnset, showText, type TextList, textsIn } from "./known.ts";
import { isRemote, type Mount, mountOf, normalisePath } from "./state-paths.ts";

export interface MissingMount {
  readonly job: Job;
  readonly path: string;
  readonly mount: Mount | null;
  readonly span: Span | null;
  /** Whether the unit starts without the mount. */
  readonly answer: Answer;
}

export function missingMounts({ host, jobs, savers }: FleetHost): readonly MissingMount[] {
  const loose = savers.mounts.filter(mayBeMissing);
  return jobs.flatMap((job): readonly MissingMount[] => {
    if (job.mechanism !== "restic" || job.repository === null || loose.length === 0) return [];
    const { text, span } = job.repository;
    const doubt = doubtOf(text);
    if (doubt !== null || typeof text !== "string") {
      const mayBeLocal = doubt !== null && /^(\/|\u2026|local:|$)/.test(showText(text));
      return mayBeLocal ? [{ job, path: "", mount: null, span, answer: all([job.certain, undecided(doubt)]) }] : [];
    }
    const path = normalisePath(text.replace(/^local:/, ""));
    const mount = path.startsWith("/") ? mountOf(path, savers.mounts) : undefined;
    if (mount === undefined || !loose.includes(mount)) return [];
    return [{ job, path, mount, span, answer: all([job.certain, not(waitsFor(host, job, mount))]) }];
  });
}

/** Boot does not wait for it, and nothing mounts it when it is used. */
function mayBeMissing(mount: Mount): boolean {
  const has = (name: string) => mount.options.some((option) => option.split(",").includes(name));
  if (mount.path === "/" || has("x-systemd.automount")) return false;
  return has("nofail") || has("noauto") || isRemote(mount);
}

/** By `RequiresMountsFor`, by the mount's unit, by a condition, or by a command of its own. */
function waitsFor(host: Host, job: Job, mount: Mount): Answer {
  const unit = host.option(["systemd", "services", job.unit]).value;
  const config = host.option(["systemd", "services", job.unit, "unitConfig"]).value;
  const name = `${mount.path.slice(1).replaceAll("-", "\\x2d").replaceAll("/", "-")}.mount`;
  const lists = [
    ...["after", "requires", "bindsTo", "requisite", "wants"].map((key) => textsIn(unit, [key])),
    ...attrsEntries(config).map((entry) => textsIn(unit, ["unitConfig", entry.name])),
  ];
  const isNamed = ({ items, possible }: TextList) =>
    [...items, ...possible].some(({ text }) => showText(text).includes(name) || showText(text).includes(mount.path));
  const unknown = [config, config instanceof Attrs ? config.rest : null].filter((part) => part instanceof Unknown);
  const rests = lists.flatMap(({ rest }) => rest ?? []);
  const doubts = [...rests, ...unknown.filter((part) => !isUnset(part))].map((doubt) => undecided(doubt));
  const isMounted = /\bmount(?:point)?\b/.test(job.prepare.text) || job.prepare.text.includes(mount.path);
  const unread = job.prepare.unread ? [undecided(job.prepare.unread)] : [];
  return any([toAnswer(lists.some(isNamed) || isMounted), ...doubts, ...unread]);
}
