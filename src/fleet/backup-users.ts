// Jobs that run as root although the service whose state they save has a user of its own.

import { type Answer, all, any, toAnswer, undecided } from "../eval/answer.ts";
import { coversState } from "./coverage.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Job } from "./jobs.ts";
import { doubtOf, knownText, type Located } from "./known.ts";
import type { Service } from "./services.ts";
import { containsPath } from "./state-paths.ts";

export interface RootJob {
  readonly job: Job;
  readonly service: Service;
  readonly user: string;
  readonly answer: Answer;
}

/** Each job once, with the first of the services it saves. A job of several users has to be root. */
export function rootJobs({ jobs, services, savers }: FleetHost): readonly RootJob[] {
  return jobs.flatMap((job): readonly RootJob[] => {
    if (!/^(restic|borg)$/.test(job.mechanism)) return [];
    const saved = services
      .map((service) => ({ service, saves: saves(job, service, savers) }))
      .filter((one) => one.saves.kind !== "no");
    if (
      !savesNothingElse(
        job,
        saved.map(({ service }) => service),
      )
    )
      return [];
    const users = new Set(saved.map(({ service }) => service.user?.text));
    const [user] = users;
    const [first] = saved;
    if (first === undefined || users.size > 1 || typeof user !== "string" || user === "root") return [];
    const { service } = first;
    const isSaved = any(saved.map((one) => all([one.saves, one.service.enabled])));
    return [{ job, service, user, answer: all([job.certain, isSaved, isRoot(job.user)]) }];
  });
}

function saves(job: Job, { essentialState }: Service, savers: FleetHost["savers"]): Answer {
  return any(essentialState.filter(({ path }) => path !== null).map((state) => coversState(job, state, savers)));
}

/** What is no state of theirs, as a home or all of /var/lib, may need root. */
function savesNothingElse(job: Job, services: readonly Service[]): boolean {
  const kept = services.flatMap(({ state }) => state.flatMap(({ path }) => knownText(path ?? undefined) ?? []));
  return job.paths.items.every(({ text }) => typeof text !== "string" || kept.some((path) => containsPath(path, text)));
}

function isRoot({ text }: Located): Answer {
  const doubt = doubtOf(text);
  return doubt ? undecided(doubt) : toAnswer(text === "root");
}
