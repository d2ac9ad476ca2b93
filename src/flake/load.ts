// A directory with a flake.nix to its hosts. Everything below is lazy: loading finds the hosts and their modules, and
// an option's value is computed when somebody asks for it.

import { startBudget, within } from "../eval/budget.ts";
import { force } from "../eval/thunk.ts";
import { evalError, Unknown } from "../eval/unknown.ts";
import { Attrs, typeName, type Value } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { FileSystem } from "../source/file-system.ts";
import { timed } from "../source/stopwatch.ts";
import { callFlake } from "./call-flake.ts";
import { createContext, type FlakeContext } from "./context.ts";
import type { Assumption, Flake, UnresolvedHost } from "./flake.ts";
import { createFlakeFiles } from "./flake-files.ts";
import { findHosts } from "./hosts.ts";
import { defaultRoles, findRoles } from "./roles.ts";

export interface LoadOptions {
  /** Globs of the files that are roles, relative to the root. */
  readonly roles?: readonly string[];
  /** Input name -> absolute directory, instead of what `flake.lock` says. */
  readonly overrideInputs?: ReadonlyMap<string, string>;
  /** Reads inputs from the Nix store where `fs` has them; off by default. */
  readonly storeInputs?: boolean;
}

/** `root` is absolute and holds a flake.nix. Never throws for what the flake does. */
export function loadFlake(root: string, fs: FileSystem, options: LoadOptions = {}): Flake {
  const { overrideInputs: overrides = new Map(), storeInputs = false } = options;
  const context = createContext(root, fs, { overrides, storeInputs });
  return timed("evaluate", () => loadOutputs(context, options));
}

function loadOutputs(context: FlakeContext, { roles: globs = defaultRoles }: LoadOptions): Flake {
  const { root } = context;
  startBudget();
  const called = callFlake(context, { directory: root });
  const outputs = asOutputs(force(called.outputs));
  const { hosts, unresolved } = findHosts(context, outputs);
  const roles = findRoles(context, called, hosts, globs);
  return {
    root,
    session: context.session,
    files: createFlakeFiles(root, context.session),
    inputs: [...called.inputs.entries.keys()],
    outputs,
    hosts,
    unresolved: [...unresolved, ...hosts.flatMap(modulesWithoutEnd)],
    roles,
    assumptions: assumptionsOf(hosts),
  };
}

/** Modules that Nix would never finish with: nobody knows what the host would be. */
function modulesWithoutEnd(host: Host): UnresolvedHost[] {
  const causes = within(host.budget, () => host.unread).map(({ cause }) => cause);
  const why = causes.find(({ reason }) => reason === "recursion" || reason === "limit");
  return why === undefined ? [] : [{ name: host.name, why }];
}

function asOutputs(value: Value): Attrs {
  if (value instanceof Attrs) return value;
  const why = value instanceof Unknown ? value : evalError(`\`outputs\` is not a set but ${typeName(value)}`);
  return new Attrs(new Map(), why);
}

function assumptionsOf(hosts: readonly Host[]): readonly Assumption[] {
  const assumptions = new Map<string, Assumption>();
  for (const { name, unread } of hosts) {
    for (const { input, importedAt, cause } of unread) {
      // What is not an input is a module that failed: the reason is a finding or an undecided answer of its own.
      const isInput = cause.input !== null;
      const message = isInput
        ? `the unread input \`${input}\` defines no backup job`
        : `an unread module defines no backup job: ${cause.message}`;
      const at = importedAt ?? cause.span;
      const key = isInput ? message : JSON.stringify([message, at]);
      const before = assumptions.get(key) ?? { message, at, hosts: [] };
      assumptions.set(key, { ...before, hosts: [...new Set([...before.hosts, name])].sort() });
    }
  }
  return [...assumptions.values()].sort((a, b) => Number(a.message > b.message) - Number(a.message < b.message));
}
