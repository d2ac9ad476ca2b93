// An option of an evaluated configuration: merged when asked for, once, and findable from the attr that holds it.

import { type Answer, toAnswer } from "../../eval/answer.ts";
import { equalValues } from "../../eval/equality.ts";
import { type Read, recordReads } from "../../eval/reads.ts";
import { force, lazily } from "../../eval/thunk.ts";
import type { Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, type Lazy, type Scalar, type Tag, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { timed } from "../../source/stopwatch.ts";
import type { AttrPath, Definition, ModuleRef, Option } from "./definition.ts";
import { isDefaultPriority, type Merged } from "./merge.ts";
import type { DischargedDefinition } from "./properties.ts";

/** The tag of attrsets that are part of a configuration: reading their attrs is reading options. */
export const configTag: Tag = { kind: "config" };

/** An attr of a configuration, with the option behind it. */
export class OptionAttr extends Attr {
  readonly record: OptionRecord;

  constructor(record: OptionRecord, span: Span | null, maybe: Unknown | null = null) {
    super(
      lazily(() => record.value),
      span,
      maybe,
    );
    this.record = record;
  }
}

export class OptionRecord {
  readonly path: AttrPath;
  /** Null once it is merged: what it was merged from is kept by nobody but those who still need it. */
  private merge: (() => Merged) | null;
  /** `apply`, or nothing: from the merged value to the option's value. */
  private readonly finish: ((value: Value) => Value) | null;
  private merged: Merged | null = null;
  private finished: { readonly value: Value } | null = null;
  private converted: readonly Definition[] | null = null;

  constructor(path: AttrPath, merge: () => Merged, finish: ((value: Value) => Value) | null = null) {
    this.path = path;
    this.merge = merge;
    this.finish = finish;
  }

  get result(): Merged {
    if (this.merge !== null) {
      this.merged = timed("evaluate", this.merge);
      this.merge = null;
    }
    return this.merged as Merged;
  }

  get value(): Value {
    const { value } = this.result;
    if (this.finish === null) return value;
    this.finished ??= { value: this.finish(value) };
    return this.finished.value;
  }

  /** Winning definitions, defaults not counted. */
  get definitions(): readonly Definition[] {
    this.converted ??= this.result.definitions
      .filter((definition) => !isDefaultPriority(definition.priority))
      .map((definition) => new RecordDefinition(definition));
    return this.converted;
  }
}

/** A class, since hosts have thousands: what is asked for less often is computed each time. */
class RecordDefinition implements Definition {
  private readonly discharged: DischargedDefinition;

  constructor(discharged: DischargedDefinition) {
    this.discharged = discharged;
  }

  get value(): Lazy {
    return this.discharged.value;
  }
  get priority(): number {
    return this.discharged.priority;
  }
  get order(): number {
    return this.discharged.order;
  }
  get span(): Span | null {
    return this.discharged.span;
  }
  get module(): ModuleRef {
    return this.discharged.module;
  }
  get certain(): boolean {
    return this.discharged.doubt === null;
  }
  get isNamed(): boolean {
    const { value, doubt } = this.discharged;
    return doubt === null || force(value) !== doubt;
  }
  get causes(): readonly Definition[] {
    return causesOf(this.discharged);
  }
}

/** What made a definition hold: the options its conditions read, and those a scalar value was computed from. */
function causesOf(discharged: DischargedDefinition): readonly Definition[] {
  const { result, reads } = recordReads(() => force(discharged.value));
  const all = new Set<Read>(discharged.reads);
  if (!(result instanceof Attrs)) for (const read of reads) all.add(read);
  const causes: Definition[] = [];
  for (const read of all) {
    if (!(read instanceof OptionAttr) || read.record.value instanceof Attrs) continue;
    for (const cause of read.record.definitions) if (!causes.includes(cause)) causes.push(cause);
  }
  return causes;
}

/** What a reader of a host gets for the attr that a path leads to. */
export function optionFromAttr(path: AttrPath, attr: Attr | undefined, missing: () => Value): Option {
  if (attr === undefined) return new ValueOption(path, null, missing, false);
  // What only nixpkgs may declare is defined by nobody in sight.
  const isDefined = attr.maybe?.reason !== "nixpkgs-default";
  if (!(attr instanceof OptionAttr)) return new ValueOption(path, attr.span, () => force(attr.value), isDefined);
  return new RecordOption(path, attr);
}

class RecordOption implements Option {
  readonly path: AttrPath;
  private readonly attr: OptionAttr;

  constructor(path: AttrPath, attr: OptionAttr) {
    this.path = path;
    this.attr = attr;
  }

  get definitions(): readonly Definition[] {
    return this.attr.record.definitions;
  }
  get value(): Value {
    return this.attr.record.value;
  }
  get span(): Span | null {
    return this.definitions[0]?.span ?? this.attr.span;
  }
  get isDefined(): boolean {
    return this.definitions.length > 0;
  }
  get hasKnownType(): boolean {
    return this.attr.record.result.isShapeless !== true;
  }
  is(expected: Scalar): Answer {
    return isValue(this.value, expected);
  }
}

/** What nobody defines, or stands below a plain value. */
class ValueOption implements Option {
  readonly path: AttrPath;
  readonly span: Span | null;
  readonly isDefined: boolean;
  readonly definitions: readonly Definition[] = noDefinitions;
  readonly hasKnownType = false;
  private readonly read: () => Value;

  constructor(path: AttrPath, span: Span | null, read: () => Value, isDefined: boolean) {
    this.path = path;
    this.span = span;
    this.read = read;
    this.isDefined = isDefined;
  }

  get value(): Value {
    return this.read();
  }
  is(expected: Scalar): Answer {
    return isValue(this.value, expected);
  }
}

const noDefinitions: readonly Definition[] = [];

function isValue(value: Value, expected: Scalar): Answer {
  return toAnswer(equalValues(value, expected));
}

/** The attr at the end of a path below a set, or why there is none. */
export function attrAt(root: Value, path: AttrPath): { readonly attr: Attr | undefined; readonly parent: Value } {
  let parent = root;
  let attr: Attr | undefined;
  for (const name of path) {
    if (attr !== undefined) parent = force(attr.value);
    attr = parent instanceof Attrs ? parent.lookup(name) : undefined;
    if (attr === undefined) return { attr, parent };
  }
  return { attr, parent };
}
