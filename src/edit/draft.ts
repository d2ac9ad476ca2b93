// Several changes of one module, each made on what the one before left; in the end the lines that differ are the edits.

import { diffArrays } from "diff";
import type { Span } from "../source/span.ts";
import { type ConcreteNode, type ConcreteTree, concreteTree, nodeAround } from "../syntax/concrete.ts";
import { applyEdits } from "./apply.ts";
import type { Edit } from "./edit.ts";

export class Draft {
  private readonly original: ConcreteTree;
  private tree: ConcreteTree;
  private near: Pick<Span, "start" | "end">;

  /** `near` is a place in the module. */
  constructor(tree: ConcreteTree, near: Pick<Span, "start" | "end">) {
    this.original = tree;
    this.tree = tree;
    this.near = near;
  }

  /** False: the change could not be made, and the draft is as before. */
  change(make: (tree: ConcreteTree, near: ConcreteNode) => readonly Edit[] | null): boolean {
    const edits = make(this.tree, nodeAround(this.tree, this.near.start, this.near.end));
    if (edits === null) return false;
    const tree = concreteTree({ path: this.tree.source.path, text: applyEdits(this.tree.source.text, edits) });
    if (tree === null) return false;
    this.tree = tree;
    this.near = { start: moved(this.near.start, edits), end: moved(this.near.end, edits) };
    return true;
  }

  get edits(): Edit[] {
    return lineEdits(this.original.source.path, this.original.source.text, this.tree.source.text);
  }
}

/** Where an offset is after the edits, which must not touch it. */
function moved(offset: number, edits: readonly Edit[]): number {
  const before = edits.filter(({ span }) => span.end <= offset);
  return before.reduce((sum, { span, text }) => sum + text.length - (span.end - span.start), offset);
}

function lineEdits(file: string, before: string, after: string): Edit[] {
  const edits: Edit[] = [];
  let offset = 0;
  let pending: { start: number; end: number; text: string } | null = null;
  for (const { added, removed, value } of diffArrays(linesOf(before), linesOf(after))) {
    const text = value.join("");
    if (!added && !removed) {
      if (pending) edits.push({ span: { file, start: pending.start, end: pending.end }, text: pending.text });
      pending = null;
      offset += text.length;
      continue;
    }
    pending ??= { start: offset, end: offset, text: "" };
    if (added) pending.text += text;
    else {
      offset += text.length;
      pending.end = offset;
    }
  }
  if (pending) edits.push({ span: { file, start: pending.start, end: pending.end }, text: pending.text });
  return edits;
}

/** Each with its line end. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
