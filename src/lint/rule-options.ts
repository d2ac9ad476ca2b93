// The options of a rule as data, for `nixlint explain` and the documentation of the configuration.

import * as z from "zod";
import type { Rule } from "../rule.ts";

export interface RuleOption {
  readonly name: string;
  readonly description: string;
  /** As it is written in TOML; null when nothing stands in for it. */
  readonly fallback: string | null;
  /** All there are, when they can be counted. */
  readonly choices: readonly string[];
}

interface JsonOption {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly items?: { readonly enum?: readonly string[] };
}

export function ruleOptions({ options }: Rule): readonly RuleOption[] {
  if (options === undefined) return [];
  const { properties = {} } = z.toJSONSchema(options, { io: "input" });
  return Object.entries(properties).map(([name, property]) => {
    const { description = "", default: fallback, ...type } = property as JsonOption;
    return {
      name,
      description,
      fallback: fallback === undefined ? null : JSON.stringify(fallback),
      choices: type.enum ?? type.items?.enum ?? [],
    };
  });
}
