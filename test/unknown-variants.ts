// Copies of an example in which one marked value cannot be known: then the finding must become a doubt.

import { globalNames } from "../src/eval/globals.ts";
import type { Binding, Expr } from "../src/syntax/ast.ts";
import { parseNix } from "../src/syntax/parse.ts";
import { visitExpr } from "../src/syntax/visit.ts";
import type { Example, ExampleFile, Marker } from "./rule-page.ts";

export interface UnknownVariant {
  readonly name: string;
  readonly files: readonly ExampleFile[];
  readonly marker: Marker;
}

/** What evaluation without a network cannot know. */
const unknownText = "(builtins.currentTime)";

/** One for each marker that marks the name of a binding. */
export function unknownVariants({ files, markers, pageLine }: Example): UnknownVariant[] {
  return markers.flatMap((marker) => {
    const file = files.find(({ path }) => path === marker.path)!;
    const value = markedValue(file, marker);
    if (value === null) return [];
    const text = file.text.slice(0, value.start) + unknownText + file.text.slice(value.end);
    const changed = files.map((other) => (other === file ? { ...file, text } : other));
    return [{ name: `line ${pageLine}: unknown at ${marker.path}:${marker.line}`, files: changed, marker }];
  });
}

/** The value of the innermost binding whose attrpath starts at the marker. */
function markedValue({ path, text }: ExampleFile, { line, startColumn }: Marker): Expr | null {
  const lines = text.split("\n").slice(0, line - 1);
  const offset = lines.reduce((sum, before) => sum + before.length + 1, 0) + startColumn - 1;
  let found: Binding | null = null;
  visitExpr(parseNix({ path, text }, globalNames).expr, (expr) => {
    if (expr.kind !== "attrs" && expr.kind !== "let") return true;
    for (const binding of expr.bindings) {
      if (binding.start === offset && (found === null || binding.value.end <= found.value.end)) found = binding;
    }
    return true;
  });
  return (found as Binding | null)?.value ?? null;
}
