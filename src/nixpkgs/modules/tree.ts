// The option tree: what modules declare matched with what they define, level by level, as lazily as the original.

import { force, lazily } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, type Entries, type Value } from "../../eval/value.ts";
import { type Declaration, type Declared, evalOptionValue, isOption, mergeOptionDeclarations } from "./declaration.ts";
import type { AttrPath } from "./definition.ts";
import { type FreeformContext, freeformAttrs } from "./freeform.ts";
import { configTag, OptionAttr, OptionRecord } from "./option-record.ts";
import { describeOption } from "./option-value.ts";
import { nest, pushDownProperties, type RawDefinition } from "./properties.ts";
import { submoduleOfTree } from "./types/tree-type.ts";

/** One level of the tree. */
export interface Level {
  /** Declared options only. */
  readonly config: Attrs;
  readonly options: Attrs;
  /** Definitions that match no declaration, each nested below the path of this level. */
  unmatched(): readonly RawDefinition[];
}

type ByName = ReadonlyMap<string, readonly RawDefinition[]>;

/** Definitions by the name of the attr they define, properties pushed down; and what may define any name. */
export interface PushedDown {
  readonly byName: ByName;
  /** Definitions that are not known sets: each may define anything here. */
  readonly open: readonly RawDefinition[];
}

export function pushDownByName(definitions: readonly RawDefinition[]): PushedDown {
  const byName = new Map<string, RawDefinition[]>();
  const open: RawDefinition[] = [];
  for (const definition of definitions.flatMap(pushDownProperties)) {
    const value = force(definition.value);
    if (!(value instanceof Attrs)) {
      open.push(definition);
      continue;
    }
    for (const [name, attr] of value.entries) {
      const child = {
        ...definition,
        value: attr.value,
        span: attr.span ?? definition.span,
        doubt: definition.doubt ?? attr.maybe,
      };
      const known = byName.get(name);
      if (known) known.push(child);
      else byName.set(name, [child]);
    }
    if (value.rest !== null) open.push({ ...definition, value: value.rest, doubt: definition.doubt ?? value.rest });
  }
  return { byName, open };
}

/** The definitions of a name: its own, and those unknowns that may define it too. */
export function definitionsOf({ byName, open }: PushedDown, name: string): readonly RawDefinition[] {
  const own = byName.get(name) ?? [];
  if (open.length === 0) return own;
  const doubtful = open
    .filter((definition) => force(definition.value) instanceof Unknown)
    .map((definition) => ({ ...definition, doubt: definition.doubt ?? (force(definition.value) as Unknown) }));
  return [...own, ...doubtful];
}

export function mergeModules(
  path: AttrPath,
  declared: readonly Declared[],
  definitions: readonly RawDefinition[],
): Level {
  const byName = declarationsByName(declared);
  let pushed: PushedDown | null = null;
  const pushedDown = () => {
    pushed ??= pushDownByName(definitions);
    return pushed;
  };
  const config = new Map<string, Attr>();
  const options = new Map<string, Attr>();
  const levels = new Map<string, Level>();
  for (const [name, declarations] of byName) {
    const node = buildNode([...path, name], declarations, () => definitionsOf(pushedDown(), name));
    config.set(name, node.config);
    options.set(name, node.options);
    if (node.level) levels.set(name, node.level);
  }
  return {
    config: new Attrs(config, null, configTag),
    options: new Attrs(options, null),
    unmatched: () => [...ownUnmatched(pushedDown(), byName), ...nestedUnmatched(levels)],
  };
}

function declarationsByName(declared: readonly Declared[]): ReadonlyMap<string, readonly Declared[]> {
  const byName = new Map<string, Declared[]>();
  for (const { module, options } of declared) {
    if (!(options instanceof Attrs)) continue;
    for (const [name, attr] of options.entries) {
      const declaration = { module, options: force(attr.value) };
      const known = byName.get(name);
      if (known) known.push(declaration);
      else byName.set(name, [declaration]);
    }
  }
  return byName;
}

interface Node {
  readonly config: Attr;
  readonly options: Attr;
  readonly level?: Level;
}

/** An option, or a level below. */
function buildNode(path: AttrPath, declared: readonly Declared[], definitions: () => readonly RawDefinition[]): Node {
  const some = declared.some(({ options }) => isOption(options));
  if (!some) return levelNode(path, declared, definitions);
  const declaration = mergeOptionDeclarations(path, declared.map(submoduleOfTree));
  if (declaration instanceof Unknown) return { config: new Attr(declaration), options: new Attr(declaration) };
  return optionNode(path, declaration, definitions);
}

function optionNode(path: AttrPath, declaration: Declaration, definitions: () => readonly RawDefinition[]): Node {
  // The record must not look at definitions before it is read: that is what lets options depend on each other.
  let record: OptionRecord | null = null;
  const evaluated = () => {
    record ??= evalOptionValue(declaration, definitions());
    return record;
  };
  const lazy = new OptionRecord(
    path,
    () => evaluated().result,
    (_merged) => evaluated().value,
  );
  return {
    config: new OptionAttr(lazy, null),
    options: new Attr(lazily(() => describeOption(declaration, lazy))),
  };
}

function levelNode(path: AttrPath, declared: readonly Declared[], definitions: () => readonly RawDefinition[]): Node {
  let level: Level | null = null;
  const built = () => {
    level ??= mergeModules(path, declared, definitions());
    return level;
  };
  return {
    config: new Attr(lazily(() => built().config)),
    options: new Attr(lazily(() => built().options)),
    level: {
      get config() {
        return built().config;
      },
      get options() {
        return built().options;
      },
      unmatched: () => built().unmatched(),
    },
  };
}

function ownUnmatched(pushed: PushedDown, declared: ReadonlyMap<string, unknown>): RawDefinition[] {
  const unmatched: RawDefinition[] = [];
  for (const [name, definitions] of pushed.byName) {
    if (declared.has(name)) continue;
    for (const definition of definitions) {
      unmatched.push({ ...definition, value: nest([name], definition.value, definition.span) });
    }
  }
  return unmatched;
}

function nestedUnmatched(levels: ReadonlyMap<string, Level>): RawDefinition[] {
  const unmatched: RawDefinition[] = [];
  for (const [name, level] of levels) {
    for (const definition of level.unmatched()) {
      unmatched.push({ ...definition, value: nest([name], definition.value, definition.span) });
    }
  }
  return unmatched;
}

/**
 * A configuration in which options that nobody declares take part: the declared ones as they are, the others by
 * shape. `level` gives what is declared at this path; null below everything that is declared.
 */
export function withFreeform(
  path: AttrPath,
  declared: Attrs,
  definitions: () => readonly RawDefinition[],
  context: FreeformContext,
): Attrs {
  const undeclared = freeformAttrs(path, definitions, context, new Set(declared.entries.keys()));
  const entries = (): Entries => new Map([...undeclared.entries, ...descend(path, declared, definitions, context)]);
  const below = lazily(() => new Attrs(descend(path, declared, definitions, context)));
  return new Attrs(entries, undeclared.rest, configTag, (name) =>
    declared.entries.has(name) ? (force(below) as Attrs).entries.get(name) : undeclared.lookup(name),
  );
}

/** Declared levels take undeclared options too; declared options are what they are. */
function descend(
  path: AttrPath,
  declared: Attrs,
  definitions: () => readonly RawDefinition[],
  context: FreeformContext,
): ReadonlyMap<string, Attr> {
  let pushed: PushedDown | null = null;
  const entries = new Map<string, Attr>();
  for (const [name, attr] of declared.entries) {
    if (attr instanceof OptionAttr) {
      entries.set(name, attr);
      continue;
    }
    const at = [...path, name];
    const value = (): Value => {
      const level = force(attr.value);
      pushed ??= pushDownByName(definitions());
      const own = pushed;
      return level instanceof Attrs ? withFreeform(at, level, () => definitionsOf(own, name), context) : level;
    };
    entries.set(name, new Attr(lazily(value), attr.span));
  }
  return entries;
}
