// What real Nix says of what fixes wrote: whether the files parse, and what the written definitions evaluate to when
// `config` is what nixlint knows of it.

import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { diffArrays } from "diff";
import { attrPathOf, boundExpr, itemsOf, valueRange } from "../../src/edit/bindings.ts";
import { showAttrName, showString } from "../../src/edit/nix-text.ts";
import { variablesOf } from "../../src/edit/scaffold/cloning.ts";
import { optionPathOf } from "../../src/edit/written.ts";
import { force } from "../../src/eval/thunk.ts";
import type { Lazy, Value } from "../../src/eval/value.ts";
import type { FleetHost } from "../../src/fleet/fleet.ts";
import type { ChangedFile } from "../../src/lint/fix-loop.ts";
import type { LoadedFlake } from "../../src/lint/lint-flake.ts";
import { type ConcreteNode, type ConcreteTree, concreteTree, outwards } from "../../src/syntax/concrete.ts";
import { Kind } from "../../src/syntax/flat-tree.ts";

/** Files that Nix does not parse, and what it says. */
export function parseTroubles(paths: readonly string[]): string[] {
  return paths
    .filter((path) => path.endsWith(".nix"))
    .flatMap((path) => {
      const { status, stderr } = spawnSync("nix-instantiate", ["--parse", path], { encoding: "utf8" });
      return status === 0 ? [] : [`real Nix does not parse ${path}: ${stderr.trim().split("\n")[0]}`];
    });
}

export interface Evaluated {
  readonly equal: number;
  /** What real Nix cannot evaluate without the whole of `config`. */
  readonly left: number;
  readonly troubles: readonly string[];
}

interface Written {
  readonly tree: ConcreteTree;
  readonly binding: ConcreteNode;
  readonly path: readonly string[];
}

/** Compares each definition that the fixes wrote with what nixlint makes of it on a host. */
export function evaluateWritten(files: readonly ChangedFile[], { fleet }: LoadedFlake, lib: string): Evaluated {
  let [equal, left] = [0, 0];
  const troubles: string[] = [];
  for (const written of files.flatMap(writtenIn)) {
    // Below a condition, it may hold on some of the hosts that import it only.
    const hosts = [...fleet.hosts, ...fleet.roles].filter(
      (one) => imports(one, written) && one.host.option(written.path).isDefined,
    );
    const results = hosts.map((host) => resultOn(host, written, lib));
    if (results.includes("equal")) equal += 1;
    else if (results.every((result) => result === "left")) left += 1;
    else troubles.push(...results.filter((result) => result !== "left").slice(0, 1));
  }
  return { equal, left, troubles };
}

/** `equal`, `left`, or how they differ. */
function resultOn(host: FleetHost, written: Written, lib: string): string {
  const given = nixValue(written, host, lib);
  if (given === undefined) return "left";
  const known = plain(host.host.option(written.path).value, 8);
  if (isPartOf(given, known)) return "equal";
  return `${written.path.join(".")}: Nix ${JSON.stringify(given)}, nixlint ${JSON.stringify(known)}`;
}

function imports({ host }: FleetHost, { tree }: Written): boolean {
  const { path } = tree.source;
  return host.modules.some(({ file }) => file === path || `${file}/default.nix` === path);
}

function writtenIn({ path, before, after }: ChangedFile): Written[] {
  const tree = path.endsWith(".nix") ? concreteTree({ path, text: after }) : null;
  if (tree === null) return [];
  const ranges = addedRanges(before ?? "", after);
  const found = new Set<ConcreteNode>();
  for (const range of ranges) for (const node of bindingsAt(tree.root, range)) found.add(node);
  return [...found].flatMap((binding) => {
    const names = optionPathOf(tree, binding);
    const isOption = names !== null && names.length > 1 && boundExpr(binding) !== null;
    return isOption ? [{ tree, binding, path: names }] : [];
  });
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function addedRanges(before: string, after: string): Range[] {
  const lines = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const ranges: Range[] = [];
  let offset = 0;
  for (const { added, removed, value } of diffArrays(lines(before), lines(after))) {
    if (removed) continue;
    const { length } = value.join("");
    if (added) ranges.push({ start: offset, end: offset + length });
    offset += length;
  }
  return ranges;
}

/** Outermost bindings within the range; where a line of one changed, the smallest one around it. */
function bindingsAt(root: ConcreteNode, range: Range): ConcreteNode[] {
  const inside: ConcreteNode[] = [];
  let around: ConcreteNode | null = null;
  const visit = (node: ConcreteNode): void => {
    if (node.end <= range.start || node.start >= range.end) return;
    if (node.kind === Kind.binding && node.start >= range.start && node.end <= range.end) {
      inside.push(node);
      return;
    }
    if (node.kind === Kind.binding && node.start <= range.start && node.end >= range.end - 1) around = node;
    node.children.forEach(visit);
  };
  visit(root);
  return inside.length > 0 || around === null ? inside : [around];
}

/** Undefined: it needs more than is known. */
function nixValue(written: Written, host: FleetHost, lib: string): unknown {
  const { tree, binding } = written;
  const { start, end } = valueRange(tree, binding);
  const text = tree.source.text.slice(start, end);
  const lets = letBindings(tree, binding);
  const stub = configStub(`{ ${lets.join(" ")} it = ${text}; }`, host);
  if (stub === null) return undefined;
  const own = new Set(lets.map((one) => /^[\w'-]+/.exec(one)?.[0] ?? ""));
  const names = [...variablesOf(`{ ${lets.join(" ")} it = ${text}; }`)].filter(
    (name) => !own.has(name) && !/^(lib|config|builtins|true|false|null|toString|map|import)$/.test(name),
  );
  const free = names.map((name) => `${name} = throw "${name} is not known";`);
  const program = [
    `let lib = import ${showString(join(lib, "lib"))}; config = ${stub};`,
    ...free,
    ...lets,
    "plainValue = v: if builtins.isPath v then toString v",
    "  else if builtins.isFunction v then null",
    "  else if builtins.isList v then map plainValue v",
    "  else if builtins.isAttrs v then if v ? _type && v ? content then plainValue v.content else builtins.mapAttrs (_: plainValue) v",
    "  else v;",
    `in plainValue (${text})`,
  ].join("\n");
  return evaluated(program, dirname(tree.source.path));
}

function evaluated(program: string, directory: string): unknown {
  // Beside the module: its relative paths mean the same there.
  const file = join(directory, ".nixlint-value.nix");
  writeFileSync(file, program);
  try {
    const args = ["--eval", "--strict", "--json", file];
    const { status, stdout, stderr } = spawnSync("nix-instantiate", args, { encoding: "utf8" });
    if (process.env.SHOW_LEFT && status !== 0) process.stderr.write(`${stderr}\n${program}\n`);
    return status === 0 ? JSON.parse(stdout) : undefined;
  } finally {
    rmSync(file);
  }
}

/** What `let`s around a module bind. */
function letBindings(tree: ConcreteTree, binding: ConcreteNode): string[] {
  return [...outwards(binding)]
    .filter(({ kind }) => kind === Kind.let)
    .flatMap((node) => itemsOf(node).map(({ start, end }) => tree.source.text.slice(start, end)));
}

/** The part of `config` that a text names, as nixlint knows it. */
function configStub(nix: string, { host }: FleetHost): string | null {
  const tree = concreteTree({ path: "", text: nix });
  if (tree === null) return null;
  const paths = new Map<string, readonly string[]>();
  const visit = (node: ConcreteNode): void => {
    const [base, attrs] = node.children;
    if (node.kind === Kind.select && base && attrs && nix.slice(base.start, base.end) === "config") {
      const names = attrPathOf(tree, { ...node, children: [attrs] });
      if (!names.includes(null)) paths.set(names.join("."), names as readonly string[]);
    }
    node.children.forEach(visit);
  };
  visit(tree.root);
  const whole = [...paths.values()].filter(
    (path) => ![...paths.values()].some((other) => other.length < path.length && other.every((n, i) => n === path[i])),
  );
  return nest(whole.map((path) => ({ path, nix: nixOf(host.option(path).value, 5) })));
}

interface Leaf {
  readonly path: readonly string[];
  readonly nix: string;
}

function nest(leaves: readonly Leaf[]): string {
  const [first] = leaves;
  if (first !== undefined && first.path.length === 0) return first.nix;
  const groups = new Map<string, Leaf[]>();
  for (const {
    path: [name = "", ...path],
    nix,
  } of leaves)
    groups.set(name, [...(groups.get(name) ?? []), { path, nix }]);
  return `{ ${[...groups].map(([name, inner]) => `${showAttrName(name)} = ${nest(inner)};`).join(" ")} }`;
}

const mostEntries = 60;

/** A value as Nix; what is not known throws when it is asked for. */
function nixOf(lazy: Lazy, depth: number): string {
  const value = force(lazy);
  if (value === null || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "string") return showString(value);
  if (typeof value === "number" || depth === 0) return 'throw "deep"';
  if (value.kind === "path") return showString(value.path);
  if (value.kind === "list" && value.rest === null)
    return `[ ${value.elements.map((element) => `(${nixOf(element, depth - 1)})`).join(" ")} ]`;
  if (value.kind !== "attrs" || value.entries.size > mostEntries) return 'throw "not known"';
  const attrs = [...value.entries].map(([name, attr]) => `${showAttrName(name)} = ${nixOf(attr.value, depth - 1)};`);
  return `{ ${attrs.join(" ")} }`;
}

/** Undefined for what is not known. */
function plain(lazy: Lazy, depth: number): unknown {
  const value: Value = force(lazy);
  if (value === null || typeof value === "boolean" || typeof value === "string" || typeof value === "number")
    return value;
  if (typeof value === "bigint") return Number(value);
  if (depth === 0) return undefined;
  if (value.kind === "path") return value.path;
  if (value.kind === "list") return value.elements.map((element) => plain(element, depth - 1));
  if (value.kind !== "attrs") return undefined;
  return Object.fromEntries([...value.entries].map(([name, attr]) => [name, plain(attr.value, depth - 1)]));
}

/** Modules merge: the option may hold more than what one of them says. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (whole === undefined || part === null) return true;
  if (Array.isArray(part))
    return Array.isArray(whole) && part.every((one) => whole.some((other) => isPartOf(one, other)));
  if (typeof part !== "object") return part === whole || isMerged(part, whole);
  if (typeof whole !== "object" || whole === null) return false;
  return Object.entries(part).every(([name, value]) => isPartOf(value, (whole as Record<string, unknown>)[name]));
}

/** `types.lines` and the like put several definitions together; a single value may become a list of one. */
function isMerged(part: unknown, whole: unknown): boolean {
  if (Array.isArray(whole)) return whole.includes(part);
  return typeof part === "string" && typeof whole === "string" && whole.includes(part.trim()) && part.trim() !== "";
}
