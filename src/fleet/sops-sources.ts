// Where the sops secrets of a host come from: the encrypted file of each, and whether the host can decrypt it.

import { type Answer, any, no, toAnswer, undecided } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import { doubtOf, type Text } from "./known.ts";
import type { Secret } from "./secrets.ts";
import { missingFrom, type Recipient, type Sops, type SopsFile } from "./sops.ts";

export interface SopsSource {
  readonly secret: Secret;
  /** Absolute; null when it is not known, or a file outside of what can be read. */
  readonly path: string | null;
  readonly file: SopsFile | Unknown;
  /** Whether the file has the secret's key; files that are one secret have any. */
  readonly hasKey: Answer;
}

/** `root` is the flake's: what lies elsewhere belongs to an input or to the machine. */
export function sopsSources(secrets: readonly Secret[], sops: Sops, root: string): readonly SopsSource[] {
  const own = secrets.filter(({ manager, kind }) => manager === "sops" && kind === "secret");
  return own.flatMap((secret): SopsSource[] => {
    if (secret.file === null) return [];
    const doubt = doubtOf(secret.file) ?? outside(secret.file, root);
    if (doubt) return [{ secret, path: null, file: doubt, hasKey: undecided(doubt) }];
    const path = secret.file as string;
    const file = sops.fileAt(path);
    return [{ secret, path, file, hasKey: hasKey(file, secret.key) }];
  });
}

function outside(path: Text, root: string): Unknown | null {
  if (typeof path !== "string" || path.startsWith(`${root}/`)) return null;
  return new Unknown("input", `the sops file \`${path.split("/").at(-1)}\` is not part of this flake`);
}

function hasKey(file: SopsFile, key: Text | null): Answer {
  if (file.kind === "missing") return no;
  if (file.kind !== "encrypted" || file.keys === null || key === null) return toAnswer(true);
  const doubt = doubtOf(key);
  return doubt ? undecided(doubt) : toAnswer(file.keys.has(key as string));
}

/** The keys that `.sops.yaml` calls by the host's name. */
export function identitiesOf(host: string, { configs }: Sops): readonly Recipient[] {
  const wanted = normalise(host);
  const named = configs.flatMap(({ names }) => [...names]);
  return named.filter(([name]) => isNameOf(normalise(name), wanted)).map(([, recipient]) => recipient);
}

/** `&host_ha-01`, `&ha01`, `&server-ha-01`: the name as a whole, or at the end or start after a separator. */
function isNameOf(anchor: string, host: string): boolean {
  if (/^(user|admin|person|me)-/.test(anchor)) return false;
  return anchor === host || anchor.endsWith(`-${host}`) || anchor.startsWith(`${host}-`);
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[_.@]/g, "-");
}

/** Whether a host that has these keys is able to decrypt the file; keys that no other file uses prove nothing. */
export function canDecrypt(file: SopsFile, keys: readonly Recipient[], others: readonly SopsFile[]): Answer {
  if (file.kind !== "encrypted" || keys.length === 0) return toAnswer(true);
  const isIn = (one: SopsFile) =>
    toAnswer(one.kind === "encrypted" && missingFrom(one.recipients, keys).length < keys.length);
  if (isIn(file).kind === "yes") return isIn(file);
  const isUsed = any(others.map(isIn));
  return isUsed.kind === "yes"
    ? no
    : undecided(new Unknown("unsupported", "no other file shows which key this host has"));
}
