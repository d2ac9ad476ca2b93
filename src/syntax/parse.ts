// Text -> Expr, the one way into syntax. Never throws: whatever the text is, there is an expression for it, with holes
// where it does not parse, and a problem for everything that Nix would refuse.

import type { SourceFile } from "../source/source-file.ts";
import { timed } from "../source/stopwatch.ts";
import type { Comment, Expr, SyntaxProblem } from "./ast.ts";
import { afterNode, type FlatTree, Kind, kindAt, nodeWords } from "./flat-tree.ts";
import { lowerExpr } from "./lower.ts";
import type { Lowering } from "./lowering.ts";
import { parseText } from "./parser-module.ts";
import { globalScope, type Scope } from "./scope.ts";
import { firstSyntaxError, unexpectedEnd } from "./syntax-errors.ts";

export interface ParsedFile {
  readonly source: SourceFile;
  readonly expr: Expr;
  /** In order of the text. */
  readonly comments: readonly Comment[];
  /** In order of the text; empty when Nix would take the file. */
  readonly problems: readonly SyntaxProblem[];
  /** The flat tree, for those who change the text. */
  readonly words: Uint32Array;
}

/** UTF-16 units. Parsing needs up to a thousand times as many bytes; the largest Nix files people write have 1.5 million. */
const maxLength = 2 * 1024 * 1024;

/**
 * Levels of nesting that are lowered: twice what Nix's own limits leave of use. The executable's stack holds them; on a
 * smaller one fewer are, but never fewer than code written by people has.
 */
const [deepest, shallowest] = [20_000, 300];

/** `globals` are the names of the outermost frame, by slot; pass the same array for every file. */
export function parseNix(source: SourceFile, globals: readonly string[]): ParsedFile {
  if (source.text.length > maxLength) return tooLarge(source);
  const tree = parseText(source.text);
  const error = tree.hasError ? firstSyntaxError(source, tree) : null;
  const comments = readComments(source, tree);
  // The parser's memory is its own.
  const words = tree.words.slice();
  const root = rootNode(tree);
  if (root === null) {
    const problems = [error ?? unexpectedEnd(source)];
    return { source, expr: wholeHole(source, problems), comments, problems, words };
  }
  const { expr, problems } = timed("lower", () => lowerRoot(source, tree, root, globalScope(globals)));
  if (error) problems.unshift(error);
  problems.sort((first, second) => first.start - second.start);
  return { source, expr, comments, problems, words };
}

interface Lowered {
  readonly expr: Expr;
  readonly problems: SyntaxProblem[];
}

/** As deep as the stack allows. Throws only where almost nothing is left of it. */
function lowerRoot(source: SourceFile, tree: FlatTree, root: number, scope: Scope, maxDepth = deepest): Lowered {
  const { words, hasError } = tree;
  const { path: file, text } = source;
  const problems: SyntaxProblem[] = [];
  const state: Lowering = { source, file, text, words, hasError, problems, maxDepth, depth: 0 };
  try {
    return { expr: lowerExpr(state, root, scope), problems };
  } catch (error) {
    if (!isStackOverflow(error) || maxDepth <= shallowest) throw error;
    return lowerRoot(source, tree, root, scope, Math.max(shallowest, maxDepth >> 1));
  }
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}

function tooLarge(source: SourceFile): ParsedFile {
  const { path: file } = source;
  const message = `the file is too large to parse: more than ${maxLength} characters`;
  const problems = [{ file, start: 0, end: 1, message }];
  return { source, expr: wholeHole(source, problems), comments: [], problems, words: new Uint32Array() };
}

/** The file's expression, or null when there is none or an error stands beside it. */
function rootNode({ words }: FlatTree): number | null {
  if (words.length <= nodeWords || kindAt(words, 0) !== Kind.source) return null;
  let root: number | null = null;
  for (let child: number = nodeWords; child < words.length; child = afterNode(words, child)) {
    if (root !== null || kindAt(words, child) === Kind.error) return null;
    root = child;
  }
  return root;
}

function wholeHole({ path: file, text }: SourceFile, problems: readonly SyntaxProblem[]): Expr {
  return { file, start: 0, end: text.length, kind: "hole", message: problems[0]?.message ?? "syntax error" };
}

export function readComments({ path: file, text }: SourceFile, { comments }: FlatTree): Comment[] {
  const read: Comment[] = [];
  for (let index = 0; index < comments.length; index += 2) {
    const start = comments[index] ?? 0;
    const end = comments[index + 1] ?? 0;
    const block = text[start] === "/";
    read.push({ file, start, end, text: block ? text.slice(start + 2, end - 2) : text.slice(start + 1, end), block });
  }
  return read;
}
