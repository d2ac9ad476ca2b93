// Services that `nixlint.toml` names and no host has: what is said of them is said of nothing.

import { type Answer, undecided, yes } from "../eval/answer.ts";
import type { Span } from "../source/span.ts";
import { catalogue } from "./catalogue.ts";
import type { Fleet } from "./fleet.ts";
import { mayHave } from "./services.ts";

export interface UnknownService {
  readonly name: string;
  readonly at: Span;
  /** All that there are. */
  readonly known: readonly string[];
  readonly answer: Answer;
}

export function unknownServices({ hosts, roles, settings }: Fleet): readonly UnknownService[] {
  const all = [...hosts, ...roles];
  const named = Object.entries(settings.services);
  return named.flatMap(([name, service]): readonly UnknownService[] => {
    // One of the catalogue may be enabled tomorrow.
    if (service.at === undefined || catalogue.has(name.split(".")[0] ?? "")) return [];
    if (hosts.length === 0 || all.some((host) => mayHave(host, name, service))) return [];
    const causes = all.flatMap(({ host }) => host.unread).map(({ cause }) => cause);
    const known = [...all.flatMap(({ services }) => services).map((one) => one.name), ...catalogue.keys()];
    return [{ name, at: service.at, known, answer: causes.length === 0 ? yes : undecided(...causes) }];
  });
}
