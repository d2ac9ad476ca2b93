// Regular expressions in Go's syntax (sops, Prometheus), https://github.com/google/re2/wiki/Syntax. Whether one matches is
// found out in time that is proportional to the text, as in Go: somebody else may have written it.

import { toBytes } from "../eval/bytes.ts";
import { addAll, type ByteSet, posixClasses, range, setOf } from "../eval/regex/byte-set.ts";
import { RegexMachine } from "../eval/regex/machine.ts";
import { compileRegex, type RegexProgram } from "../eval/regex/program.ts";
import type { RegexNode } from "../eval/regex/tree.ts";

export class GoExpression {
  private readonly program: RegexProgram;

  constructor(program: RegexProgram) {
    this.program = program;
  }

  /** Whether some part of the text matches. */
  matchesIn(text: string): boolean {
    return new RegexMachine(this.program, toBytes(text)).search(0) !== null;
  }

  matchesWhole(text: string): boolean {
    return new RegexMachine(this.program, toBytes(text)).matchWhole() !== null;
  }
}

/** Null: Go refuses it, or it uses what names and paths do not need (`\b`, Unicode classes, lines of a text). */
export function readGoExpression(text: string): GoExpression | null {
  try {
    const program = compileRegex({ root: new Reader(text).read(), groups: 0 });
    return program && new GoExpression(program);
  } catch (error) {
    if (error instanceof NotUnderstood) return null;
    throw error;
  }
}

class NotUnderstood extends Error {}

/** As Go has it. */
const maxRounds = 1000;
/** People write a handful; reading them takes stack, and copies of copies memory. */
const maxDepth = 200;
const maxSize = 20_000;

interface Flags {
  /** `i`: letters of either case. */
  readonly anyCase: boolean;
  /** `s`: `.` is also the end of a line. */
  readonly dotIsAll: boolean;
}

const perlClasses: ReadonlyMap<string, string> = new Map([
  ["d", posixClasses.get("digit") ?? ""],
  ["s", " \t\n\f\r"],
  ["w", `_${posixClasses.get("alnum")}`],
]);

const escapes: ReadonlyMap<string, string> = new Map([
  ["a", "\x07"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
]);

/** What a backslash makes literal. */
const punctuation = new Set(posixClasses.get("punct"));

/** The bytes of characters beyond ASCII in UTF-8: the first one, and how many follow. */
const longCharacters: readonly (readonly [first: string, following: number])[] = [
  [range("\xc2", "\xdf"), 1],
  [range("\xe0", "\xef"), 2],
  [range("\xf0", "\xf4"), 3],
];
const following = range("\x80", "\xbf");
const ascii = range("\0", "\x7f");

class Reader {
  private readonly text: string;
  private position = 0;
  private depth = 0;
  private flags: Flags = { anyCase: false, dotIsAll: false };

  constructor(text: string) {
    this.text = text;
  }

  read(): RegexNode {
    const root = this.alternatives();
    if (this.position < this.text.length || sizeOf(root) > maxSize) throw new NotUnderstood();
    return root;
  }

  private peek(): string | undefined {
    return this.text[this.position];
  }

  private next(): string {
    const code = this.text.codePointAt(this.position);
    if (code === undefined) throw new NotUnderstood();
    const character = String.fromCodePoint(code);
    this.position += character.length;
    return character;
  }

  private accept(text: string): boolean {
    const isThere = this.text.startsWith(text, this.position);
    if (isThere) this.position += text.length;
    return isThere;
  }

  /** What the expression is about here, if it is: it is consumed. */
  private acceptMatch(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match) this.position += match[0].length;
    return match;
  }

  private alternatives(): RegexNode {
    const nodes = [this.sequence()];
    while (this.accept("|")) nodes.push(this.sequence());
    return { kind: "alternatives", nodes };
  }

  private sequence(): RegexNode {
    const nodes: RegexNode[] = [];
    for (let next = this.peek(); next !== undefined && next !== "|" && next !== ")"; next = this.peek()) {
      if (this.setFlags() || this.accept("\\E")) continue;
      nodes.push(...(this.accept("\\Q") ? this.quoted() : [this.atom()]));
      const last = nodes.pop();
      if (last) nodes.push(this.quantified(last));
    }
    return { kind: "sequence", nodes };
  }

  /** `(?i)`, which holds to the end of the group. */
  private setFlags(): boolean {
    const match = this.acceptMatch(/\(\?([A-Za-z-]*)\)/y);
    if (match) this.flags = this.changedFlags(match[1] ?? "");
    return match !== null;
  }

  private changedFlags(letters: string): Flags {
    const [on = "", off = "", ...others] = letters.split("-");
    if (others.length > 0 || /[^is]/.test(on + off)) throw new NotUnderstood();
    const after = (flag: string, before: boolean) => on.includes(flag) || (before && !off.includes(flag));
    return { anyCase: after("i", this.flags.anyCase), dotIsAll: after("s", this.flags.dotIsAll) };
  }

  private atom(): RegexNode {
    const character = this.next();
    switch (character) {
      case "(":
        return this.group();
      case "[":
        return this.bracket();
      case "\\":
        return this.escaped();
      case ".":
        return anyCharacter(this.flags.dotIsAll ? "" : "\n");
      case "^":
        return { kind: "start" };
      case "$":
        return { kind: "end" };
      case "*":
      case "+":
      case "?":
        throw new NotUnderstood();
      default:
        return this.literal(character);
    }
  }

  private literal(character: string): RegexNode {
    const nodes = [...toBytes(character)].map((byte) => this.oneOf(setOf(byte)));
    return { kind: "sequence", nodes };
  }

  private oneOf(bytes: ByteSet): RegexNode {
    return { kind: "bytes", bytes: this.flags.anyCase ? withBothCases(bytes) : bytes };
  }

  private group(): RegexNode {
    const { flags } = this;
    if (++this.depth > maxDepth) throw new NotUnderstood();
    if (this.peek() === "?") {
      const head = this.acceptMatch(/\?(?:P?<\w+>|([A-Za-z-]*):)/y);
      if (!head) throw new NotUnderstood();
      this.flags = this.changedFlags(head[1] ?? "");
    }
    const body = this.alternatives();
    if (!this.accept(")")) throw new NotUnderstood();
    this.flags = flags;
    this.depth--;
    return body;
  }

  private quantified(atom: RegexNode): RegexNode {
    const bounds = this.bounds();
    if (bounds === null) return atom;
    // Rather few or rather many rounds: whether it matches is the same.
    this.accept("?");
    // Go has no quantifier of a quantifier.
    if (this.bounds() !== null) throw new NotUnderstood();
    return { kind: "repeat", body: atom, ...bounds };
  }

  private bounds(): { readonly least: number; readonly most: number | null } | null {
    if (this.accept("*")) return { least: 0, most: null };
    if (this.accept("+")) return { least: 1, most: null };
    if (this.accept("?")) return { least: 0, most: 1 };
    // Braces that are no bounds stand for themselves.
    const match = this.acceptMatch(/\{(\d+)(,(\d*))?\}/y);
    if (!match) return null;
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === "" ? null : Number(match[3]);
    if (least > maxRounds || (most !== null && (most > maxRounds || most < least))) throw new NotUnderstood();
    return { least, most };
  }

  private escaped(): RegexNode {
    const character = this.next();
    if (character === "A") return { kind: "start" };
    if (character === "z") return { kind: "end" };
    const members = perlClasses.get(character);
    if (members !== undefined) return { kind: "bytes", bytes: setOf(members) };
    const others = perlClasses.get(character.toLowerCase());
    if (others !== undefined) return anyCharacter(others);
    return this.literal(this.escapedCharacter(character));
  }

  /** The rest of a `\Q…\E`. */
  private quoted(): readonly RegexNode[] {
    const end = this.text.indexOf("\\E", this.position);
    const text = this.text.slice(this.position, end < 0 ? undefined : end);
    this.position += text.length;
    this.accept("\\E");
    return [...text].map((character) => this.literal(character));
  }

  /** The rest of `\x41` and the like, of which the character after the backslash is given. */
  private escapedCharacter(character: string): string {
    const plain = escapes.get(character) ?? (punctuation.has(character) ? character : undefined);
    if (plain !== undefined) return plain;
    const hexadecimal = character === "x" ? this.acceptMatch(/([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\}/y) : null;
    const code = hexadecimal && Number.parseInt(hexadecimal[1] ?? hexadecimal[2] ?? "", 16);
    if (code === null || code > 0x10ffff) throw new NotUnderstood();
    return String.fromCodePoint(code);
  }

  /** The rest of a `[…]`. */
  private bracket(): RegexNode {
    const isNegated = this.accept("^");
    const set = new Uint8Array(256);
    for (let isFirst = true; isFirst || !this.accept("]"); isFirst = false) this.addMember(set);
    const members = this.flags.anyCase ? withBothCases(set) : set;
    if (!isNegated) return { kind: "bytes", bytes: members };
    return anyCharacter([...ascii].filter((character) => members[character.charCodeAt(0)] === 1).join(""));
  }

  private addMember(set: ByteSet): void {
    const members = this.classInBracket();
    if (members !== null) {
      addAll(set, members);
      return;
    }
    const low = this.bracketCharacter();
    if (this.peek() !== "-" || this.text[this.position + 1] === "]") {
      addAll(set, low);
      return;
    }
    this.position++;
    const high = this.bracketCharacter();
    if (high < low) throw new NotUnderstood();
    addAll(set, range(low, high));
  }

  /** `[:alpha:]`, `\d` and their opposites, within brackets. */
  private classInBracket(): string | null {
    const match = this.acceptMatch(/\[:(\^?)(\w+):\]|\\([dswDSW])/y);
    if (!match) return null;
    const [, caret, name = "", letter = ""] = match;
    const members = posixClasses.get(name) ?? perlClasses.get(letter.toLowerCase());
    if (members === undefined) throw new NotUnderstood();
    if (caret !== "^" && letter === letter.toLowerCase()) return members;
    // The opposite has characters beyond ASCII, which are no single bytes.
    throw new NotUnderstood();
  }

  private bracketCharacter(): string {
    const character = this.next();
    const meant = character === "\\" ? this.escapedCharacter(this.next()) : character;
    if (meant > "\x7f") throw new NotUnderstood();
    return meant;
  }
}

/** One character in UTF-8 that is none of these, which are ASCII. */
function anyCharacter(but: string): RegexNode {
  const short = setOf(ascii);
  for (const character of but) short[character.charCodeAt(0)] = 0;
  const long = longCharacters.map(([first, count]): RegexNode => {
    const bytes = [first, ...Array<string>(count).fill(following)];
    return { kind: "sequence", nodes: bytes.map((set) => ({ kind: "bytes", bytes: setOf(set) })) };
  });
  return { kind: "alternatives", nodes: [{ kind: "bytes", bytes: short }, ...long] };
}

function withBothCases(set: ByteSet): ByteSet {
  const both = set.slice();
  for (const letter of range("a", "z")) {
    const [lower, upper] = [letter.charCodeAt(0), letter.toUpperCase().charCodeAt(0)];
    if (set[lower] === 1 || set[upper] === 1) both[lower] = both[upper] = 1;
  }
  return both;
}

/** Instructions that the node becomes. */
function sizeOf(node: RegexNode): number {
  switch (node.kind) {
    case "sequence":
    case "alternatives":
      return node.nodes.reduce((size, member) => size + sizeOf(member), 1);
    case "group":
      return sizeOf(node.body);
    case "repeat":
      return sizeOf(node.body) * Math.max(node.least, node.most ?? 1, 1) + 1;
    default:
      return 1;
  }
}
