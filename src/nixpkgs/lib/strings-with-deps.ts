// lib.stringsWithDeps: pieces of text in an order that their dependencies ask for, as activation scripts have them.

import { expectText } from "../../eval/native.ts";
import { selectAttr } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attrs, attrsOf, emptyList, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { any, call, callerOf, elements, type Functions, native, tableOf } from "./signature.ts";

export function stringsWithDeps(builtins: Attrs): Functions {
  const callBuiltin = callerOf(builtins);
  return tableOf([
    native("textClosureList", [any, elements], ([predefined, wanted], at) => closure(predefined, wanted, at)),
    native("textClosureMap", [any, any, elements], ([fn, predefined, wanted], at) => {
      const texts = closure(predefined, wanted, at);
      if (!(texts instanceof List)) return texts;
      const mapped = texts.elements.map((text) => lazily(() => call(fn, [text], at)));
      return callBuiltin("concatStringsSep", ["\n", new List(mapped)], at);
    }),
    native("noDepEntry", [any], ([text]) => attrsOf({ text, deps: emptyList })),
    native("fullDepEntry", [any, any], ([text, deps]) => attrsOf({ text, deps })),
    native("packEntry", [any], ([deps]) => attrsOf({ text: "", deps })),
    native("stringAfter", [any, any], ([deps, text]) => attrsOf({ text, deps })),
  ]);
}

interface Walk {
  readonly predefined: Lazy;
  readonly done: Set<string>;
  readonly texts: Lazy[];
  readonly at: Span | null;
}

/** The texts of all that is wanted, each after what it depends on, none twice. */
function closure(predefined: Lazy, wanted: readonly Lazy[], at: Span | null): Value {
  const walk: Walk = { predefined, done: new Set(), texts: [], at };
  return visitAll(walk, wanted) ?? new List(walk.texts);
}

function visitAll(walk: Walk, wanted: readonly Lazy[]): Unknown | null {
  for (const lazy of wanted) {
    const entry = force(lazy);
    const failed = entry instanceof Attrs ? visit(walk, entry) : visitNamed(walk, entry);
    if (failed) return failed;
  }
  return null;
}

function visitNamed(walk: Walk, entry: Value): Unknown | null {
  const name = expectText(entry, walk.at);
  if (typeof name !== "string") return name instanceof Unknown ? name : name.hole;
  if (walk.done.has(name)) return null;
  walk.done.add(name);
  const named = force(selectAttr(force(walk.predefined), name, walk.at));
  if (named instanceof Unknown) return named;
  return named instanceof Attrs ? visit(walk, named) : visitNamed(walk, named);
}

function visit(walk: Walk, entry: Attrs): Unknown | null {
  const deps = elements.read(selectAttr(entry, "deps", walk.at), walk.at);
  const failed = deps instanceof Unknown ? deps : visitAll(walk, deps);
  if (failed) return failed;
  walk.texts.push(selectAttr(entry, "text", walk.at));
  return null;
}
