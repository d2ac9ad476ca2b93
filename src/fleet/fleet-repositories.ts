// The repositories of the fleet, each with every job that works on it: what is asked of a repository, its jobs answer
// together.

import { type Answer, all, any, no, not, toAnswer, undecided } from "../eval/answer.ts";
import type { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Span } from "../source/span.ts";
import { appendOnlyServer } from "./append-only.ts";
import { isSameMachine } from "./clashes.ts";
import { callOf, commandLines, unitScript } from "./commands.ts";
import type { Fleet } from "./fleet.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Job } from "./jobs.ts";
import { entriesOf, showText } from "./known.ts";
import { identityOf } from "./repository-identity.ts";

export interface RepositoryUser {
  readonly host: FleetHost;
  readonly job: Job;
  /** `services.restic.backups.home`, as messages show it. */
  readonly option: string;
}

export interface FleetRepository {
  /** As it is written, or the file that names it; what is not known of it shows as `…`. */
  readonly name: string;
  /** Never empty. A job that several machines run is there once for each. */
  readonly users: readonly RepositoryUser[];
  /** Those that put something into it. */
  readonly writers: readonly RepositoryUser[];
  /** Why it is not known which repository it is: then it may be the same as another. */
  readonly doubt: Unknown | null;
}

const programs = /^(restic|borg|borgmatic|unit)$/;

export function repositoriesOf(fleet: Fleet): readonly FleetRepository[] {
  const users = fleet.hosts.flatMap((host) =>
    host.jobs
      .filter(({ mechanism }) => programs.test(mechanism))
      .map((job): RepositoryUser => ({ host, job, option: job.option })),
  );
  const groups = new Map<string, RepositoryUser[]>();
  for (const user of users) {
    const { key } = identityOf(user);
    groups.set(key, [...(groups.get(key) ?? []), user]);
  }
  return [...groups.values()].map((group) => repositoryWith(oncePerMachine(group)));
}

/** Two configurations of one machine run one job. */
function oncePerMachine(users: readonly RepositoryUser[]): readonly RepositoryUser[] {
  return users.filter(
    (user, index) =>
      !users
        .slice(0, index)
        .some(
          (other) =>
            other.option === user.option && other.host !== user.host && isSameMachine(other.host.host, user.host.host),
        ),
  );
}

function repositoryWith(users: readonly RepositoryUser[]): FleetRepository {
  const [first] = users;
  if (first === undefined) throw new Error("a repository without a job");
  const { job } = first;
  const named = job.repository ?? job.secretFiles.find(({ role }) => role === "repository")?.path;
  return {
    name: named === undefined ? "" : showText(named.text),
    users,
    writers: users.filter(({ job: writer }) => writer.backsUp.kind !== "no"),
    doubt: identityOf(first).doubt,
  };
}

/** A repository that lacks something, by its first job: that is where it is mended. */
export interface Neglected {
  readonly repository: FleetRepository;
  readonly user: RepositoryUser;
  readonly span: Span | null;
  readonly answer: Answer;
}

export function neverPruned(fleet: Fleet): readonly Neglected[] {
  // Behind a server that refuses to remove anything no job could.
  return neglected(fleet, /^(restic|borg)$/, (repository) =>
    any([
      isPruned(repository),
      ...repository.users.map(({ host, job }) => appendOnlyServer(fleet, host, job)?.refuses ?? no),
    ]),
  );
}

export function neverChecked(fleet: Fleet): readonly Neglected[] {
  return neglected(fleet, /^restic$/, isChecked);
}

function neglected(fleet: Fleet, mechanisms: RegExp, isDone: (repository: FleetRepository) => Answer) {
  const repositories = repositoriesOf(fleet);
  return repositories.flatMap((repository): readonly Neglected[] => {
    const user = repository.writers.find(({ job }) => mechanisms.test(job.mechanism));
    if (user === undefined) return [];
    const { job } = user;
    const isDoneSomehow = any([isDone(repository), isDoneByName(repository, repositories, isDone)]);
    return [{ repository, user, span: job.span, answer: all([job.certain, not(isDoneSomehow)]) }];
  });
}

/** By another machine, to what may be the same repository under another name. */
function isDoneByName(
  { doubt, users }: FleetRepository,
  repositories: readonly FleetRepository[],
  isDone: (repository: FleetRepository) => Answer,
): Answer {
  if (doubt === null) return no;
  const own = hostsOf(users);
  const others = repositories.filter((other) => other.doubt !== null && !hostsOf(other.users).some(isIn(own)));
  return others.some((other) => isDone(other).kind !== "no") ? undecided(doubt) : no;
}

function isIn(names: readonly string[]): (name: string) => boolean {
  return (name) => names.includes(name);
}

/** Whether any of the jobs, or a script of their hosts, prunes it. */
function isPruned({ users }: FleetRepository): Answer {
  return any([...users.map(({ job }) => job.prunes), ...users.map(({ host }) => runsIn(host.host, pruning))]);
}

/** The same for a check. */
function isChecked({ users }: FleetRepository): Answer {
  return any([...users.map(({ job }) => job.checks), ...users.map(({ host }) => runsIn(host.host, checking))]);
}

const program = "(?:restic|rustic|borg|borgmatic)(?:-[\\w-]+)?";
const pruning = /\s(?:forget|prune)\b/;
const checking = /\scheck\b/;

/** Whether a unit of the host runs a backup program with that verb: which repository it means is left to its author. */
function runsIn(host: Host, verb: RegExp): Answer {
  const { entries, rest } = entriesOf(host, ["systemd", "services"]);
  const found = entries.some(({ name }) =>
    commandLines(unitScript(host, name).text).some((line) => callOf(program).test(line) && verb.test(line)),
  );
  return found || rest === null ? toAnswer(found) : undecided(rest);
}

/** Whether it is known that these are one repository; a job whose repository is not known may work on any. */
export function isShared({ writers, doubt }: FleetRepository, fleet: Fleet): Answer {
  if (writers.length > 1 || doubt === null) return toAnswer(writers.length > 1);
  const isAlone =
    fleet.hosts.flatMap((host) => host.jobs.filter(({ mechanism }) => programs.test(mechanism))).length < 2;
  return isAlone ? no : undecided(doubt);
}

/** The names of hosts on which a finding about these jobs holds. */
export function hostsOf(users: readonly RepositoryUser[]): readonly string[] {
  return [...new Set(users.map(({ host }) => host.name))];
}
