// Whether a secret is about one job alone: nothing in the flake names it but its declaration and that job.

import type { FleetHost } from "../../fleet/fleet.ts";
import type { Job } from "../../fleet/jobs.ts";
import type { Secret } from "../../fleet/secrets.ts";
import { siteOf } from "./job-sites.ts";
import type { ScaffoldContext } from "./scaffold.ts";

interface Own {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

export function readsAlone(
  context: ScaffoldContext,
  host: FleetHost,
  { job, secret }: { readonly job: Job; readonly secret: Secret },
): boolean {
  // What is not read may read it, and so may a module to which it was given on purpose.
  if (host.host.unread.length > 0) return false;
  const site = siteOf(host, job, context);
  const nodes = site === null ? [] : site.kind === "entry" ? site.bindings : [site.call];
  const own: Own[] = [
    ...nodes.map(({ start, end }) => ({ file: site?.tree.source.path ?? "", start, end })),
    ...declarationsOf(context, secret),
  ];
  const word = new RegExp(
    `(?<![A-Za-z0-9_-])${secret.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![A-Za-z0-9_-])`,
    "g",
  );
  return [...context.files.parsed.values()].every(({ source }) =>
    [...source.text.matchAll(word)].every(({ index }) =>
      own.some(({ file, start, end }) => file === source.path && start <= index && index < end),
    ),
  );
}

function declarationsOf({ index }: ScaffoldContext, { name }: Secret): Own[] {
  return index
    .named(name)
    .filter(({ path }) => path[1] === "secrets" && path[2] === name)
    .map(({ tree, node }) => ({ file: tree.source.path, start: node.start, end: node.end }));
}
