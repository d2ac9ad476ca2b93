// Whether the exclude patterns of a job swallow a path: restic's rules, which borg's shell patterns resemble.

import { type Answer, no, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import { PartialString } from "../eval/value.ts";
import { takesAll, wildcard } from "../source/wildcards.ts";
import { doubtOf, type Text, type TextList } from "./known.ts";
import { normalisePath } from "./state-paths.ts";

/** Whether the path or a directory above it is excluded. What is only possibly excluded is undecided. */
export function excludes({ items, possible, rest }: TextList, path: string): Answer {
  const texts = items.map((item) => item.text);
  const isNegated = texts.some((text) => typeof text === "string" && text.startsWith("!"));
  const matched = texts.filter((text) => typeof text === "string" && excludesPath(text, path));
  if (matched.length > 0 && !isNegated) return yes;
  const doubt =
    rest ??
    [...texts, ...possible.map((item) => item.text)]
      .map((text) => mayExclude(text, path))
      .find((reason) => reason !== null);
  if (doubt) return undecided(doubt);
  return isNegated && matched.length > 0
    ? undecided(new Unknown("unsupported", "exclude patterns with `!` are not read"))
    : no;
}

/** A relative pattern matches anywhere, a rooted one from the start; what is below a match is excluded with it. */
export function excludesPath(pattern: string, path: string): boolean {
  if (/^(?:!|[+RP] |re:|#)/.test(pattern)) return false;
  const plain = pattern.replace(/^- /, "").replace(/^(?:sh|pp|fm|pf):/, "");
  if (plain === "") return false;
  const wanted = normalisePath(plain)
    .split("/")
    .filter((name) => name !== "");
  const names = path.split("/").filter((name) => name !== "");
  const starts = plain.startsWith("/") ? [0] : names.map((_, index) => index);
  return starts.some((start) => matchesFrom(wanted, names.slice(start)));
}

/** All places of the pattern that some way of reading it comes to, name by name; what is below a match is matched. */
function matchesFrom(pattern: readonly string[], names: readonly string[]): boolean {
  if (pattern.length === 0) return true;
  let places = new Set([0]);
  for (const name of names) {
    places = placesAfter(pattern, places, name);
    if (places.has(pattern.length)) return true;
  }
  return false;
}

/** `**` stands for any number of names, at the end for at least one. */
function placesAfter(pattern: readonly string[], places: ReadonlySet<number>, name: string): Set<number> {
  const after = new Set<number>();
  const waiting = [...places];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const part = pattern[place];
    if (part === "**") {
      after.add(place);
      if (place + 1 === pattern.length) after.add(place + 1);
      else if (!places.has(place + 1)) waiting.push(place + 1);
    } else if (part !== undefined && matchesName(part, name)) after.add(place + 1);
  }
  return after;
}

/** With an unclosed bracket restic refuses the pattern, so nothing is excluded by it. */
function matchesName(pattern: string, name: string): boolean {
  const steps = wildcard(pattern, true);
  return steps !== null && takesAll(steps, name);
}

/** A pattern with a hole can exclude the path when what comes before the hole does not rule it out. */
function mayExclude(text: Text, path: string): Unknown | null {
  if (!(text instanceof PartialString)) return doubtOf(text);
  const { prefix } = text;
  const isElsewhere = prefix.startsWith("/") && !path.startsWith(prefix) && !prefix.startsWith(`${path}/`);
  const isBelow = prefix.startsWith(`${path}/`);
  return isElsewhere || isBelow ? null : text.hole;
}
