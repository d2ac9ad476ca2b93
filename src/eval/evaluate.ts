// Syntax in a scope to a value in weak head normal form. Never throws for what the Nix code does: whatever cannot be
// computed is an `Unknown` that says why.

import { userPlace } from "../source/span.ts";
import type {
  ApplyExpr,
  AssertExpr,
  AttrName,
  AttrsExpr,
  Binding,
  Expr,
  HasAttrExpr,
  IfExpr,
  LetExpr,
  ListExpr,
  PathExpr,
  SearchPathExpr,
  SelectExpr,
  StringExpr,
  UnaryExpr,
  VariableExpr,
  WithExpr,
  WithVariableExpr,
} from "../syntax/ast.ts";
import { apply } from "./apply.ts";
import { joinBranches } from "./branches.ts";
import { coerceToPathText, interpolate } from "./coerce.ts";
import { withoutReferences } from "./context.ts";
import { applyBinary, negate } from "./operators.ts";
import { normalizePath, resolvePath } from "./paths.ts";
import { hasAttrPath, selectAttr, selectOrUndefined } from "./select.ts";
import { force, type GlobalScope, Scope, Thunk } from "./thunk.ts";
import { evalError, isError, thrownError, Unknown } from "./unknown.ts";
import {
  Attr,
  Attrs,
  joinText,
  Lambda,
  type Lazy,
  List,
  NixPath,
  PartialString,
  typeName,
  type Value,
} from "./value.ts";

export function evaluate(expr: Expr, scope: Scope): Value {
  switch (expr.kind) {
    case "variable":
      return force(lookupVariable(expr, scope));
    case "select":
      return evaluateSelect(expr, scope);
    case "apply":
      return evaluateApply(expr, scope);
    case "attrs":
      return evaluateAttrs(expr, scope);
    case "string":
      return evaluateString(expr, scope);
    case "int":
    case "float":
      return expr.value;
    case "list":
      return evaluateList(expr, scope);
    case "lambda":
      return new Lambda(expr, scope);
    case "let":
      return evaluateLet(expr, scope);
    case "with":
      return evaluateWith(expr, scope);
    case "with-variable":
      return evaluateWithVariable(expr, scope);
    case "if":
      return evaluateIf(expr, scope);
    case "binary":
      return applyBinary(expr, scope);
    case "unary":
      return evaluateUnary(expr, scope);
    case "has-attr":
      return evaluateHasAttr(expr, scope);
    case "path":
      return evaluatePath(expr, scope);
    case "search-path":
      return evaluateSearchPath(expr, scope);
    case "assert":
      return evaluateAssert(expr, scope);
    case "hole":
      return new Unknown("syntax", expr.message, expr);
  }
}

/** The lazy value of an expression, with no thunk where none is needed. Literals keep their place. */
export function suspend(expr: Expr, scope: Scope): Lazy {
  switch (expr.kind) {
    case "variable":
      // A slot is still empty while its own frame is being filled.
      return lookupVariable(expr, scope) ?? new Thunk(expr, scope);
    case "int":
    case "float":
      return Thunk.ofLiteral(expr, expr.value);
    case "string":
      return isText(expr.parts) ? Thunk.ofLiteral(expr, expr.parts[0] ?? "") : new Thunk(expr, scope);
    case "lambda":
      return new Lambda(expr, scope);
    default:
      return new Thunk(expr, scope);
  }
}

function isText(parts: StringExpr["parts"]): parts is readonly [] | readonly [string] {
  return parts.length === 0 || (parts.length === 1 && typeof parts[0] === "string");
}

/** The frame `depth` frames up. Lowering guarantees that it exists. */
function frameAt(scope: Scope, depth: number): Scope {
  let frame = scope;
  for (let up = depth; up > 0; up--) frame = frame.parent as Scope;
  return frame;
}

function lookupVariable(expr: VariableExpr, scope: Scope): Lazy {
  // Lowering assigned the slot, so it is there (possibly not filled yet: see `suspend`).
  return frameAt(scope, expr.depth).slots[expr.slot] as Lazy;
}

function evaluateWithVariable(expr: WithVariableExpr, scope: Scope): Value {
  let open: Unknown | null = null;
  for (const depth of expr.depths) {
    const set = force(frameAt(scope, depth).slots[0] as Lazy);
    const found = selectOrUndefined(set, expr.name);
    if (found === undefined) continue;
    const value = force(found);
    // An open `with` may or may not bind the name; an inner one that does not know it hides nothing for sure.
    if (value instanceof Unknown && !knows(set, expr.name)) {
      open ??= value;
      continue;
    }
    return value;
  }
  return open ?? evalError(`undefined variable \`${expr.name}\``, expr);
}

function knows(set: Value, name: string): boolean {
  return set instanceof Attrs && set.lookup(name) !== undefined;
}

function evaluateSelect(expr: SelectExpr, scope: Scope): Value {
  let value = evaluate(expr.base, scope);
  const { path, fallback } = expr;
  for (let i = 0; i < path.length; i++) {
    const part = path[i] as AttrName;
    const name = attrName(part, scope);
    if (typeof name !== "string") return name;
    if (fallback === null) {
      value = force(selectAttr(value, name, part));
    } else {
      const found = selectOrUndefined(value, name);
      if (found === undefined) return evaluate(fallback, scope);
      const attr = value instanceof Attrs ? value.lookup(name) : undefined;
      value = force(found);
      if (attr?.maybe) value = force(joinBranches(attr.maybe, value, new Thunk(fallback, scope)));
    }
    if (value instanceof Unknown && value.reason === "error") return value;
  }
  return value;
}

function attrName(part: AttrName, scope: Scope): string | Unknown {
  if (part.kind === "static") return part.name;
  const name = evaluate(part.expr, scope);
  if (typeof name === "string") return name;
  if (name instanceof Unknown) return name;
  if (name instanceof PartialString) return withoutReferences(name, part);
  return evalError(`expected a string as attr name but found ${typeName(name)}`, part);
}

function evaluateHasAttr(expr: HasAttrExpr, scope: Scope): Value {
  const names: string[] = [];
  for (const part of expr.path) {
    const name = attrName(part, scope);
    if (typeof name !== "string") return name;
    names.push(name);
  }
  return hasAttrPath(evaluate(expr.base, scope), names);
}

function evaluateApply(expr: ApplyExpr, scope: Scope): Value {
  let value = evaluate(expr.fn, scope);
  for (const argument of expr.args) {
    if (value instanceof Unknown) return value;
    value = apply(value, suspend(argument, scope), expr);
  }
  return value;
}

function evaluateAttrs(expr: AttrsExpr, scope: Scope): Value {
  const entries = new Map<string, Attr>();
  const size = (expr.recursive ? expr.bindings.length : 0) + expr.sources.length;
  const frame = expr.recursive || size > 0 ? Scope.ofSize(size, scope) : scope;
  const overridden = expr.recursive && expr.bindings.some((binding) => binding.name === "__overrides");
  const lazies = expr.recursive ? fillFrame(frame, expr.bindings, expr.sources, overridden) : null;
  if (!expr.recursive) fillSources(frame, expr.sources, 0);
  for (let i = 0; i < expr.bindings.length; i++) {
    const binding = expr.bindings[i] as Binding;
    const lazy = lazies ? (lazies[i] as Lazy) : suspend(binding.value, binding.outer ? scope : frame);
    entries.set(binding.name, new Attr(lazy, userPlace(binding)));
  }
  const open = overridden ? applyOverrides(expr, frame, entries) : null;
  if (isError(open)) return open;
  const rest = expr.dynamic.length > 0 ? addDynamic(expr, frame, entries) : null;
  if (isError(rest)) return rest;
  return new Attrs(entries, open ?? rest);
}

/**
 * Fills the slots of a `let` or `rec` frame and gives them. Where slots may still change nothing but a thunk may
 * look at them.
 */
function fillFrame(
  frame: Scope,
  bindings: readonly Binding[],
  sources: readonly Expr[],
  changing = false,
): readonly Lazy[] {
  for (const [slot, { value, outer }] of bindings.entries()) {
    const scope = outer ? (frame.parent as Scope) : frame;
    frame.slots[slot] = changing ? new Thunk(value, scope) : suspend(value, scope);
  }
  fillSources(frame, sources, bindings.length);
  return frame.slots;
}

function fillSources(frame: Scope, sources: readonly Expr[], from: number): void {
  for (const [index, source] of sources.entries()) frame.slots[from + index] = new Thunk(source, frame);
}

/** `rec { __overrides = { a = …; }; }`: its attrs replace those of the set, for the set's own expressions too. */
function applyOverrides(expr: AttrsExpr, frame: Scope, entries: Map<string, Attr>): Unknown | null {
  const slots = new Map(expr.bindings.map((binding, slot) => [binding.name, slot]));
  const overrides = force(frame.slots[slots.get("__overrides") ?? 0] as Lazy);
  if (overrides instanceof Unknown) return overrides;
  if (!(overrides instanceof Attrs)) return evalError(`expected a set but found ${typeName(overrides)}`, expr);
  for (const [name, attr] of overrides.entries) {
    const slot = slots.get(name);
    if (slot !== undefined) frame.slots[slot] = attr.value;
    entries.set(name, attr);
  }
  return overrides.rest;
}

/** Adds the attrs with computed names. A name that is not known leaves the set open. */
function addDynamic(expr: AttrsExpr, frame: Scope, entries: Map<string, Attr>): Unknown | null {
  let rest: Unknown | null = null;
  for (const binding of expr.dynamic) {
    const given = evaluate(binding.name, frame);
    if (given === null) continue;
    const name = given instanceof PartialString ? withoutReferences(given, binding.name) : given;
    if (typeof name === "string") {
      if (entries.has(name)) return evalError(`dynamic attribute \`${name}\` already defined`, binding);
      entries.set(name, new Attr(suspend(binding.value, frame), userPlace(binding)));
      continue;
    }
    if (name instanceof Unknown) {
      if (name.reason === "error") return name;
      rest ??= name;
    } else return evalError(`expected a string as attr name but found ${typeName(name)}`, binding.name);
  }
  return rest;
}

function evaluateString(expr: StringExpr, scope: Scope): Value {
  if (isText(expr.parts)) return expr.parts[0] ?? "";
  const pieces = [];
  for (const part of expr.parts) {
    if (typeof part === "string") {
      pieces.push(part);
      continue;
    }
    const piece = interpolate(evaluate(part, scope), part);
    if (piece instanceof Unknown && piece.reason === "error") return piece;
    pieces.push(piece);
  }
  return joinText(pieces);
}

function evaluatePath(expr: PathExpr, scope: Scope): Value {
  const pieces: string[] = [];
  for (const part of expr.parts) {
    if (typeof part === "string") {
      pieces.push(part);
      continue;
    }
    const text = coerceToPathText(evaluate(part, scope), part);
    if (typeof text !== "string") return text;
    pieces.push(text);
  }
  const text = pieces.join("");
  const globals = globalsOf(scope);
  if (!text.startsWith("~")) return new NixPath(resolvePath(expr.file, text), globals.store);
  if (globals.home === null) return new Unknown("impure", "a path below the home directory", expr);
  return new NixPath(normalizePath(globals.home + text.slice(1)), globals.store);
}

function globalsOf(scope: Scope): GlobalScope {
  let frame = scope;
  while (frame.parent !== null) frame = frame.parent;
  return frame as GlobalScope;
}

function evaluateSearchPath(expr: SearchPathExpr, scope: Scope): Value {
  const findFile = evaluate(expr.findFile, scope);
  return apply(apply(findFile, suspend(expr.nixPath, scope), expr), expr.path, expr);
}

function evaluateList(expr: ListExpr, scope: Scope): Value {
  return new List(expr.elements.map((element) => suspend(element, scope)));
}

function evaluateLet(expr: LetExpr, scope: Scope): Value {
  const frame = Scope.ofSize(expr.bindings.length + expr.sources.length, scope);
  fillFrame(frame, expr.bindings, expr.sources);
  return evaluate(expr.body, frame);
}

function evaluateWith(expr: WithExpr, scope: Scope): Value {
  return evaluate(expr.body, new Scope([new Thunk(expr.set, scope)], scope));
}

function evaluateIf(expr: IfExpr, scope: Scope): Value {
  const condition = evaluate(expr.condition, scope);
  if (condition === true) return evaluate(expr.consequent, scope);
  if (condition === false) return evaluate(expr.alternative, scope);
  if (!(condition instanceof Unknown)) {
    return evalError(`expected a Boolean but found ${typeName(condition)}`, expr.condition);
  }
  return force(joinBranches(condition, new Thunk(expr.consequent, scope), new Thunk(expr.alternative, scope)));
}

function evaluateAssert(expr: AssertExpr, scope: Scope): Value {
  const condition = evaluate(expr.condition, scope);
  if (condition === false) return thrownError("assertion failed", expr.condition);
  if (condition === true) return evaluate(expr.body, scope);
  if (!(condition instanceof Unknown)) {
    return evalError(`expected a Boolean but found ${typeName(condition)}`, expr.condition);
  }
  // An assertion that cannot be decided is taken to hold: people do not keep flakes that fail.
  return condition.reason === "error" ? condition : evaluate(expr.body, scope);
}

function evaluateUnary(expr: UnaryExpr, scope: Scope): Value {
  const operand = evaluate(expr.operand, scope);
  if (operand instanceof Unknown) return operand;
  if (expr.operator === "-") return negate(operand, expr);
  if (typeof operand === "boolean") return !operand;
  return evalError(`expected a Boolean but found ${typeName(operand)}`, expr.operand);
}
