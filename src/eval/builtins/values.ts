// Builtins that ask what a value is.

import { argument, define } from "../native.ts";
import { force } from "../thunk.ts";
import { Unknown } from "../unknown.ts";
import { type Builtin, typeName, type Value } from "../value.ts";

function defineTest(name: string, holds: (value: Value) => boolean): Builtin {
  return define(name, 1, (args) => {
    const value = force(argument(args, 0));
    return value instanceof Unknown ? value : holds(value);
  });
}

export const valueBuiltins: readonly Builtin[] = [
  defineTest("isAttrs", (value) => typeName(value) === "set"),
  defineTest("isBool", (value) => typeof value === "boolean"),
  defineTest("isFloat", (value) => typeof value === "number"),
  defineTest("isFunction", (value) => typeName(value) === "lambda"),
  defineTest("isInt", (value) => typeof value === "bigint"),
  defineTest("isList", (value) => typeName(value) === "list"),
  defineTest("isNull", (value) => value === null),
  defineTest("isPath", (value) => typeName(value) === "path"),
  defineTest("isString", (value) => typeName(value) === "string"),
  define("typeOf", 1, (args) => {
    const value = force(argument(args, 0));
    return value instanceof Unknown ? value : typeName(value);
  }),
];
