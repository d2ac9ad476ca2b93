// Modules that move options: renamed, aliased, removed, changed.

import { apply } from "../../eval/apply.ts";
import { argument, define } from "../../eval/native.ts";
import { force, lazily, spanOf } from "../../eval/thunk.ts";
import { evalError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, emptyAttrs, emptyList, type Lazy, List, type Value } from "../../eval/value.ts";
import type { AttrPath } from "./definition.ts";
import { option } from "./internal-module.ts";
import { attrAt, OptionAttr } from "./option-record.ts";
import { mergeOf, nest, overrideWith, propertyFunctions } from "./properties.ts";
import { nixType, pathFromNix } from "./types/nix-type.ts";
import { unspecified } from "./types/scalars.ts";

function named(set: Value, name: string): Lazy | undefined {
  return set instanceof Attrs ? set.lookup(name)?.value : undefined;
}

/** The values of the old option's definitions, as definitions of the new one. */
function forwarded(options: Lazy, from: AttrPath): Lazy {
  return lazily(() => {
    const { attr } = attrAt(force(options), from);
    const described = attr === undefined ? null : force(attr.value);
    const definitions = force(named(described, "definitions") ?? emptyList);
    const priority = force(named(described, "highestPrio") ?? null);
    if (!(definitions instanceof List)) return mergeOf([]);
    const weight = typeof priority === "bigint" ? Number(priority) : 100;
    return mergeOf(definitions.elements.map((value) => (weight === 9999 ? value : overrideWith(weight, value))));
  });
}

interface Rename {
  readonly from: AttrPath;
  readonly to: AttrPath;
  readonly condition?: Lazy | undefined;
  /** Whether reading the old option reads the new one. */
  readonly readsNew: boolean;
}

function renameModule(rename: Rename): Value {
  return define("rename", 1, ([args]) => {
    const given = force(args as Lazy);
    const config = named(given, "config") ?? emptyAttrs;
    const options = named(given, "options") ?? emptyAttrs;
    const old = attrsOf({
      _type: "option",
      type: lazily(() =>
        force(named(force(attrAt(force(options), rename.to).attr?.value ?? null), "type") ?? nixType(unspecified)),
      ),
      ...(rename.readsNew && { apply: define("alias", 1, () => readConfig(config, rename.to)) }),
    });
    const content = forwarded(options, rename.from);
    const conditional = rename.condition === undefined ? content : onlyIf(rename.condition, content);
    return attrsOf({
      options: nest(rename.from, old, null),
      config: nest(rename.to, conditional, null),
    });
  });
}

function readConfig(config: Lazy, path: AttrPath): Value {
  const { attr, parent } = attrAt(force(config), path);
  if (attr !== undefined) return force(attr.value);
  if (parent instanceof Unknown) return parent;
  return (parent instanceof Attrs && parent.rest) || evalError(`the option \`${path.join(".")}\` does not exist`);
}

function onlyIf(condition: Lazy, content: Lazy): Lazy {
  return lazily(() => apply(apply(force(propertyFunctions.mkIf as Lazy), condition, null), content, null));
}

/** What reads as an alias while nothing defines the alias itself: options of a removed path are simply not there. */
function removedModule(path: AttrPath): Value {
  return attrsOf({ options: nest(path, option(unspecified), null) });
}

/** Functions of `lib` that make such modules, by name. */
export const renameFunctions: Readonly<Record<string, Lazy>> = {
  mkRenamedOptionModule: define("mkRenamedOptionModule", 2, ([from, to]) =>
    renameModule({ from: pathFromNix(from as Lazy), to: pathFromNix(to as Lazy), readsNew: true }),
  ),
  mkRenamedOptionModuleWith: define("mkRenamedOptionModuleWith", 1, ([given]) => {
    const set = force(given as Lazy);
    const path = (name: string) => pathFromNix(named(set, name) ?? emptyList);
    return renameModule({ from: path("from"), to: path("to"), readsNew: true });
  }),
  mkAliasOptionModule: define("mkAliasOptionModule", 2, ([from, to]) =>
    renameModule({ from: pathFromNix(from as Lazy), to: pathFromNix(to as Lazy), readsNew: true }),
  ),
  mkAliasOptionModuleMD: define("mkAliasOptionModuleMD", 2, ([from, to]) =>
    renameModule({ from: pathFromNix(from as Lazy), to: pathFromNix(to as Lazy), readsNew: true }),
  ),
  doRename: define("doRename", 1, ([given]) => {
    const set = force(given as Lazy);
    const path = (name: string) => pathFromNix(named(set, name) ?? emptyList);
    return renameModule({ from: path("from"), to: path("to"), readsNew: true, condition: named(set, "condition") });
  }),
  mkDerivedConfig: define("mkDerivedConfig", 2, (args) => {
    const described = force(argument(args, 0));
    const definitions = force(named(described, "definitions") ?? emptyList);
    const convert = force(argument(args, 1));
    const values = definitions instanceof List ? definitions.elements : [];
    return mergeOf(values.map((value) => lazily(() => apply(convert, value, spanOf(value)))));
  }),
  mkRemovedOptionModule: define("mkRemovedOptionModule", 2, ([path]) => removedModule(pathFromNix(path as Lazy))),
  mkChangedOptionModule: define("mkChangedOptionModule", 3, (args) => changedModule([argument(args, 0)], args)),
  mkMergedOptionModule: define("mkMergedOptionModule", 3, (args) => {
    const list = force(argument(args, 0));
    return changedModule(list instanceof List ? list.elements : [], args);
  }),
};

/** Old options whose values a function turns into the new one's. */
function changedModule(olds: readonly Lazy[], args: readonly Lazy[]): Value {
  const to = pathFromNix(argument(args, 1));
  const froms = olds.map(pathFromNix);
  return define("changed", 1, ([given]) => {
    const set = force(given as Lazy);
    const config = named(set, "config") ?? emptyAttrs;
    const isSet = lazily(() => froms.some((from) => isDefined(force(config), from)));
    const value = lazily(() => apply(force(argument(args, 2)), config, null));
    return attrsOf({
      options: mergeTrees(froms.map((from) => nest(from, option(unspecified), null))),
      config: onlyIf(isSet, nest(to, value, null)),
    });
  });
}

function isDefined(config: Value, path: AttrPath): boolean {
  const { attr } = attrAt(config, path);
  return attr instanceof OptionAttr && attr.record.definitions.length > 0;
}

/** Sets without leaves in common as one. */
function mergeTrees(trees: readonly Lazy[]): Value {
  return trees.reduce<Value>((merged, tree) => unite(merged, force(tree)), emptyAttrs);
}

function unite(a: Value, b: Value): Value {
  if (!(a instanceof Attrs && b instanceof Attrs)) return b;
  const entries = new Map(a.entries);
  for (const [name, attr] of b.entries) {
    const other = entries.get(name);
    entries.set(name, other === undefined ? attr : new Attr(unite(force(other.value), force(attr.value))));
  }
  return new Attrs(entries);
}
