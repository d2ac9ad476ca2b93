// lib.network.ipv6: addresses, and the interface part that follows from a hardware address.

import { thrownError, Unknown } from "../../eval/unknown.ts";
import { attrsOf, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { type Functions, native, string, tableOf } from "./signature.ts";

const ipv6 = tableOf([
  native("fromString", [string], ([text], at) => parseAddress(text, at)),
  native("mkEUI64Suffix", [string], ([text], at) => interfaceSuffix(text, at)),
]);

export const network: Functions = { ipv6: attrsOf(ipv6) };

export const networkFunctions: Functions = { mkEUI64Suffix: ipv6.mkEUI64Suffix ?? null };

const groupCount = 8;
const addressBits = 128n;

function parseAddress(text: string, at: Span | null): Value {
  const [address = "", prefix, ...others] = text.split("/");
  if (others.length > 0) return thrownError(`${text} is not a valid IPv6 address in CIDR notation`, at);
  const groups = expandGroups(address);
  if (groups === undefined) return thrownError(`${address} is not a valid IPv6 address`, at);
  const prefixLength = prefix === undefined ? addressBits : prefixOf(prefix, at);
  if (prefixLength instanceof Unknown) return prefixLength;
  const shown = groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":");
  return attrsOf({ address: shown, prefixLength });
}

/** All eight groups, with `::` written out; undefined when it is no address. */
function expandGroups(address: string): readonly string[] | undefined {
  const halves = address.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = groupCount - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<string>(missing).fill("0"), ...tail];
  return groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group)) ? groups : undefined;
}

function prefixOf(text: string, at: Span | null): bigint | Unknown {
  const length = /^[0-9]+$/.test(text) ? BigInt(text) : 0n;
  if (length >= 1n && length <= addressBits) return length;
  return thrownError(`IPv6 subnet should be in range [1;${addressBits}], got ${text}`, at);
}

/** RFC 4291, appendix A: the universal bit of the first octet flipped, `ff:fe` in the middle. */
function interfaceSuffix(text: string, at: Span | null): Value {
  const octets =
    /^([0-9a-f]{2})(?:[-:.]?([0-9a-f]{2}))(?:[-:.]?([0-9a-f]{2}))(?:[-:.]?([0-9a-f]{2}))(?:[-:.]?([0-9a-f]{2}))(?:[-:.]?([0-9a-f]{2}))$/
      .exec(text.toLowerCase())
      ?.slice(1);
  if (octets === undefined) {
    return thrownError(`"${text}" is not a valid MAC address (expected 6 octets of hex digits)`, at);
  }
  const [first = "", second, third, fourth, fifth, sixth] = octets;
  const universal = 0x02;
  const flipped = (Number.parseInt(`${first}${second}`, 16) ^ (universal << 8)).toString(16);
  return [flipped, `${third}ff`, `fe${fourth}`, `${fifth}${sixth}`].join(":");
}
