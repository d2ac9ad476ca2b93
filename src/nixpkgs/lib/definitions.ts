// lib.modules: changing what a definition says below the properties that are around it.

import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { withAttr } from "./attr-entries.ts";
import { mapList } from "./list-contents.ts";
import { any, call, type Functions, list, native, set, tableOf } from "./signature.ts";

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

/** Definitions of one option handed on to another; `mkIf`, `mkMerge` and `mkOverride` are the module system's. */
export function aliasFunctions(modules: Functions): Functions {
  const make = (name: string, args: readonly Lazy[], at: Span | null) => call(modules[name] ?? null, args, at);
  const whenDefined = (option: Attrs, content: Lazy, at: Span | null) => {
    return make("mkIf", [selectAttr(option, "isDefined", at), content], at);
  };
  const merged = (option: Attrs, at: Span | null) => make("mkMerge", [selectAttr(option, "definitions", at)], at);
  return tableOf([
    native("mkAliasDefinitions", [set], ([option], at) =>
      whenDefined(
        option,
        lazily(() => merged(option, at)),
        at,
      ),
    ),
    native("mkAliasIfDef", [set, any], ([option, content], at) => whenDefined(option, content, at)),
    native("mkAliasAndWrapDefinitions", [any, set], ([wrap, option], at) => {
      const definitions = lazily(() => merged(option, at));
      return whenDefined(
        option,
        lazily(() => call(wrap, [definitions], at)),
        at,
      );
    }),
    native("mkAliasAndWrapDefsWithPriority", [any, set], ([wrap, option], at) => {
      const priority = selectOrUndefined(option, "highestPrio") ?? plainPriority;
      const overridden = (definition: Lazy) => lazily(() => make("mkOverride", [priority, definition], at));
      const definitions = lazily(() => {
        const all = list.read(selectAttr(option, "definitions", at), at);
        return all instanceof Unknown ? all : make("mkMerge", [mapList(all, overridden)], at);
      });
      return whenDefined(
        option,
        lazily(() => call(wrap, [definitions], at)),
        at,
      );
    }),
  ]);
}

/** The priority of a definition without `mkOverride`. */
const plainPriority = 100n;

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
