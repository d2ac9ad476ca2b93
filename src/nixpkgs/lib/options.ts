// lib.options, apart from what declares options: how options and their definitions are shown.

import { operate } from "../../eval/operators.ts";
import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { Attrs, attrsOf, emptyAttrs, type Lazy, List, typeName, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { Collected, mapEntries, sortedEntries } from "./attr-entries.ts";
import { filterList, mapList } from "./list-contents.ts";
import { isDerivation } from "./outputs.ts";
import { showPretty } from "./pretty.ts";
import { quoteIdentifier } from "./quoting.ts";
import { any, call, coerced, elements, type Functions, known, list, names, native, set, tableOf } from "./signature.ts";
import { concatPieces, isText } from "./text-values.ts";
import { messageOf } from "./trivial.ts";

const unknownModule = "<unknown-file>";

export const optionFunctions: Functions = {
  unknownModule,
  ...tableOf([
    native("getValues", [list], ([definitions], at) => {
      return mapList(definitions, (definition) => lazily(() => force(selectAttr(force(definition), "value", at))));
    }),
    native("getFiles", [list], ([definitions], at) => {
      return mapList(definitions, (definition) => lazily(() => force(selectAttr(force(definition), "file", at))));
    }),
    native("showOption", [names], ([path]) => showOption(path)),
    native("showFiles", [elements], ([files], at) => files.map((file) => `\`${messageOf(file, at)}'`).join(" and ")),
    native("showDefs", [elements], ([definitions], at) => definitions.map((one) => showDefinition(one, at)).join("")),
    native("showOptionWithDefLocs", [set], ([option], at) => {
      const path = names.read(selectAttr(option, "loc", at), at);
      const files = elements.read(selectAttr(option, "files", at), at);
      if (path instanceof Unknown) return path;
      if (files instanceof Unknown) return files;
      const lines = files.map((file) => `  - ${messageOf(file, at)}`).join("\n");
      return `${showOption(path)}, with values defined in:\n${lines}\n`;
    }),
    native("literalExpression", [known], ([text], at) => literal("literalExpression", text, at)),
    native("literalExample", [known], ([text], at) => literal("literalExpression", text, at)),
    native("literalMD", [known], ([text], at) => literal("literalMD", text, at)),
    native("literalDocBook", [known], ([text], at) => literal("literalDocBook", text, at)),
    native("literalCode", [coerced, coerced], ([language, text], at) => {
      const markdown = concatPieces(["```", language, "\n", text, "\n```\n"], at);
      return markdown instanceof Unknown ? markdown : literal("literalMD", markdown, at);
    }),
    native("mdDoc", [any], ([text]) => force(text)),
    native("renderOptionValue", [any], ([value], at) => renderValue(value, at)),
    native("scrubOptionValue", [any], ([value], at) => scrub(force(value), at)),
    native("optionAttrSetToDocList", [any], ([options], at) => docsOf(options, at)),
    native("optionAttrSetToDocList'", [any, any], ([, options], at) => docsOf(options, at)),
  ]),
};

/** A path of options; `*` and `<name>` stand for any name and are not quoted. */
export function showOption(path: readonly string[]): string {
  return path.map((part) => (part === "*" || /^<.*>$/.test(part) ? part : quoteIdentifier(part))).join(".");
}

const shownLines = 5;

function showDefinition(lazy: Lazy, at: Span | null): string {
  const definition = force(lazy);
  const place = `\n- In \`${messageOf(selectAttr(definition, "file", at), at)}'`;
  const value = force(selectAttr(definition, "value", at));
  if (value instanceof Unknown) return place;
  const lines = messageOf(showPretty(value, at), at).split("\n");
  if (lines.length === 1) return `${place}: ${lines[0]}`;
  const shown = lines.length > shownLines ? [...lines.slice(0, shownLines), "..."] : lines;
  return `${place}:\n    ${shown.join("\n    ")}`;
}

function literal(type: string, text: Exclude<Value, Unknown>, at: Span | null): Value {
  return isText(text)
    ? attrsOf({ _type: type, text })
    : thrownError(`${type} expects a string but found ${typeName(text)}`, at);
}

function renderValue(lazy: Lazy, at: Span | null): Value {
  const value = force(lazy);
  if (value instanceof Attrs && value.lookup("_type") && value.lookup("text")) return value;
  const shown = showPretty(value, at);
  return shown instanceof Unknown ? shown : literal("literalExpression", shown, at);
}

/** The value with derivations replaced by their names. */
function scrub(value: Value, at: Span | null): Value {
  if (isDerivation(value) === true) {
    const name = selectAttr(value, "name", at);
    return attrsOf({ type: "derivation", drvPath: name, outPath: name, name });
  }
  const below = (lazy: Lazy) => lazily(() => scrub(force(lazy), at));
  if (value instanceof List) return mapList(value, below);
  return value instanceof Attrs ? mapEntries(value, (_, inner) => below(inner)) : value;
}

/** The documentation of every option in a tree of options, those of submodules included. */
function docsOf(lazy: Lazy, at: Span | null): List | Unknown {
  const collected = new Collected();
  const failed = collectDocs(force(lazy), collected, at);
  return failed ?? collected.toList();
}

function collectDocs(value: Value, collected: Collected, at: Span | null): Unknown | null {
  if (value instanceof Unknown) return value;
  if (!(value instanceof Attrs)) return null;
  if (force(selectOrUndefined(value, "_type") ?? null) === "option") return collectOption(value, collected, at);
  collected.leaveOpen(value.rest);
  for (const [, attr] of sortedEntries(value)) {
    const failed = collectDocs(force(attr.value), collected, at);
    if (failed) return failed;
  }
  return null;
}

function collectOption(option: Attrs, collected: Collected, at: Span | null): Unknown | null {
  const doc = docOf(option, at);
  if (doc instanceof Unknown) return doc;
  collected.add(doc);
  const visible = force(selectOrUndefined(option, "visible") ?? true);
  if (visible !== true && visible !== "transparent") return null;
  const subOptions = selectOrUndefined(force(selectOrUndefined(option, "type") ?? emptyAttrs), "getSubOptions");
  if (subOptions === undefined) return null;
  return collectDocs(call(subOptions, [selectAttr(option, "loc", at)], at), collected, at);
}

function docOf(option: Attrs, at: Span | null): Value {
  const read = (name: string, fallback: Value) => selectOrUndefined(option, name) ?? fallback;
  const path = names.read(selectAttr(option, "loc", at), at);
  if (path instanceof Unknown) return path;
  const visible = force(read("visible", true));
  const type = force(read("type", emptyAttrs));
  const declarations = list.read(selectAttr(option, "declarations", at), at);
  const doc = attrsOf({
    loc: new List(path),
    name: showOption(path),
    description: read("description", null),
    declarations:
      declarations instanceof Unknown
        ? declarations
        : filterList(declarations, (file) => force(file) !== unknownModule),
    internal: read("internal", false),
    visible: typeof visible === "boolean" ? visible : visible === "shallow",
    readOnly: read("readOnly", false),
    type: selectOrUndefined(type, "description") ?? "unspecified",
  });
  const example = selectOrUndefined(option, "example");
  const fallback = defaultOf(option, type);
  const related = selectOrUndefined(option, "relatedPackages");
  return operate(
    "//",
    doc,
    attrsOf({
      ...(example !== undefined && { example: lazily(() => renderValue(example, at)) }),
      ...(fallback !== undefined && { default: lazily(() => renderValue(fallback, at)) }),
      ...(related !== undefined && force(related) !== null && { relatedPackages: related }),
    }),
    at,
  );
}

function defaultOf(option: Attrs, type: Value): Lazy | undefined {
  const own = selectOrUndefined(option, "defaultText") ?? selectOrUndefined(option, "default");
  if (own !== undefined) return own;
  const empty = selectOrUndefined(type, "emptyValue");
  const hasSubModules = force(selectOrUndefined(type, "getSubModules") ?? null) !== null;
  return empty === undefined || hasSubModules ? undefined : selectOrUndefined(force(empty), "value");
}
