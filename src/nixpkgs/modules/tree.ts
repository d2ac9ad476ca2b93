// The option tree: what modules declare matched with what they define, level by level, as lazily as the original.

import { once } from "../../eval/once.ts";
import { selectOrUndefined } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { isError, thrownError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, absent, type Entries, type Lazy, typeName, type Value } from "../../eval/value.ts";
import {
  type Declaration,
  type Declared,
  declarationOf,
  finishOption,
  isOption,
  mergeOption,
  mergeOptionDeclarations,
  nativeFile,
} from "./declaration.ts";
import type { AttrPath } from "./definition.ts";
import { type FreeformContext, freeformAttrs } from "./freeform.ts";
import { configTag, OptionAttr, OptionRecord } from "./option-record.ts";
import { describeOption, noPositions, type PositionOf } from "./option-value.ts";
import { nest, pushDownProperties, type RawDefinition, wrap } from "./properties.ts";
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
      open.push(value instanceof Unknown ? definition : { ...definition, value: notASet(definition, value) });
      continue;
    }
    const { module, conditions, priority } = definition;
    for (const [name, attr] of value.entries) {
      const child: RawDefinition = {
        value: attr.value,
        module,
        span: attr.span ?? definition.span,
        conditions,
        priority,
        doubt: definition.doubt ?? attr.maybe,
      };
      const known = byName.get(name);
      if (known) known.push(child);
      else byName.set(name, [child]);
    }
    if (value.rest !== null) open.push({ ...definition, value: value.rest, doubt: definition.doubt ?? value.rest });
  }
  trim(byName);
  return { byName, open };
}

/** Lists that are kept give back the room that growing left them. */
function trim<T>(lists: Map<string, T[]>): void {
  for (const [name, list] of lists) if (list.length > 1) lists.set(name, list.slice());
}

function notASet({ span }: RawDefinition, value: Value): Unknown {
  return thrownError(`a ${typeName(value)} is defined where there are options below`, span);
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
  positionOf: PositionOf = noPositions,
): Level {
  const byName = declarationsByName(declared);
  const pushedDown = once(() => pushDownByName(definitions));
  const nodes = new Map<string, Node>();
  // What is declared may be computed from other options, so each is looked at when it is asked for.
  const nodeOf = (name: string): Node | undefined => {
    const declarations = byName.get(name);
    if (declarations === undefined) return undefined;
    // What is not known of a module is its options, not how modules work: else one unknown name would undo them all.
    const own = () => (name === "_module" ? (pushedDown().byName.get(name) ?? []) : definitionsOf(pushedDown(), name));
    const node = nodes.get(name) ?? buildNode([...path, name], declarations.map(look), own, positionOf);
    nodes.set(name, node);
    return node;
  };
  const all = (part: "config" | "options") => () =>
    new Map([...byName.keys()].map((name): [string, Attr] => [name, (nodeOf(name) as Node)[part]]));
  return {
    config: new Attrs(all("config"), null, configTag, (name) => nodeOf(name)?.config ?? absent),
    options: new Attrs(all("options"), null, null, (name) => nodeOf(name)?.options ?? absent),
    unmatched: () => [...ownUnmatched(pushedDown(), byName), ...nestedUnmatched(pushedDown().byName.keys(), nodeOf)],
  };
}

/** What a module declares for a name, not looked at yet. */
interface Unseen extends Omit<Declared, "options"> {
  readonly options: Lazy;
}

function look(declared: Unseen): Declared {
  return { ...declared, options: force(declared.options) };
}

function declarationsByName(declared: readonly Declared[]): ReadonlyMap<string, readonly Unseen[]> {
  const byName = new Map<string, Unseen[]>();
  for (const { module, options } of declared) {
    if (!(options instanceof Attrs)) continue;
    for (const [name, attr] of options.entries) {
      const declaration = { module, options: attr.value, span: attr.span };
      const known = byName.get(name);
      if (known) known.push(declaration);
      else byName.set(name, [declaration]);
    }
  }
  trim(byName);
  return byName;
}

interface Node {
  readonly config: Attr;
  readonly options: Attr;
  readonly level?: Level;
}

/** An option, or a level below. */
function buildNode(
  path: AttrPath,
  declared: readonly Declared[],
  definitions: () => readonly RawDefinition[],
  positionOf: PositionOf,
): Node {
  const [only] = declared;
  if (only !== undefined && declared.length === 1 && isOption(only.options)) {
    return new OptionNode(path, { declared, definitions, positionOf });
  }
  const stray = declared.find(({ options }) => tagOf(options) !== null && !isOption(options));
  if (stray)
    return failedNode(thrownError(`\`${path.join(".")}\` is declared as a ${tagOf(stray.options)}, not an option`));
  const options = declared.filter(({ options }) => isOption(options));
  if (options.length === 0) return levelNode(path, declared, definitions, positionOf);
  if (options.length < declared.length && !options.every(isSubmoduleOption)) {
    const others = declared.filter(({ module }) => module.file !== nativeFile);
    if (others.length > 0 && others.length < declared.length) return buildNode(path, others, definitions, positionOf);
    return failedNode(thrownError(`the option \`${path.join(".")}\` cannot have options below it`, options[0]?.span));
  }
  const declaration = mergeOptionDeclarations(path, declared.map(submoduleOfTree));
  if (declaration instanceof Unknown) return failedNode(declaration);
  return new OptionNode(path, { declared, definitions, positionOf, declaration });
}

/** Only into a submodule can further options be declared. */
function isSubmoduleOption({ options }: Declared): boolean {
  const type = options instanceof Attrs ? options.entries.get("type") : undefined;
  const name = type === undefined ? undefined : selectOrUndefined(force(type.value), "name");
  return name !== undefined && force(name) === "submodule";
}

function tagOf(options: Value): string | null {
  const type = options instanceof Attrs ? options.entries.get("_type") : undefined;
  const tag = type === undefined ? null : force(type.value);
  return typeof tag === "string" ? tag : null;
}

function failedNode(why: Unknown): Node {
  return { config: new Attr(why), options: new Attr(why) };
}

interface OptionSource {
  readonly declared: readonly Declared[];
  readonly definitions: () => readonly RawDefinition[];
  readonly positionOf: PositionOf;
  /** Of several; that of one declaration is made when it is needed. */
  readonly declaration?: Declaration;
}

/** Most options are only ever enumerated: what is not asked for is not built. */
class OptionNode implements Node {
  readonly config: Attr;
  private readonly path: AttrPath;
  private readonly source: OptionSource;
  private readonly record: OptionRecord;
  private merged: Declaration | null;
  private described: Attr | null = null;

  constructor(path: AttrPath, source: OptionSource) {
    this.path = path;
    this.source = source;
    this.merged = source.declaration ?? null;
    // The record must not look at definitions before it is read: that is what lets options depend on each other.
    this.record = new OptionRecord(
      path,
      () => mergeOption(this.declaration, source.definitions()),
      (value) => finishOption(this.declaration, value),
    );
    this.config = new OptionAttr(this.record, null);
  }

  get options(): Attr {
    const { record, source } = this;
    this.described ??= new Attr(lazily(() => describeOption(this.declaration, record, source.positionOf)));
    return this.described;
  }

  private get declaration(): Declaration {
    this.merged ??= declarationOf(this.path, this.source.declared[0] as Declared);
    return this.merged;
  }
}

function levelNode(
  path: AttrPath,
  declared: readonly Declared[],
  definitions: () => readonly RawDefinition[],
  positionOf: PositionOf,
): Node {
  const built = once(() => mergeModules(path, declared, definitions(), positionOf));
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
  // What cannot be a set of options at all matches none.
  const unmatched = pushed.open.filter(({ value }) => isError(force(value)));
  for (const [name, definitions] of pushed.byName) {
    if (declared.has(name)) continue;
    for (const definition of definitions) {
      const { value, conditions, priority, ...rest } = definition;
      const wrapped = wrap(value, conditions, priority);
      unmatched.push({ ...rest, value: nest([name], wrapped, definition.span), conditions: [], priority: null });
    }
  }
  return unmatched;
}

/** Only below names that somebody defines: a level that nobody defines anything in is not even built. */
function nestedUnmatched(names: Iterable<string>, nodeOf: (name: string) => Node | undefined): RawDefinition[] {
  const unmatched: RawDefinition[] = [];
  for (const name of names) {
    for (const definition of nodeOf(name)?.level?.unmatched() ?? []) {
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
  const undeclared = freeformAttrs(path, definitions, context, (name) => declared.lookup(name) !== undefined);
  const pushedDown = once(() => pushDownByName(definitions()));
  const below = new Map<string, Attr>();
  /** Declared levels take undeclared options too; declared options are what they are. */
  const declaredAttr = (name: string): Attr | undefined => {
    const attr = declared.lookup(name);
    if (attr === undefined || attr instanceof OptionAttr) return attr;
    const known = below.get(name) ?? descend([...path, name], attr, () => definitionsOf(pushedDown(), name), context);
    below.set(name, known);
    return known;
  };
  const entries = (): Entries => {
    const all = new Map(undeclared.entries);
    for (const name of declared.entries.keys()) all.set(name, declaredAttr(name) as Attr);
    return all;
  };
  const supply = (name: string) => declaredAttr(name) ?? undeclared.lookup(name) ?? absent;
  return new Attrs(entries, undeclared.rest, configTag, supply);
}

function descend(
  path: AttrPath,
  { value, span }: Attr,
  definitions: () => readonly RawDefinition[],
  context: FreeformContext,
): Attr {
  const level = (): Value => {
    const declared = force(value);
    return declared instanceof Attrs ? withFreeform(path, declared, definitions, context) : declared;
  };
  return new Attr(lazily(level), span);
}
