// JSON text to values, as strict as Nix: 64-bit integers exactly, other numbers as floats, the last of equal keys.

import type { Span } from "../../source/span.ts";
import { evalError } from "../unknown.ts";
import { Attr, Attrs, type Lazy, List, type Value } from "../value.ts";

export function parseJson(text: string, at: Span | null): Value {
  try {
    return new Reader(text).read();
  } catch (error) {
    if (error instanceof JsonError) return evalError(`invalid JSON: ${error.message}`, at);
    throw error;
  }
}

class JsonError extends Error {}

/** A collection that is being read. */
type Open =
  | { readonly kind: "list"; readonly elements: Lazy[] }
  | { readonly kind: "set"; readonly entries: Map<string, Attr>; key: string };

const numberPattern = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const maxUnsigned = 2n ** 64n;

/** Keeps its own stack, for Nix reads JSON of any depth. */
class Reader {
  private position = 0;
  private readonly text: string;
  private readonly open: Open[] = [];

  constructor(text: string) {
    this.text = text.startsWith("\ufeff") ? text.slice(1) : text;
  }

  read(): Value {
    for (;;) {
      let value = this.start();
      // Each value may end the collections around it.
      while (value !== undefined) {
        const around = this.open.at(-1);
        if (around === undefined) return this.finish(value);
        if (around.kind === "list") around.elements.push(value);
        else around.entries.set(around.key, new Attr(value));
        value = this.next(around);
      }
    }
  }

  private finish(value: Value): Value {
    this.skipSpace();
    if (this.position < this.text.length) throw this.unexpected();
    return value;
  }

  private skipSpace(): void {
    while (" \t\n\r".includes(this.text[this.position] ?? "x")) this.position++;
  }

  private unexpected(): JsonError {
    const found = this.text[this.position];
    return new JsonError(
      found === undefined ? "it ends too early" : `unexpected \`${found}\` at offset ${this.position}`,
    );
  }

  private take(character: string): boolean {
    this.skipSpace();
    if (this.text[this.position] !== character) return false;
    this.position++;
    return true;
  }

  /** A value, or undefined after the beginning of a collection that is not empty. */
  private start(): Value | undefined {
    if (this.take("[")) {
      if (this.take("]")) return new List([]);
      this.open.push({ kind: "list", elements: [] });
      return undefined;
    }
    if (this.take("{")) {
      if (this.take("}")) return new Attrs(new Map());
      this.open.push({ kind: "set", entries: new Map(), key: this.key() });
      return undefined;
    }
    return this.scalar();
  }

  /** After a value in a collection: the collection when it ends here, else undefined. */
  private next(around: Open): Value | undefined {
    if (this.take(",")) {
      if (around.kind === "set") around.key = this.key();
      return undefined;
    }
    if (!this.take(around.kind === "list" ? "]" : "}")) throw this.unexpected();
    this.open.pop();
    return around.kind === "list" ? new List(around.elements) : new Attrs(around.entries);
  }

  private key(): string {
    this.skipSpace();
    if (this.text[this.position] !== '"') throw this.unexpected();
    const key = this.string();
    if (!this.take(":")) throw this.unexpected();
    return key;
  }

  private scalar(): Value {
    if (this.text[this.position] === '"') return this.string();
    for (const [word, value] of [
      ["null", null],
      ["true", true],
      ["false", false],
    ] as const) {
      if (!this.text.startsWith(word, this.position)) continue;
      this.position += word.length;
      return value;
    }
    return this.number();
  }

  private number(): bigint | number {
    numberPattern.lastIndex = this.position;
    const match = numberPattern.exec(this.text);
    if (!match) throw this.unexpected();
    this.position = numberPattern.lastIndex;
    const [digits, fraction, exponent] = match;
    const int = fraction === undefined && exponent === undefined ? BigInt(digits) : null;
    if (int !== null && BigInt.asIntN(64, int) === int) return int;
    if (int !== null && int > 0n && int < maxUnsigned)
      throw new JsonError(`the number ${digits} is not a 64-bit integer`);
    const float = Number(digits);
    if (!Number.isFinite(float)) throw new JsonError(`the number ${digits} is too large`);
    return float;
  }

  private string(): string {
    const start = this.position++;
    for (;;) {
      const character = this.text[this.position];
      if (character === undefined || character < " ") throw this.unexpected();
      this.position += character === "\\" ? 2 : 1;
      if (character === '"') break;
    }
    return decodeString(this.text.slice(start, this.position));
  }
}

/** The string between quotes, its escapes decoded by JavaScript, which allows more than Nix in two places. */
function decodeString(quoted: string): string {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  let text: unknown;
  try {
    text = JSON.parse(quoted);
  } catch {
    throw new JsonError(`the string ${quoted} has an unknown escape`);
  }
  if (typeof text !== "string" || /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)) {
    throw new JsonError(`the string ${quoted} has half a surrogate pair`);
  }
  if (text.includes("\0")) throw new JsonError("a string has a NUL character");
  return text;
}
