// Walking a tree of expressions. Iterative, so that no tree is too deep.

import type { AttrName, Expr } from "./ast.ts";

/** Calls back for every direct child, in the order of the text within each field group. */
export function forEachChild(expr: Expr, visit: (child: Expr) => void): void {
  switch (expr.kind) {
    case "string":
    case "path":
      for (const part of expr.parts) if (typeof part !== "string") visit(part);
      return;
    case "select":
      visit(expr.base);
      visitPath(expr.path, visit);
      if (expr.fallback) visit(expr.fallback);
      return;
    case "has-attr":
      visit(expr.base);
      visitPath(expr.path, visit);
      return;
    case "apply":
      visit(expr.fn);
      expr.args.forEach(visit);
      return;
    case "lambda":
      if (expr.parameter.kind === "formals") {
        for (const formal of expr.parameter.formals) if (formal.fallback) visit(formal.fallback);
      }
      visit(expr.body);
      return;
    case "let":
      for (const binding of expr.bindings) visit(binding.value);
      expr.sources.forEach(visit);
      visit(expr.body);
      return;
    case "attrs":
      for (const binding of expr.bindings) visit(binding.value);
      for (const binding of expr.dynamic) {
        visit(binding.name);
        visit(binding.value);
      }
      expr.sources.forEach(visit);
      return;
    case "list":
      expr.elements.forEach(visit);
      return;
    case "if":
      visit(expr.condition);
      visit(expr.consequent);
      visit(expr.alternative);
      return;
    case "assert":
      visit(expr.condition);
      visit(expr.body);
      return;
    case "with":
      visit(expr.set);
      visit(expr.body);
      return;
    case "unary":
      visit(expr.operand);
      return;
    case "binary":
      visit(expr.left);
      visit(expr.right);
      return;
  }
}

function visitPath(path: readonly AttrName[], visit: (child: Expr) => void): void {
  for (const name of path) if (name.kind === "dynamic") visit(name.expr);
}

/** Calls `visitor` for the expression and everything below it, parents first; `false` leaves out what is below. */
export function visitExpr(root: Expr, visitor: (expr: Expr) => boolean | undefined): void {
  const waiting: Expr[] = [root];
  for (let expr = waiting.pop(); expr !== undefined; expr = waiting.pop()) {
    if (visitor(expr) === false) continue;
    const first = waiting.length;
    forEachChild(expr, (child) => waiting.push(child));
    reverseFrom(waiting, first);
  }
}

// Children were pushed in order, and the last one pushed is taken first.
function reverseFrom(waiting: Expr[], first: number): void {
  const children = waiting.splice(first).reverse();
  for (const child of children) waiting.push(child);
}
