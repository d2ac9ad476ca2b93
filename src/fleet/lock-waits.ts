// Which of a job's commands wait for the lock of their repository. restic gives up at once unless it is told otherwise.

import { type Answer, all, any, not, toAnswer, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import { readScript } from "./commands.ts";
import type { FleetRepository, RepositoryUser } from "./fleet-repositories.ts";
import { readTexts, showText, type TextList } from "./known.ts";
import { relationsOf } from "./schedules.ts";

export interface LockLoser {
  readonly user: RepositoryUser;
  /** The option that lacks `--retry-lock`. */
  readonly option: "extraBackupArgs" | "pruneOpts" | "checkOpts";
  readonly answer: Answer;
}

/** Commands that fail when they meet another job: those that need the repository alone, and those that meet such. */
export function lockLosers({ users }: FleetRepository): readonly LockLoser[] {
  const restic = users.filter(({ job }) => job.mechanism === "restic");
  return restic.flatMap((user): readonly LockLoser[] => {
    const others = restic.filter((other) => other !== user && !isOrdered(user, other));
    if (others.length === 0) return [];
    const meetsExclusive = any(others.flatMap(({ job }) => [job.prunes, job.checks]));
    const { job } = user;
    return [
      loser(user, "extraBackupArgs", all([job.backsUp, meetsExclusive])),
      loser(user, "pruneOpts", job.prunes),
      loser(user, "checkOpts", job.checks),
    ];
  });
}

function loser(user: RepositoryUser, option: LockLoser["option"], runs: Answer): LockLoser {
  return { user, option, answer: all([user.job.certain, runs, not(waits(user, option))]) };
}

/** `--retry-lock` among the arguments, or in a program that stands for restic. */
function waits({ host, job }: RepositoryUser, name: LockLoser["option"]): Answer {
  const option = (attr: string) => host.host.option(["services", "restic", "backups", job.name, attr]);
  const wrapper = option("package");
  const script = wrapper.isDefined ? readScript(wrapper.value) : null;
  return any([
    hasFlag(readTexts(option(name))),
    toAnswer(script?.text.includes("--retry-lock") ?? false),
    script?.unread ? undecided(script.unread) : toAnswer(false),
  ]);
}

function hasFlag({ items, possible, rest }: TextList): Answer {
  const isIn = (list: TextList["items"]) => list.some(({ text }) => showText(text).includes("--retry-lock"));
  if (isIn(items)) return yes;
  const doubt = rest ?? (isIn(possible) ? new Unknown("input", "`--retry-lock` is there on a condition") : null);
  return doubt === null ? toAnswer(false) : undecided(doubt);
}

function isOrdered(one: RepositoryUser, other: RepositoryUser): boolean {
  if (one.host !== other.host) return false;
  const { host } = one.host;
  return relationsOf(host, one.job.unit).has(other.job.unit) || relationsOf(host, other.job.unit).has(one.job.unit);
}
