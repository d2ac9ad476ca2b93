// Where faults are planted: the model's spans taken back to the text that wrote them, and the edits that change it. A
// place whose text cannot be changed this way is left out, never guessed.

import type { Edit } from "../../src/edit/edit.ts";
import type { FlakeFiles } from "../../src/flake/files.ts";
import type { Span } from "../../src/source/span.ts";
import type { Binding, Expr } from "../../src/syntax/ast.ts";
import type { ParsedFile } from "../../src/syntax/parse.ts";
import { visitExpr } from "../../src/syntax/visit.ts";

/** The text `a.b = value;`, or one name of an `inherit`. */
interface Statement {
  readonly file: ParsedFile;
  readonly binding: Binding;
  readonly isInherited: boolean;
  /** From the attrpath to the semicolon. */
  readonly start: number;
  readonly end: number;
}

export type Places = ReturnType<typeof placesOf>;

export function placesOf(files: FlakeFiles) {
  return {
    remove: (span: Span | null) => removeAt(files, span),
    setValue: (span: Span | null, text: string) => setValue(files, span, text),
    insertBeside: (span: Span | null, text: string) => insertBeside(files, span, text),
    insertInto: (span: Span | null, text: string) => insertInto(files, span, text),
    insertModule: (span: Span | null, text: string) => insertModule(files, span, text),
    appendTo: (span: Span | null, text: string) => appendTo(files, span, text),
    isElement: (span: Span) => listElementAt(files, span) !== null,
    textAt: ({ file, start, end }: Span) => files.parsed.get(file)?.source.text.slice(start, end),
  };
}

function statementAt(files: FlakeFiles, span: Span | null): Statement | null {
  const file = span === null ? undefined : files.parsed.get(span.file);
  if (span === null || file === undefined) return null;
  let found: Binding | null = null;
  visitExpr(file.expr, (expr) => {
    // Parents come first, and of a nested attrpath the last name has the value. Sets that attrpaths imply have no
    // extent of their own, so nothing is left out.
    if (expr.kind === "attrs" || expr.kind === "let")
      for (const binding of expr.bindings) if (contains(binding, span)) found = binding;
    return undefined;
  });
  return found === null ? null : statementOf(file, found);
}

function statementOf(file: ParsedFile, binding: Binding): Statement | null {
  const isInherited = binding.value.start < binding.end;
  if (isInherited) return { file, binding, isInherited, start: binding.start, end: binding.end };
  const semicolon = file.source.text.indexOf(";", binding.value.end);
  if (semicolon < 0 || file.source.text.slice(binding.value.end, semicolon).trim().replace(/\)/g, "") !== "")
    return null;
  return { file, binding, isInherited, start: binding.start, end: semicolon + 1 };
}

function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** The statement the span is the attrpath of, or the element of a list. */
function removeAt(files: FlakeFiles, span: Span | null): readonly Edit[] | null {
  if (span === null) return null;
  const statement = statementAt(files, span);
  const { start, end } = statement ?? { start: -1, end: -1 };
  if (statement) return [{ span: { file: span.file, start, end }, text: "" }];
  return listElementAt(files, span) === null ? null : [{ span, text: "" }];
}

function listElementAt(files: FlakeFiles, span: Span): Expr | null {
  const file = files.parsed.get(span.file);
  let found: Expr | null = null;
  if (file)
    visitExpr(file.expr, (expr) => {
      if (expr.kind === "list") for (const element of expr.elements) if (isSame(element, span)) found = element;
      return contains(expr, span);
    });
  return found;
}

function isSame(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}

function setValue(files: FlakeFiles, span: Span | null, text: string): readonly Edit[] | null {
  const statement = statementAt(files, span);
  if (statement === null || span === null) return null;
  const { binding, isInherited, start, end } = statement;
  if (!isInherited) return [{ span: { ...binding.value, file: span.file }, text }];
  const after = statement.file.source.text.indexOf(";", end) + 1;
  const name = `${binding.name} = ${text};`;
  return [
    { span: { file: span.file, start, end }, text: "" },
    { span: { file: span.file, start: after, end: after }, text: ` ${name}` },
  ];
}

/** `text` as another statement of the set in which the span is defined. */
function insertBeside(files: FlakeFiles, span: Span | null, text: string): readonly Edit[] | null {
  const statement = statementAt(files, span);
  if (statement === null || span === null) return null;
  const before = statement.file.source.text.lastIndexOf("inherit", statement.start);
  const at = statement.isInherited ? before : statement.start;
  // `a.b.c = …` alone is no set into which something could be put beside `c`.
  const prefix = statement.isInherited ? "" : parentPath(statement);
  return [{ span: { file: span.file, start: at, end: at }, text: `${prefix}${text} ` }];
}

/** `a.b.` of `a.b.c = …`. */
function parentPath({ file, binding }: Statement): string {
  const path = file.source.text.slice(binding.start, binding.end);
  const last = path.lastIndexOf(".");
  return last < 0 || /["}]$/.test(path) ? "" : path.slice(0, last + 1);
}

/** `text` as a statement of the set that is the value of the statement at the span. */
function insertInto(files: FlakeFiles, span: Span | null, text: string): readonly Edit[] | null {
  const statement = statementAt(files, span);
  if (statement === null || span === null || statement.isInherited) return null;
  const value = argumentOf(statement.binding.value);
  if (value.kind !== "attrs" || statement.file.source.text[value.start] !== "{") return null;
  return [{ span: { file: span.file, start: value.start + 1, end: value.start + 1 }, text: ` ${text} ` }];
}

/** The set in `lib.mkIf condition { … }`. */
function argumentOf(value: Expr): Expr {
  return value.kind === "apply" ? (value.args.at(-1) ?? value) : value;
}

/** `text` as one more element of the list at the span. */
function appendTo(files: FlakeFiles, span: Span | null, text: string): readonly Edit[] | null {
  const statement = statementAt(files, span);
  if (statement === null || span === null || statement.isInherited) return null;
  const { start, end } = statement.binding.value;
  const at = (offset: number, inserted: string): Edit => ({
    span: { file: span.file, start: offset, end: offset },
    text: inserted,
  });
  return [at(start, "("), at(end, `) ++ [ ${text} ]`)];
}

/** A module of its own among the imports of the one that the span lies in. */
function insertModule(files: FlakeFiles, span: Span | null, text: string): readonly Edit[] | null {
  const file = span === null ? undefined : files.parsed.get(span.file);
  if (file === undefined || span === null) return null;
  const body = moduleBody(file.expr, span);
  if (body?.kind !== "attrs" || file.source.text[body.start] !== "{") return null;
  const imports = body.bindings.find((binding) => binding.name === "imports");
  const at = (start: number, inserted: string): Edit => ({
    span: { file: span.file, start, end: start },
    text: inserted,
  });
  if (imports === undefined) return [at(body.start + 1, ` imports = [ { ${text} } ]; `)];
  if (imports.value.start < imports.end) return null;
  return [at(imports.value.start, "("), at(imports.value.end, `) ++ [ { ${text} } ]`)];
}

/** The set that the innermost module function around the span gives; without one, the file's own. */
function moduleBody(root: Expr, span: Span): Expr | null {
  let found: Expr | null = isInside(root, span) ? bodyOf(root) : null;
  visitExpr(root, (expr) => {
    if (!contains(expr, span)) return false;
    if (expr.kind === "lambda" && expr.parameter.kind === "formals" && expr.parameter.ellipsis) {
      const body = bodyOf(expr);
      if (body?.kind === "attrs") found = body;
    }
    return true;
  });
  return found;
}

function isInside(root: Expr, span: Span): boolean {
  return contains(root, span) || span.end <= root.end;
}

function bodyOf(expr: Expr): Expr | null {
  let current: Expr = expr;
  while (current.kind === "lambda" || current.kind === "let" || current.kind === "with" || current.kind === "assert")
    current = current.body;
  return current;
}
