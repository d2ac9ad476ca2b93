// Nix's numbers: 64-bit integers that must not overflow, and floats as C++ prints them.

import type { Span } from "../source/span.ts";
import { evalError, type Unknown } from "./unknown.ts";

/** The integer itself, or an error when it has more than 64 bits. */
export function checkedInt(value: bigint, at: Span | null): bigint | Unknown {
  return BigInt.asIntN(64, value) === value ? value : evalError(`integer overflow: ${value}`, at);
}

/** As `toString` prints a float: always six decimals. */
export function formatFloat(value: number): string {
  return Number.isFinite(value) ? signOf(value) + fixed(Math.abs(value), 6) : printNonFinite(value);
}

/** As `nix-instantiate --eval` prints a float: up to six significant digits (C's `%g`). */
export function printFloat(value: number): string {
  if (!Number.isFinite(value)) return printNonFinite(value);
  const size = Math.abs(value);
  if (size === 0) return `${signOf(value)}0`;
  const [mantissa, power] = scientific(size, 5);
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return signOf(value) + trimZeros(fixed(size, Math.max(0, 5 - exponent)));
  const [sign, digits] = exponent < 0 ? ["-", -exponent] : ["+", exponent];
  return `${signOf(value)}${trimZeros(mantissa)}e${sign}${String(digits).padStart(2, "0")}`;
}

function signOf(value: number): string {
  return value < 0 || Object.is(value, -0) ? "-" : "";
}

/** More digits than any tie has: what is halfway between two roundings ends with its first digit too many. */
const exactly = 40;

function fixed(size: number, digits: number): string {
  if (size >= 1e21) return `${BigInt(size)}.${"0".repeat(digits)}`;
  return tieToEven(size.toFixed(digits), size.toFixed(digits + exactly));
}

/** Mantissa and exponent. */
function scientific(size: number, digits: number): readonly [string, string] {
  const [exact = ""] = size.toExponential(digits + exactly).split("e");
  const [rounded = "", power = ""] = size.toExponential(digits).split("e");
  return [tieToEven(rounded, exact), power];
}

/** JavaScript rounds what lies halfway up, C to the even digit. */
function tieToEven(rounded: string, exact: string): string {
  const isTie = /^50*$/.test(exact.slice(-exactly));
  const kept = exact.slice(0, -exactly).replace(/\.$/, "");
  return isTie && /[02468]$/.test(kept) ? kept : rounded;
}

function trimZeros(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

function printNonFinite(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}
