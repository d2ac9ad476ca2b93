// POSIX extended regular expressions as Nix's library reads them, translated to JavaScript's. They run on bytes (see
// bytes.ts).
//
// Two things differ from JavaScript: of several alternatives POSIX takes the one that gives the longest match (see
// `needsLongest`), and a group inside a repetition keeps what an earlier round matched (not imitated).

export interface PosixRegex {
  /** The body of an equivalent JavaScript expression, unanchored. */
  readonly source: string;
  readonly groups: number;
  /** The most bytes it can match; may be infinite. */
  readonly longest: number;
  /** Whether alternatives of different length make JavaScript's first match possibly not the longest. */
  readonly needsLongest: boolean;
  /** Matches exactly one byte, always. */
  readonly singleByte: boolean;
  /** Literal text that every match starts with; "" when there is none. */
  readonly literalPrefix: string;
}

interface Node {
  readonly source: string;
  readonly least: number;
  readonly most: number;
}

/** What may follow a backslash. */
const escapable = ".[\\()*+?{|^$";

const classes: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  d: "0-9",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  s: " \\t-\\r",
  space: " \\t-\\r",
  upper: "A-Z",
  w: "0-9A-Z_a-z",
  xdigit: "0-9A-Fa-f",
};

/** Beyond this Nix's library runs out of the states it allows itself. */
const maxRepeat = 50_000;

/** The translation, or null for what Nix rejects as invalid. */
export function translateRegex(text: string): PosixRegex | null {
  return new Translator(text).translate();
}

class Invalid extends Error {}

class Translator {
  private position = 0;
  private groups = 0;
  private needsLongest = false;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  translate(): PosixRegex | null {
    try {
      const node = this.alternatives();
      if (this.position < this.text.length) return null;
      return {
        source: node.source,
        groups: this.groups,
        longest: node.most,
        needsLongest: this.needsLongest,
        singleByte: node.least === 1 && node.most === 1 && this.groups === 0 && !/[$^]/.test(this.text),
        literalPrefix: literalPrefixOf(this.text),
      };
    } catch (error) {
      if (error instanceof Invalid) return null;
      throw error;
    }
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
    const branches = [this.branch()];
    while (this.peek() === "|") {
      this.position++;
      branches.push(this.branch());
    }
    const [first] = branches;
    if (branches.length === 1 && first) return first;
    const least = Math.min(...branches.map((branch) => branch.least));
    const most = Math.max(...branches.map((branch) => branch.most));
    if (least !== most) this.needsLongest = true;
    return { source: branches.map((branch) => branch.source).join("|"), least, most };
  }

  private branch(): Node {
    let node: Node = { source: "", least: 0, most: 0 };
    for (let term = this.term(); term; term = this.term()) {
      node = { source: node.source + term.source, least: node.least + term.least, most: node.most + term.most };
    }
    return node;
  }

  private term(): Node | null {
    const character = this.peek();
    if (character === undefined || character === "|" || character === ")") return null;
    this.position++;
    if (character === "^" || character === "$") return { source: character, least: 0, most: 0 };
    return this.quantified(this.atom(character));
  }

  private atom(character: string): Node {
    if ("*+?{".includes(character)) throw new Invalid();
    if (character === "(") return this.group();
    if (character === "[") return { source: this.bracket(), least: 1, most: 1 };
    if (character === ".") return { source: "[^]", least: 1, most: 1 };
    if (character !== "\\") return { source: literal(character), least: 1, most: 1 };
    const escaped = this.next();
    if (!escapable.includes(escaped)) throw new Invalid();
    return { source: literal(escaped), least: 1, most: 1 };
  }

  private group(): Node {
    this.groups++;
    const body = this.alternatives();
    if (this.next() !== ")") throw new Invalid();
    return { ...body, source: `(${body.source})` };
  }

  private quantified(atom: Node): Node {
    let node = atom;
    for (let rounds = 0; ; rounds++) {
      const quantifier = this.quantifier();
      if (quantifier === null) return node;
      const [least, most] = quantifier;
      const source = rounds > 0 ? `(?:${node.source})` : node.source;
      node = {
        source: `${source}{${least},${most === Number.POSITIVE_INFINITY ? "" : most}}`,
        least: node.least * least,
        // Nothing repeated without end is still nothing.
        most: node.most === 0 || most === 0 ? 0 : node.most * most,
      };
    }
  }

  private quantifier(): readonly [number, number] | null {
    const character = this.peek();
    if (character === "*") return this.take([0, Number.POSITIVE_INFINITY]);
    if (character === "+") return this.take([1, Number.POSITIVE_INFINITY]);
    if (character === "?") return this.take([0, 1]);
    if (character !== "{") return null;
    const match = /^\{(\d+)(,(\d*))?\}/.exec(this.text.slice(this.position));
    if (!match) throw new Invalid();
    this.position += match[0].length;
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === "" ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (least > most || least > maxRepeat || (most > maxRepeat && most !== Number.POSITIVE_INFINITY))
      throw new Invalid();
    return [least, most];
  }

  private take(range: readonly [number, number]): readonly [number, number] {
    this.position++;
    return range;
  }

  /** The rest of a `[…]`. */
  private bracket(): string {
    let source = "[";
    if (this.peek() === "^") {
      this.position++;
      source += "^";
    }
    for (let first = true; ; first = false) {
      const character = this.next();
      if (character === "]" && !first) return `${source}]`;
      if (character === "[" && this.peek() === ":") {
        source += this.characterClass();
        if (this.startsRange()) throw new Invalid();
        continue;
      }
      const low = this.bracketCharacter(character);
      // A `-` is itself only at the beginning and at the end.
      if (low === "-" && !first && this.peek() !== "]" && this.peek() !== "-") throw new Invalid();
      source += this.startsRange() ? this.range(low) : literal(low);
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
    return `${literal(low)}-${literal(high)}`;
  }

  private characterClass(): string {
    const match = /^:([a-z]*):\]/.exec(this.text.slice(this.position));
    const members = match && classes[match[1] ?? ""];
    if (!match || members === undefined || members === null) throw new Invalid();
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

function literal(character: string): string {
  if (/[0-9A-Za-z]/.test(character)) return character;
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** The text before the first special character, less a character that a quantifier after it may make optional. */
function literalPrefixOf(text: string): string {
  const plain = /^[^.[\\()*+?{|^$]*/.exec(text)?.[0] ?? "";
  if (text.includes("|")) return "";
  return "*+?{".includes(text[plain.length] ?? " ") ? plain.slice(0, -1) : plain;
}
