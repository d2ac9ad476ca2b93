// Which files may be changed, which of them are modules, and the edits of single places in them.

import { posix } from "node:path";
import type { FlakeFiles } from "../flake/files.ts";
import type { Fleet, FleetHost } from "../fleet/fleet.ts";
import type { AttrPath, Option } from "../nixpkgs/modules/definition.ts";
import { decodeSource } from "../source/decode.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import {
  type ConcreteNode,
  type ConcreteTree,
  concreteTree,
  concreteTreeOf,
  isSet,
  nodeAround,
} from "../syntax/concrete.ts";
import { Kind } from "../syntax/flat-tree.ts";
import { attrPathOf, boundExpr, isItem, itemsOf, valueRange } from "./bindings.ts";
import { defineOption } from "./define.ts";
import type { Change, Edit } from "./edit.ts";
import { insertImport, relativePath } from "./imports.ts";
import { endOfLines, endsLine, indentAt, indentUnit, lineStart, startsLine, withParentheses } from "./layout.ts";
import { insertElement, removeElement } from "./lists.ts";
import { showAttrPath } from "./nix-text.ts";
import { placeText } from "./reindent.ts";
import { insertBinding, removeItem } from "./sets.ts";
import { removeTable } from "./toml-tables.ts";
import { calledName, moduleAround, optionPathOf } from "./written.ts";

interface Located {
  readonly tree: ConcreteTree;
  readonly node: ConcreteNode;
}

export class Writing {
  private readonly files: FlakeFiles;
  private readonly fleet: Fleet;
  /** Configurations that were read, by path. */
  private readonly settings = new Map<string, SourceFile | null>();
  private modules: ReadonlySet<string> | null = null;

  constructor(files: FlakeFiles, fleet: Fleet) {
    this.files = files;
    this.fleet = fleet;
  }

  /** Null for what is no Nix of this flake. */
  tree(path: string): ConcreteTree | null {
    const file = this.files.parsed.get(path);
    return file === undefined ? null : concreteTreeOf(file);
  }

  private isModuleFile(path: string): boolean {
    this.modules ??= new Set(
      [...this.fleet.hosts, ...this.fleet.roles].flatMap(({ host }) =>
        host.modules.flatMap(({ file }) => [file, `${file}/default.nix`]),
      ),
    );
    return this.modules.has(path) && path !== `${this.files.root}/flake.nix`;
  }

  /** Hosts and roles of which the file is a module. */
  hostsWith(path: string): readonly FleetHost[] {
    return [...this.fleet.hosts, ...this.fleet.roles].filter(({ host }) =>
      host.modules.some(({ file }) => file === path || `${file}/default.nix` === path),
    );
  }

  /** The binding or the expression that a span of the evaluator names. */
  private locate(at: Span): Located | null {
    const tree = this.tree(at.file);
    if (tree === null) return null;
    let node = nodeAround(tree, at.start, at.end);
    if (node.kind === Kind.attrpath && node.parent?.kind === Kind.binding) node = node.parent;
    else if (node.parent?.kind === Kind.attrpath && node.parent.start === at.start) node = node.parent.parent ?? node;
    const isNamed = node.kind === Kind.binding && node.start === at.start;
    return isNamed || (node.start === at.start && node.end === at.end) ? { tree, node } : null;
  }

  /** Where the option's only definition stands, when its binding says so itself. */
  plainBinding(option: Option, path: AttrPath): Span | null {
    const spans = spansOf(option);
    const [span] = spans;
    const isCertain = option.definitions.every(({ certain }) => certain);
    if (span === undefined || spans.length > 1 || !isCertain || !option.isDefined) return null;
    return this.isPlain(span, path) ? span : null;
  }

  /** Whether a binding defines the option by its own name, and not by way of a function or another option. */
  isPlain(span: Span, path: AttrPath): boolean {
    return endsWith(this.pathAt(span), path);
  }

  /** Whether a binding of that name, alone or at the end of its path, has a list for a value that is written out. */
  isListNamed(span: Span, name: string): boolean {
    const located = this.locate(span);
    if (located?.node.kind !== Kind.binding || attrPathOf(located.tree, located.node).at(-1) !== name) return false;
    return innerValue(located.tree, boundExpr(located.node))?.kind === Kind.list;
  }

  /** The same of the option or of one below it: `a.b.c = …` for `a.b`. */
  isPlainWithin(span: Span, path: AttrPath): boolean {
    const written = this.pathAt(span);
    return endsWith(written, path) || path.every((name, index) => written[index] === name);
  }

  private pathAt(span: Span): AttrPath {
    const located = this.locate(span);
    if (located?.node.kind !== Kind.binding) return [];
    return optionPathOf(located.tree, located.node) ?? [];
  }

  /** Whether there is no doubt that the place is in a module of NixOS. */
  isInModule(near: Span): boolean {
    const tree = this.tree(near.file);
    if (tree === null) return false;
    return moduleAround(tree, nodeAround(tree, near.start, near.end), this.isModuleFile(near.file)) !== null;
  }

  define(near: Span, path: AttrPath, nix: string): Change {
    const tree = this.tree(near.file);
    if (tree === null || !this.isInModule(near)) return null;
    const node = nodeAround(tree, near.start, near.end);
    return asChange(defineOption(tree, node, { path, nix }));
  }

  addBeside(at: Span, name: string, nix: string): Change {
    const located = this.locate(at);
    const set = located?.node.parent ?? null;
    const last = located?.node.children[0]?.children.at(-1);
    if (located === null || set === null || last === undefined || !isSet(set)) return null;
    const { tree, node } = located;
    const wanted = [...attrPathOf(tree, node).slice(0, -1), name].join(".");
    if (itemsOf(set).some((item) => attrPathOf(tree, item).join(".") === wanted)) return null;
    const path = tree.source.text.slice(node.start, last.start) + showAttrPath([name]);
    return asChange(insertBinding(tree, set, `${path} = ${nix};`, { item: node, side: "after" }));
  }

  setValue(at: Span, nix: string): Change {
    const located = this.locate(at);
    if (located === null) return null;
    const { tree, node } = located;
    const file = at.file;
    const depth = {
      indent: indentAt(tree.source.text, node.start),
      unit: indentUnit(tree),
      endOfLine: endOfLines(tree),
    };
    const inner = innerValue(tree, node.kind === Kind.binding ? boundExpr(node) : node);
    if (inner === null) return null;
    const isWhole = inner === boundExpr(node);
    const range = isWhole ? valueRange(tree, node) : withParentheses(tree, inner);
    const text = isWhole || isAtom(nix) ? nix : `(${nix})`;
    return { edits: [{ span: { file, ...range }, text: placeText(text, depth) }] };
  }

  extend(at: Span, ...elements: readonly string[]): Change {
    const located = this.locate(at);
    if (located === null) return null;
    const { tree, node } = located;
    const list = innerValue(tree, node.kind === Kind.binding ? boundExpr(node) : node);
    if (list?.kind !== Kind.list) return null;
    return asChange(
      insertElement(tree, list, elements.map((element) => (isAtom(element) ? element : `(${element})`)).join("\n")),
    );
  }

  /** One more element of the list around the element that stands there. */
  extendAround(at: Span, element: string): Change {
    const located = this.locate(at);
    const list = located?.node.parent ?? null;
    if (located === null || list?.kind !== Kind.list) return null;
    return asChange(insertElement(located.tree, list, element));
  }

  remove(at: Span): Change {
    if (at.file.endsWith(".toml")) return this.removeTable(at);
    const comment = this.tree(at.file)?.comments.find(({ start, end }) => start === at.start && end === at.end);
    if (comment !== undefined) return this.removeComment(comment);
    const located = this.locate(at);
    if (located === null) return null;
    const { tree, node } = located;
    const { parent } = node;
    if (parent === null) return null;
    if (isItem(node) && isSet(parent)) return { edits: [removeItem(tree, parent, node)] };
    return parent.kind === Kind.list ? { edits: [removeElement(tree, parent, node)] } : null;
  }

  private removeTable(at: Span): Change {
    let source = this.settings.get(at.file);
    if (source === undefined) {
      source = this.readSettings(at.file);
      this.settings.set(at.file, source);
    }
    const edit = source && removeTable(source, at);
    return edit && { edits: [edit] };
  }

  private readSettings(file: string): SourceFile | null {
    const content = this.files.fs.readFile(file);
    const source = content.kind === "bytes" ? decodeSource(file, content.bytes) : null;
    return source === null || "binary" in source ? null : source;
  }

  private removeComment({ file, start, end }: Span): Change {
    const text = this.tree(file)?.source.text ?? "";
    if (startsLine(text, start) && endsLine(text, end)) {
      const next = text.indexOf("\n", end) + 1;
      return {
        edits: [{ span: { file, start: lineStart(text, start), end: next === 0 ? text.length : next }, text: "" }],
      };
    }
    const from = start - (/[ \t]*$/.exec(text.slice(lineStart(text, start), start))?.[0].length ?? 0);
    return { edits: [{ span: { file, start: from, end }, text: "" }] };
  }

  addImport(near: Span, target: string): Change {
    const tree = this.tree(near.file);
    if (tree === null) return null;
    const node = nodeAround(tree, near.start, near.end);
    const module = moduleAround(tree, node, this.isModuleFile(near.file));
    if (module === null) return null;
    const path = relativePath(near.file, target);
    return /^[\w./+-]+$/.test(path) ? asChange(insertImport(tree, module, path)) : null;
  }

  create(path: string, text: string): Change {
    const isInside = path.startsWith(`${this.files.root}/`) && posix.normalize(path) === path;
    if (!isInside || this.files.fs.kindOf(path) !== null) return null;
    return { edits: [], newFiles: [{ path, text }] };
  }
}

function asChange(edits: readonly Edit[] | null): Change {
  return edits === null ? null : { edits };
}

/** What `mkForce`, `mkIf c` and the like are about; null when it is several things (`mkMerge`). */
function innerValue(tree: ConcreteTree, value: ConcreteNode | null): ConcreteNode | null {
  let inner = value;
  while (inner?.kind === Kind.apply) {
    const name = calledName(tree, inner);
    if (name === "mkMerge") return null;
    if (!/^mk(If|Force|Default|Override|Before|After|Order)$/.test(name ?? "")) break;
    inner = inner.children.at(-1) ?? null;
  }
  return inner;
}

/** Longer only where the module is itself an attr: `nixosModules.x.services…`. */
function endsWith(written: AttrPath, path: AttrPath): boolean {
  return path.every((name, index) => written[written.length - path.length + index] === name);
}

const atoms: ReadonlySet<number> = new Set([
  Kind.variable,
  Kind.int,
  Kind.float,
  Kind.string,
  Kind.indentedString,
  Kind.path,
  Kind.searchPath,
  Kind.select,
  Kind.attrs,
  Kind.recAttrs,
  Kind.list,
]);

/** Whether the text can stand as an argument or an element without parentheses. */
function isAtom(nix: string): boolean {
  const tree = concreteTree({ path: "", text: nix });
  const expr = tree?.root.children[0];
  if (tree === null || expr === undefined) return false;
  return atoms.has(expr.kind) || withParentheses(tree, expr).start < expr.start;
}

export function spansOf(option: Option): readonly Span[] {
  const spans = option.definitions.length > 0 ? option.definitions.map(({ span }) => span) : [option.span];
  return spans.filter((span) => span !== null);
}
