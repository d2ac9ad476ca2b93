// Which repository a job works on, as far as it can be told from others: by its text, by what a secret holds, or by
// the configuration of the remote that it names.

import { Unknown } from "../eval/unknown.ts";
import type { RepositoryUser } from "./fleet-repositories.ts";
import type { JobFile } from "./jobs.ts";
import { doubtOf, showText } from "./known.ts";
import { repositoryOf } from "./repository.ts";

export interface RepositoryIdentity {
  /** Equal: one repository. */
  readonly key: string;
  /** Why it may be the same as one with another key. */
  readonly doubt: Unknown | null;
}

export function identityOf(user: RepositoryUser): RepositoryIdentity {
  const { host, job, option } = user;
  if (job.certain.kind === "undecided") return alone(user, job.certain.reasons[0]);
  if (job.repository === null) {
    const key = contentKey(user, "repository");
    return key === null ? alone(user) : { key, doubt: inAFile(user, "names its repository") };
  }
  const known = repositoryOf(host.host, job.repository);
  if (known === null) return alone(user, doubtOf(job.repository.text));
  const key = known.machine === null ? `${host.name} ${known.identity}` : known.identity;
  const config = known.identity.startsWith("rclone:") ? contentKey(user, "rclone configuration") : null;
  if (config === null) return { key, doubt: null };
  return { key: `${key} ${config}`, doubt: inAFile({ option, job }, "says what its remote is") };
}

function alone(user: RepositoryUser, doubt?: Unknown | null): RepositoryIdentity {
  const { host, option } = user;
  return { key: `${host.name} ${option}`, doubt: doubt ?? inAFile(user, "names its repository") };
}

function inAFile({ option, job }: Pick<RepositoryUser, "option" | "job">, how: string): Unknown {
  return new Unknown("unsupported", `\`${option}\` ${how} where it is not read`, job.span);
}

/** Equal for files of the same content: one path of one host, or one secret wherever it is. Null: there is none known. */
export function contentKey({ host, job }: RepositoryUser, role: JobFile["role"]): string | null {
  const text = job.secretFiles.find((file) => file.role === role)?.path.text;
  if (text === undefined || text instanceof Unknown || doubtOf(text) !== null) return null;
  const secret = host.secretReads.find((read) => read.job === job && read.file.role === role)?.secret;
  return secret?.file
    ? `${showText(secret.file)} ${secret.key ? showText(secret.key) : ""}`
    : `${host.name} ${showText(text)}`;
}
