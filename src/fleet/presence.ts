// Whether what an option defines is there.

import { type Answer, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Option } from "../nixpkgs/modules/definition.ts";

/** Whether something is there that is brought about by being defined, and not by an `enable`. */
export function presenceOf(option: Option): Answer {
  const { definitions, value, span } = option;
  if (definitions.length === 0 || definitions.some((definition) => definition.certain)) return yes;
  if (value instanceof Unknown) return undecided(value);
  return undecided(new Unknown("input", "it is defined under a condition that is not known", span));
}
