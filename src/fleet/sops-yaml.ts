// YAML as sops writes it: mappings by indentation, lists of mappings, scalars of one line and blocks. What is written in
// any other way is not read here, but by a parser of all YAML, which takes fifty times as long.

type Tree = string | null | Tree[] | { [name: string]: Tree };

/** What the text holds, scalars as text; undefined when it is not as simple as that. */
export function readSimpleYaml(text: string): unknown {
  if (/[\t\r]|\n(?:---|\.\.\.)/.test(text)) return undefined;
  try {
    const reader = new Reader(text);
    const tree = reader.mapping(0);
    return reader.isAtEnd ? tree : undefined;
  } catch (error) {
    if (error === notSimple) return undefined;
    throw error;
  }
}

const notSimple = new Error("not simple");

/** `name: value`, where the name is a word that is nothing else to YAML. */
const entry = /^( *)((?:- )?)(?!(?:null|true|false):)([A-Za-z_/][\w./@-]*):(?: (.*))?$/i;
/** A value that YAML has no sign for. */
const plain = /^(?![-?:](?: |$)|[[\]{}>|&*!%@`"'#,]|<<)(?!.*(?:: | #|:$))\S/;
const quoted = /^(?:"([^"\\]*)"|'([^']*)')$/;
const block = /^[|>][+-]?$/;
/** Nobody writes deeper ones. */
const deepest = 100;

function textOf(value: string): string {
  const text = quoted.exec(value);
  if (text !== null) return text[1] ?? text[2] ?? "";
  if (!plain.test(value)) throw notSimple;
  return value;
}

interface Line {
  readonly indent: number;
  readonly isItem: boolean;
  readonly name: string;
  readonly value: string;
}

class Reader {
  private readonly lines: readonly string[];
  private next = 0;

  constructor(text: string) {
    this.lines = text.split("\n");
  }

  get isAtEnd(): boolean {
    return this.peek() === null;
  }

  mapping(indent: number): Tree {
    if (indent > deepest) throw notSimple;
    const found: { [name: string]: Tree } = Object.create(null);
    for (let line = this.peek(); line !== null && line.indent === indent && !line.isItem; line = this.peek()) {
      this.addTo(found, line);
    }
    return found;
  }

  private addTo(found: { [name: string]: Tree }, { name, value, indent }: Line): void {
    if (name in found) throw notSimple;
    this.next++;
    found[name] = this.valueOf(value, indent);
  }

  private valueOf(value: string, indent: number): Tree {
    if (value === "[]") return [];
    if (value === "{}") return Object.create(null);
    if (block.test(value)) return this.skipBlock(indent);
    if (value !== "") return textOf(value);
    const below = this.peek();
    if (below === null || below.indent < indent) return null;
    // A list may stand below its name without more indentation.
    if (below.isItem) return this.list(below.indent);
    return below.indent === indent ? null : this.mapping(below.indent);
  }

  /** Items are mappings, as sops has them. */
  private list(indent: number): Tree {
    const items: Tree[] = [];
    for (let line = this.peek(); line !== null && line.indent === indent && line.isItem; line = this.peek()) {
      const item: { [name: string]: Tree } = Object.create(null);
      this.addTo(item, { ...line, indent: indent + 2 });
      const more = this.peek();
      if (more !== null && more.indent === indent + 2 && !more.isItem) this.extend(item, indent + 2);
      items.push(item);
    }
    return items;
  }

  private extend(item: { [name: string]: Tree }, indent: number): void {
    for (let line = this.peek(); line !== null && line.indent === indent && !line.isItem; line = this.peek()) {
      this.addTo(item, line);
    }
  }

  /** Its text is never looked at; where it begins says how far it goes. */
  private skipBlock(indent: number): string {
    let inner: number | null = null;
    for (; this.next < this.lines.length; this.next++) {
      const line = this.lines[this.next] ?? "";
      const start = line.search(/[^ ]/);
      if (line === "") continue;
      if (start < 0) throw notSimple;
      if (start <= indent) break;
      inner ??= start;
      if (start < inner) throw notSimple;
    }
    return "";
  }

  private peek(): Line | null {
    while (this.lines[this.next]?.trim() === "") this.next++;
    const text = this.lines[this.next];
    if (text === undefined) return null;
    const [, blanks = "", dashes = "", name, value = ""] = entry.exec(text) ?? [];
    if (name === undefined) throw notSimple;
    return { indent: blanks.length, isItem: dashes !== "", name, value: value.trimEnd() };
  }
}
