// Builtins on hashes of known text.

import type { Span } from "../../source/span.ts";
import { argument, define, expectAttrs, expectPlainText, expectString } from "../native.ts";
import { selectAttr } from "../select.ts";
import { formatHash, type HashFormat, hashHex, isHashAlgorithm, parseHash, placeholderOf } from "../store-hash.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { type Attrs, type Builtin, type Lazy, PartialString, type Value } from "../value.ts";

/** The name of a hash algorithm that Nix knows. */
export function expectAlgorithm(lazy: Lazy, at: Span | null): string | Unknown {
  const name = expectString(lazy, at);
  if (name instanceof Unknown || isHashAlgorithm(name)) return name;
  return evalError(`unknown hash algorithm \`${name}\``, at);
}

const formats: ReadonlyMap<string, HashFormat> = new Map([
  ["base16", "base16"],
  ["nix32", "nix32"],
  ["base32", "nix32"],
  ["base64", "base64"],
  ["sri", "sri"],
]);

function convertHash(attrs: Attrs, at: Span | null): Value {
  const text = expectString(selectAttr(attrs, "hash", at), at);
  if (text instanceof Unknown) return text;
  const named = attrs.lookup("hashAlgo");
  const algorithm = named ? expectAlgorithm(named.value, at) : null;
  if (algorithm instanceof Unknown) return algorithm;
  const wanted = expectString(selectAttr(attrs, "toHashFormat", at), at);
  if (wanted instanceof Unknown) return wanted;
  const format = formats.get(wanted);
  if (format === undefined) return evalError(`unknown hash format \`${wanted}\``, at);
  const hash = parseHash(text, algorithm);
  return typeof hash === "string" ? evalError(hash, at) : formatHash(hash, format);
}

export const hashBuiltins: readonly Builtin[] = [
  define("hashString", 2, (args, at) => {
    const algorithm = expectAlgorithm(argument(args, 0), at);
    if (algorithm instanceof Unknown) return algorithm;
    const text = expectPlainText(argument(args, 1), at);
    if (isError(text)) return text;
    if (typeof text === "string") return hashHex(algorithm, text);
    return new PartialString([text instanceof PartialString ? text.hole : text]);
  }),
  define("convertHash", 1, (args, at) => {
    const attrs = expectAttrs(argument(args, 0), at);
    return attrs instanceof Unknown ? attrs : convertHash(attrs, at);
  }),
  define("placeholder", 1, (args, at) => {
    const output = expectString(argument(args, 0), at);
    return output instanceof Unknown ? output : placeholderOf(output);
  }),
];
