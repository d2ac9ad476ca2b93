// `match` and `split`.

import { setFlagsFromString } from "node:v8";
import type { Span } from "../../source/span.ts";
import { payForElements } from "../budget.ts";
import { fromBytes, toBytes } from "../bytes.ts";
import { knownPrefix } from "../equality.ts";
import { argument, define, expectPlainText, expectString } from "../native.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { type Builtin, type Lazy, List, PartialString, type Value } from "../value.ts";
import { type PosixRegex, translateRegex } from "./posix-regex.ts";

interface Compiled extends PosixRegex {
  readonly whole: RegExp;
  readonly search: RegExp;
}

// What backtracks without end is matched breadth-first instead.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

const compiled = new Map<string, Compiled | null>();

/** Compiled once per text; the cache is emptied when it has grown large. */
function compile(text: string, at: Span | null): Compiled | Unknown {
  let regex = compiled.get(text);
  if (regex === undefined) {
    if (compiled.size > 1000) compiled.clear();
    const translated = translateRegex(toBytes(text));
    regex = translated && {
      ...translated,
      whole: new RegExp(`^(?:${translated.source})$`),
      search: new RegExp(translated.source, "g"),
    };
    compiled.set(text, regex);
  }
  return regex ?? evalError(`invalid regular expression \`${text}\``, at);
}

function groupValues(match: RegExpExecArray): Lazy[] {
  return match.slice(1).map((group: string | undefined) => (group === undefined ? null : fromBytes(group)));
}

function matchText(regex: Compiled, text: string | PartialString): Value {
  if (text instanceof PartialString) return matchPartial(regex, text);
  const match = regex.whole.exec(toBytes(text));
  return match ? new List(groupValues(match)) : null;
}

/** A partial string decides only when its known beginning is not what every match begins with. */
function matchPartial(regex: Compiled, text: PartialString): Value {
  const prefix = toBytes(knownPrefix(text));
  const { literalPrefix } = regex;
  const fits = prefix.startsWith(literalPrefix) || literalPrefix.startsWith(prefix);
  return fits ? text.hole : null;
}

/** `given` is the text as it is, with what it refers to: what is not split stays that. */
function splitText(regex: Compiled, text: string, given: Lazy = text): List {
  const bytes = toBytes(text);
  const pieces: Lazy[] = [];
  let end = 0;
  for (const match of findAll(regex, bytes)) {
    payForElements(2 + match.length, pieces.length);
    pieces.push(fromBytes(bytes.slice(end, match.index)), new List(groupValues(match)));
    end = match.index + match[0].length;
  }
  pieces.push(pieces.length === 0 ? given : fromBytes(bytes.slice(end)));
  return new List(pieces);
}

function* findAll(regex: Compiled, bytes: string): Iterable<RegExpExecArray> {
  const { search } = regex;
  search.lastIndex = 0;
  for (let first = search.exec(bytes); first; first = search.exec(bytes)) {
    const match = regex.needsLongest ? longestAt(regex, bytes, first) : first;
    const next = match.index + match[0].length;
    yield match;
    search.lastIndex = match[0] === "" ? next + 1 : next;
  }
}

/** The longest match at the place of the first one JavaScript finds. */
function longestAt(regex: Compiled, bytes: string, found: RegExpExecArray): RegExpExecArray {
  const anchored = new RegExp(`(?:${regex.source})$`, "y");
  const shortest = found.index + found[0].length;
  for (let end = Math.min(bytes.length, found.index + regex.longest); end > shortest; end--) {
    anchored.lastIndex = found.index;
    const match = anchored.exec(bytes.slice(0, end));
    // The end of the slice must not pass for the end of the text.
    if (match && (end === bytes.length || !regex.source.includes("$"))) return match;
  }
  return found;
}

/** What the known parts split into, when a separator cannot reach across the edge of a hole. */
function splitPartial(regex: Compiled, text: PartialString): List {
  if (!regex.singleByte) return new List([], text.hole);
  const elements: Lazy[] = [];
  for (const [index, part] of text.parts.entries()) {
    if (typeof part !== "string") continue;
    const pieces = splitText(regex, part).elements;
    // The first and the last piece go on into a hole, where there is one.
    elements.push(...pieces.slice(index === 0 ? 0 : 1, index === text.parts.length - 1 ? undefined : -1));
  }
  return new List(elements, text.hole);
}

type RegexFunction = (regex: Compiled, text: string | PartialString, given: Lazy) => Value;

function defineRegex(name: string, run: RegexFunction): Builtin {
  return define(name, 2, (args, at) => {
    const pattern = expectString(argument(args, 0), at);
    if (pattern instanceof Unknown) return pattern;
    const regex = compile(pattern, at);
    if (regex instanceof Unknown) return regex;
    const text = expectPlainText(argument(args, 1), at);
    if (isError(text)) return text;
    return run(regex, text instanceof Unknown ? new PartialString([text]) : text, argument(args, 1));
  });
}

export const regexBuiltins: readonly Builtin[] = [
  defineRegex("match", matchText),
  defineRegex("split", (regex, text, given) =>
    typeof text === "string" ? splitText(regex, text, given) : splitPartial(regex, text),
  ),
];
