// Files that sops encrypted: which keys they hold and who can decrypt them. Key names are clear text; values are never
// kept. Formats: getsops/sops, `stores/`.

import { parse } from "yaml";
import type { FileSystem } from "../source/file-system.ts";
import type { Span } from "../source/span.ts";
import { isTooDeep } from "./data-depth.ts";
import { type Recipient, recipientsOf } from "./sops-recipients.ts";
import { readSimpleYaml } from "./sops-yaml.ts";

export type SopsFile =
  | EncryptedFile
  /** Text without sops's metadata: whoever reads the repository reads the secret. */
  | { readonly kind: "plain" }
  /** Encrypted by something else: age, gpg, git-crypt. */
  | { readonly kind: "foreign" }
  | { readonly kind: "empty" }
  | { readonly kind: "missing" }
  | { readonly kind: "unreadable"; readonly why: string };

export interface EncryptedFile {
  readonly kind: "encrypted";
  readonly path: string;
  /** `db/password` for nested keys; null where the file is one secret as a whole. */
  readonly keys: ReadonlySet<string> | null;
  readonly recipients: readonly Recipient[];
  /** Where sops's metadata starts. */
  readonly at: Span;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

export function readSopsFile(fs: FileSystem, path: string): SopsFile {
  const content = fs.readFile(path);
  if (content.kind === "unreadable") return content;
  if (content.kind !== "bytes") return { kind: "missing" };
  let text: string;
  try {
    text = decoder.decode(content.bytes);
  } catch {
    return { kind: "foreign" };
  }
  if (text.trim() === "") return { kind: "empty" };
  if (/^(age-encryption\.org|-----BEGIN (AGE|PGP)|\0GITCRYPT)/.test(text)) return { kind: "foreign" };
  return /\.(env|ini)$/.test(path) ? readLines(path, text) : readTree(path, text);
}

/** YAML, or JSON with which sops wraps everything it does not know. */
function readTree(path: string, text: string): SopsFile {
  const isStructured = /\.(ya?ml|json)$/.test(path);
  const start = text.search(/^"?\s*"?sops"?\s*:/m);
  if (start < 0) return { kind: "plain" };
  let tree: unknown;
  try {
    tree = /^\s*\{/.test(text) ? JSON.parse(text) : (readSimpleYaml(text) ?? parse(text, { logLevel: "error" }));
  } catch {
    return { kind: "unreadable", why: "it is neither YAML nor JSON" };
  }
  if (isTooDeep(tree)) return { kind: "unreadable", why: "it is nested too deeply" };
  const metadata = isRecord(tree) ? tree.sops : undefined;
  if (!isRecord(tree) || !isRecord(metadata) || metadata.mac === undefined) return { kind: "plain" };
  const { sops: _, ...secrets } = tree;
  const groups = Array.isArray(metadata.key_groups) ? metadata.key_groups : [];
  const holders = [metadata, ...groups].filter(isRecord);
  return {
    kind: "encrypted",
    path,
    keys: isStructured ? new Set(keyPaths(secrets, "")) : null,
    recipients: holders.flatMap((holder) => [
      ...recipientsOf("age", fieldsOf(holder.age, "recipient")),
      ...recipientsOf("pgp", fieldsOf(holder.pgp, "fp")),
    ]),
    at: { file: path, start, end: text.indexOf(":", start) },
  };
}

/** `sops_age__list_0__map_recipient=age1…` in dotenv files, the same without `sops_` in the section of ini files. */
function readLines(path: string, text: string): SopsFile {
  const start = text.search(/^(\[sops\]|sops_\w+\s*=)/m);
  if (start < 0 || !/^(sops_)?mac\s*=/m.test(text)) return { kind: "plain" };
  const fields = (kind: string, field: string) =>
    [...text.matchAll(new RegExp(`^(?:sops_)?${kind}__list_\\d+__map_${field}\\s*=\\s*"?([^"\\n]+)`, "gm"))].map(
      ([, value = ""]) => value,
    );
  return {
    kind: "encrypted",
    path,
    keys: null,
    recipients: [...recipientsOf("age", fields("age", "recipient")), ...recipientsOf("pgp", fields("pgp", "fp"))],
    at: { file: path, start, end: start + 1 },
  };
}

function fieldsOf(list: unknown, field: string): readonly unknown[] {
  return Array.isArray(list) ? list.filter(isRecord).map((item) => item[field]) : [];
}

/** Every path to something, in sops-nix's spelling. */
function* keyPaths(tree: unknown, prefix: string): Iterable<string> {
  const entries = Array.isArray(tree) ? [...tree.entries()] : isRecord(tree) ? Object.entries(tree) : [];
  for (const [name, value] of entries) {
    yield `${prefix}${name}`;
    yield* keyPaths(value, `${prefix}${name}/`);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
