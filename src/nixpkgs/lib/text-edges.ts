// What can be said of text with holes. A hole may be any text, also none, unless it stands for a store path, which
// begins with the store directory.

import { posix } from "node:path";
import { force } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { joinText, List, NixPath, type PartialString } from "../../eval/value.ts";

export type Text = string | PartialString;

const storeDirectory = "/nix/store/";

export function startsWith(text: Text, prefix: string): boolean | Unknown {
  if (typeof text === "string") return text.startsWith(prefix);
  const outline = outlineOf(text);
  if (outline !== undefined) return answer(matchAt(outline, prefix, 0), text);
  const start = beginningOf(text);
  if (start.length >= prefix.length) return start.startsWith(prefix);
  return prefix.startsWith(start) ? text.hole : false;
}

export function endsWith(text: Text, suffix: string): boolean | Unknown {
  if (typeof text === "string") return text.endsWith(suffix);
  const outline = outlineOf(text);
  if (outline !== undefined) return answer(matchAt(outline, suffix, outline.length - suffix.length), text);
  const end = text.suffix;
  if (end.length >= suffix.length) return end.endsWith(suffix);
  return suffix.endsWith(end) ? text.hole : false;
}

/** No is never certain for text with holes: they may hold anything. */
export function includes(text: Text, infix: string): boolean | Unknown {
  if (typeof text === "string") return text.includes(infix);
  const outline = outlineOf(text);
  if (outline !== undefined) {
    const matches = Array.from({ length: outline.length + 1 }, (_, start) => matchAt(outline, infix, start));
    return answer(matches.includes("yes") ? "yes" : matches.includes("maybe") ? "maybe" : "no", text);
  }
  const isThere =
    beginningOf(text).includes(infix) || text.parts.some((part) => isString(part) && part.includes(infix));
  return isThere ? true : text.hole;
}

/** Stands for one character of the hash of a store path. */
const hashCharacter = "\0";
const hashPattern = /[0-9a-z]/;

/** The text character by character, where its only hole is a store path whose name is known. */
function outlineOf({ parts }: PartialString): string | undefined {
  const [hole, below = "", ...others] = parts;
  if (hole === undefined || isString(hole) || !isString(below) || others.length > 0) return undefined;
  const name = storeNameOf(hole);
  return name === undefined ? undefined : `${storeDirectory}${hashCharacter.repeat(32)}-${name}${below}`;
}

/** The name behind the hash: that of a file of ours, or of a derivation that has one output. */
function storeNameOf({ storePathOf }: Unknown): string | undefined {
  if (storePathOf === null) return undefined;
  if (storePathOf instanceof NixPath) return posix.basename(storePathOf.path);
  const name = storePathOf.rest === null ? storePathOf.lookup("name") : undefined;
  const output = storePathOf.lookup("outputName");
  const known = name === undefined || (output && force(output.value) !== "out") ? null : force(name.value);
  return typeof known === "string" ? known : undefined;
}

type Match = "yes" | "maybe" | "no";

function matchAt(outline: string, wanted: string, start: number): Match {
  if (start < 0 || start + wanted.length > outline.length) return "no";
  let match: Match = "yes";
  for (const [index, character] of [...wanted].entries()) {
    const there = outline[start + index];
    if (there === character) continue;
    if (there !== hashCharacter || !hashPattern.test(character)) return "no";
    match = "maybe";
  }
  return match;
}

function answer(match: Match, text: PartialString): boolean | Unknown {
  return match === "maybe" ? text.hole : match === "yes";
}

/** The known beginning, the store directory of a leading store path included. */
function beginningOf({ parts }: PartialString): string {
  let start = "";
  for (const part of parts) {
    if (isString(part)) start += part;
    else return part.storePathOf === null ? start : start + storeDirectory;
  }
  return start;
}

export function removePrefix(text: Text, prefix: string): Text {
  const starts = startsWith(text, prefix);
  if (starts === false) return text;
  if (typeof text === "string") return text.slice(prefix.length);
  const [first, ...others] = text.parts;
  if (starts === true && isString(first) && first.length >= prefix.length) {
    return joinText([first.slice(prefix.length), ...others]);
  }
  return joinText([cut(text.hole), ...afterHole(text, prefix)]);
}

/** What is certainly left after the first hole when `prefix` is taken off the beginning, which may reach behind it. */
function afterHole({ parts }: PartialString, prefix: string): readonly (string | Unknown)[] {
  const [behind, ...others] = parts.slice(parts.findIndex((part) => !isString(part)) + 1);
  if (!isString(behind)) return behind === undefined ? [] : [behind, ...others];
  const overlap = longest(behind, (length) => prefix.endsWith(behind.slice(0, length)));
  return overlap === behind.length && others.length > 0 ? others : [behind.slice(overlap), ...others];
}

export function removeSuffix(text: Text, suffix: string): Text {
  const ends = endsWith(text, suffix);
  if (ends === false || suffix === "") return text;
  if (typeof text === "string") return text.slice(0, -suffix.length);
  const last = text.parts.at(-1);
  const others = text.parts.slice(0, -1);
  if (ends === true && isString(last)) return joinText([...others, last.slice(0, -suffix.length)]);
  return joinText([...beforeHole(text, suffix), cut(text.hole)]);
}

function beforeHole({ parts }: PartialString, suffix: string): readonly (string | Unknown)[] {
  const known = parts.slice(
    0,
    parts.findLastIndex((part) => !isString(part)),
  );
  const before = known.at(-1);
  if (!isString(before)) return known;
  const others = known.slice(0, -1);
  const overlap = longest(before, (length) => suffix.startsWith(before.slice(before.length - length)));
  return overlap === before.length && others.length > 0
    ? others
    : [...others, before.slice(0, before.length - overlap)];
}

function longest(text: string, fits: (length: number) => boolean): number {
  let length = text.length;
  while (length > 0 && !fits(length)) length--;
  return length;
}

/**
 * The pieces between separators. A piece with a hole may be several, so that text with holes gives an open list of the
 * pieces that are certain.
 */
export function split(text: Text, separator: string): List {
  if (typeof text === "string") return new List(separator === "" ? ["", ...text, ""] : text.split(separator));
  const [first, ...others] = text.parts;
  if (separator === "/" && first instanceof Unknown && first.storePathOf !== null && others.every(isString)) {
    // A store path has three slashes and a name without one.
    const [name = "", ...below] = others.join("").split("/");
    return new List(["", ...storeDirectory.split("/").slice(1, -1), joinText([cut(first), name]), ...below]);
  }
  // A longer separator may lie across a hole and the text beside it.
  if (separator.length !== 1) return new List([], text.hole);
  const certain: string[] = [];
  for (const [index, part] of text.parts.entries()) {
    if (!isString(part)) continue;
    const pieces = part.split(separator);
    const first = index === 0 ? 0 : 1;
    const end = index === text.parts.length - 1 ? pieces.length : pieces.length - 1;
    certain.push(...pieces.slice(first, Math.max(first, end)));
  }
  return new List(certain, text.hole);
}

/** Text changed character by character; a hole becomes another hole of the same reason. */
export function mapCharacters(text: Text, map: (known: string) => string): Text {
  if (typeof text === "string") return map(text);
  return joinText(text.parts.map((part) => (isString(part) ? map(part) : cut(part))));
}

/** A hole for a part of, or something made from, what the hole stood for: no longer a whole store path. */
export function cut(hole: Unknown): Unknown {
  return hole.storePathOf === null ? hole : new Unknown(hole.reason, hole.message, hole.span);
}

/** Text for people: holes are shown as "…". */
export function showText(text: Text): string {
  return typeof text === "string" ? text : text.parts.map((part) => (isString(part) ? part : "…")).join("");
}

function isString(part: string | Unknown | undefined): part is string {
  return typeof part === "string";
}
