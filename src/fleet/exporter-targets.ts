// Restic exporters that watch something else than what the jobs of the fleet write.

import { type Answer, all, any, no, not, toAnswer, undecided } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Exporter } from "./exporters.ts";
import type { Fleet } from "./fleet.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Job } from "./jobs.ts";
import { doubtOf, readText, showText } from "./known.ts";
import { repositoryOf } from "./repository.ts";
import { secretAt } from "./secrets.ts";
import { watchesRepository } from "./watching.ts";

export interface ExporterMismatch {
  readonly exporter: Exporter;
  readonly kind: "repository" | "password";
  readonly answer: Answer;
  /** The job of its repository, when that has another password. */
  readonly job: Job | null;
}

export function exporterMismatches(fleet: Fleet, host: FleetHost): readonly ExporterMismatch[] {
  const jobs = fleet.hosts.flatMap((other) =>
    other.jobs.filter(({ mechanism }) => /^(restic|unit)$/.test(mechanism)).map((job) => ({ job, host: other.host })),
  );
  if (jobs.length === 0) return [];
  return host.exporters.flatMap((exporter): readonly ExporterMismatch[] => {
    if (exporter.name !== "restic" || exporter.repository === null) return [];
    const watched = jobs.map((one) => ({ ...one, answer: watchesRepository(exporter, { ...one, other: host.host }) }));
    const own = watched.find(({ host: other, answer }) => other === host.host && answer.kind === "yes");
    const isWatched = any([...watched.map(({ answer }) => answer), isServed(host, exporter)]);
    const mismatch = {
      exporter,
      kind: "repository",
      answer: all([exporter.certain, not(isWatched)]),
      job: null,
    } as const;
    if (own === undefined) return [mismatch];
    const password = differs(host, exporter, own.job);
    return [{ exporter, kind: "password", answer: all([exporter.certain, own.job.certain, password]), job: own.job }];
  });
}

/** A path on the disk of a machine to which others send: they call it by another name. */
function isServed({ host }: FleetHost, { repository }: Exporter): Answer {
  if (repository === null || repositoryOf(host, repository)?.machine !== null) return no;
  return undecided(
    new Unknown(
      "unsupported",
      `whether others send to \`${showText(repository.text)}\` by another name is not known`,
      repository.span,
    ),
  );
}

/** Two files, or two secrets that are not one key of one encrypted file. */
function differs({ host, secrets }: FleetHost, exporter: Exporter, job: Job): Answer {
  const theirs = readText(host.option([...exporter.option.split("."), "passwordFile"]));
  const ours = job.secretFiles.find(({ role }) => role === "password")?.path;
  if (theirs === undefined || ours === undefined) return no;
  const doubt = doubtOf(theirs.text) ?? doubtOf(ours.text);
  if (doubt !== null) return theirs.text === ours.text ? no : undecided(doubt);
  const list = { secrets, rest: null };
  const [one, other] = [secretAt(theirs.text, list), secretAt(ours.text, list)];
  if (one === null || other === null || one instanceof Unknown || other instanceof Unknown)
    return toAnswer(theirs.text !== ours.text && one === null && other === null);
  const isSame = one === other || (one.file !== null && one.file === other.file && one.key === other.key);
  return toAnswer(!isSame);
}
