// State of which a job saves only a part, by choice or because an exclude pattern swallows it.

import { type Answer, all, any, no, not } from "../eval/answer.ts";
import type { Span } from "../source/span.ts";
import { coversPath, isMet } from "./coverage.ts";
import { excludes, excludesPath } from "./exclude.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Job } from "./jobs.ts";
import { type Located, showText } from "./known.ts";
import type { State } from "./service-state.ts";
import type { Service } from "./services.ts";
import { containsPath, livePath, namesOf } from "./state-paths.ts";

export interface StateInJob {
  readonly service: Service;
  readonly state: State;
  readonly job: Job;
  /** The exclude pattern, or the path inside the state. */
  readonly item: Located | null;
  readonly span: Span | null;
  readonly answer: Answer;
  /** Of a pattern: whether it says the state's own path, or one inside, so that it is about nothing else. */
  readonly isOwn: boolean;
}

/** Essential state below a path of a job, which an exclude pattern of the same job swallows and nothing else saves. */
export function excludedStates(host: FleetHost): readonly StateInJob[] {
  return statesIn(host, ({ service, state, job, names }) => {
    const met = job.paths.items.flatMap(({ text }) => {
      const root = typeof text === "string" ? livePath(text) : null;
      return root === null ? [] : names.flatMap((name) => meeting(root, name, state.isPrivate));
    });
    const answer = met.length > 0 ? all(met.map((name) => excludes(job.exclude, name))) : no;
    if (answer.kind === "no") return [];
    const item = job.exclude.items.find(
      ({ text }) => typeof text === "string" && met.some((name) => excludesPath(text, name)),
    );
    const answers = [job.certain, answer, host.isUncovered(service, state, "host")];
    const isOwn = typeof item?.text === "string" && names.some((name) => containsPath(name, item.text as string));
    return [{ service, state, job, item: item ?? null, span: item?.span ?? job.span, answer: all(answers), isOwn }];
  });
}

/** What a path of a job has in common with state: all of the state, or the part of it that was chosen. */
function meeting(root: string, name: string, isPrivate: boolean): readonly string[] {
  if (containsPath(root, name)) return isMet(name, root, isPrivate) ? [name] : [];
  return containsPath(name, root) ? [root] : [];
}

/** Essential state of which jobs save paths inside it, and no job all of it. */
export function partialStates(host: FleetHost): readonly StateInJob[] {
  const { savers } = host;
  return statesIn(host, ({ service, state, job, names }) => {
    const item = job.paths.items.find(
      ({ text }) =>
        typeof text === "string" && names.some((name) => livePath(text) !== name && containsPath(name, livePath(text))),
    );
    if (item === undefined || state.path === null) return [];
    const whole = host.jobs.map((other) => {
      const wide = {
        ...other,
        paths: { ...other.paths, items: other.paths.items.filter((one) => isWide(one, names)) },
      };
      return state.path === null ? no : coversPath(wide, state.path, { savers, isPrivate: state.isPrivate });
    });
    return [
      {
        service,
        state,
        job,
        item,
        span: item.span,
        answer: all([job.certain, service.enabled, not(any(whole))]),
        isOwn: true,
      },
    ];
  });
}

function isWide({ text }: Located, names: readonly string[]): boolean {
  return (
    typeof text !== "string" || !names.some((name) => livePath(text) !== name && containsPath(name, livePath(text)))
  );
}

interface Pair {
  readonly service: Service;
  readonly state: State;
  readonly job: Job;
  /** All names of the state's path. */
  readonly names: readonly string[];
}

function statesIn(host: FleetHost, find: (pair: Pair) => readonly StateInJob[]): readonly StateInJob[] {
  return host.services.flatMap((service) =>
    service.essentialState.flatMap((state) => {
      if (typeof state.path?.text !== "string") return [];
      const names = namesOf(state.path.text, host.savers.aliases);
      return host.jobs.flatMap((job) => find({ service, state, job, names }));
    }),
  );
}

export function showPath(item: Located | null): string {
  return item === null ? "" : showText(item.text);
}
