// The configuration's shape as JSON Schema, for editors: what `nixlint config schema` prints and `schema/` has.

import * as z from "zod";
import type { Rule } from "../rule.ts";
import { configSchema } from "./config-schema.ts";

interface JsonNode {
  readonly properties: Readonly<Record<string, { readonly items?: JsonNode }>>;
}

/** `rules` stands in it twice, and is long. */
export function configJsonSchema(rules: readonly Rule[]): object {
  const { $schema, ...whole } = z.toJSONSchema(configSchema(rules), {
    // What people write, before transforms.
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === "date") Object.assign(jsonSchema, { type: "string", format: "date" });
    },
  });
  const { properties } = whole as unknown as JsonNode;
  const { description, ...tables } = properties.rules as { readonly description?: string };
  const { override } = properties;
  const reference = { $ref: "#/$defs/rules" };
  return {
    $schema,
    title: "nixlint.toml",
    ...whole,
    properties: {
      ...properties,
      rules: { ...reference, description },
      override: {
        ...override,
        items: { ...override?.items, properties: { ...override?.items?.properties, rules: reference } },
      },
    },
    $defs: { rules: tables },
  };
}
