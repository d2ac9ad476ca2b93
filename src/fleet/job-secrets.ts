// Which secrets the jobs of a host read, as whom, and whether they can.

import { type Answer, undecided } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Job, JobFile } from "./jobs.ts";
import { canRead, isSameText, readerOf } from "./readers.ts";
import { type Secret, type SecretList, secretAt } from "./secrets.ts";

/** A job reads a secret as its own user. */
export interface SecretRead {
  readonly job: Job;
  readonly file: JobFile;
  /** Null when it is one that is not in sight; the answers are undecided then. */
  readonly secret: Secret | null;
  readonly canRead: Answer;
  /** Whether the secret belongs to the job's user. */
  readonly isOwner: Answer;
}

export function readJobSecrets(host: Host, jobs: readonly Job[], secrets: SecretList): readonly SecretRead[] {
  return jobs.flatMap((job) => readsOf(host, job, secrets));
}

function readsOf(host: Host, job: Job, secrets: SecretList): readonly SecretRead[] {
  return job.secretFiles.flatMap((file): readonly SecretRead[] => {
    const secret = secretAt(file.path.text, secrets);
    if (secret === null) return [];
    if (secret instanceof Unknown)
      return [{ job, file, secret: null, canRead: undecided(secret), isOwner: undecided(secret) }];
    const reads = canRead(readerOf(host, job), secret, file.role);
    return [{ job, file, secret, canRead: reads, isOwner: isSameText(job.user.text, secret.owner.text) }];
  });
}
