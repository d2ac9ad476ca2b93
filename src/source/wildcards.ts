// Patterns of names as people write them (`*`, `?`, `[a-z]`, `**`), matched in time of pattern times text whatever they
// are: as a regular expression some of them would take for ever.

/** One step of a pattern. */
export interface Step {
  /** The characters it takes; null: none, it is only passed. */
  readonly takes: ((character: string) => boolean) | null;
  /** Whether it takes any number of them. */
  readonly repeats: boolean;
  /** How much further on the pattern may go without that anything is taken. */
  readonly leaps: readonly number[];
}

export const anyCharacter = (): boolean => true;
export const noSlash = (character: string): boolean => character !== "/";

export function takeOne(takes: (character: string) => boolean): Step {
  return { takes, repeats: false, leaps: [] };
}

export function takeAny(takes: (character: string) => boolean): Step {
  return { takes, repeats: true, leaps: [1] };
}

/** What follows, or none of it: that many steps. */
export function takeOrLeave(steps: number): Step {
  return { takes: null, repeats: false, leaps: [1, steps + 1] };
}

export function takeText(text: string): Step[] {
  return [...text].map((wanted) => takeOne((character) => character === wanted));
}

/** Whether the pattern takes the whole text. */
export function takesAll(steps: readonly Step[], text: string): boolean {
  let places = reached(steps, [0]);
  for (const character of text) {
    if (places.size === 0) return false;
    places = reached(steps, after(steps, places, character));
  }
  return places.has(steps.length);
}

function* after(steps: readonly Step[], places: ReadonlySet<number>, character: string): Iterable<number> {
  for (const place of places) {
    const step = steps[place];
    if (step?.takes?.(character)) yield step.repeats ? place : place + 1;
  }
}

function reached(steps: readonly Step[], from: Iterable<number>): ReadonlySet<number> {
  const places = new Set<number>();
  const waiting = [...from];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (places.has(place)) continue;
    places.add(place);
    for (const leap of steps[place]?.leaps ?? []) waiting.push(place + leap);
  }
  return places;
}

/** `*` and `?` of one name; with `sets` also `[a-z]`, and null when such a set is not closed or none. */
export function wildcard(pattern: string, sets: boolean): readonly Step[] | null {
  const steps: Step[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? "";
    if (character === "*") steps.push(takeAny(anyCharacter));
    else if (character === "?") steps.push(takeOne(anyCharacter));
    else if (sets && character === "[") {
      const set = /^\[(\^?)((?:\\.|[^\]\\])+)\]/s.exec(pattern.slice(at));
      if (set === null) return null;
      steps.push(takeOne(setOf(set[2] ?? "", set[1] === "^")));
      at += set[0].length - 1;
    } else steps.push(...takeText(character));
  }
  return steps;
}

/** `a-z0_`: ranges and single characters. */
function setOf(text: string, negated: boolean): (character: string) => boolean {
  const parts = [...text.matchAll(/(\\.|[^\\])(?:-(\\.|[^\\]))?/gs)].map(([, from = "", to = from]) => [
    from.slice(-1),
    to.slice(-1),
  ]);
  return (character) => parts.some(([from = "", to = ""]) => from <= character && character <= to) !== negated;
}
