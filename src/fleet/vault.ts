// The vault of a host: where its secrets come from, who reads them, where they end up, and what is said of secrets that
// are not there.

import { type Answer, undecided } from "../eval/answer.ts";
import { once } from "../eval/once.ts";
import { hashHex } from "../eval/store-hash.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { AttrPath } from "../nixpkgs/modules/definition.ts";
import type { FileSystem } from "../source/file-system.ts";
import { type Account, createsAccount } from "./accounts.ts";
import { type ExporterRead, exporterReads } from "./exporter-reads.ts";
import type { Exporter } from "./exporters.ts";
import type { Job } from "./jobs.ts";
import { attrIn, readText, type Text } from "./known.ts";
import { type Leaf, leavesOf } from "./leaves.ts";
import { type UnitRead, unitReads } from "./secret-reads.ts";
import {
  isUnused,
  placeholderOf,
  type StrayPlaceholder,
  strayPlaceholders,
  type UndeclaredSecret,
  undeclaredSecrets,
} from "./secret-uses.ts";
import type { Secret, SecretList } from "./secrets.ts";
import type { Service } from "./services.ts";
import type { Sops } from "./sops.ts";
import { canDecrypt, identitiesOf, type SopsSource, sopsSources } from "./sops-sources.ts";
import type { SourceTexts } from "./source-texts.ts";
import { type StoredSecret, storedCredentials, storedFiles } from "./stored-secrets.ts";
import { type PasswordSecret, passwordSecrets } from "./user-passwords.ts";

export interface Vault {
  /** Where the sops secrets come from. */
  readonly sources: readonly SopsSource[];
  /** Whether the key of this host is among those that the file of the secret is encrypted to. */
  canDecrypt(source: SopsSource): Answer;
  /** Users whose password is a secret. */
  readonly passwords: readonly PasswordSecret[];
  /** Secrets that units of the flake name in what they run. */
  readonly unitReads: readonly UnitRead[];
  readonly exporterReads: readonly ExporterRead[];
  /** Every setting of the host, for questions that reach into all of them. */
  readonly leaves: readonly Leaf[];
  /** Whether no file says the secret's name besides its declaration. */
  isUnused(secret: Secret): Answer;
  /** What evaluation copies into the store. */
  readonly stored: readonly StoredSecret[];
  /** Secrets that are used and not declared. */
  readonly undeclared: readonly UndeclaredSecret[];
  readonly strayPlaceholders: readonly StrayPlaceholder[];
  /** Whether something on the host creates a user or a group of that name. */
  creates(kind: Account, name: Text): Answer;
}

export interface VaultSources {
  readonly host: Host;
  readonly root: string;
  readonly fs: FileSystem;
  readonly texts: SourceTexts;
  readonly sops: Sops;
  readonly secrets: () => SecretList;
  readonly services: () => readonly Service[];
  readonly jobs: () => readonly Job[];
  readonly exporters: () => readonly Exporter[];
}

export function readVault(given: VaultSources): Vault {
  const { host, fs, texts, sops, root, secrets, jobs } = given;
  const leaves = once(() => leavesOf(host));
  const leavesWhen = (pattern: RegExp): readonly Leaf[] => (texts.some(pattern) ? leaves() : []);
  const sources = once(() => sopsSources(secrets().secrets, sops, root));
  const taken = once(() => new Set(jobs().map(({ unit }) => unit)));
  const rcloneConfig = (job: Job) => attrIn(host.option(job.option.split(".")).value, ["rcloneConfig"])?.value ?? null;
  return {
    get leaves() {
      return leaves();
    },
    isUnused: (secret) => isUnused(secret, host, texts),
    get sources() {
      return sources();
    },
    canDecrypt({ file }) {
      if (file instanceof Unknown) return undecided(file);
      const others = sources().flatMap((other) => (other.file instanceof Unknown ? [] : [other.file]));
      return canDecrypt(file, identitiesOf(host.name, sops), others);
    },
    get passwords() {
      return passwordSecrets(host, secrets());
    },
    get unitReads() {
      return unitReads(host, secrets(), taken());
    },
    get exporterReads() {
      return exporterReads(host, given.exporters(), secrets());
    },
    get stored() {
      const files = storedFiles(leavesWhen(/File"?\s*=\s*(?!config\.|null\b|"[^$]|[\w.]+\.path;)/), fs);
      return [...files, ...storedCredentials(jobs(), rcloneConfig)];
    },
    get undeclared() {
      const declared = new Set(secrets().secrets.map(({ name }) => name));
      const areAllDeclared = texts.secretNames.every((name) => declared.has(name)) && texts.computedNames.length === 0;
      return areAllDeclared ? [] : undeclaredSecrets(leaves(), secrets(), (path) => isInDefaultFile(host, sops, path));
    },
    get strayPlaceholders() {
      const names = secrets().secrets.map(({ name }): [string, string] => [
        name,
        placeholderOf(hashHex("sha256", name)),
      ]);
      return strayPlaceholders(leavesWhen(/sops\.placeholder/), new Map(names));
    },
    creates: (kind, name) => createsAccount({ host, services: given.services() }, kind, name),
  };
}

/** `sops.secrets.x` without anything else is the key `x` of `sops.defaultSopsFile`. */
function isInDefaultFile(host: Host, sops: Sops, [manager, kind, name = ""]: AttrPath): boolean {
  const path = readText(host.option(["sops", "defaultSopsFile"]))?.text;
  if (manager !== "sops" || kind !== "secrets" || typeof path !== "string") return false;
  const file = sops.fileAt(path);
  return file.kind === "encrypted" && file.keys?.has(name) === true;
}
