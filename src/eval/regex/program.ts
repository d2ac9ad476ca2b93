// A regular expression as a program for `machine.ts`: instructions that consume a byte or choose where to go on.

import type { ByteSet } from "./byte-set.ts";
import type { RegexNode, RegexTree } from "./tree.ts";

export type Instruction =
  /** Goes on at `next` after one of these bytes. */
  | { readonly kind: "byte"; readonly bytes: ByteSet; readonly next: number }
  /** Both ways, the first one rather. */
  | { readonly kind: "choice"; readonly first: number; readonly second: number }
  /** The same, before each round of a body that may match nothing; each such loop around a place has its own bit. */
  | { readonly kind: "round"; readonly first: number; readonly second: number; readonly bit: number }
  | { readonly kind: "save"; readonly slot: number; readonly next: number }
  | { readonly kind: "start" | "end"; readonly next: number }
  | { readonly kind: "match" };

export interface RegexProgram {
  readonly instructions: readonly Instruction[];
  readonly entry: number;
  /** Beginning and end of each group. */
  readonly slots: number;
  /** How many loops whose rounds may match nothing are inside of each other. */
  readonly loopDepth: number;
  /** The bytes that a match may begin with; null when it may also be empty. */
  readonly firstBytes: ByteSet | null;
}

/** What the machine has to keep track of is no more than this. */
const maxPlaces = 1 << 24;

/** The program, or null for an expression that would take too much memory. */
export function compileRegex({ root, groups }: RegexTree): RegexProgram | null {
  const compiler = new Compiler();
  const end = compiler.add({ kind: "match" });
  const entry = compiler.compile(root, end);
  const first = new Uint8Array(256);
  const mayBeEmpty = addFirstBytes(root, first);
  const { instructions, loopDepth } = compiler;
  if (instructions.length * 2 ** loopDepth > maxPlaces) return null;
  return { instructions, entry, slots: 2 * groups, loopDepth, firstBytes: mayBeEmpty ? null : first };
}

class Compiler {
  readonly instructions: Instruction[] = [];
  loopDepth = 0;
  /** Loops whose rounds may match nothing around what is being compiled. */
  private around = 0;

  add(instruction: Instruction): number {
    return this.instructions.push(instruction) - 1;
  }

  /** The place where the node begins; after it the program goes on at `next`. */
  compile(node: RegexNode, next: number): number {
    switch (node.kind) {
      case "bytes":
        return this.add({ kind: "byte", bytes: node.bytes, next });
      case "start":
      case "end":
        return this.add({ kind: node.kind, next });
      case "sequence":
        return node.nodes.reduceRight((after, member) => this.compile(member, after), next);
      case "alternatives":
        return node.nodes
          .map((member) => this.compile(member, next))
          .reduceRight((second, first) => this.add({ kind: "choice", first, second }));
      case "group": {
        const body = this.compile(node.body, this.add({ kind: "save", slot: 2 * node.index - 1, next }));
        return this.add({ kind: "save", slot: 2 * node.index - 2, next: body });
      }
      case "repeat":
        return this.compileRepeat(node.body, node.least, node.most, next);
    }
  }

  private compileRepeat(body: RegexNode, least: number, most: number | null, next: number): number {
    let entry = next;
    // The last of the rounds that must be is the one that goes on without end.
    let before = least;
    if (most === null) {
      const loop = this.compileLoop(body, next);
      entry = least > 0 ? loop.body : loop.entry;
      before = Math.max(0, least - 1);
    } else {
      for (let round = least; round < most; round++) {
        entry = this.add({ kind: "choice", first: this.compile(body, entry), second: next });
      }
    }
    for (let round = 0; round < before; round++) entry = this.compile(body, entry);
    return entry;
  }

  private compileLoop(body: RegexNode, next: number): { readonly entry: number; readonly body: number } {
    const isRound = mayBeEmpty(body);
    const bit = 2 ** this.around;
    const entry = this.add({ kind: "match" });
    if (isRound) this.loopDepth = Math.max(this.loopDepth, ++this.around);
    const first = this.compile(body, entry);
    if (isRound) this.around--;
    this.instructions[entry] = isRound
      ? { kind: "round", first, second: next, bit }
      : { kind: "choice", first, second: next };
    return { entry, body: first };
  }
}

function mayBeEmpty(node: RegexNode): boolean {
  return addFirstBytes(node, new Uint8Array(256));
}

/** Adds what a match of the node may begin with, and says whether it may be empty. */
function addFirstBytes(node: RegexNode, first: ByteSet): boolean {
  switch (node.kind) {
    case "bytes":
      for (let byte = 0; byte < 256; byte++) if (node.bytes[byte] === 1) first[byte] = 1;
      return false;
    case "start":
    case "end":
      return true;
    case "sequence":
      return node.nodes.every((member) => addFirstBytes(member, first));
    case "alternatives":
      return node.nodes.map((member) => addFirstBytes(member, first)).includes(true);
    case "group":
      return addFirstBytes(node.body, first);
    case "repeat":
      if (node.most === 0) return true;
      return addFirstBytes(node.body, first) || node.least === 0;
  }
}
