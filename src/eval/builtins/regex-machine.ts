// Runs regular expressions: all ways to match at once, byte by byte, so that no expression takes longer than its size
// times that of the text. Of several matches it finds the one that Nix's library prefers: the leftmost, of those the
// longest, of those the first in the order in which the library tries alternatives and rounds. (But for one thing: the
// library tries a second round where the first matched nothing, which shows when `^` or `$` stand in it.)

import { payForElements } from "../budget.ts";
import type { ByteString } from "../bytes.ts";
import type { Instruction, RegexProgram } from "./regex-program.ts";

export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  /** Where each group begins and ends; -1 for one that took no part. */
  readonly slots: readonly number[];
}

/** One way to match so far. It goes on at an instruction that consumes a byte. */
interface Thread {
  readonly at: number;
  readonly start: number;
  readonly slots: readonly number[];
}

interface Step {
  readonly at: number;
  readonly slots: readonly number[];
  /** The bits of the loops around that are in a round which has matched nothing so far. */
  readonly empty: number;
}

/** Instructions looked at for the price of one element of a list. */
const stepsPerElement = 2;

export class RegexMachine {
  private readonly program: RegexProgram;
  private readonly text: ByteString;
  private readonly noSlots: readonly number[];
  /** By instruction and empty rounds: the generation in which it was last looked at. */
  private readonly visited: Uint32Array;
  private generation = 0;
  private steps = 0;
  private best: RegexMatch | null = null;

  constructor(program: RegexProgram, text: ByteString) {
    this.program = program;
    this.text = text;
    this.noSlots = new Array<number>(program.slots).fill(-1);
    this.visited = new Uint32Array(program.instructions.length * 2 ** program.loopDepth);
  }

  /** A match of the whole text. */
  matchWhole(): RegexMatch | null {
    return this.run(0, true);
  }

  /** The first match that begins at `from` or after. */
  search(from: number): RegexMatch | null {
    return this.run(from, false);
  }

  private run(from: number, whole: boolean): RegexMatch | null {
    this.best = null;
    let threads: Thread[] = [];
    for (let position = from; ; position++) {
      if (threads.length === 0) {
        position = whole || this.best ? position : this.nextStart(position);
        if (this.best !== null || position > this.text.length || (whole && position > from)) break;
      }
      threads = this.advance(threads, position, from, whole);
    }
    this.pay();
    return this.best;
  }

  /** The next place where a match may begin. */
  private nextStart(position: number): number {
    const { firstBytes } = this.program;
    if (firstBytes === null) return position;
    let start = position;
    while (start < this.text.length && firstBytes[this.text.charCodeAt(start)] !== 1) start++;
    return start < this.text.length ? start : start + 1;
  }

  /** The threads after the byte before `position`, the earlier ones first, and one that begins here. */
  private advance(threads: readonly Thread[], position: number, from: number, whole: boolean): Thread[] {
    const next: Thread[] = [];
    const { instructions } = this.program;
    const byte = this.text.charCodeAt(position - 1);
    this.generation++;
    for (const { at, start, slots } of threads) {
      const instruction = instructions[at] as Instruction & { kind: "byte" };
      if (instruction.bytes[byte] !== 1 || this.isBeaten(start)) continue;
      this.follow(next, { at: instruction.next, slots, empty: 0 }, start, position, whole);
    }
    if (this.best === null && (!whole || position === from)) {
      this.follow(next, { at: this.program.entry, slots: this.noSlots, empty: 0 }, position, position, whole);
    }
    this.steps += threads.length + 1;
    if (this.steps > 1 << 16) this.pay();
    return position < this.text.length ? next : [];
  }

  private pay(): void {
    payForElements(this.steps / stepsPerElement, 0);
    this.steps = 0;
  }

  private isBeaten(start: number): boolean {
    return this.best !== null && this.best.start < start;
  }

  /** Adds the threads that an instruction leads to without consuming anything. */
  private follow(threads: Thread[], from: Step, start: number, position: number, whole: boolean): void {
    const { instructions, loopDepth } = this.program;
    const todo = [from];
    for (let step = todo.pop(); step; step = todo.pop()) {
      const { at, slots, empty } = step;
      const instruction = instructions[at] as Instruction;
      // Ways that consume the same byte go on as one, whatever rounds they are in.
      const place = at * 2 ** loopDepth + (instruction.kind === "byte" ? 0 : empty);
      if (this.visited[place] === this.generation) continue;
      this.visited[place] = this.generation;
      this.steps++;
      switch (instruction.kind) {
        case "byte":
          threads.push({ at, start, slots });
          break;
        case "choice":
          todo.push({ at: instruction.second, slots, empty }, { at: instruction.first, slots, empty });
          break;
        case "round":
          this.enterRound(todo, instruction, step);
          break;
        case "save":
          todo.push({ at: instruction.next, slots: withSlot(slots, instruction.slot, position), empty });
          break;
        case "start":
        case "end":
          if (position === (instruction.kind === "start" ? 0 : this.text.length)) {
            todo.push({ at: instruction.next, slots, empty });
          }
          break;
        case "match":
          this.note({ start, end: position, slots }, whole);
      }
    }
  }

  /** A round that matched nothing is the last one. */
  private enterRound(todo: Step[], { first, second, bit }: Instruction & { kind: "round" }, step: Step): void {
    const { slots, empty } = step;
    if (empty & bit) todo.push({ at: second, slots, empty: empty - bit });
    else todo.push({ at: second, slots, empty }, { at: first, slots, empty: empty + bit });
  }

  private note(match: RegexMatch, whole: boolean): void {
    if (whole && match.end < this.text.length) return;
    const { best } = this;
    if (best === null || match.start < best.start || (match.start === best.start && match.end > best.end)) {
      this.best = match;
    }
  }
}

function withSlot(slots: readonly number[], slot: number, position: number): readonly number[] {
  const changed = slots.slice();
  changed[slot] = position;
  return changed;
}
