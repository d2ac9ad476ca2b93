// What an adapter is: a framework that builds hosts or loads modules, stood in for by its outputs. Most are small Nix
// programs of our own, run by the same evaluator as the flake.

import { applyAll } from "../../eval/apply.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attrs, type Lazy, type Value } from "../../eval/value.ts";
import { ownCode } from "../../source/span.ts";
import type { FlakeContext } from "../context.ts";
import type { InputFacts } from "../input-values.ts";

export interface Adapter {
  /** `owner/name` in lower case. A fork is known by its name alone. */
  readonly repositories: readonly string[];
  outputs(context: FlakeContext, facts: InputFacts): Readonly<Record<string, Lazy>>;
  /** What `import inputs.x` (path "") or `import "${inputs.x}/y.nix"` gives. */
  importPath?(context: FlakeContext, path: string, repository: string): Value | undefined;
  /** Outputs of a flake that hold hosts besides `nixosConfigurations`, and how to get at them. */
  readonly hostOutputs?: Readonly<Record<string, (context: FlakeContext, output: Lazy) => Value>>;
}

/** The value of a Nix program of ours, called with `args`. */
export function runNix(context: FlakeContext, program: string, ...args: readonly Lazy[]): Value {
  return applyAll(context.session.evaluateText(program, ownCode), args, null);
}

/** The outputs that a program gives as one set. */
export function outputsOf(value: Value): Readonly<Record<string, Lazy>> {
  if (!(value instanceof Attrs)) {
    const why = value instanceof Unknown ? value.message : "not a set";
    throw new Error(`the outputs of an adapter are no set: ${why}`);
  }
  return Object.fromEntries([...value.entries].map(([name, attr]) => [name, attr.value]));
}
