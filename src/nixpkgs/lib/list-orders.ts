// lib.lists: comparing, sorting and walking dependency graphs.

import { compareText, compareValues } from "../../eval/equality.ts";
import { expectInt, expectString } from "../../eval/native.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { attrsOf, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { doubted } from "./list-contents.ts";
import {
  any,
  ask,
  bool,
  type CallBuiltin,
  call,
  elements,
  type Functions,
  list,
  native,
  tableOf,
} from "./signature.ts";

export function orderFunctions(callBuiltin: CallBuiltin): Functions {
  return {
    ...functions,
    sortOn: native("sortOn", [any, list], ([fn, xs], at) => {
      const before = native("before", [elements, elements], ([a, b]) => {
        return compareValues(force(a[0] ?? null), force(b[0] ?? null), at);
      });
      const pair = (x: Lazy) => new List([lazily(() => call(fn, [x], at)), x]);
      const pairs = new List(xs.elements.map(pair), xs.rest, xs.possible.map(pair));
      const sorted = list.read(callBuiltin("sort", [before, pairs], at), at);
      if (sorted instanceof Unknown) return sorted.reason === "error" ? sorted : doubted(xs, sorted);
      const second = (lazy: Lazy) => (force(lazy) as List).elements[1] as Lazy;
      return new List(sorted.elements.map(second), sorted.rest, sorted.possible.map(second));
    }),
  };
}

const functions = tableOf([
  native("compareLists", [any, elements, elements], ([compare, a, b], at) => {
    for (let index = 0; ; index++) {
      const [x, y] = [a[index], b[index]];
      if (x === undefined) return y === undefined ? 0n : -1n;
      if (y === undefined) return 1n;
      const order = expectInt(call(compare, [x, y], at), at);
      if (order !== 0n) return order;
    }
  }),
  native("naturalSort", [list], ([xs], at) => {
    const keyed: [Lazy, readonly Piece[]][] = [];
    for (const x of xs.elements) {
      const text = expectString(x, at);
      if (text instanceof Unknown) return text.reason === "error" ? text : doubted(xs, text);
      keyed.push([x, piecesOf(text)]);
    }
    keyed.sort(([, a], [, b]) => comparePieces(a, b));
    return new List(
      keyed.map(([x]) => x),
      xs.rest,
      xs.possible,
    );
  }),
  native("listDfs", [bool, any, elements], ([stopOnCycles, before, xs], at) => {
    const walk = depthFirst(stopOnCycles, before, xs, at);
    return walk instanceof Unknown ? walk : showWalk(walk);
  }),
  native("toposort", [any, elements], ([before, xs], at) => toposort(before, xs, at)),
]);

/** Text and whole numbers by turns, text first. */
type Piece = string | bigint;

function piecesOf(text: string): readonly Piece[] {
  return text.split(/(0|[1-9][0-9]*)/).map((piece, index) => (index % 2 === 1 ? BigInt(piece) : piece));
}

function comparePieces(a: readonly Piece[], b: readonly Piece[]): number {
  for (const [index, x] of a.entries()) {
    const y = b[index];
    if (y === undefined) return 1;
    const order = typeof x === "string" || typeof y === "string" ? compareText(`${x}`, `${y}`) : Number(x - y);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

interface Walk {
  /** The element that nothing comes before, or the one that closes a cycle. */
  readonly end: Lazy;
  readonly loops: readonly Lazy[] | null;
  readonly visited: readonly Lazy[];
  readonly rest: readonly Lazy[];
}

/** Goes from the first element to one before it, as long as there is one. */
function depthFirst(stopOnCycles: boolean, before: Lazy, xs: readonly Lazy[], at: Span | null): Walk | Unknown {
  let [end = null, ...rest] = xs;
  let visited: Lazy[] = [];
  for (;;) {
    const loops = split(visited, before, end, at);
    if (loops instanceof Unknown) return loops;
    if (stopOnCycles && loops.right.length > 0) return { end, loops: loops.right, visited, rest };
    const earlier = split(rest, before, end, at);
    if (earlier instanceof Unknown) return earlier;
    const [next, ...others] = earlier.right;
    if (next === undefined) return { end, loops: null, visited, rest };
    visited = [end, ...visited];
    rest = [...others, ...earlier.wrong];
    end = next;
  }
}

function split(xs: readonly Lazy[], before: Lazy, end: Lazy, at: Span | null) {
  const [right, wrong]: [Lazy[], Lazy[]] = [[], []];
  for (const x of xs) {
    const is = ask(before, [x, end], at);
    if (is instanceof Unknown) return is;
    (is ? right : wrong).push(x);
  }
  return { right, wrong };
}

function showWalk({ end, loops, visited, rest }: Walk): Value {
  const both = { visited: new List(visited), rest: new List(rest) };
  return loops === null ? attrsOf({ minimal: end, ...both }) : attrsOf({ cycle: end, loops: new List(loops), ...both });
}

function toposort(before: Lazy, xs: readonly Lazy[], at: Span | null): Value {
  const sorted: Lazy[] = [];
  let left = xs;
  while (left.length > 1) {
    const walk = depthFirst(true, before, left, at);
    if (walk instanceof Unknown) return walk;
    if (walk.loops !== null) {
      const cycle = [walk.end, ...walk.visited].reverse();
      return attrsOf({ cycle: new List(cycle), loops: new List(walk.loops) });
    }
    sorted.push(walk.end);
    left = [...walk.visited, ...walk.rest];
  }
  return attrsOf({ result: new List([...sorted, ...left]) });
}
