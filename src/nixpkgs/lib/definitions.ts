// lib.modules: changing what a definition says below the properties that are around it.

import { selectOrUndefined } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { Attr, Attrs, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { withAttr } from "./attr-entries.ts";
import { mapList } from "./list-contents.ts";
import { any, call, type Functions, native, set, tableOf } from "./signature.ts";

/** Where a property keeps what it is about. */
const contentOf: Readonly<Record<string, string>> = {
  merge: "contents",
  if: "content",
  override: "content",
  order: "content",
  definition: "value",
};

export const definitionFunctions: Functions = tableOf([
  native("mkDefinition", [set], ([definition]) => withAttr(definition, "_type", "definition")),
  native("mapDefinitionValue", [any, any], ([fn, definition], at) => mapDefinition(fn, definition, at)),
]);

function mapDefinition(fn: Lazy, lazy: Lazy, at: Span | null): Value {
  const definition = force(lazy);
  const type = definition instanceof Attrs ? force(selectOrUndefined(definition, "_type") ?? null) : null;
  const name = typeof type === "string" ? contentOf[type] : undefined;
  if (name === undefined || !(definition instanceof Attrs)) return call(fn, [lazy], at);
  const attr = definition.lookup(name);
  if (attr === undefined) return definition;
  const mapped = lazily(() => {
    const below = (content: Lazy) => lazily(() => mapDefinition(fn, content, at));
    const contents = type === "merge" ? force(attr.value) : null;
    return contents instanceof List ? mapList(contents, below) : mapDefinition(fn, attr.value, at);
  });
  return definition.withEntries(new Map(definition.entries).set(name, new Attr(mapped, attr.span, attr.maybe)));
}
