// How Nix names what is in the store: `/nix/store/<hash>-<name>`, the hash made of what it is and how it came there.

import { createHash } from "node:crypto";
import { compareText } from "./equality.ts";
import { type Hash, hashHex, toNix32 } from "./store-hash.ts";

export const storeDirectory = "/nix/store";

/** Why a name is none for a store path; null for one that is. */
export function problemOfName(name: string): string | null {
  if (name === "") return "a store path needs a name";
  if (name.length > 211) return `the name \`${name}\` is longer than 211 characters`;
  if (/^\.\.?(-|$)/.test(name)) return `the name \`${name}\` begins with a component of dots alone`;
  const illegal = /[^0-9A-Za-z+\-._?=]/u.exec(name);
  return illegal && `the name \`${name}\` contains the character \`${illegal[0]}\``;
}

/** `/nix/store/<hash>-<name>`, and nothing below it. */
export function isStorePath(path: string): boolean {
  const match = /^\/nix\/store\/[0-9a-df-np-sv-z]{32}-(.*)$/s.exec(path);
  return match !== null && problemOfName(match[1] ?? "") === null;
}

function makeStorePath(type: string, digest: string, name: string): string {
  const fingerprint = createHash("sha256").update(`${type}:sha256:${digest}:${storeDirectory}:${name}`).digest();
  return `${storeDirectory}/${toNix32(foldBytes(fingerprint, 20))}-${name}`;
}

/** What is stored by the hash of its text, and refers to nothing but these. */
export function textPath(name: string, text: string | Uint8Array, references: Iterable<string> = []): string {
  const type = ["text", ...[...references].sort(compareText)].join(":");
  return makeStorePath(type, hashHex("sha256", text), name);
}

/** What is stored by a hash of what it is: of its archive when it is `recursive`, else of the file's bytes. */
export function fixedPath(name: string, { algorithm, bytes }: Hash, recursive: boolean): string {
  const hex = Buffer.from(bytes).toString("hex");
  if (algorithm === "sha256" && recursive) return makeStorePath("source", hex, name);
  const fingerprint = `fixed:out:${recursive ? "r:" : ""}${algorithm}:${hex}:`;
  return makeStorePath("output:out", hashHex("sha256", fingerprint), name);
}

/** Where an output of a derivation goes, from the hash of what builds it. */
export function outputPath(name: string, output: string, digest: string): string {
  return makeStorePath(`output:${output}`, digest, output === "out" ? name : `${name}-${output}`);
}

function foldBytes(bytes: Uint8Array, size: number): Uint8Array {
  const folded = new Uint8Array(size);
  for (const [index, byte] of bytes.entries()) folded[index % size] = (folded[index % size] ?? 0) ^ byte;
  return folded;
}
