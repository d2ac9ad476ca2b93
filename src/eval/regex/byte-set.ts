// Sets of bytes, as a character of a regular expression stands for.

/** 1 at the bytes that are in it. */
export type ByteSet = Uint8Array;

export function setOf(characters: string): ByteSet {
  const set = new Uint8Array(256);
  addAll(set, characters);
  return set;
}

export function addAll(set: ByteSet, characters: string): void {
  for (let i = 0; i < characters.length; i++) set[characters.charCodeAt(i)] = 1;
}

/** All characters from the first to the last. */
export function range(low: string, high: string): string {
  let characters = "";
  for (let code = low.charCodeAt(0); code <= high.charCodeAt(0); code++) characters += String.fromCharCode(code);
  return characters;
}

const [digit, lower, upper] = [range("0", "9"), range("a", "z"), range("A", "Z")];

/** What POSIX calls `[:name:]`, in ASCII. */
export const posixClasses: ReadonlyMap<string, string> = new Map([
  ["alnum", digit + upper + lower],
  ["alpha", upper + lower],
  ["blank", " \t"],
  ["cntrl", `${range("\0", "\x1f")}\x7f`],
  ["digit", digit],
  ["graph", range("!", "~")],
  ["lower", lower],
  ["print", range(" ", "~")],
  ["punct", range("!", "/") + range(":", "@") + range("[", "`") + range("{", "~")],
  ["space", " \t\n\v\f\r"],
  ["upper", upper],
  ["xdigit", `${digit}ABCDEFabcdef`],
]);
