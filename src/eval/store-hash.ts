// Hashes as Nix writes and parses them.

import { createHash } from "node:crypto";

/** Bytes of a digest by algorithm. */
const sizes: ReadonlyMap<string, number> = new Map([
  ["md5", 16],
  ["sha1", 20],
  ["sha256", 32],
  ["sha512", 64],
]);

export type HashFormat = "base16" | "nix32" | "base64" | "sri";

export function isHashAlgorithm(name: string): boolean {
  return sizes.has(name);
}

export function hashHex(algorithm: string, data: string | Uint8Array): string {
  return createHash(algorithm).update(data).digest("hex");
}

/** Nix's alphabet leaves out letters that could spell something. */
const alphabet = "0123456789abcdfghijklmnpqrsvwxyz";

/** Five bits a character, the last ones first. */
export function toNix32(bytes: Uint8Array): string {
  let text = "";
  for (let n = Math.ceil((bytes.length * 8) / 5) - 1; n >= 0; n--) {
    const [byte, shift] = [(n * 5) >> 3, (n * 5) & 7];
    const bits = ((bytes[byte] ?? 0) >> shift) | ((bytes[byte + 1] ?? 0) << (8 - shift));
    text += alphabet[bits & 31];
  }
  return text;
}

function fromNix32(text: string, size: number): Uint8Array | null {
  const bytes = new Uint8Array(size);
  for (let n = 0; n < text.length; n++) {
    const digit = alphabet.indexOf(text[text.length - 1 - n] ?? "");
    if (digit < 0) return null;
    const [byte, shift] = [(n * 5) >> 3, (n * 5) & 7];
    bytes[byte] = (bytes[byte] ?? 0) | ((digit << shift) & 255);
    const carry = digit >> (8 - shift);
    if (byte + 1 < size) bytes[byte + 1] = (bytes[byte + 1] ?? 0) | carry;
    else if (carry !== 0) return null;
  }
  return bytes;
}

export interface Hash {
  readonly algorithm: string;
  readonly bytes: Uint8Array;
}

/** Any spelling of a hash: `sha256-…`, `sha256:…`, or bare with the algorithm given. Null with what is wrong. */
export function parseHash(text: string, algorithm: string | null): Hash | string {
  const match = /^([a-z0-9]+)([-:])(.*)$/.exec(text);
  const named = match?.[1] ?? algorithm;
  const rest = match?.[3] ?? text;
  if (named === null) return `hash \`${text}\` does not include a type`;
  const size = sizes.get(named);
  if (size === undefined) return `unknown hash algorithm \`${named}\``;
  if (algorithm !== null && named !== algorithm) return `hash \`${text}\` should have type \`${algorithm}\``;
  const bytes = parseDigest(rest, size, match?.[2] === "-");
  return bytes ? { algorithm: named, bytes } : `hash \`${text}\` has the wrong length for \`${named}\``;
}

function parseDigest(text: string, size: number, base64Only: boolean): Uint8Array | null {
  if (!base64Only && text.length === size * 2 && /^[0-9a-fA-F]*$/.test(text)) return Buffer.from(text, "hex");
  if (!base64Only && text.length === Math.ceil((size * 8) / 5)) return fromNix32(text, size);
  if (!/^[0-9A-Za-z+/]*={0,2}$/.test(text)) return null;
  const bytes = Buffer.from(text, "base64");
  return bytes.length === size ? bytes : null;
}

export function formatHash({ algorithm, bytes }: Hash, format: HashFormat): string {
  switch (format) {
    case "base16":
      return Buffer.from(bytes).toString("hex");
    case "nix32":
      return toNix32(bytes);
    case "base64":
      return Buffer.from(bytes).toString("base64");
    case "sri":
      return `${algorithm}-${Buffer.from(bytes).toString("base64")}`;
  }
}

/** What `builtins.placeholder` gives for an output. */
export function placeholderOf(output: string): string {
  return `/${toNix32(createHash("sha256").update(`nix-output:${output}`).digest())}`;
}
