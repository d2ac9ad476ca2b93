// Runs regular expressions: all ways to match at once, byte by byte, so that no expression takes longer than its size
// times that of the text. Of several matches it finds the one that Nix's library prefers: the leftmost, of those the
// longest, of those the first in the order in which the library tries alternatives and rounds. (But for one thing: the
// library tries a second round where the first matched nothing, which shows when `^` or `$` stand in it.)

import type { ByteString } from "../bytes.ts";
import type { Instruction, RegexProgram } from "./program.ts";

type Slots = readonly number[];

export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  /** Where each group begins and ends; -1 for one that took no part. */
  readonly slots: Slots;
}

/** Ways to match, the preferred ones first. They are so many and so short-lived that they are no objects of their own. */
class Ways {
  /** Where each goes on: an instruction. */
  readonly at: number[] = [];
  readonly slots: Slots[] = [];
  /** Where its match begins; while ways are followed, the bits of the loops around whose round is empty so far. */
  readonly extra: number[] = [];
  length = 0;

  push(at: number, slots: Slots, extra: number): void {
    const index = this.length++;
    this.at[index] = at;
    this.slots[index] = slots;
    this.extra[index] = extra;
  }
}

export class RegexMachine {
  private readonly program: RegexProgram;
  private readonly text: ByteString;
  private readonly noSlots: Slots;
  /** By instruction and empty rounds: the generation in which it was last looked at. */
  private readonly visited: Uint32Array;
  private generation = 0;
  private steps = 0;
  private best: RegexMatch | null = null;
  /** The ways that consumed the byte before, and those that go on after it. */
  private current = new Ways();
  private following = new Ways();
  private readonly todo = new Ways();
  private readonly payFor: (steps: number) => void;

  /** `payFor` is told now and then how many more instructions were looked at, and may throw. */
  constructor(program: RegexProgram, text: ByteString, payFor: (steps: number) => void = () => {}) {
    this.program = program;
    this.text = text;
    this.payFor = payFor;
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
    this.current.length = 0;
    for (let position = from; ; position++) {
      if (this.current.length === 0) {
        if (this.best !== null || (whole && position > from)) break;
        position = whole ? position : this.nextStart(position);
        if (position > this.text.length) break;
      }
      this.advance(position, from, whole);
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

  /** Past the byte before `position` on every way, and then a way that begins here. */
  private advance(position: number, from: number, whole: boolean): void {
    const { current, following } = this;
    const { instructions, entry } = this.program;
    const byte = this.text.charCodeAt(position - 1);
    following.length = 0;
    this.generation++;
    for (let way = 0; way < current.length; way++) {
      const { bytes, next } = instructions[current.at[way] as number] as Instruction & { kind: "byte" };
      const start = current.extra[way] as number;
      if (bytes[byte] === 1 && !this.isBeaten(start))
        this.follow(next, current.slots[way] as Slots, start, position, whole);
    }
    if (this.best === null && (!whole || position === from))
      this.follow(entry, this.noSlots, position, position, whole);
    this.steps += current.length + 1;
    if (this.steps > 1 << 16) this.pay();
    if (position >= this.text.length) following.length = 0;
    [this.current, this.following] = [following, current];
  }

  private pay(): void {
    this.payFor(this.steps);
    this.steps = 0;
  }

  private isBeaten(start: number): boolean {
    return this.best !== null && this.best.start < start;
  }

  /** Adds the ways that an instruction leads to without consuming anything. */
  private follow(from: number, taken: Slots, start: number, position: number, whole: boolean): void {
    const { todo, visited, generation } = this;
    const { instructions, loopDepth } = this.program;
    todo.push(from, taken, 0);
    while (todo.length > 0) {
      const way = --todo.length;
      const at = todo.at[way] as number;
      const slots = todo.slots[way] as Slots;
      const empty = todo.extra[way] as number;
      const instruction = instructions[at] as Instruction;
      // Ways that consume the same byte go on as one, whatever rounds they are in.
      const place = at * 2 ** loopDepth + (instruction.kind === "byte" ? 0 : empty);
      if (visited[place] === generation) continue;
      visited[place] = generation;
      this.steps++;
      if (instruction.kind === "byte") this.following.push(at, slots, start);
      else if (instruction.kind === "match") this.note({ start, end: position, slots }, whole);
      else this.goOn(instruction, slots, empty, position);
    }
  }

  /** Where an instruction leads that consumes nothing; what is pushed last is tried first. */
  private goOn(
    instruction: Exclude<Instruction, { kind: "byte" | "match" }>,
    slots: Slots,
    empty: number,
    position: number,
  ): void {
    const { todo } = this;
    switch (instruction.kind) {
      case "choice":
        todo.push(instruction.second, slots, empty);
        todo.push(instruction.first, slots, empty);
        break;
      case "round":
        // A round that matched nothing is the last one.
        if (empty & instruction.bit) todo.push(instruction.second, slots, empty - instruction.bit);
        else {
          todo.push(instruction.second, slots, empty);
          todo.push(instruction.first, slots, empty + instruction.bit);
        }
        break;
      case "save":
        todo.push(instruction.next, withSlot(slots, instruction.slot, position), empty);
        break;
      case "start":
      case "end":
        if (position === (instruction.kind === "start" ? 0 : this.text.length))
          todo.push(instruction.next, slots, empty);
    }
  }

  private note(match: RegexMatch, whole: boolean): void {
    if (whole && match.end < this.text.length) return;
    const { best } = this;
    if (best === null || match.start < best.start || (match.start === best.start && match.end > best.end)) {
      this.best = match;
    }
  }
}

function withSlot(slots: Slots, slot: number, position: number): Slots {
  const changed = slots.slice();
  changed[slot] = position;
  return changed;
}
