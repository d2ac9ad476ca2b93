// Builtins on numbers: arithmetic shares the operators' code.

import type { Span } from "../../source/span.ts";
import { argument, define, expectInt } from "../native.ts";
import { operate } from "../operators.ts";
import { force } from "../thunk.ts";
import { evalError, Unknown } from "../unknown.ts";
import { type Builtin, typeName, type Value } from "../value.ts";

/** `add` and friends accept numbers only, unlike `+`. */
function defineArithmetic(name: string, operator: "+" | "-" | "*" | "/"): Builtin {
  return define(name, 2, (args, at) => {
    const left = expectNumber(force(argument(args, 0)), at);
    if (left instanceof Unknown) return left;
    const right = expectNumber(force(argument(args, 1)), at);
    return right instanceof Unknown ? right : operate(operator, left, right, at);
  });
}

function expectNumber(value: Value, at: Span | null): bigint | number | Unknown {
  if (typeof value === "bigint" || typeof value === "number" || value instanceof Unknown) return value;
  return evalError(`expected a number but found ${typeName(value)}`, at);
}

function defineBits(name: string, combine: (a: bigint, b: bigint) => bigint): Builtin {
  return define(name, 2, (args, at) => {
    const left = expectInt(argument(args, 0), at);
    if (left instanceof Unknown) return left;
    const right = expectInt(argument(args, 1), at);
    return right instanceof Unknown ? right : combine(left, right);
  });
}

function defineRounding(name: string, round: (value: number) => number): Builtin {
  return define(name, 1, (args, at) => {
    const value = expectNumber(force(argument(args, 0)), at);
    if (typeof value === "bigint") return roundInt(value, at);
    if (value instanceof Unknown) return value;
    const rounded = round(value);
    const fits = rounded >= -(2 ** 63) && rounded < 2 ** 63;
    return fits ? BigInt(rounded) : evalError(`the float ${value} is not in the range of integers`, at);
  });
}

/** Nix goes through a float and refuses the integers that come back changed. */
function roundInt(value: bigint, at: Span | null): Value {
  return BigInt(Number(value)) === value ? value : evalError(`the integer ${value} loses precision as a float`, at);
}

export const numberBuiltins: readonly Builtin[] = [
  defineArithmetic("add", "+"),
  defineArithmetic("sub", "-"),
  defineArithmetic("mul", "*"),
  defineArithmetic("div", "/"),
  defineBits("bitAnd", (a, b) => a & b),
  defineBits("bitOr", (a, b) => a | b),
  defineBits("bitXor", (a, b) => a ^ b),
  defineRounding("ceil", Math.ceil),
  defineRounding("floor", Math.floor),
  define("lessThan", 2, (args, at) => operate("<", force(argument(args, 0)), force(argument(args, 1)), at)),
];
