// What the flake's own modules assert: each assertion with its message, where it stands, and whether it fails.

import { type Answer, all, no, toAnswer, undecided, yes } from "../eval/answer.ts";
import { force } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import { List, type Value } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Span } from "../source/span.ts";
import { attrIn, isUnset, toText } from "./known.ts";

export interface FailedAssertion {
  /** On one line, without a full stop; null when it is not known. */
  readonly message: string | null;
  readonly span: Span;
  /** Never "no". */
  readonly answer: Answer;
}

/** Assertions of inputs are written for another nixpkgs than this one may be: only those below `root` count. */
export function failedAssertions(host: Host, root: string): readonly FailedAssertion[] {
  const { value } = host.option(["assertions"]);
  if (!(value instanceof List)) return [];
  const maybe = value.rest ?? new Unknown("unsupported", "whether the assertion is made is not known");
  return [
    ...value.elements.flatMap((element) => failed(force(element), yes, host, root)),
    ...value.possible.flatMap((element) => failed(force(element), isUnset(maybe) ? no : undecided(maybe), host, root)),
  ];
}

function failed(entry: Value, isMade: Answer, host: Host, root: string): FailedAssertion[] {
  const assertion = attrIn(entry, ["assertion"]);
  const span = assertion?.span;
  if (assertion === undefined || !span?.file.startsWith(`${root}/`)) return [];
  const answer = all([isMade, isFalse(assertion.value), ...unreadDoubts(host)]);
  return answer.kind === "no" ? [] : [{ message: messageOf(entry), span, answer }];
}

/** What asks only for a default of nixpkgs is nobody's open question. */
function isFalse(value: Value): Answer {
  if (value instanceof Unknown) return isUnset(value) ? no : undecided(value);
  return toAnswer(value === false);
}

/** A module that is not on disk may set what the assertion asks for. */
function unreadDoubts({ unread }: Host): readonly Answer[] {
  return unread.slice(0, 1).map(({ cause }) => undecided(cause));
}

function messageOf(entry: Value): string | null {
  const text = toText(attrIn(entry, ["message"])?.value ?? null);
  if (typeof text !== "string") return null;
  const line = text.replace(/\s+/g, " ").trim().replace(/\.+$/, "");
  return line === "" ? null : line;
}
