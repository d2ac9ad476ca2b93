// The binary operators and unary minus, strict only where Nix is.

import type { Span } from "../source/span.ts";
import type { BinaryExpr, BinaryOperator } from "../syntax/ast.ts";
import { joinBranches } from "./branches.ts";
import { payForElements } from "./budget.ts";
import { interpolate, pathOfText } from "./coerce.ts";
import { compareValues, equalValues } from "./equality.ts";
import { evaluate } from "./evaluate.ts";
import { checkedInt } from "./numbers.ts";
import { normalizePath } from "./paths.ts";
import { force, lazily, type Scope } from "./thunk.ts";
import { evalError, Unknown } from "./unknown.ts";
import { Attr, Attrs, joinText, List, NixPath, PartialString, typeName, type Value } from "./value.ts";

export function applyBinary(expr: BinaryExpr, scope: Scope): Value {
  if (isLogic(expr.operator)) return applyLogic(expr, scope);
  // `a + b + c + …` leans to the left: a loop keeps long chains from using up the stack.
  const chain = [expr];
  let first = expr.left;
  while (first.kind === "binary" && !isLogic(first.operator)) {
    chain.push(first);
    first = first.left;
  }
  let value = evaluate(first, scope);
  for (let link = chain.pop(); link; link = chain.pop()) {
    value = operate(strict(link.operator), value, evaluate(link.right, scope), link);
  }
  return value;
}

function isLogic(operator: BinaryOperator): operator is "&&" | "||" | "->" {
  return operator === "&&" || operator === "||" || operator === "->";
}

function applyLogic(expr: BinaryExpr, scope: Scope): Value {
  const { operator } = expr;
  // The value of the left side that decides the whole, and what the whole then is.
  const decisive = operator === "||";
  const decided = operator !== "&&";
  const left = evaluate(expr.left, scope);
  if (left === decisive) return decided;
  if (typeof left !== "boolean" && !(left instanceof Unknown)) return notBoolean(left, expr.left);
  if (left instanceof Unknown && left.reason === "error") return left;
  const right = evaluate(expr.right, scope);
  if (typeof right !== "boolean" && !(right instanceof Unknown)) return notBoolean(right, expr.right);
  if (typeof left === "boolean") return right;
  // `unknown && false` is false whatever the unknown is.
  return right === decided ? decided : left;
}

function notBoolean(value: Value, at: Span): Unknown {
  return evalError(`expected a Boolean but found ${typeName(value)}`, at);
}

/** Only strict operators are in a chain. */
function strict(operator: BinaryOperator): StrictOperator {
  return operator as StrictOperator;
}

type StrictOperator = Exclude<BinaryOperator, "&&" | "||" | "->">;

/** An operator on two forced values; what `builtins.add` and friends share with the syntax. */
export function operate(operator: StrictOperator, left: Value, right: Value, at: Span | null): Value {
  switch (operator) {
    case "+":
      return add(left, right, at);
    case "-":
    case "*":
    case "/":
      return calculate(operator, left, right, at);
    case "++":
      return concatLists(left, right, at);
    case "//":
      return updateAttrs(left, right, at);
    case "==":
      return equalValues(left, right);
    case "!=":
      return not(equalValues(left, right));
    case "<":
      return compareValues(left, right, at);
    case ">":
      return compareValues(right, left, at);
    case "<=":
      return not(compareValues(right, left, at));
    case ">=":
      return not(compareValues(left, right, at));
  }
}

function not(answer: boolean | Unknown): boolean | Unknown {
  return typeof answer === "boolean" ? !answer : answer;
}

export function negate(value: Value, at: Span): Value {
  return calculate("-", 0n, value, at);
}

function calculate(operator: "-" | "*" | "/", left: Value, right: Value, at: Span | null): Value {
  if (left instanceof Unknown) return left;
  if (right instanceof Unknown) return right;
  if (!isNumber(left)) return evalError(`expected an integer but found ${typeName(left)}`, at);
  if (!isNumber(right)) return evalError(`expected an integer but found ${typeName(right)}`, at);
  if (operator === "/" && Number(right) === 0) return evalError("division by zero", at);
  if (typeof left === "bigint" && typeof right === "bigint") {
    return checkedInt(operator === "-" ? left - right : operator === "*" ? left * right : left / right, at);
  }
  const [a, b] = [Number(left), Number(right)];
  return operator === "-" ? a - b : operator === "*" ? a * b : a / b;
}

function isNumber(value: Value): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

function add(left: Value, right: Value, at: Span | null): Value {
  if (isNumber(left) && isNumber(right)) {
    if (typeof left === "bigint" && typeof right === "bigint") return checkedInt(left + right, at);
    return Number(left) + Number(right);
  }
  if (left instanceof NixPath) return extendPath(left, right, at);
  if (isNumber(left)) {
    return right instanceof Unknown ? right : evalError(`cannot add ${typeName(right)} to ${typeName(left)}`, at);
  }
  // Addition to something unknown may be a sum; to text it is a string for sure.
  if (left instanceof Unknown && (left.reason === "error" || !isTextual(right))) return left;
  const first = interpolate(left, at);
  if (first instanceof Unknown && first.reason === "error") return first;
  if (right instanceof Unknown && !isTextual(left)) return right;
  // Only text copies the path that is added to it: \`self + /roles\` is a place below the flake.
  const second = left instanceof Attrs && right instanceof NixPath ? right.path : interpolate(right, at);
  if (second instanceof Unknown && second.reason === "error") return second;
  return joinText([first, second]);
}

function isTextual(value: Value): boolean {
  return typeof value === "string" || value instanceof PartialString;
}

function extendPath(left: NixPath, right: Value, at: Span | null): Value {
  if (right instanceof Unknown) return right;
  const text = right instanceof NixPath ? right.path : interpolate(right, at);
  if (text instanceof Unknown) return text;
  const below = pathOfText(text);
  return below === undefined ? (text as PartialString).hole : new NixPath(normalizePath(left.path + below), left.store);
}

function concatLists(left: Value, right: Value, at: Span | null): Value {
  for (const side of [left, right]) {
    if (side instanceof Unknown && side.reason === "error") return side;
    if (!(side instanceof List || side instanceof Unknown)) {
      return evalError(`expected a list but found ${typeName(side)}`, at);
    }
  }
  if (left instanceof Unknown && right instanceof Unknown) return left;
  const a = left instanceof List ? left : new List([], left as Unknown);
  const b = right instanceof List ? right : new List([], right as Unknown);
  if (a.elements.length === 0 && a.rest === null) return b;
  if (b.elements.length === 0 && b.rest === null) return a;
  payForElements(a.elements.length + b.elements.length);
  return new List([...a.elements, ...b.elements], a.rest ?? b.rest, [...a.possible, ...b.possible]);
}

function updateAttrs(left: Value, right: Value, at: Span | null): Value {
  for (const side of [left, right]) {
    if (side instanceof Unknown && side.reason === "error") return side;
    if (!(side instanceof Attrs || side instanceof Unknown)) {
      return evalError(`expected a set but found ${typeName(side)}`, at);
    }
  }
  if (left instanceof Unknown) {
    return right instanceof Attrs && right.rest === null ? right.withEntries(right.entries, left) : left;
  }
  const base = left as Attrs;
  if (right instanceof Unknown) return blur(base, right);
  const top = right as Attrs;
  if (top.entries.size === 0 && top.rest === null) return base;
  if (base.entries.size === 0 && base.rest === null) return top;
  return base.rest === null && top.rest === null ? overlay(base, top) : overlayOpen(base, top);
}

/** `base // unknown`: what is known stays known, and there may be more. */
function blur(base: Attrs, cause: Unknown): Attrs {
  return base.withEntries(base.entries, base.rest ?? cause);
}

function overlay(base: Attrs, top: Attrs): Attrs {
  const size = base.entries.size + top.entries.size;
  payForElements(size * 4, size);
  const entries = new Map(base.entries);
  for (const [name, attr] of top.entries) entries.set(name, attr.maybe ? overlayMaybe(base, name, attr) : attr);
  return new Attrs(entries);
}

function overlayOpen(base: Attrs, top: Attrs): Attrs {
  const { entries } = overlay(base, top);
  const supply = (name: string) => (top.lookup(name) ?? base.lookup(name))?.value;
  return new Attrs(entries, base.rest ?? top.rest, null, supply);
}

/** An attr of the right side that is only possibly there: else the left side's value shows. */
function overlayMaybe(base: Attrs, name: string, attr: Attr): Attr {
  const below = base.entries.get(name);
  const { maybe } = attr;
  if (below === undefined || maybe === null) return attr;
  return new Attr(
    lazily(() => force(joinBranches(maybe, attr.value, below.value))),
    attr.span,
    below.maybe,
  );
}
