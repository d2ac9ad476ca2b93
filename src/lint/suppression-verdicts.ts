// What became of each suppression in a run: used, unused, expired, of an unknown rule, or not even readable.

import type { Rule } from "../rule.ts";
import { activeRule, type Settings } from "./settings.ts";
import { closestName } from "./suggestion.ts";
import { isExpired, type JudgedSuppression, type Suppression } from "./suppression.ts";

export function judgeSuppressions(
  suppressions: readonly Suppression[],
  used: ReadonlySet<Suppression>,
  run: { readonly rules: readonly Rule[]; readonly settings: Settings },
): JudgedSuppression[] {
  const byId = new Map(run.rules.map((rule) => [rule.id, rule]));
  return suppressions.map((suppression) => {
    const rule = byId.get(suppression.rule);
    if (suppression.defect !== null) return judged(suppression, "defect");
    if (rule === undefined) return judged(suppression, "unknown-rule", closestName(suppression.rule, byId.keys()));
    if (isExpired(suppression, run.settings.today)) return judged(suppression, "expired");
    if (used.has(suppression)) return judged(suppression, "used");
    return judged(suppression, activeRule(rule, run.settings) === null ? "idle" : "unused");
  });
}

function judged(
  suppression: Suppression,
  verdict: JudgedSuppression["verdict"],
  closest: string | null = null,
): JudgedSuppression {
  return { ...suppression, verdict, closest };
}
