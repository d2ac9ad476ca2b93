// Random evaluations of modules, as functions of `{ lib }` that give one result for each option: its value or that it
// fails, and what `options` says of it. Properties are nested as nixpkgs understands them: conditions, then
// priorities, then orders.

import * as fc from "fast-check";

/** A type, with values that are mostly of it. */
interface RandomType {
  readonly type: string;
  /** Whether two declarations of it are one. */
  readonly merges: boolean;
  /** Whether a definition may have an order: those of submodules may not. */
  readonly ordered: boolean;
  readonly value: fc.Arbitrary<string>;
}

const name = fc.constantFrom("a", "b", "c");
const number = fc.integer({ min: -1, max: 6 }).map((n) => (n < 0 ? `(${n})` : String(n)));
const text = fc.constantFrom('"x"', '"y"', '"1"', '""', '"x\\n"');
const scalar = fc.oneof(number, text, fc.constantFrom("true", "false", "null", "[ ]", "{ }", "1.5"));

function simple(type: string, value: fc.Arbitrary<string>, merges = true, ordered = true): RandomType {
  return { type, merges, ordered, value };
}

const scalars: readonly RandomType[] = [
  simple("int", number),
  simple("bool", fc.constantFrom("true", "false")),
  simple("str", text),
  simple("lines", text),
  simple("commas", text),
  simple("singleLineStr", text),
  simple("nonEmptyStr", text),
  simple("path", fc.constantFrom('"/x"', '"/y"', '"z"')),
  simple("port", number),
  simple("number", fc.oneof(number, fc.constant("0.5"))),
  simple("(ints.between 0 4)", number),
  simple("ints.positive", number),
  simple('(enum [ "x" "y" 1 ])', fc.oneof(text, number)),
  simple('(strMatching "[a-z]?")', text),
  simple("(coercedTo int toString str)", fc.oneof(number, text), false),
  simple("(coercedTo str (x: [ x ]) (listOf str))", fc.oneof(text, listOf(text)), false),
  simple("raw", scalar),
  simple("anything", scalar),
  simple("boolByOr", fc.constantFrom("true", "false")),
  simple("attrs", setOf(scalar)),
];

function listOf(element: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(element, { maxLength: 3 }).map((items) => `[ ${items.map((item) => `(${item})`).join(" ")} ]`);
}

function setOf(element: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.uniqueArray(fc.tuple(name, element), { maxLength: 3, selector: ([key]) => key }).map(show);
}

function show(entries: readonly (readonly [string, string])[]): string {
  return `{ ${entries.map(([key, value]) => `${key} = ${value};`).join(" ")} }`;
}

const condition = fc.constantFrom("true", "false", "config.on", "(!config.on)", "true", "config.on");

/** A value in properties; `conditional`: conditions may refer to the options around. */
function defined({ value, ordered }: RandomType, conditional: boolean): fc.Arbitrary<string> {
  const orders = fc.oneof(
    { weight: 6, arbitrary: value },
    { weight: 1, arbitrary: value.map((v) => `lib.mkBefore (${v})`) },
    { weight: 1, arbitrary: value.map((v) => `lib.mkAfter (${v})`) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(400, 1000, 1200), value).map(([n, v]) => `lib.mkOrder ${n} (${v})`),
    },
  );
  const order = ordered ? orders : value;
  const priority = fc.oneof(
    { weight: 7, arbitrary: order },
    { weight: 1, arbitrary: order.map((v) => `lib.mkForce (${v})`) },
    { weight: 2, arbitrary: order.map((v) => `lib.mkDefault (${v})`) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(90, 100, 1500), order).map(([n, v]) => `lib.mkOverride ${n} (${v})`),
    },
  );
  const when = conditional ? condition : fc.constantFrom("true", "false");
  return fc.oneof(
    { weight: 8, arbitrary: priority },
    { weight: 2, arbitrary: fc.tuple(when, priority).map(([c, v]) => `lib.mkIf ${c} (${v})`) },
    { weight: 1, arbitrary: fc.tuple(priority, priority).map(([a, b]) => `lib.mkMerge [ (${a}) (${b}) ]`) },
    {
      weight: 1,
      arbitrary: fc.tuple(when, priority, priority).map(([c, a, b]) => `lib.mkMerge [ (lib.mkIf ${c} (${a})) (${b}) ]`),
    },
  );
}

/** How a type is made of another one, as far as it is not like it. */
function wrap(element: RandomType, of: string, own: Partial<RandomType>): RandomType {
  return { ...element, ...own, type: `(${of} ${element.type})` };
}

function types(depth: number): fc.Arbitrary<RandomType> {
  const leaf = fc.constantFrom(...scalars);
  if (depth === 0) return leaf;
  const inner = types(depth - 1);
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    inner.map((t) => wrap(t, "listOf", { value: listOf(t.value), ordered: true })),
    inner.map((t) => wrap(t, "nonEmptyListOf", { value: listOf(t.value), ordered: true })),
    inner.map((t) => wrap(t, "attrsOf", { value: setOf(defined(t, false)), ordered: true })),
    inner.map((t) => wrap(t, "lazyAttrsOf", { value: setOf(t.value), ordered: true })),
    inner.map((t) => wrap(t, "nullOr", { value: fc.oneof(t.value, fc.constant("null")) })),
    inner.map((t) => wrap(t, "uniq", {})),
    inner.map((t) => wrap(t, "attrListOf", { value: attrList(t), ordered: true, merges: false })),
    fc
      .tuple(leaf, inner)
      .filter(([a, b]) => !isModuleOrOther(a, b))
      .map(([a, b]) => either(a, b)),
    fc
      .tuple(leaf, inner)
      .map(([a, b]) => simple(tagged(a, b), fc.oneof(setOfOne("a", a.value), setOfOne("b", b.value)))),
    fc.tuple(inner, inner).map(([a, b]) => submodule(a, b, "")),
    fc.tuple(inner, inner, leaf).map(([a, b, c]) => submodule(a, b, `freeformType = attrsOf ${c.type};`)),
  );
}

/** A path would be a module whose file is missing, and a module a function: neither can be compared. */
function isModuleOrOther(a: RandomType, b: RandomType): boolean {
  return /^(path|raw|anything)$/.test(a.type) && b.type.includes("submodule");
}

function either(a: RandomType, b: RandomType): RandomType {
  const value = fc.oneof(a.value, b.value);
  return { type: `(either ${a.type} ${b.type})`, merges: a.merges && b.merges, ordered: b.ordered, value };
}

function attrList(element: RandomType): fc.Arbitrary<string> {
  return fc.oneof(setOf(defined(element, false)), listOf(single(element.value)));
}

function single(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(name, value).map(([key, v]) => `{ ${key} = ${v}; }`);
}

function setOfOne(key: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return value.map((v) => `{ ${key} = ${v}; }`);
}

function tagged(a: RandomType, b: RandomType): string {
  return `(attrTag { a = lib.mkOption { type = ${a.type}; }; b = lib.mkOption { type = ${b.type}; }; })`;
}

/** `a` has a default that depends on the name; `b` may be read by `a`. */
function submodule(a: RandomType, b: RandomType, freeform: string): RandomType {
  const module = `({ name, config, ... }: { ${freeform} options.a = lib.mkOption { type = ${a.type}; };
    options.b = lib.mkOption { type = ${b.type}; }; options.named = lib.mkOption { default = name; }; })`;
  const entry = (key: string, type: RandomType) => defined(type, false).map((v): [string, string][] => [[key, v]]);
  const entries = fc.tuple(
    fc.oneof(fc.constant([]), entry("a", a), entry("a", a)),
    fc.oneof(fc.constant([]), entry("b", b), entry("b", b)),
    fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: scalar.map((v): [string, string][] => [["c", v]]) },
    ),
  );
  const set = entries.map((parts) => show(parts.flat() as [string, string][]));
  return {
    type: `(submodule ${module})`,
    merges: true,
    ordered: false,
    value: fc.oneof(
      set,
      set,
      set.map((s) => `({ config, ... }: ${s})`),
    ),
  };
}

interface RandomOption {
  readonly path: string;
  readonly type: RandomType;
  readonly declaration: string;
}

function options(paths: readonly string[]): fc.Arbitrary<readonly RandomOption[]> {
  const one = (path: string) =>
    types(2).chain((type) =>
      fc
        .tuple(fc.option(type.value, { freq: 2 }), fc.constantFrom("", "", "", "apply = x: [ x ];", "readOnly = true;"))
        .map(([fallback, extra]) => ({
          path,
          type,
          declaration: `lib.mkOption { type = ${type.type}; ${fallback === null ? "" : `default = ${fallback};`} ${extra} }`,
        })),
    );
  return fc.tuple(...paths.map(one));
}

/** Definitions of some of the options: mostly of their type, in properties. */
function definitions(
  declared: readonly RandomOption[],
  definitionOf: (type: RandomType) => fc.Arbitrary<string>,
): fc.Arbitrary<string> {
  const define = ({ path, type }: RandomOption) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant("") },
      { weight: 8, arbitrary: definitionOf(type).map((v) => `${path} = ${v};`) },
      { weight: 1, arbitrary: scalar.map((v) => `${path} = ${v};`) },
    );
  const stray = fc.oneof(
    { weight: 15, arbitrary: fc.constant("") },
    { weight: 1, arbitrary: number.map((n) => `stray = ${n};`) },
  );
  return fc.tuple(stray, ...declared.map(define)).map((parts) => parts.filter((part) => part !== "").join(" "));
}

function moduleWith(declared: readonly RandomOption[], again: string): fc.Arbitrary<string> {
  const own = definitions(declared, (type) => defined(type, true));
  const plain = definitions(declared, ({ value }) => value);
  const head = "{ config, lib, options, ... }:";
  return fc.oneof(
    { weight: 4, arbitrary: own.map((d) => `(${head} { ${d} })`) },
    { weight: 2, arbitrary: own.map((d) => `(${head} { ${again} config = { ${d} }; })`) },
    {
      weight: 1,
      arbitrary: fc.tuple(condition, own).map(([c, d]) => `(${head} { config = lib.mkIf ${c} { ${d} }; })`),
    },
    { weight: 1, arbitrary: plain.map((d) => `(${head} { config = lib.mkDefault { ${d} }; })`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(own, own, condition)
        .map(([a, b, c]) => `(${head} { config = lib.mkMerge [ { ${a} } (lib.mkIf ${c} { ${b} }) ]; })`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(own, own)
        .map(([a, b]) => `(${head} { imports = [ (${head} { ${a} }) { key = "k"; } ]; config = { ${b} }; })`),
    },
  );
}

const paths = ["one", "two", "below.three", "below.deep.four"];

export const randomEvaluations: fc.Arbitrary<string> = options(paths).chain((declared) => {
  const on = "options.on = lib.mkOption { type = lib.types.bool; default = false; };";
  const declaration = declared.map(({ path, declaration: d }) => `options.${path} = ${d};`).join("\n  ");
  const redeclared = declared.filter(({ type }) => type.merges).slice(0, 1);
  const again = redeclared
    .map(({ path, type }) => `options.${path} = lib.mkOption { type = ${type.type}; };`)
    .join(" ");
  const freeform = fc.constantFrom("", "", "", "freeformType = lib.types.lazyAttrsOf lib.types.int;");
  const modules = fc.array(moduleWith(declared, again), { minLength: 1, maxLength: 4 });
  // Apart from the rest, so that no condition depends on itself.
  const switched = fc.constantFrom("", "{ on = true; }", "{ on = lib.mkDefault true; } { on = lib.mkForce false; }");
  return fc.tuple(freeform, switched, modules).map(
    ([type, onModules, list]) => `{ lib }: with lib.types; let
  declared = { ${type} ${on}
  ${declaration} };
  evaluation = lib.evalModules { modules = [ declared ${onModules}
    ${list.join("\n    ")}
  ]; };
  try = x: let r = builtins.tryEval (builtins.deepSeq x x); in if r.success then { ok = r.value; } else "fails";
  at = path: try (lib.getAttrFromPath path evaluation.config);
  about = path: let o = lib.getAttrFromPath path evaluation.options; in if at path == "fails" then null else try [ o.isDefined o.highestPrio (builtins.length o.definitions) ];
in {
  ${paths.map((path) => `"${path}" = at (lib.splitString "." "${path}"); "${path}?" = about (lib.splitString "." "${path}");`).join("\n  ")}
  whole = try (builtins.attrNames evaluation.config);
}`,
  );
});
