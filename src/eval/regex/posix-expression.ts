// POSIX extended regular expressions as Nix's library reads them: text to a tree. They are about bytes (see bytes.ts).

import { addAll, type ByteSet, posixClasses, range, setOf } from "./byte-set.ts";
import type { RegexNode, RegexTree } from "./tree.ts";

type Node = RegexNode<{ readonly size: NodeSize }>;

/** States in the automaton of Nix's library: of a copy of the node, and those made while the node was read. */
interface NodeSize {
  readonly copy: number;
  readonly made: number;
}

export interface PosixRegex extends RegexTree {
  /** Matches exactly one byte, always. */
  readonly singleByte: boolean;
  /** Literal text that every match starts with; "" when there is none. */
  readonly literalPrefix: string;
}

/** What may follow a backslash. */
const escapable = ".[\\()*+?{|^$";

/** Nix's library has these besides. */
const classes: ReadonlyMap<string, string> = new Map([
  ...posixClasses,
  ["d", posixClasses.get("digit") ?? ""],
  ["s", posixClasses.get("space") ?? ""],
  ["w", `_${posixClasses.get("alnum")}`],
]);

/** Nix's library makes no automaton of more states than this. */
const maxStates = 100_000;

/** Groups in groups: code written by people has a handful, and reading them takes stack. */
const maxDepth = 500;

/** The expression, or null for what Nix rejects as invalid. */
export function parseRegex(text: string): PosixRegex | null {
  try {
    return new Parser(text).parse();
  } catch (error) {
    if (error instanceof Invalid) return null;
    throw error;
  }
}

class Invalid extends Error {}

class Parser {
  private position = 0;
  private groups = 0;
  private depth = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  parse(): PosixRegex {
    const root = this.alternatives();
    // The whole is a group of its own, and then there is the end.
    if (this.position < this.text.length || root.size.made + 3 > maxStates) throw new Invalid();
    const singleByte = this.groups === 0 && !/[$^]/.test(this.text) && isSingleByte(root);
    return { root, groups: this.groups, singleByte, literalPrefix: literalPrefixOf(this.text) };
  }

  private peek(): string | undefined {
    return this.text[this.position];
  }

  private next(): string {
    const character = this.text[this.position++];
    if (character === undefined) throw new Invalid();
    return character;
  }

  private alternatives(): Node {
    const nodes = [this.sequence()];
    while (this.peek() === "|") {
      this.position++;
      nodes.push(this.sequence());
    }
    const [only] = nodes;
    if (nodes.length === 1 && only) return only;
    return { kind: "alternatives", nodes, size: sumSizes(nodes, 2 * (nodes.length - 1)) };
  }

  private sequence(): Node {
    const nodes: Node[] = [];
    for (let term = this.term(); term; term = this.term()) nodes.push(term);
    return { kind: "sequence", nodes, size: sumSizes(nodes, 1) };
  }

  private term(): Node | null {
    const character = this.peek();
    if (character === undefined || character === "|" || character === ")") return null;
    this.position++;
    if (character === "^") return { kind: "start", size: sumSizes([], 1) };
    if (character === "$") return { kind: "end", size: sumSizes([], 1) };
    return this.quantified(this.atom(character));
  }

  private atom(character: string): Node {
    if ("*+?{".includes(character)) throw new Invalid();
    if (character === "(") return this.group();
    if (character === "[") return bytesNode(this.bracket());
    if (character === ".") return bytesNode(new Uint8Array(256).fill(1));
    if (character !== "\\") return bytesNode(setOf(character));
    const escaped = this.next();
    if (!escapable.includes(escaped)) throw new Invalid();
    return bytesNode(setOf(escaped));
  }

  private group(): Node {
    const index = ++this.groups;
    if (++this.depth > maxDepth) throw new Invalid();
    const body = this.alternatives();
    this.depth--;
    if (this.next() !== ")") throw new Invalid();
    return { kind: "group", index, body, size: sumSizes([body], 2) };
  }

  private quantified(atom: Node): Node {
    let node = atom;
    for (let repeated = this.repeated(node); repeated; repeated = this.repeated(node)) {
      if (repeated.size.made > maxStates) throw new Invalid();
      node = repeated;
    }
    return node;
  }

  private repeated(body: Node): Node | null {
    const sign = this.peek();
    if (sign === "*" || sign === "+" || sign === "?") {
      this.position++;
      const least = sign === "+" ? 1 : 0;
      const size = sumSizes([body], sign === "?" ? 2 : 1);
      return { kind: "repeat", body, least, most: sign === "?" ? 1 : null, size };
    }
    if (sign !== "{") return null;
    const [least, most] = this.bounds();
    const { copy, made } = body.size;
    const optional = most === null ? copy + 1 : (most - least) * (copy + 1) + 1;
    const own = 1 + least * copy + optional;
    return { kind: "repeat", body, least, most, size: { copy: own, made: made + own } };
  }

  /** What stands in braces. */
  private bounds(): readonly [least: number, most: number | null] {
    const match = /^\{(\d+)(,(\d*))?\}/.exec(this.text.slice(this.position, this.position + 100));
    if (!match) throw new Invalid();
    this.position += match[0].length;
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === "" ? null : Number(match[3]);
    if (most !== null && least > most) throw new Invalid();
    return [least, most];
  }

  /** The rest of a `[…]`. */
  private bracket(): ByteSet {
    const isNegated = this.peek() === "^";
    if (isNegated) this.position++;
    const set = new Uint8Array(256);
    for (let first = true; ; first = false) {
      const character = this.next();
      if (character === "]" && !first) return isNegated ? set.map((member) => 1 - member) : set;
      if (character === "[" && this.peek() === ":") {
        addAll(set, this.characterClass());
        if (this.startsRange()) throw new Invalid();
        continue;
      }
      const low = this.bracketCharacter(character);
      // A `-` is itself only at the beginning and at the end.
      if (low === "-" && !first && this.peek() !== "]" && this.peek() !== "-") throw new Invalid();
      addAll(set, this.startsRange() ? this.range(low) : low);
    }
  }

  private startsRange(): boolean {
    return this.peek() === "-" && this.text[this.position + 1] !== "]";
  }

  private range(low: string): string {
    this.position++;
    const character = this.next();
    if (character === "[" && this.peek() === ":") throw new Invalid();
    const high = this.bracketCharacter(character);
    if (low > high) throw new Invalid();
    return range(low, high);
  }

  private characterClass(): string {
    const match = /^:([a-z]*):\]/.exec(this.text.slice(this.position, this.position + 20));
    const members = match && classes.get(match[1] ?? "");
    if (!match || !members) throw new Invalid();
    this.position += match[0].length;
    return members;
  }

  /** A character of a bracket, or one written as `[.x.]` or `[=x=]`. */
  private bracketCharacter(character: string): string {
    const kind = this.peek();
    if (character !== "[" || (kind !== "." && kind !== "=")) return character;
    const inner = this.text[this.position + 1];
    if (inner === undefined || this.text.slice(this.position + 2, this.position + 4) !== `${kind}]`)
      throw new Invalid();
    this.position += 4;
    return inner;
  }
}

function sumSizes(nodes: readonly Node[], own: number): NodeSize {
  let [copy, made] = [own, own];
  for (const { size } of nodes) {
    copy += size.copy;
    made += size.made;
  }
  return { copy, made };
}

function bytesNode(bytes: ByteSet): Node {
  return { kind: "bytes", bytes, size: { copy: 1, made: 1 } };
}

function isSingleByte(node: Node): boolean {
  if (node.kind === "bytes") return true;
  if (node.kind === "alternatives") return node.nodes.every(isSingleByte);
  if (node.kind !== "sequence") return false;
  const [only] = node.nodes;
  return node.nodes.length === 1 && only !== undefined && isSingleByte(only);
}

/** The text before the first special character, less a character that a quantifier after it may make optional. */
function literalPrefixOf(text: string): string {
  const plain = /^[^.[\\()*+?{|^$]*/.exec(text)?.[0] ?? "";
  if (text.includes("|")) return "";
  return "*+?{".includes(text[plain.length] ?? " ") ? plain.slice(0, -1) : plain;
}
