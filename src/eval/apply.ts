// Calling functions: lambdas with their formals, native functions with currying, and sets with `__functor`.

import type { Span } from "../source/span.ts";
import type { FormalsParameter } from "../syntax/ast.ts";
import { joinBranches } from "./branches.ts";
import { enter, leave, overflow } from "./budget.ts";
import { evaluate, suspend } from "./evaluate.ts";
import { force, lazily, Scope, spanOf, Thunk } from "./thunk.ts";
import { evalError, Unknown } from "./unknown.ts";
import { Attrs, Builtin, Lambda, type Lazy, typeName, type Value } from "./value.ts";

export function apply(fn: Value, argument: Lazy, at: Span | null): Value {
  if (fn instanceof Lambda) return applyLambda(fn, argument, at);
  if (fn instanceof Builtin) return applyBuiltin(fn, argument, at);
  if (fn instanceof Unknown) return fn;
  if (fn instanceof Attrs) return applyFunctor(fn, argument, at);
  return evalError(`attempt to call something which is not a function but ${typeName(fn)}`, at);
}

/** `fn a b c` from native code. */
export function applyAll(fn: Value, args: readonly Lazy[], at: Span | null): Value {
  let value = fn;
  for (const argument of args) value = apply(value, argument, at);
  return value;
}

function applyLambda(fn: Lambda, argument: Lazy, at: Span | null): Value {
  const { parameter, body } = fn.expr;
  const simple = parameter.kind === "simple";
  const frame = simple ? new Scope([argument], fn.scope) : Scope.ofSize(sizeOf(parameter), fn.scope);
  const problem = simple ? null : bindFormals(parameter, argument, frame, at);
  if (problem) return problem;
  const stop = enter();
  if (stop) return stop;
  try {
    return evaluate(body, frame);
  } catch (error) {
    return overflow(error);
  } finally {
    leave();
  }
}

function sizeOf({ formals, universal }: FormalsParameter): number {
  return formals.length + (universal === null ? 0 : 1);
}

function bindFormals(parameter: FormalsParameter, argument: Lazy, frame: Scope, at: Span | null): Unknown | null {
  const value = force(argument);
  if (!(value instanceof Attrs)) {
    if (!(value instanceof Unknown)) return evalError(`expected a set but found ${typeName(value)}`, at);
    if (value.reason === "error") return value;
  }
  const { slots } = frame;
  let slot = 0;
  for (const formal of parameter.formals) {
    const attr = value instanceof Attrs ? value.lookup(formal.name) : undefined;
    if (attr?.maybe && formal.fallback !== null) {
      const { maybe, value: given } = attr;
      const fallback = new Thunk(formal.fallback, frame);
      slots[slot++] = lazily(() => force(joinBranches(maybe, given, fallback)));
    } else if (attr !== undefined) slots[slot++] = attr.value;
    else if (value instanceof Unknown) slots[slot++] = value;
    else if (value.rest !== null && formal.fallback === null) slots[slot++] = value.rest;
    else if (formal.fallback !== null) slots[slot++] = suspend(formal.fallback, frame);
    else return evalError(`function called without required argument \`${formal.name}\``, at ?? spanOf(argument));
  }
  if (parameter.universal !== null) slots[slot++] = value;
  return parameter.ellipsis || !(value instanceof Attrs) ? null : unexpectedArgument(parameter, value, at);
}

function unexpectedArgument(parameter: FormalsParameter, value: Attrs, at: Span | null): Unknown | null {
  if (value.entries.size <= parameter.formals.length) {
    // Common and cheap: nothing left over when every entry is a formal, which counting alone cannot tell.
    if (parameter.formals.every((formal) => value.entries.has(formal.name))) return null;
  }
  const names = new Set(parameter.formals.map((formal) => formal.name));
  for (const [name, attr] of value.entries) {
    if (!names.has(name) && attr.maybe === null) {
      return evalError(`function called with unexpected argument \`${name}\``, at);
    }
  }
  return null;
}

function applyBuiltin(fn: Builtin, argument: Lazy, at: Span | null): Value {
  const args = [...fn.applied, argument];
  if (args.length < fn.arity) return new Builtin(fn.name, fn.arity, fn.run, args);
  const stop = enter();
  if (stop) return stop;
  try {
    return fn.run(args, at);
  } catch (error) {
    return overflow(error);
  } finally {
    leave();
  }
}

function applyFunctor(set: Attrs, argument: Lazy, at: Span | null): Value {
  const functor = set.lookup("__functor");
  if (functor !== undefined) return apply(apply(force(functor.value), set, at), argument, at);
  return set.rest ?? evalError("attempt to call something which is not a function but a set", at);
}
