// Bytes on disk -> text to parse, or the reason why they are no Nix file. Exact: what decodes has the same offsets in
// an editor, and nothing undecodable is replaced in silence.

import type { SourceFile } from "./source-file.ts";

/** A blob that only looks like a Nix file by its name; `binary` is one clause saying what it is. */
export interface Undecodable {
  readonly binary: string;
}

// How encrypted and placeholder files start, by the tools' own documented headers.
const headers: readonly (readonly [start: string, what: string])[] = [
  ["\0GITCRYPT\0", "encrypted with git-crypt"],
  ["age-encryption.org/v1", "encrypted with age"],
  ["-----BEGIN AGE ENCRYPTED FILE-----", "encrypted with age"],
  ["-----BEGIN PGP MESSAGE-----", "encrypted with PGP"],
  ["$ANSIBLE_VAULT;", "encrypted with ansible-vault"],
  ["U2FsdGVkX1", "encrypted with transcrypt"],
  ["version https://git-lfs.github.com/spec/", "a Git LFS pointer"],
];
const headerBytes = 64;
// sops writes any file it cannot read as its own format as JSON with the ciphertext under `data`.
const sopsBlob = /^\s*\{\s*"data":\s*"ENC\[/;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function decodeSource(path: string, bytes: Uint8Array): SourceFile | Undecodable {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, headerBytes)).toString("latin1");
  for (const [header, what] of headers) if (start.startsWith(header)) return { binary: what };
  if (sopsBlob.test(start)) return { binary: "encrypted with sops" };
  if (start.startsWith("\xef\xbb\xbf")) return { binary: "starts with a byte order mark, which Nix refuses" };
  if (bytes.includes(0)) return { binary: "holds NUL bytes" };
  return decodeUtf8(path, bytes);
}

function decodeUtf8(path: string, bytes: Uint8Array): SourceFile | Undecodable {
  try {
    return { path, text: decoder.decode(bytes) };
  } catch {
    return { binary: "not valid UTF-8" };
  }
}
