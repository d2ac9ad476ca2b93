// Globs over paths relative to the flake, as in `roles/*.nix`.

import {
  anyCharacter,
  noSlash,
  type Step,
  takeAny,
  takeOne,
  takeOrLeave,
  takesAll,
  takeText,
} from "../source/wildcards.ts";

/** `*` and `?` within a name, `**` across directories, `{a,b}`. A directory with a default.nix is named by that file. */
export function matchesGlob(glob: string, path: string): boolean {
  return patternsOf(glob).some((steps) => takesAll(steps, path));
}

const known = new Map<string, readonly (readonly Step[])[]>();

function patternsOf(glob: string): readonly (readonly Step[])[] {
  let patterns = known.get(glob);
  if (patterns === undefined) {
    patterns = withoutBraces([glob.replace(/^\.\//, "")]).map(stepsOf);
    known.set(glob, patterns);
  }
  return patterns;
}

/** Braces in braces do not count, nor those that would make more patterns than anybody writes. */
const mostPatterns = 1000;

function withoutBraces(globs: readonly string[]): readonly string[] {
  const expanded = globs.flatMap((glob) => {
    const braces = /\{([^{}]*)\}/.exec(glob);
    if (braces === null) return [glob];
    const [before, after] = [glob.slice(0, braces.index), glob.slice(braces.index + braces[0].length)];
    return (braces[1] ?? "").split(",").map((part) => before + part + after);
  });
  const isDone = expanded.length === globs.length && expanded.every((glob, index) => glob === globs[index]);
  return isDone || expanded.length > mostPatterns ? globs : withoutBraces(expanded);
}

function stepsOf(glob: string): Step[] {
  const tokens = glob.match(/\*\*\/|\*\*|\*|\?|[^*?]+/g) ?? [];
  return tokens.flatMap((token) => {
    if (token === "**/") return [takeOrLeave(2), takeAny(anyCharacter), ...takeText("/")];
    if (token === "**") return [takeAny(anyCharacter)];
    if (token === "*") return [takeAny(noSlash)];
    return token === "?" ? [takeOne(noSlash)] : takeText(token);
  });
}
