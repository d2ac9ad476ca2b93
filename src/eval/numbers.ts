// Nix's numbers: 64-bit integers that must not overflow, and floats as C++ prints them.

import type { Span } from "../source/span.ts";
import { evalError, type Unknown } from "./unknown.ts";

/** The integer itself, or an error when it has more than 64 bits. */
export function checkedInt(value: bigint, at: Span | null): bigint | Unknown {
  return BigInt.asIntN(64, value) === value ? value : evalError(`integer overflow: ${value}`, at);
}

/** As `toString` prints a float: always six decimals. */
export function formatFloat(value: number): string {
  return Number.isFinite(value) ? value.toFixed(6) : printNonFinite(value);
}

/** As `nix-instantiate --eval` prints a float: up to six significant digits (C's `%g`). */
export function printFloat(value: number): string {
  if (!Number.isFinite(value)) return printNonFinite(value);
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const exponent = Number(value.toExponential(5).split("e")[1]);
  if (exponent < -4 || exponent >= 6) {
    const [mantissa = "", power = ""] = value.toExponential(5).split("e");
    const sign = power.startsWith("-") ? "-" : "+";
    return `${trimZeros(mantissa)}e${sign}${power.replace(/^[+-]/, "").padStart(2, "0")}`;
  }
  return trimZeros(value.toFixed(Math.max(0, 5 - exponent)));
}

function trimZeros(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

function printNonFinite(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}
