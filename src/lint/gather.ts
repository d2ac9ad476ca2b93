// One cause, one finding: what one rule says at one place of several things in the same words is shown once and names
// the others. Each member keeps its own subject, hosts and fingerprint, by which it is waived and known.

import type { Diagnostic, Note } from "./finding.ts";
import { compareText } from "./order.ts";

/** In the order of the first member of each. */
export function gather(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const atPlace = groupBy(membersOf(diagnostics), ({ rule, severity, at }) =>
    JSON.stringify([rule, severity, at.file, at.start, at.end]),
  );
  return atPlace.flatMap((found) => {
    const names = [...new Set(found.map(({ subject }) => subject))].sort((a, b) => b.length - a.length);
    return groupBy(found, ({ message }) => flawOf(message, names)).flatMap(together);
  });
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

/** Those that stand for several as the several that they are. */
export function membersOf(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.flatMap((diagnostic) => diagnostic.members ?? [diagnostic]);
}

/** What is said, of whomever. */
function flawOf(message: string, names: readonly string[]): string {
  return names.reduce((flaw, name) => flaw.replaceAll(`\`${name}\``, "``"), message);
}

function together(members: readonly Diagnostic[]): readonly Diagnostic[] {
  const [first] = members;
  if (first === undefined || members.length === 1) return members;
  const hosts = [...new Set(members.flatMap((member) => member.hosts))].sort(compareText);
  return [{ ...first, hosts, members, notes: [...(first.notes ?? []), ...othersThan(first, members)] }];
}

/** Nothing where the message names them already. */
function othersThan(first: Diagnostic, members: readonly Diagnostic[]): readonly Note[] {
  const others = members.map(({ subject }) => `\`${subject}\``).filter((name) => name !== `\`${first.subject}\``);
  const names = [...new Set(others)].filter((name) => !first.message.includes(name));
  return names.length === 0 ? [] : [{ message: `the same is true of ${listed(names)}`, at: null }];
}

const mostNames = 8;

function listed(names: readonly string[]): string {
  const more = names.length - mostNames;
  const shown = more > 1 ? [...names.slice(0, mostNames), `${more} more`] : names;
  const last = shown.at(-1) ?? "";
  return shown.length === 1 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}
