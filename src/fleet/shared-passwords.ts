// Passwords that open more than one repository.

import { type Answer, all, undecided, yes } from "../eval/answer.ts";
import type { Span } from "../source/span.ts";
import type { Fleet } from "./fleet.ts";
import { type FleetRepository, type RepositoryUser, repositoriesOf } from "./fleet-repositories.ts";
import { showText } from "./known.ts";
import { contentKey } from "./repository-identity.ts";

export interface SharedPassword {
  /** The secret's option, or the path of a file that is none. */
  readonly name: string;
  readonly span: Span | null;
  /** The repositories it opens, each by its first job. */
  readonly users: readonly RepositoryUser[];
  readonly answer: Answer;
}

interface Opened {
  readonly key: string;
  readonly name: string;
  readonly span: Span | null;
  readonly repository: FleetRepository;
  readonly user: RepositoryUser;
}

export function sharedPasswords(fleet: Fleet): readonly SharedPassword[] {
  const opened = repositoriesOf(fleet).flatMap((repository) =>
    repository.users.flatMap((user) => openedBy(user, repository)),
  );
  const groups = new Map<string, Opened[]>();
  for (const one of opened) groups.set(one.key, [...(groups.get(one.key) ?? []), one]);
  return [...groups.values()].flatMap((group): readonly SharedPassword[] => {
    const distinct = group.filter(
      ({ repository }, index) => group.findIndex((other) => other.repository === repository) === index,
    );
    const [, second] = distinct;
    if (second === undefined) return [];
    const doubts = distinct.flatMap(({ repository }) => (repository.doubt ? [repository.doubt] : []));
    const decided = distinct.length - doubts.length > 1;
    const answer = all([
      ...distinct.map(({ user }) => user.job.certain),
      decided || doubts.length === 0 ? yes : undecided(...doubts),
    ]);
    return [{ name: second.name, span: second.span, users: distinct.map(({ user }) => user), answer }];
  });
}

function openedBy(user: RepositoryUser, repository: FleetRepository): readonly Opened[] {
  const { host, job } = user;
  const file = job.secretFiles.find(({ role }) => role === "password")?.path;
  const key = contentKey(user, "password");
  if (file === undefined || key === null) return [];
  const secret = host.secretReads.find((read) => read.job === job && read.file.role === "password")?.secret ?? null;
  return [{ key, name: secret?.option ?? showText(file.text), span: file.span, repository, user }];
}
