// A module in its canonical form, as `unifyModuleSyntax` gives it: options, config and imports, shorthand unfolded.

import { coerceToText, pathOfText } from "../../eval/coerce.ts";
import { force } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { type Attr, Attrs, emptyAttrs, type Lazy, PartialString, type Value } from "../../eval/value.ts";
import { mergeOf, nest, propertyType } from "./properties.ts";

export interface UnifiedModule {
  /** `_file`; null when the module does not name one. */
  readonly file: string | null;
  readonly class: string | null;
  /** `key`; null when the module does not name one. */
  readonly key: string | null;
  readonly disabledModules: Attr | undefined;
  /** `require` and `imports`. */
  readonly imports: readonly Attr[];
  readonly options: Lazy;
  readonly config: Lazy;
}

/** Attrs that say how a module is built; in the shorthand form everything else is config. */
const structureNames = ["_class", "_file", "disabledModules", "freeformType", "imports", "key"];
const longNames = new Set([...structureNames, "config", "meta", "options"]);
const shortNames = new Set([...structureNames, "require"]);

export function unifyModuleSyntax(value: Attrs): UnifiedModule | Unknown {
  const isLong = value.entries.has("config") || value.entries.has("options");
  const stray = isLong ? [...value.entries].find(([name]) => !longNames.has(name)) : undefined;
  if (stray) {
    const [name, attr] = stray;
    return thrownError(
      `the module has \`${name}\` beside \`config\` or \`options\`: it belongs into \`config\``,
      attr.span,
    );
  }
  const attrs = (names: readonly string[]) =>
    names.map((name) => value.lookup(name)).filter((attr) => attr !== undefined);
  return {
    file: textAttr(value, "_file"),
    class: textAttr(value, "_class"),
    key: textAttr(value, "key"),
    disabledModules: value.lookup("disabledModules"),
    imports: attrs(isLong ? ["imports"] : ["require", "imports"]),
    options: (isLong ? value.lookup("options")?.value : undefined) ?? emptyAttrs,
    config: addFreeformType(value, isLong ? longConfig(value) : shortConfig(value)),
  };
}

/** `config`, with `meta` as part of it. */
function longConfig(value: Attrs): Lazy {
  const config = value.lookup("config")?.value ?? emptyAttrs;
  const meta = value.lookup("meta");
  return meta === undefined ? config : mergeOf([config, new Attrs(new Map([["meta", meta]]))]);
}

/** Everything that is not structure; a property (`mkIf c { … }`) is config as a whole. */
function shortConfig(value: Attrs): Lazy {
  if (propertyType(value) !== null) return value;
  const entries = new Map(value.entries);
  for (const name of shortNames) entries.delete(name);
  return value.withEntries(entries);
}

function addFreeformType(value: Attrs, config: Lazy): Lazy {
  const type = value.lookup("freeformType");
  return type === undefined ? config : mergeOf([config, nest(["_module", "freeformType"], type.value, null)]);
}

function textAttr(value: Attrs, name: string): string | null {
  const attr = value.lookup(name);
  return attr === undefined ? null : knownText(force(attr.value));
}

/** `toString`, as far as it is text known to the last character or a path of ours. */
export function knownText(value: Value): string | null {
  if (value === null || value instanceof Unknown) return null;
  const text = coerceToText(value, null, { lenient: true, copyPaths: false });
  if (text instanceof Unknown) return null;
  return text instanceof PartialString ? (pathOfText(text) ?? null) : text;
}
