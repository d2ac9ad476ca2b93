// Where keys and values stand in a TOML text. The TOML parser gives values without places; error messages need both.
// The text has passed that parser, so nothing here says what is wrong with it.

import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";

export type KeyPath = readonly (string | number)[];

/** The key with that path, else the closest of its parents, else the first line. */
export function placeOfKey(source: SourceFile, path: KeyPath): Span {
  return placeOf(source, path).key;
}

/** The value behind the key; the header of a table. */
export function placeOfValue(source: SourceFile, path: KeyPath): Span {
  return placeOf(source, path).value;
}

export function isWritten(source: SourceFile, path: KeyPath): boolean {
  return placesOf(source).has(JSON.stringify(path));
}

interface Place {
  readonly key: Span;
  readonly value: Span;
}

function placeOf(source: SourceFile, path: KeyPath): Place {
  const places = placesOf(source);
  for (let length = path.length; length > 0; length--) {
    const place = places.get(JSON.stringify(path.slice(0, length)));
    if (place !== undefined) return place;
  }
  const first = { file: source.path, start: 0, end: Math.max(source.text.search(/[\r\n]|$/), 0) };
  return { key: first, value: first };
}

const known = new WeakMap<SourceFile, ReadonlyMap<string, Place>>();

function placesOf(source: SourceFile): ReadonlyMap<string, Place> {
  const places = known.get(source) ?? new Scanner(source).scan();
  known.set(source, places);
  return places;
}

interface KeyPart {
  readonly name: string;
  readonly span: Span;
}

const blank = /[ \t]*/y;
const blankLines = /(?:\s|#[^\n]*)*/y;
const bareKey = /[\w-]+/y;
const basicKey = /"((?:[^"\\]|\\.)*)"/y;
const literalKey = /'([^']*)'/y;
/** The closing quotes of a multi-line string may follow one or two that belong to it. */
const text = /"""(?:[^\\]|\\[\s\S])*?"{3,5}|'''[\s\S]*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;
const plainValue = /[^,\]}#\r\n]*/y;

class Scanner {
  private readonly source: SourceFile;
  private readonly places = new Map<string, Place>();
  private readonly tableCounts = new Map<string, number>();
  private at = 0;

  constructor(source: SourceFile) {
    this.source = source;
  }

  scan(): ReadonlyMap<string, Place> {
    let table: KeyPath = [];
    for (this.take(blankLines); this.at < this.source.text.length; this.take(blankLines)) {
      const before = this.at;
      if (this.next() === "[") table = this.header();
      else this.assignment(table);
      // Whatever this scanner does not understand is passed over.
      if (this.at === before) this.at += 1;
    }
    return this.places;
  }

  private header(): KeyPath {
    const start = this.at;
    const isArray = this.source.text.startsWith("[[", start);
    this.at += isArray ? 2 : 1;
    const parts = this.key();
    this.at += isArray ? 2 : 1;
    const whole = this.span(start, this.at);
    const path: (string | number)[] = [];
    parts.forEach(({ name, span }, index) => {
      path.push(name);
      this.put(path, { key: span, value: whole });
      const element = this.elementOf(path, isArray && index === parts.length - 1);
      if (element === null) return;
      path.push(element);
      this.put(path, { key: whole, value: whole });
    });
    return path;
  }

  /** `[[waive]]` opens one more element; `[waive.x]` goes on with the last one. */
  private elementOf(path: KeyPath, opens: boolean): number | null {
    const name = JSON.stringify(path);
    const before = this.tableCounts.get(name);
    if (!opens) return before ?? null;
    const now = before === undefined ? 0 : before + 1;
    this.tableCounts.set(name, now);
    return now;
  }

  private assignment(table: KeyPath): void {
    const parts = this.key();
    const path = [...table, ...parts.map(({ name }) => name)];
    if (this.next() !== "=") return;
    this.at += 1;
    this.take(blank);
    const value = this.value(path);
    parts.forEach(({ span }, index) => {
      const isLast = index === parts.length - 1;
      this.put(path.slice(0, table.length + index + 1), { key: span, value: isLast ? value : span });
    });
  }

  private key(): readonly KeyPart[] {
    const parts: KeyPart[] = [];
    for (;;) {
      this.take(blank);
      const start = this.at;
      const name = this.take(bareKey)?.[0] ?? this.take(basicKey)?.[1] ?? this.take(literalKey)?.[1];
      if (name === undefined) return parts;
      parts.push({ name, span: this.span(start, this.at) });
      this.take(blank);
      if (this.next() !== ".") return parts;
      this.at += 1;
    }
  }

  private value(path: KeyPath): Span {
    const start = this.at;
    const opening = this.next();
    if (opening === "[") this.elements((index) => this.element([...path, index]));
    else if (opening === "{") this.elements(() => this.assignment(path));
    else if (this.take(text) === null) {
      const plain = this.take(plainValue)?.[0] ?? "";
      return this.span(start, start + plain.trimEnd().length);
    }
    return this.span(start, this.at);
  }

  private element(path: KeyPath): void {
    const value = this.value(path);
    this.put(path, { key: value, value });
  }

  /** What stands between brackets or braces, separated by commas. */
  private elements(one: (index: number) => void): void {
    this.at += 1;
    for (let index = 0; ; index++) {
      this.take(blankLines);
      if (!this.goesOn()) break;
      one(index);
      this.take(blankLines);
      if (this.next() !== ",") break;
      this.at += 1;
    }
    this.at += 1;
  }

  private goesOn(): boolean {
    return this.at < this.source.text.length && !/[\]}]/.test(this.next());
  }

  private next(): string {
    return this.source.text[this.at] ?? "";
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source.text);
    if (match !== null) this.at = pattern.lastIndex;
    return match;
  }

  /** The first place of a key counts: later ones go on with the same table. */
  private put(path: KeyPath, place: Place): void {
    const name = JSON.stringify(path);
    if (!this.places.has(name)) this.places.set(name, place);
  }

  private span(start: number, end: number): Span {
    return { file: this.source.path, start, end };
  }
}
