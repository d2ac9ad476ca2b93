// A job's secret goes to somebody else, or the job runs as somebody else. What is implicit is written out first: a
// secret without an owner is root's, and so is a job without a user.

import type { Edit } from "../../src/edit/edit.ts";
import type { FleetHost } from "../../src/fleet/fleet.ts";
import type { SecretRead } from "../../src/fleet/job-secrets.ts";
import type { Secret } from "../../src/fleet/secrets.ts";
import type { Run } from "../run-flake.ts";
import { type Fault, filesOf, joined } from "./kinds.ts";
import type { Places } from "./places.ts";

interface Read extends SecretRead {
  readonly secret: Secret;
}

function* passwordReads({ fleet }: Run): Iterable<{ readonly host: FleetHost; readonly read: Read }> {
  for (const host of fleet.hosts)
    for (const read of host.secretReads) {
      const { secret, file, job } = read;
      if (secret === null || read.canRead.kind === "no" || file.role !== "password") continue;
      if (job.mechanism === "restic") yield { host, read: { ...read, secret } };
    }
}

function fault({ secret, job }: Read, edits: readonly Edit[] | null): readonly Fault[] {
  if (edits === null) return [];
  const own = [secret.span, secret.owner.span, job.span].flatMap((span) => (span ? [span.file] : []));
  return [{ edits, subjects: [secret.option], files: [...new Set([...own, ...filesOf(edits)])] }];
}

/** The job keeps its user when that is not root, who reads everything. */
export function* plantOtherOwner(run: Run, places: Places): Iterable<Fault> {
  for (const { host, read } of passwordReads(run)) {
    if (read.secret.mode !== "0400") continue;
    const user = read.job.user.text === "root" ? [runAs(host, read, places, "nobody")] : [];
    yield* fault(read, joined([setOwner(read.secret, places, "somebody"), ...user]));
  }
}

/** The secret keeps its owner; one that an unread module could set is written out. */
export function* plantOtherUser(run: Run, places: Places): Iterable<Fault> {
  for (const { host, read } of passwordReads(run)) {
    if (!/^0?[0-7][0-7]0$/.test(String(read.secret.mode)) || hasGroups(host, read)) continue;
    const isWritten = read.secret.owner.span !== null || host.host.unread.length === 0;
    const owner = isWritten ? [] : [setOwner(read.secret, places, "root")];
    yield* fault(read, joined([runAs(host, read, places, "nobody"), ...owner]));
  }
}

/** A unit with groups of its own keeps them whoever it runs as. */
function hasGroups({ host }: FleetHost, { job }: Read): boolean {
  const config = ["systemd", "services", job.unit, "serviceConfig"];
  return job.group !== null || host.option([...config, "SupplementaryGroups"]).isDefined;
}

function setOwner({ owner, span }: Secret, places: Places, name: string): readonly Edit[] | null {
  if (owner.span) return places.setValue(owner.span, JSON.stringify(name));
  return places.insertInto(span, `owner = ${JSON.stringify(name)};`) ?? beside(span, places, name);
}

/** `secrets.x.sopsFile = …;`: another statement for the same secret. */
function beside(span: Secret["span"], places: Places, name: string): readonly Edit[] | null {
  const path = span ? places.textAt(span) : undefined;
  return path === undefined || !/\.\w+$/.test(path)
    ? null
    : places.insertBeside(span, `owner = ${JSON.stringify(name)};`);
}

function runAs(host: FleetHost, { job }: Read, places: Places, name: string): readonly Edit[] | null {
  const base = ["services", "restic", "backups", job.name];
  const user = host.host.option([...base, "user"]);
  if (user.isDefined && user.span) return places.setValue(user.span, JSON.stringify(name));
  return places.insertBeside(host.host.option([...base, "passwordFile"]).span, `user = ${JSON.stringify(name)};`);
}
