// Secrets that evaluation copies into the store: files of the flake given as a path, texts that writers write, and what
// stands in clear text where programs expect it.

import { type Answer, undecided, yes } from "../eval/answer.ts";
import { isError, Unknown } from "../eval/unknown.ts";
import { NixPath, PartialString, type Value } from "../eval/value.ts";
import { derivationOfHole, isDerivation } from "../nixpkgs/derivation.ts";
import type { FileSystem } from "../source/file-system.ts";
import type { Span } from "../source/span.ts";
import type { Job } from "./jobs.ts";
import { attrsEntries, doubtOf } from "./known.ts";
import type { Leaf } from "./leaves.ts";
import { showOption } from "./secrets.ts";
import { readSopsFile } from "./sops-file.ts";

export interface StoredSecret {
  readonly option: string;
  /** A clause that goes on after the option: "is a file of the flake, …". */
  readonly how: string;
  readonly answer: Answer;
  readonly span: Span | null;
}

/** Options whose file holds a secret by their name. */
const secretFile = /(password|passphrase|secret|token|apiKey|privateKey|secretKey|credentials?|keyFile)(File)?$/i;
const isFileOption = /File$/;
/** Files that are meant to be seen, and those that secret managers decrypt. */
const exempt = /^(sops|age)\.|(public|cert|known|authorized)/i;

export function storedFiles(leaves: readonly Leaf[], fs: FileSystem): readonly StoredSecret[] {
  return leaves.flatMap(({ path, value, span }): StoredSecret[] => {
    const name = path.at(-1) ?? "";
    const option = showOption(path);
    if (!isFileOption.test(name) || !secretFile.test(name) || exempt.test(option)) return [];
    const how = howStored(value, fs);
    if (how !== null) return [{ option, how, answer: yes, span }];
    // What a secret manager puts in place keeps its option path: it is no file of the store.
    const isOpen = value instanceof Unknown && value.optionPath === null && !isError(value);
    return isOpen ? [{ option, how: "may be in the store", answer: undecided(value), span }] : [];
  });
}

function howStored(value: Value, fs: FileSystem): string | null {
  if (value instanceof NixPath)
    return isClearText(fs, value.path) ? "is a file of the flake, which is copied into the store" : null;
  const isWritten = isDerivation(value) || (typeof value === "string" && value.startsWith("/nix/store/"));
  if (isWritten) return "is written into the store, which everybody can read";
  if (!(value instanceof PartialString)) return null;
  const [first, ...rest] = value.parts;
  if (typeof first === "string" || first === undefined || rest.length > 0) return null;
  if (first.storePathOf instanceof NixPath) return howStored(first.storePathOf, fs);
  return derivationOfHole(first) ? "is written into the store, which everybody can read" : null;
}

/** A path that is no file of the flake is one of the machine, written without quotes. */
function isClearText(fs: FileSystem, path: string): boolean {
  return readSopsFile(fs, path).kind === "plain";
}

/** `rest:https://user:password@host/`, and rclone's keys beside the job. */
export function storedCredentials(jobs: readonly Job[], rcloneConfig: (job: Job) => Value): readonly StoredSecret[] {
  return jobs.flatMap((job) => [...passwordInUrl(job), ...rcloneKeys(job, rcloneConfig(job))]);
}

function passwordInUrl({ option, repository, span: place }: Job): readonly StoredSecret[] {
  if (repository === null) return [];
  const { text, span } = repository;
  const base = { option: `${option}.repository`, span: span ?? place };
  const doubt = doubtOf(text);
  if (isError(doubt)) return [];
  if (doubt) {
    const mayEndInLogin =
      text instanceof Unknown || /:\/\/[^/@]*$/.test(text instanceof PartialString ? text.prefix : "");
    return mayEndInLogin ? [{ ...base, how: "may have a password in its URL", answer: undecided(doubt) }] : [];
  }
  if (!/:\/\/[^/@:]*:[^/@]+@/.test(text as string)) return [];
  return [{ ...base, how: "has a password in its URL, which is copied into the store", answer: yes }];
}

/** rclone's own words for what nobody else should know. */
const rcloneSecret = /(pass|secret|token|key)$/i;

function rcloneKeys({ option }: Job, config: Value): readonly StoredSecret[] {
  return attrsEntries(config).flatMap(({ name, value, span }): StoredSecret[] => {
    if (!rcloneSecret.test(name) || value === "") return [];
    const base = { option: `${option}.rcloneConfig.${name}`, span };
    if (value instanceof Unknown) return [{ ...base, how: "may be a secret", answer: undecided(value) }];
    if (typeof value !== "string") return [];
    return [{ ...base, how: "is copied into the store, which everybody can read", answer: yes }];
  });
}
