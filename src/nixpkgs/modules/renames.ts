// Modules that move options: renamed, aliased, removed, changed.

import { apply } from "../../eval/apply.ts";
import { argument, define } from "../../eval/native.ts";
import { force, lazily, spanOf } from "../../eval/thunk.ts";
import { evalError, thrownError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, emptyAttrs, emptyList, type Lazy, List, type Value } from "../../eval/value.ts";
import type { AttrPath } from "./definition.ts";
import { option } from "./internal-module.ts";
import { attrAt, OptionAttr } from "./option-record.ts";
import { mergeOf, nest, overrideWith, priorities, propertyFunctions } from "./properties.ts";
import { nixType, pathFromNix } from "./types/nix-type.ts";
import { unspecified } from "./types/scalars.ts";

function named(set: Value, name: string): Lazy | undefined {
  return set instanceof Attrs ? set.lookup(name)?.value : undefined;
}

interface Rename {
  readonly from: AttrPath;
  readonly to: AttrPath;
  /** The definitions are handed on only if it holds. */
  readonly condition?: Lazy | undefined;
  /** Whether a definition of the old option is worth a warning. */
  readonly warns: boolean;
  readonly visible: boolean;
  /** From the new option's value to what reading the old one gives. */
  readonly use?: Lazy | undefined;
  /** Whether definitions keep their priority. */
  readonly withPriority: boolean;
}

function doRename(rename: Rename): Value {
  return define("doRename", 1, ([args]) => {
    const given = force(args as Lazy);
    const config = named(given, "config") ?? emptyAttrs;
    const options = named(given, "options") ?? emptyAttrs;
    const definitions = new OldDefinitions(options, rename.from);
    return attrsOf({
      options: nest(rename.from, aliasOption(rename, config, options), null),
      config: onlyIf(
        rename.condition ?? true,
        mergeOf([
          onlyIf(
            lazily(() => definitions.isDefined),
            nest(rename.to, definitions.forwarded(rename.withPriority), null),
          ),
          ...(rename.warns ? [renameWarning(rename, options, definitions)] : []),
        ]),
      ),
    });
  });
}

function aliasOption({ to, use, visible }: Rename, config: Lazy, options: Lazy): Value {
  return attrsOf({
    _type: "option",
    visible,
    description: `Alias of {option}\`${to.join(".")}\`.`,
    type: lazily(() => {
      const { attr } = attrAt(force(options), to);
      return force(named(attr === undefined ? null : force(attr.value), "type") ?? nixType(unspecified));
    }),
    apply: define("alias", 1, () => {
      const value = lazily(() => readConfig(config, to));
      return use === undefined ? force(value) : apply(force(use), value, null);
    }),
  });
}

/** What modules say of the option that was renamed. */
class OldDefinitions {
  private readonly described: Lazy;

  constructor(options: Lazy, path: AttrPath) {
    this.described = lazily(() => {
      const { attr } = attrAt(force(options), path);
      return attr === undefined ? null : force(attr.value);
    });
  }

  private read(name: string): Value {
    return force(named(force(this.described), name) ?? null);
  }

  get isDefined(): Value {
    return this.read("isDefined") ?? false;
  }

  get files(): readonly Lazy[] {
    const files = this.read("files");
    return files instanceof List ? files.elements : [];
  }

  /** As definitions of the new option. */
  forwarded(withPriority: boolean): Lazy {
    return lazily(() => {
      const definitions = this.read("definitions");
      const priority = this.read("highestPrio");
      if (!(definitions instanceof List)) return mergeOf([]);
      const weight = withPriority && typeof priority === "bigint" ? Number(priority) : priorities.plain;
      const weighted = (value: Lazy) => (weight === priorities.plain ? value : overrideWith(weight, value));
      const { elements, rest, possible } = definitions;
      return mergeOf(elements.map(weighted), rest, possible.map(weighted));
    });
  }
}

/** A warning of the whole configuration, where there are warnings. */
function renameWarning({ from, to }: Rename, options: Lazy, old: OldDefinitions): Lazy {
  return lazily(() => {
    const { attr } = attrAt(force(options), ["warnings"]);
    if (attr === undefined) return emptyAttrs;
    const warnings = lazily(() => {
      const isDefined = old.isDefined;
      if (isDefined instanceof Unknown) return new List([], isDefined);
      if (isDefined !== true) return emptyList;
      const files = old.files.map((file) => `\`${String(force(file))}'`).join(" and ");
      return new List([`The option \`${from.join(".")}' defined in ${files} has been renamed to \`${to.join(".")}'.`]);
    });
    return attrsOf({ warnings });
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

/** Reading the option fails, and so does the configuration that defines it. */
function removedModule(path: AttrPath, instructions: Lazy): Value {
  return define("removed", 1, ([args]) => {
    const old = new OldDefinitions(named(force(args as Lazy), "options") ?? emptyAttrs, path);
    const shown = path.join(".");
    const gone = define("removed", 1, () => thrownError(`the option \`${shown}\` has been removed`));
    const message = lazily(() => {
      const text = force(instructions);
      return `The option \`${shown}' has no effect any more; remove it. ${typeof text === "string" ? text : ""}`;
    });
    const assertion = lazily(() => {
      const isDefined = old.isDefined;
      return isDefined instanceof Unknown ? isDefined : isDefined !== true;
    });
    return attrsOf({
      options: nest(path, attrsOf({ _type: "option", visible: false, apply: gone }), null),
      config: attrsOf({ assertions: new List([attrsOf({ assertion, message })]) }),
    });
  });
}

const renamed = { warns: true, visible: false, withPriority: true } as const;
const alias = { warns: false, visible: true, withPriority: true } as const;

function simpleRename(name: string, kind: typeof renamed | typeof alias): Lazy {
  return define(name, 2, ([from, to]) =>
    doRename({ from: pathFromNix(from as Lazy), to: pathFromNix(to as Lazy), ...kind }),
  );
}

/** Functions of `lib` that make such modules, by name. */
export const renameFunctions: Readonly<Record<string, Lazy>> = {
  mkRenamedOptionModule: simpleRename("mkRenamedOptionModule", renamed),
  mkRenamedOptionModuleWith: define("mkRenamedOptionModuleWith", 1, ([given]) => {
    const set = force(given as Lazy);
    const path = (name: string) => pathFromNix(named(set, name) ?? emptyList);
    return doRename({ from: path("from"), to: path("to"), ...renamed });
  }),
  mkAliasOptionModule: simpleRename("mkAliasOptionModule", alias),
  mkAliasOptionModuleMD: simpleRename("mkAliasOptionModuleMD", alias),
  doRename: define("doRename", 1, ([given]) => {
    const set = force(given as Lazy);
    const path = (name: string) => pathFromNix(named(set, name) ?? emptyList);
    const flag = (name: string) => force(named(set, name) ?? true) === true;
    return doRename({
      from: path("from"),
      to: path("to"),
      warns: flag("warn"),
      visible: flag("visible"),
      withPriority: flag("withPriority"),
      use: named(set, "use"),
      condition: named(set, "condition"),
    });
  }),
  mkDerivedConfig: define("mkDerivedConfig", 2, (args) => {
    const described = force(argument(args, 0));
    const definitions = force(named(described, "definitions") ?? emptyList);
    const convert = force(argument(args, 1));
    const values = definitions instanceof List ? definitions.elements : [];
    return mergeOf(values.map((value) => lazily(() => apply(convert, value, spanOf(value)))));
  }),
  mkRemovedOptionModule: define("mkRemovedOptionModule", 2, (args) =>
    removedModule(pathFromNix(argument(args, 0)), argument(args, 1)),
  ),
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
