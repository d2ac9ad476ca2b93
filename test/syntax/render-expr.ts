// Expr as one line for tests: everything that evaluation depends on and nothing else. `x@1.0` is the name `x` in slot 0
// one frame up, `x?0,2` one that the `with` frames 0 and 2 may bind.

import type { AttrName, Binding, Expr, Parameter } from "../../src/syntax/ast.ts";

export function renderExpr(expr: Expr): string {
  switch (expr.kind) {
    case "int":
      return String(expr.value);
    case "float":
      return `${expr.value}f`;
    case "string":
      return JSON.stringify(renderParts(expr.parts));
    case "path":
      return `path(${renderParts(expr.parts)})`;
    case "search-path":
      return `<${expr.path}>`;
    case "variable":
      return `${expr.name}@${expr.depth}.${expr.slot}`;
    case "with-variable":
      return `${expr.name}?${expr.depths}`;
    case "select":
      return `(${renderExpr(expr.base)} . ${renderPath(expr.path)}${expr.fallback ? ` or ${renderExpr(expr.fallback)}` : ""})`;
    case "has-attr":
      return `(${renderExpr(expr.base)} ? ${renderPath(expr.path)})`;
    case "apply":
      return `(${[expr.fn, ...expr.args].map(renderExpr).join(" ")})`;
    case "lambda":
      return `(${renderParameter(expr.parameter)}: ${renderExpr(expr.body)})`;
    case "let":
      return `(let ${renderBindings(expr.bindings)}${renderSources(expr.sources)}in ${renderExpr(expr.body)})`;
    case "attrs": {
      const dynamic = expr.dynamic.map(({ name, value }) => `\${${renderExpr(name)}} = ${renderExpr(value)}; `);
      const inner = renderBindings(expr.bindings) + dynamic.join("") + renderSources(expr.sources);
      return `${expr.recursive ? "rec " : ""}{ ${inner}}`;
    }
    case "list":
      return `[${expr.elements.map(renderExpr).join(" ")}]`;
    case "if":
      return `(if ${renderExpr(expr.condition)} ${renderExpr(expr.consequent)} ${renderExpr(expr.alternative)})`;
    case "assert":
      return `(assert ${renderExpr(expr.condition)} ${renderExpr(expr.body)})`;
    case "with":
      return `(with ${renderExpr(expr.set)} ${renderExpr(expr.body)})`;
    case "unary":
      return `(${expr.operator}${renderExpr(expr.operand)})`;
    case "binary":
      return `(${renderExpr(expr.left)} ${expr.operator} ${renderExpr(expr.right)})`;
    case "hole":
      return "HOLE";
  }
}

function renderParts(parts: readonly (string | Expr)[]): string {
  return parts.map((part) => (typeof part === "string" ? part : `\${${renderExpr(part)}}`)).join("|");
}

function renderPath(path: readonly AttrName[]): string {
  return path.map((name) => (name.kind === "static" ? name.name : `\${${renderExpr(name.expr)}}`)).join(".");
}

function renderParameter(parameter: Parameter): string {
  if (parameter.kind === "simple") return parameter.name;
  const formals = parameter.formals.map(({ name, fallback }) => name + (fallback ? ` ? ${renderExpr(fallback)}` : ""));
  if (parameter.ellipsis) formals.push("...");
  return `{${formals.join(", ")}}${parameter.universal === null ? "" : `@${parameter.universal}`}`;
}

function renderBindings(bindings: readonly Binding[]): string {
  return bindings.map(({ name, value, outer }) => `${name}${outer ? " outer" : ""} = ${renderExpr(value)}; `).join("");
}

function renderSources(sources: readonly Expr[]): string {
  return sources.map((source) => `from ${renderExpr(source)}; `).join("");
}
