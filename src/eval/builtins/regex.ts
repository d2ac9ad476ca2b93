// `match` and `split`.

import type { Span } from "../../source/span.ts";
import { payForElements } from "../budget.ts";
import { type ByteString, fromBytes, toBytes } from "../bytes.ts";
import { knownPrefix } from "../equality.ts";
import { argument, define, expectPlainText, expectString } from "../native.ts";
import { RegexMachine, type RegexMatch } from "../regex/machine.ts";
import { type PosixRegex, parseRegex } from "../regex/posix-expression.ts";
import { compileRegex, type RegexProgram } from "../regex/program.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { type Builtin, type Lazy, List, PartialString, type Value } from "../value.ts";

interface Compiled extends PosixRegex {
  readonly program: RegexProgram;
}

const compiled = new Map<string, Compiled | "invalid" | "too large">();

/** Compiled once per text; the cache is emptied when it has grown large. */
function compile(text: string, at: Span | null): Compiled | Unknown {
  let regex = compiled.get(text);
  if (regex === undefined) {
    if (compiled.size > 1000) compiled.clear();
    regex = compileText(toBytes(text));
    compiled.set(text, regex);
  }
  if (regex === "invalid") return evalError(`invalid regular expression \`${text}\``, at);
  return regex === "too large" ? new Unknown("limit", "a regular expression is too large", at) : regex;
}

function compileText(text: string): Compiled | "invalid" | "too large" {
  const parsed = parseRegex(text);
  if (parsed === null) return "invalid";
  const program = compileRegex(parsed);
  return program === null ? "too large" : { ...parsed, program };
}

/** Instructions looked at for the price of one element of a list. */
const stepsPerElement = 2;

function machineFor({ program }: Compiled, bytes: ByteString): RegexMachine {
  return new RegexMachine(program, bytes, (steps) => payForElements(steps / stepsPerElement, 0));
}

function groupValues({ slots }: RegexMatch, bytes: string): Lazy[] {
  const values: Lazy[] = [];
  for (let group = 0; group < slots.length; group += 2) {
    const [start = -1, end = -1] = [slots[group], slots[group + 1]];
    values.push(start < 0 || end < 0 ? null : fromBytes(bytes.slice(start, end)));
  }
  return values;
}

function matchText(regex: Compiled, text: string | PartialString): Value {
  if (text instanceof PartialString) return matchPartial(regex, text);
  const bytes = toBytes(text);
  const match = machineFor(regex, bytes).matchWhole();
  return match && new List(groupValues(match, bytes));
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
    payForElements(2 + match.slots.length / 2, pieces.length);
    pieces.push(fromBytes(bytes.slice(end, match.start)), new List(groupValues(match, bytes)));
    end = match.end;
  }
  pieces.push(pieces.length === 0 ? given : fromBytes(bytes.slice(end)));
  return new List(pieces);
}

function* findAll(regex: Compiled, bytes: string): Iterable<RegexMatch> {
  const machine = machineFor(regex, bytes);
  for (let from = 0; from <= bytes.length; ) {
    const match = machine.search(from);
    if (match === null) return;
    yield match;
    from = match.end > match.start ? match.end : match.end + 1;
  }
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
