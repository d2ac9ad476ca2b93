// A text that was right, changed: single bytes, tokens, or whole expressions put where others stood.

import { globalNames } from "../../src/eval/globals.ts";
import type { Expr } from "../../src/syntax/ast.ts";
import { parseNix } from "../../src/syntax/parse.ts";
import { visitExpr } from "../../src/syntax/visit.ts";
import type { Dice } from "./dice.ts";

/** What means something somewhere, or is more than one unit long somewhere. */
const oddities = [
  ..."{}[]()=;:,.?@#\"'$\\/ \n\t\r~!<>-+*&|%^`",
  ...[
    "${",
    "''",
    "''${",
    "//",
    "/*",
    "*/",
    "++",
    "->",
    "...",
    "||",
    "|>",
    "<|",
    "\\u",
    "\u0000",
    "\u001b[31m",
    "\u009b",
    "\ufeff",
  ],
  ...["\u202e", "\u2028", "\ud800", "ä", "€", "😀", "e\u0301", "\r\n", "::error::", "%0A", "__proto__", "constructor"],
  ...[
    "9223372036854775808",
    "1e999",
    "0x",
    ".5",
    "true",
    "null",
    "rec",
    "let",
    "in",
    "with",
    "inherit",
    "or",
    "assert",
  ],
];

export function mutateBytes(bytes: Uint8Array, dice: Dice): Uint8Array {
  const changed = [...bytes];
  for (let left = 1 + dice.below(4); left > 0; left--) {
    const at = dice.below(changed.length + 1);
    const cut = dice.oneIn(2) ? 0 : dice.below(dice.oneIn(4) ? 200 : 4);
    const random = dice.some(3, () => dice.below(256));
    const put = dice.oneIn(2)
      ? [...Buffer.from(dice.pick(oddities))]
      : dice.oneIn(3)
        ? changed.slice(at, at + dice.below(80))
        : random;
    changed.splice(at, cut, ...put);
  }
  return Uint8Array.from(dice.oneIn(10) ? changed.slice(0, dice.below(changed.length + 1)) : changed);
}

const token = /\s+|[A-Za-z_][\w'-]*|\d+|"|''|\$\{|[^\s\w]/gu;

export function mutateTokens(text: string, dice: Dice, others: readonly string[] = oddities): string {
  const tokens = text.match(token) ?? [];
  for (let left = 1 + dice.below(4); left > 0; left--) {
    const at = dice.below(tokens.length + 1);
    switch (dice.below(4)) {
      case 0:
        tokens.splice(at, 1 + dice.below(3));
        break;
      case 1:
        tokens.splice(at, 0, dice.pick(others));
        break;
      case 2:
        tokens.splice(at, 1, dice.pick(tokens.length > 0 ? tokens : oddities));
        break;
      case 3:
        tokens.splice(at, 0, ...tokens.slice(at, at + dice.below(12)));
    }
  }
  return tokens.join("");
}

/** Expressions of `donor` where expressions of `text` stood. */
export function mutateTree(text: string, donor: string, dice: Dice): string {
  let changed = text;
  for (let left = 1 + dice.below(2); left > 0; left--) {
    const place = dice.pick(expressions(changed));
    const gift = dice.pick(expressions(donor));
    const put = donor.slice(gift.start, gift.end);
    changed = changed.slice(0, place.start) + (dice.oneIn(3) ? put : `(${put})`) + changed.slice(place.end);
  }
  return changed;
}

function expressions(text: string): Expr[] {
  const found: Expr[] = [];
  visitExpr(parseNix({ path: "/text.nix", text }, globalNames).expr, (expr) => {
    found.push(expr);
    return undefined;
  });
  return found;
}

export function mutateNix(text: string, donor: string, dice: Dice): string | Uint8Array {
  switch (dice.below(3)) {
    case 0:
      return mutateBytes(Buffer.from(text), dice);
    case 1:
      return mutateTokens(text, dice);
    default:
      return mutateTree(text, donor, dice);
  }
}

export function oddText(dice: Dice): string {
  return dice.some(6, () => dice.pick(oddities)).join("");
}
