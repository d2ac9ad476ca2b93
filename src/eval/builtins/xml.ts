// `toXML`: values as the XML that Nix writes. What is not known is a hole.

import { nested, payForElements } from "../budget.ts";
import { mapHole, withoutContext } from "../context.ts";
import { compareText } from "../equality.ts";
import { printFloat } from "../numbers.ts";
import { force } from "../thunk.ts";
import { isError, Unknown } from "../unknown.ts";
import { Attrs, joinText, Lambda, type Lazy, List, NixPath, PartialString, type Value } from "../value.ts";
import { sortedNames } from "./attrs.ts";

type Text = string | PartialString;
type XmlAttr = readonly [name: string, value: Text];

export function toXml(value: Lazy): Text | Unknown {
  const writer = new XmlWriter();
  writer.pieces.push("<?xml version='1.0' encoding='utf-8'?>\n");
  const problem = writer.element("expr", [], () => writer.value(force(value)));
  return problem ?? joinText(writer.pieces);
}

class XmlWriter {
  readonly pieces: (string | Unknown | PartialString)[] = [];
  private depth = 0;
  private readonly derivations = new Set<Text>();

  element(name: string, attrs: readonly XmlAttr[], body: () => Unknown | null): Unknown | null {
    this.tag(name, attrs, ">");
    this.depth++;
    const problem = nested(body);
    this.depth--;
    this.pieces.push(`${"  ".repeat(this.depth)}</${name}>\n`);
    return problem;
  }

  private empty(name: string, attrs: readonly XmlAttr[] = []): null {
    this.tag(name, attrs, " />");
    return null;
  }

  private tag(name: string, attrs: readonly XmlAttr[], end: string): void {
    // Text costs more than what it is made from, and values that share parts are written out as trees.
    payForElements(64, this.pieces.length);
    this.pieces.push(`${"  ".repeat(this.depth)}<${name}`);
    for (const [attr, value] of attrs) this.pieces.push(` ${attr}="`, escapeText(value), '"');
    this.pieces.push(`${end}\n`);
  }

  value(value: Value): Unknown | null {
    if (value === null) return this.empty("null");
    if (typeof value === "boolean") return this.empty("bool", [["value", String(value)]]);
    if (typeof value === "bigint") return this.empty("int", [["value", String(value)]]);
    if (typeof value === "number") return this.empty("float", [["value", printFloat(value)]]);
    if (typeof value === "string" || value instanceof PartialString) return this.empty("string", [["value", value]]);
    if (value instanceof NixPath) return this.empty("path", [["value", value.path]]);
    if (value instanceof List) return this.list(value);
    if (value instanceof Attrs) return this.set(value);
    if (value instanceof Lambda) return this.lambda(value);
    if (!(value instanceof Unknown)) return this.empty("unevaluated");
    if (isError(value)) return value;
    this.pieces.push(value, "\n");
    return null;
  }

  private list(list: List): Unknown | null {
    return this.element("list", [], () => {
      for (const element of list.elements) {
        const problem = this.value(force(element));
        if (problem) return problem;
      }
      if (list.rest) this.pieces.push(list.rest);
      return null;
    });
  }

  private set(set: Attrs): Unknown | null {
    const type = set.entries.get("type");
    if (type === undefined || force(type.value) !== "derivation") {
      return this.element("attrs", [], () => this.entries(set));
    }
    const paths: XmlAttr[] = [];
    for (const name of ["drvPath", "outPath"]) {
      const path = force(set.lookup(name)?.value ?? null);
      if (isError(path)) return path;
      if (typeof path === "string" || path instanceof PartialString) paths.push([name, path]);
    }
    const drvPath = paths.find(([name]) => name === "drvPath")?.[1];
    const isNew = drvPath !== undefined && this.isNew(drvPath);
    return this.element("derivation", paths, () => (isNew ? this.entries(set) : this.empty("repeated")));
  }

  /** Whether the derivation is written for the first time. */
  private isNew(drvPath: Text): boolean {
    const known = withoutContext(drvPath);
    const path = known instanceof Unknown ? drvPath : known;
    if (this.derivations.has(path)) return false;
    this.derivations.add(path);
    return true;
  }

  private entries(set: Attrs): Unknown | null {
    for (const name of sortedNames(set)) {
      const attr = set.entries.get(name);
      const problem = this.element("attr", [["name", name]], () => this.value(force(attr?.value ?? null)));
      if (problem) return problem;
    }
    if (set.rest) this.pieces.push(set.rest);
    return null;
  }

  private lambda({ expr: { parameter } }: Lambda): Unknown | null {
    return this.element("function", [], () => {
      if (parameter.kind === "simple") return this.empty("varpat", [["name", parameter.name]]);
      const attrs: XmlAttr[] = [];
      if (parameter.ellipsis) attrs.push(["ellipsis", "1"]);
      if (parameter.universal !== null) attrs.push(["name", parameter.universal]);
      const names = parameter.formals.map((formal) => formal.name).sort(compareText);
      return this.element("attrspat", attrs, () => {
        for (const name of names) this.empty("attr", [["name", name]]);
        return null;
      });
    });
  }
}

const escapes: Readonly<Record<string, string>> = {
  '"': "&quot;",
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "\n": "&#xA;",
};

function escapeText(text: Text): Text {
  if (typeof text === "string") return escapeKnown(text);
  return joinText(
    text.parts.map((part) => (typeof part === "string" ? escapeKnown(part) : mapHole(part, escapeKnown))),
  );
}

function escapeKnown(text: string): string {
  return text.replace(/["<>&\n]/g, (character) => escapes[character] ?? character);
}
