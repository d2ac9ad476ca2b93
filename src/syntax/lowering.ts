// What all of lowering shares: the tree being read, the problems found so far, and how deep it is.

import { positionAt, type SourceFile } from "../source/source-file.ts";
import type { HoleExpr, SyntaxProblem } from "./ast.ts";
import { afterNode, endOf, Kind, kindAt, nodeWords, startOf } from "./flat-tree.ts";

export interface Lowering {
  readonly source: SourceFile;
  readonly file: string;
  readonly text: string;
  readonly words: Uint32Array;
  /** The file has syntax errors: what is missing may be lost in one, so nothing missing is a further problem. */
  readonly hasError: boolean;
  readonly problems: SyntaxProblem[];
  /** Levels of nesting that are lowered; what is deeper becomes a hole. */
  readonly maxDepth: number;
  depth: number;
}

/** What stands in place of an expression that is nested too deeply; one problem says so for all of them. */
export function tooDeep(state: Lowering, { start, end }: { readonly start: number; readonly end: number }): HoleExpr {
  const { file, problems, maxDepth } = state;
  const message = `nested more than ${maxDepth} levels deep`;
  if (!problems.some((problem) => problem.message === message)) problems.push({ file, start, end, message });
  return { file, start, end, kind: "hole", message };
}

export function textOf(state: Lowering, node: number): string {
  return state.text.slice(startOf(state.words, node), endOf(state.words, node));
}

// The grammar takes a keyword for a name where the keyword cannot stand; Nix never does.
const keywords: ReadonlySet<string> = new Set("if then else let in rec with assert inherit".split(" "));
const longestKeyword = "inherit".length;

/** The name written at an identifier. */
export function nameAt(state: Lowering, node: number): string {
  const name = textOf(state, node);
  if (name.length <= longestKeyword && keywords.has(name)) addProblem(state, node, `unexpected \`${name}\``);
  return name;
}

/** The name of a variable or argument: unlike an attr it cannot be `or`. */
export function variableNameAt(state: Lowering, node: number): string {
  const name = nameAt(state, node);
  if (name === "or") addProblem(state, node, "unexpected `or`");
  return name;
}

/** Whether the node's own production is incomplete or has something odd in it; its children may still be fine. */
export function isBroken(state: Lowering, node: number): boolean {
  if (!state.hasError) return false;
  const after = afterNode(state.words, node);
  for (let child = node + nodeWords; child < after; child = afterNode(state.words, child)) {
    if (kindAt(state.words, child) === Kind.error) return true;
  }
  return false;
}

export function addProblem(state: Lowering, node: number, message: string): void {
  const { file, words } = state;
  state.problems.push({ file, start: startOf(words, node), end: endOf(words, node), message });
}

export function hole(state: Lowering, node: number, message: string): HoleExpr {
  const { file, words } = state;
  return { file, start: startOf(words, node), end: endOf(words, node), kind: "hole", message };
}

/** A hole that is a problem too. */
export function refuse(state: Lowering, node: number, message: string): HoleExpr {
  addProblem(state, node, message);
  return hole(state, node, message);
}

export function lineAndColumn(state: Lowering, offset: number): string {
  const { line, column } = positionAt(state.source, offset);
  return `${line}:${column}`;
}
