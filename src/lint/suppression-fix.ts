// Takes a suppression out of its comment (the whole comment, or one name of several) or out of the configuration.

import type { Change } from "../edit/edit.ts";
import type { Editing } from "../edit/editing.ts";
import type { JudgedSuppression } from "./suppression.ts";

/** Null for comments that cannot be read at all. */
export function withoutSuppression(edit: Editing, { at, rule, scope }: JudgedSuppression): Change {
  if (scope.kind === "subject") return edit.remove(at);
  const text = edit.textOf(at);
  if (text === null || rule === "") return null;
  const [head = ""] = text.split("--");
  const names = head.match(/[a-z][a-z-]*(?=\s*(,|$|\s*\*\/))/g)?.filter((name) => !/^allow/.test(name)) ?? [];
  if (names.length < 2) return edit.remove(at);
  // Nobody says that what stands there is the name of a rule.
  const name = rule.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const kept = head.replace(new RegExp(`${name}\\s*,\\s*|\\s*,\\s*${name}(?![\\w-])`), "");
  return kept === head ? null : edit.replace(at, kept + text.slice(head.length));
}
