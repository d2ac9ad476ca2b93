// From the arguments of `derivation` to a derivation, as Nix reads them: every attr becomes a variable of the builder's
// environment, and whatever their texts refer to is what the derivation needs.

import type { Span } from "../../source/span.ts";
import { coerceToText, type Text } from "../coerce.ts";
import { type Context, readText } from "../context.ts";
import type { Derivation, FixedOutput } from "../derivation.ts";
import { toJson } from "../json-writer.ts";
import { expectBool, expectList, expectString } from "../native.ts";
import { selectAttr } from "../select.ts";
import type { Store } from "../store.ts";
import { type Hash, isHashAlgorithm, parseHash } from "../store-hash.ts";
import { problemOfName } from "../store-path.ts";
import { force } from "../thunk.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { type Attr, Attrs, type Lazy, PartialString } from "../value.ts";
import { sortedNames } from "./attrs.ts";
import { parseJson } from "./json-reader.ts";

/** The derivation; an error where Nix has one; another unknown when an argument is not known. */
export function readDerivation(given: Attrs, store: Store, at: Span | null): Derivation | Unknown {
  const name = derivationName(given, at);
  if (name instanceof Unknown) return name;
  const structured = switchOf(given, "__structuredAttrs", at);
  if (structured instanceof Unknown) return structured;
  const kept = keptAttrs(given, at);
  if (kept instanceof Unknown) return kept;
  const reader = new ArgumentReader(kept, at);
  const read = structured ? reader.readStructured() : reader.readPlain();
  return read ?? reader.derivation(name, store);
}

function derivationName(args: Attrs, at: Span | null): string | Unknown {
  if (args.lookup("name") === undefined && args.rest === null) {
    return evalError("required attribute `name` missing in a derivation", at);
  }
  const name = expectString(selectAttr(args, "name", at), at);
  if (name instanceof Unknown) return name;
  const problem = problemOfName(name);
  return problem === null ? name : evalError(`invalid derivation name: ${problem}`, at);
}

function switchOf(args: Attrs, name: string, at: Span | null): boolean | Unknown {
  const attr = args.lookup(name);
  return attr === undefined ? false : expectBool(attr.value, at);
}

/** The attrs that are arguments; with `__ignoreNulls` those that are null are none. */
function keptAttrs(args: Attrs, at: Span | null): Attrs | Unknown {
  if (args.rest) return args.rest;
  const ignoresNulls = switchOf(args, "__ignoreNulls", at);
  if (ignoresNulls instanceof Unknown) return ignoresNulls;
  const entries = new Map<string, Attr>();
  for (const name of sortedNames(args)) {
    const attr = args.entries.get(name) as Attr;
    if (attr.maybe) return attr.maybe;
    const isNull = ignoresNulls && force(attr.value) === null;
    if (name !== "__ignoreNulls" && !isNull) entries.set(name, attr);
  }
  return new Attrs(entries);
}

/** The arguments that are no variables. */
const special = new Set(["args", "__contentAddressed", "__impure"]);

class ArgumentReader {
  private readonly attrs: Attrs;
  private readonly at: Span | null;
  private readonly context = new Set<string>();
  private readonly env = new Map<string, string>();
  private readonly args: string[] = [];
  private readonly texts = new Map<string, string>();
  private outputs: readonly string[] = ["out"];

  constructor(attrs: Attrs, at: Span | null) {
    this.attrs = attrs;
    this.at = at;
  }

  readPlain(): Unknown | null {
    for (const [name, { value }] of this.attrs.entries) {
      const text = special.has(name) ? null : this.text(coerceEverything(value, this.at));
      const problem = text instanceof Unknown ? text : this.readSpecial(name, value);
      if (problem) return problem;
      if (typeof text === "string") this.variable(name, text);
    }
    const outputs = this.texts.get("outputs");
    return outputs === undefined ? null : this.setOutputs(outputs.split(/[ \t\n\r]+/).filter((name) => name !== ""));
  }

  private variable(name: string, text: string): void {
    const json = name === "__json" ? toJson(parseJson(text, this.at), this.at) : text;
    this.env.set(name, typeof json === "string" ? json : text);
    this.texts.set(name, text);
  }

  /** `__structuredAttrs`: the builder gets one variable, which holds all arguments as JSON. */
  readStructured(): Unknown | null {
    const written = new Map<string, Attr>();
    for (const [name, attr] of this.attrs.entries) {
      const problem = this.readSpecial(name, attr.value) ?? this.readStructuredText(name, attr.value);
      if (problem) return problem;
      if (!special.has(name) && name !== "__structuredAttrs") written.set(name, attr);
    }
    const json = this.text(toJson(new Attrs(written), this.at));
    if (json instanceof Unknown) return json;
    this.env.set("__json", json);
    const given = this.attrs.lookup("outputs");
    if (given === undefined) return null;
    const names = this.strings(given.value);
    return names instanceof Unknown ? names : this.setOutputs(names);
  }

  private readStructuredText(name: string, value: Lazy): Unknown | null {
    if (!/^(builder|system|outputHash|outputHashAlgo|outputHashMode)$/.test(name)) return null;
    const text = name === "builder" ? this.text(coerceEverything(value, this.at)) : expectString(value, this.at);
    if (text instanceof Unknown) return text;
    this.texts.set(name, text);
    return null;
  }

  private readSpecial(name: string, value: Lazy): Unknown | null {
    if (!special.has(name)) return null;
    if (name === "args") return this.readArgs(value);
    const isOn = expectBool(value, this.at);
    if (isOn instanceof Unknown) return isOn;
    return isOn ? evalError(`\`${name}\` needs an experimental feature of Nix`, this.at) : null;
  }

  private readArgs(value: Lazy): Unknown | null {
    const list = expectList(value, this.at);
    if (list instanceof Unknown) return list;
    for (const element of list.elements) {
      const text = this.text(coerceEverything(element, this.at));
      if (text instanceof Unknown) return text;
      this.args.push(text);
    }
    return list.rest;
  }

  private strings(value: Lazy): string[] | Unknown {
    const list = expectList(value, this.at);
    if (list instanceof Unknown) return list;
    const texts: string[] = [];
    for (const element of list.elements) {
      const text = expectString(element, this.at);
      if (text instanceof Unknown) return text;
      texts.push(text);
    }
    return list.rest ?? texts;
  }

  private setOutputs(names: readonly string[]): Unknown | null {
    const repeated = names.find((name, index) => names.indexOf(name) < index);
    if (names.length === 0) return evalError("a derivation needs at least one output", this.at);
    if (names.includes("drvPath")) return evalError("invalid derivation output name `drvPath`", this.at);
    if (repeated !== undefined) return evalError(`duplicate derivation output \`${repeated}\``, this.at);
    this.outputs = names;
    return null;
  }

  /** The text, whose context becomes what the derivation needs. */
  private text(text: Text): string | Unknown {
    if (text instanceof Unknown) return text;
    const known = readText(text);
    if (known instanceof Unknown) return known;
    for (const reference of known.context) this.context.add(reference);
    return known.text;
  }

  derivation(name: string, store: Store): Derivation | Unknown {
    for (const required of ["builder", "system"]) {
      if (this.texts.get(required)) continue;
      return evalError(`required attribute \`${required}\` missing in a derivation`, this.at);
    }
    if (name.endsWith(".drv"))
      return evalError(`the name of the derivation \`${name}\` must not end in \`.drv\``, this.at);
    const fixed = this.fixedOutput();
    if (fixed instanceof Unknown) return fixed;
    const { inputs, sources } = inputsOf(this.context, store);
    const { env, args, outputs } = this;
    const [system, builder] = [this.texts.get("system") ?? "", this.texts.get("builder") ?? ""];
    return { name, system, builder, args, env, outputs, fixed, inputs, sources };
  }

  private fixedOutput(): FixedOutput | null | Unknown {
    const mode = this.texts.get("outputHashMode") ?? "flat";
    if (!/^(flat|recursive|nar)$/.test(mode)) return evalError(`invalid \`outputHashMode\` \`${mode}\``, this.at);
    const text = this.texts.get("outputHash");
    if (text === undefined) return null;
    if (this.outputs.join() !== "out") {
      return evalError("a derivation with `outputHash` cannot have several outputs", this.at);
    }
    const given = this.texts.get("outputHashAlgo");
    const hash = parseHashOrEmpty(text, given && isHashAlgorithm(given) ? given : null);
    return typeof hash === "string" ? evalError(hash, this.at) : { hash, recursive: mode !== "flat" };
  }
}

/** A hash that is not known yet may be left empty: it is all zeros then. */
export function parseHashOrEmpty(text: string, algorithm: string | null): Hash | string {
  if (text !== "" || algorithm === null) return parseHash(text, algorithm);
  return parseHash(`${algorithm}:${"0".repeat({ md5: 32, sha1: 40, sha256: 64 }[algorithm] ?? 128)}`, algorithm);
}

/** Variables are made of anything that `toString` takes; paths are copied. */
function coerceEverything(value: Lazy, at: Span | null): Text {
  const text = coerceToText(force(value), at, { lenient: true, copyPaths: true });
  return text instanceof Unknown && !isError(text) ? new PartialString([text]) : text;
}

function inputsOf(context: Context, store: Store) {
  const inputs = new Map<string, Set<string>>();
  const sources = new Set<string>();
  const need = (path: string, outputs: Iterable<string>) => {
    inputs.set(path, new Set([...(inputs.get(path) ?? []), ...outputs]));
  };
  for (const reference of context) {
    const output = /^!([^!]*)!(.*)$/s.exec(reference);
    if (output) need(output[2] ?? "", [output[1] ?? ""]);
    else if (!reference.startsWith("=")) sources.add(reference);
    else {
      for (const path of closureOf(reference.slice(1), store)) {
        sources.add(path);
        const derivation = store.derivations.get(path);
        if (derivation) need(path, derivation.outputs);
      }
    }
  }
  return { inputs, sources };
}

/** The derivation and everything that it needs, and so on. */
function closureOf(root: string, store: Store): ReadonlySet<string> {
  const closure = new Set([root]);
  // The set grows while it is walked.
  for (const path of closure) {
    const derivation = store.derivations.get(path);
    for (const input of [...(derivation?.inputs.keys() ?? []), ...(derivation?.sources ?? [])]) closure.add(input);
  }
  return closure;
}
