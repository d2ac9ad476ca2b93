// Reads `# nixlint: allow <rule>[, <rule>] -- reason [until=YYYY-MM-DD]` and `# nixlint: allow-file <rule> -- reason`.
// A comment that starts with `nixlint:` and says anything else is kept with its defect, never ignored.

import { once } from "../eval/once.ts";
import type { FlakeFiles } from "../flake/files.ts";
import type { Span } from "../source/span.ts";
import type { Comment } from "../syntax/ast.ts";
import type { ParsedFile } from "../syntax/parse.ts";
import { visitExpr } from "../syntax/visit.ts";
import { compareText } from "./order.ts";
import { isDay, type Suppression } from "./suppression.ts";

/** Of all files, sorted by file and offset. */
export function commentSuppressions(files: FlakeFiles): Suppression[] {
  const sorted = [...files.parsed.values()].sort((a, b) => compareText(a.source.path, b.source.path));
  return sorted.flatMap((file) => {
    const code = { file, starts: once(() => codeAfterEach(file)), ends: once(() => endsOfBindings(file)) };
    return file.comments.flatMap((comment) => readComment(comment, code));
  });
}

// White space at the ends is gone before: to look for it takes long where there is much of it.
const directive = /^nixlint:(.*)$/s;
/** Nobody writes that about something else. */
const withoutColon = /^nixlint[ \t]{1,8}:?[ \t]{0,8}(?:allow|allow-file|disable|ignore)\s+[a-z]+(?:-[a-z]+)+/;
const allowance = /^(allow|allow-file)\s+([^\s,]+(?:\s*,\s*[^\s,]+)*)(?:\s+--\s*(.*))?$/s;
const expiry = /\[?\buntil=([^\s\]]+)\]?/;

function readComment(comment: Comment, code: CodeOfFile): Suppression[] {
  const whole = comment.text.trim();
  const text = directive.exec(whole)?.[1]?.trim();
  if (text === undefined && !withoutColon.test(whole)) return [];
  const match = text === undefined ? null : allowance.exec(text);
  if (match === null) {
    const defect = "the comment does not read `nixlint: allow <rule> -- reason`";
    return [{ ...common(comment), rule: "", reason: "", until: null, scope: nothing(comment), defect }];
  }
  const [, verb, list = "", rest = ""] = match;
  const names = list.split(/\s*,\s*/, mostNames + 1);
  const until = expiry.exec(rest)?.[1] ?? null;
  const reason = rest.replace(expiry, "").trim();
  const scope = verb === "allow-file" ? coveredFile(code.file) : coveredLines(comment, code);
  const defect = defectOf({
    names,
    reason,
    until,
    misplaced: verb === "allow-file" && comment.start > code.file.expr.start,
  });
  return names.slice(0, mostNames).map((rule) => ({ ...common(comment), rule, reason, until, scope, defect }));
}

function common({ file, start, end }: Comment): Pick<Suppression, "at"> {
  return { at: { file, start, end } };
}

interface Wording {
  readonly names: readonly string[];
  readonly reason: string;
  readonly until: string | null;
  readonly misplaced: boolean;
}

/** There are not as many rules. */
const mostNames = 200;

function defectOf({ names, reason, until, misplaced }: Wording): string | null {
  if (names.length > mostNames) return `a suppression may name ${mostNames} rules`;
  if (reason === "") return "a suppression needs a reason: `-- why`";
  if (misplaced) return "`allow-file` must stand before the first expression";
  if (until !== null && !isDay(until)) return `\`until=${until}\` is no date like 2027-01-31`;
  return null;
}

function nothing({ file, end }: Comment): Suppression["scope"] {
  return { kind: "text", span: { file, start: end, end } };
}

function coveredFile({ source }: ParsedFile): Suppression["scope"] {
  return { kind: "text", span: { file: source.path, start: 0, end: source.text.length + 1 } };
}

/** After code: its own line. On a line of its own: the next line of code, and the whole binding that starts there. */
function coveredLines(comment: Comment, code: CodeOfFile): Suppression["scope"] {
  const { path, text } = code.file.source;
  const lineStart = text.lastIndexOf("\n", comment.start - 1) + 1;
  const isTrailing = text.slice(lineStart, comment.start).trim() !== "";
  const start = isTrailing ? lineStart : (code.starts().get(comment) ?? comment.end);
  const end = isTrailing ? comment.end : Math.max(endOfLine(text, start), code.ends().get(start) ?? start);
  return { kind: "text", span: { file: path, start, end } };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length + 1 : end;
}

/** Looked through once for all comments of a file: there may be thousands. */
interface CodeOfFile {
  readonly file: ParsedFile;
  /** Where the code begins that a comment is about: blank space and further comments are skipped. */
  readonly starts: () => ReadonlyMap<Comment, number>;
  /** Where the binding ends that begins at a place. */
  readonly ends: () => ReadonlyMap<number, number>;
}

function codeAfterEach({ comments, source: { text } }: ParsedFile): ReadonlyMap<Comment, number> {
  const starts = new Map<Comment, number>();
  let following: Comment | undefined;
  for (const comment of [...comments].reverse()) {
    const next = nextVisible(text, comment.end);
    const start = following?.start === next ? starts.get(following) : undefined;
    starts.set(comment, start ?? next);
    following = comment;
  }
  return starts;
}

function nextVisible(text: string, from: number): number {
  const visible = /\S/g;
  visible.lastIndex = from;
  return visible.exec(text)?.index ?? text.length;
}

/** Of `a.b.c = value` every part is a binding at the same place; the innermost one ends where the value does. */
function endsOfBindings({ expr: root }: ParsedFile): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  visitExpr(root, (expr) => {
    if (expr.kind !== "attrs" && expr.kind !== "let") return true;
    const bindings: readonly BoundValue[] = expr.kind === "attrs" ? [...expr.bindings, ...expr.dynamic] : expr.bindings;
    for (const { start, value } of bindings) ends.set(start, Math.min(value.end, ends.get(start) ?? value.end));
    return true;
  });
  return ends;
}

interface BoundValue extends Span {
  readonly value: Span;
}
