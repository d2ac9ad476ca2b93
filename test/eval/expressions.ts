// Random Nix expressions that evaluate without an error, by the type of their value.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import * as fc from "fast-check";

/** The expressions of each type. */
export type Expressions = Record<
  "int" | "float" | "bool" | "text" | "path" | "list" | "texts" | "set" | "nested",
  string
>;

const name = fc.constantFrom("a", "b", "c", "d");
const letters = ["a", "b", "/", "-", ".", "1", " ", "$"];
const literal = textOf(letters);
/** For what cannot cut a character in two: half a character is nothing nixlint can hold. */
const foreign = textOf([...letters, "ä", "€", "😀", "\n", '"', "\\"]);
const small = fc.integer({ min: 0, max: 9 }).map(String);

/** Any regular expression that Nix takes; anchors stand at the edges, for in rounds that match nothing they differ. */
const regexes = fc
  .letrec<{ regex: string }>((tie) => {
    const regex = tie("regex");
    const quantifiers = fc.constantFrom("*", "+", "?", "{0,2}", "{1,3}", "{2}", "{0}", "{1,}");
    return {
      regex: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "[[:alpha:]]", "", "()", "a*", "b+", "1?"),
        format("(%1)", regex),
        format("%1%2", regex, regex),
        format("(%1|%2)", regex, regex),
        format("(%1)%2", regex, quantifiers),
      ),
    };
  })
  .regex.chain((body) => fc.constantFrom(body, body, `^${body}`, `${body}$`, `${body}|b`));
const patterns = fc.oneof(regexes, fixedPatterns());

/** Those that people write. */
function fixedPatterns() {
  return fc.constantFrom("a", "[a-b]+", "(a)|(b)", "-*", "[^/]", "(.)1", "a|ab", "", "([[:alpha:]]*)([0-9])?");
}

function textOf(characters: readonly string[]): fc.Arbitrary<string> {
  const text = fc.string({ unit: fc.constantFrom(...characters), maxLength: 6 });
  return text.map((known) => JSON.stringify(known).replaceAll("${", "\\${"));
}

/** `format("(%1 + %2)", x, y)`: the expression with its parts put in. */
function format(template: string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((texts) => template.replace(/%(\d)/g, (_, n) => texts[Number(n) - 1] ?? ""));
}

const quotedPatterns = patterns.map((pattern) => JSON.stringify(pattern));
/** What may stand between the quotes of an indented string. */
const pieces = fc.constantFrom("", "a", " b", "$$", "''$", "'''", "''\\n", "\\", "  c\n d", "\r\n  e");

export const expressions = fc.letrec<Expressions>((tie) => {
  const [int, bool, text, list, set] = [tie("int"), tie("bool"), tie("text"), tie("list"), tie("set")];
  const [float, path, texts, nested] = [tie("float"), tie("path"), tie("texts"), tie("nested")];
  const depth = { depthSize: "small", maxDepth: 3, withCrossShrink: true } as const;
  return {
    int: fc.oneof(
      depth,
      small,
      format("(%1 %2 %3)", int, fc.constantFrom("+", "-"), int),
      format("(%1 * %2)", small, int),
      format("(%1 / %2)", int, fc.constantFrom("1", "2", "(-3)")),
      format("(if %1 then %2 else %3)", bool, int, int),
      format("(let x = %1; y = x + %2; in y - x)", int, int),
      format("((x: x + %1) %2)", int, int),
      format("(({ a, b ? %1, ... }: a + b) (%2 // { a = %3; }))", int, set, int),
      format("(%1.%2 or %3)", set, name, int),
      format("(with %1; with { w = %2; }; w)", set, int),
      format("(builtins.length %1)", list),
      format("(builtins.stringLength %1)", text),
      format("(builtins.stringLength (%1 + %2))", foreign, text),
      format("(builtins.foldl' (a: b: a - b) %1 %2)", int, list),
      format("(builtins.compareVersions %1 %2)", text, text),
      format("(builtins.head (builtins.sort builtins.lessThan (%1 ++ [ %2 ])))", list, int),
      format("(builtins.bitXor %1 %2)", int, int),
      format("(builtins.bitAnd %1 (builtins.bitOr %2 %3))", int, int, int),
      format("(- %1)", int),
      format("(builtins.%1 %2)", fc.constantFrom("ceil", "floor"), float),
      format("({ __functor = self: x: x + self.n; n = %1; } %2)", int, int),
      format("(({ a ? %1, b ? a + 1 }@args: args.a or b + a) { %2 = %3; })", int, fc.constantFrom("a", "b"), int),
      format("(builtins.elemAt (%1 ++ [ 7 ]) 0)", list),
      format("(let inherit (%1 // { c = %2; }) c; in rec { d = c + 1; inherit c; }.d)", set, int),
      format("(with { x = %1; }; let x = %2; in with { x = 1; q = 2; }; x + q)", int, int),
      format("(if builtins.isInt (%1.a.b or null) then %1.a.b else %2)", nested, int),
      format("(let f = n: if n < 1 then %1 else n + f (n - 1); in f %2)", int, small),
      format("(builtins.length (builtins.attrNames %1))", nested),
      format("(let k = %1; x = { ${k} = %2; }; in x.${k})", literal, int),
      format("(builtins.foldl' (a: n: a + builtins.stringLength n) %1 %2)", int, texts),
    ),
    float: fc.oneof(
      depth,
      fc.constantFrom("0.5", "1.0", "3.25", "(-2.75)", "1.5e3", ".125", "100.0", "0.1", "2.e1", "1234567.891"),
      format("(%1 %2 %3)", float, fc.constantFrom("+", "-", "*"), fc.oneof(float, int)),
      format("(%1 / %2)", fc.oneof(float, int), fc.constantFrom("2.0", "(-8.0)", "0.3")),
      format("(builtins.fromJSON (toString %1))", float),
      format("(- %1)", float),
    ),
    bool: fc.oneof(
      depth,
      fc.constantFrom("true", "false"),
      format("(%1 %2 %3)", int, fc.constantFrom("<", "<=", ">", ">=", "==", "!="), int),
      format("(%1 %2 %3)", text, fc.constantFrom("<", "==", "!="), text),
      format("(%1 %2 %3)", list, fc.constantFrom("<", "=="), list),
      format("(%1 == %2)", set, set),
      format("(%1 < %2)", foreign, foreign),
      format("(%1 %2 %3)", bool, fc.constantFrom("&&", "||", "->"), bool),
      format("(! %1)", bool),
      format("(%1 ? %2)", set, name),
      format("(builtins.elem %1 %2)", int, list),
      format("(builtins.any (x: x > %1) %2)", int, list),
      format("(builtins.tryEval (assert %1; 1)).success", bool),
      format("(%1 %2 %3)", fc.oneof(int, float), fc.constantFrom("<", "<=", "==", "!=", ">"), fc.oneof(int, float)),
      format("(%1 %2 %3)", path, fc.constantFrom("<", "==", ">="), path),
      format("(%1 %2 %3)", texts, fc.constantFrom("<", "==", "!="), texts),
      format("(%1 %2 %3)", nested, fc.constantFrom("==", "!="), nested),
      format("(%1 ? a.%2)", nested, name),
      format('(%1 ? "%2".a)', nested, name),
      format("(%1 ? ${%2})", nested, literal),
      format("(builtins.hasAttr %1 %2)", literal, nested),
      format("(builtins.elem %1 %2)", fc.oneof(text, int), fc.oneof(texts, list)),
      format("(builtins.all (x: %1 -> x == x) %2)", bool, texts),
      format("(builtins.isFunction %1 || builtins.isAttrs %2)", set, nested),
      format("((builtins.tryEval (if %1 then throw %2 else %3)).value == %4)", bool, text, int, int),
      format("(builtins.lessThan %1 %2)", text, text),
    ),
    path: fc.oneof(
      depth,
      fc.constantFrom("/a", "/a/b", "/a/../b/./c", "/.", "/a-b/c.d", "/a/b-1.2.nix"),
      format('(%1 + "/%2")', path, name),
      format("(/a + %1)", path),
      format("(dirOf %1)", path),
      format("/x/${%1}", fc.constantFrom('"y"', '"a/b"', '"../z"', '("1" + "2")')),
    ),
    text: fc.oneof(
      depth,
      literal,
      format('(builtins.substring 0 4 (builtins.hashString "md5" (builtins.toJSON %1)))', foreign),
      format("(builtins.fromJSON (builtins.toJSON %1))", literal),
      format('(builtins.substring 0 4 (builtins.hashString "sha256" %1))', foreign),
      format("(%1 + %2)", text, text),
      format('"${%1}-${%2}"', text, text),
      format("''\n    %1\n      ${%2}\n  ''", fc.constantFrom("a", "b  c", "''${x}", "\t"), text),
      format("(toString %1)", fc.oneof(int, bool, list)),
      format("(builtins.concatStringsSep %1 (map toString %2))", text, list),
      format("(builtins.replaceStrings [ %1 %2 ] [ %3 %4 ] %5)", literal, literal, text, text, text),
      format('(builtins.substring 0 1 (builtins.hashString "md5" %1))', text),
      format("(baseNameOf %1)", text),
      format("(builtins.toJSON %1)", fc.oneof(int, bool, text, list, set)),
      format("(builtins.toJSON (builtins.match %1 %2))", quotedPatterns, text),
      format("(builtins.toJSON (builtins.split %1 %2))", quotedPatterns, text),
      format('(builtins.concatStringsSep "." (builtins.splitVersion %1))', text),
      format("(toString %1)", fc.oneof(float, path, texts)),
      format("(toString [ %1 %2 [ %3 ] null %4 ])", int, text, float, bool),
      format("(baseNameOf %1)", fc.oneof(path, text)),
      format("(dirOf %1)", text),
      format("(builtins.typeOf %1)", fc.oneof(int, float, bool, text, path, list, set)),
      format("(builtins.substring %1 %2 %3)", small, fc.constantFrom("0", "1", "3", "100", "(-1)"), text),
      format("(builtins.concatStringsSep %1 %2)", text, texts),
      format("(builtins.concatStringsSep %1 (builtins.attrNames %2))", text, nested),
      format("(builtins.head (%1 ++ [ %2 ]))", texts, text),
      format('(builtins.toXML { a = %1; "b c" = [ %2 ]; f = { x, y ? 1, ... }@z: x; })', text, fc.oneof(int, bool)),
      format("(builtins.toXML %1)", nested),
      format("(let s = %1; in builtins.substring 1 (builtins.stringLength s) s)", text),
      format("(builtins.toJSON %1)", fc.oneof(texts, nested)),
      format("''\n  %1${%2}\n\n    %3\n\t''", pieces, text, pieces),
      format(
        "''%1${%2}%3\n   %1''",
        fc.constantFrom("", " ", "  \n", "\n  "),
        text,
        fc.constantFrom("", "\n", " \n   "),
      ),
      format('"\\n\\t\\r\\\\%1\\${$$%2"', fc.constantFrom("a", "\\a", "b"), fc.constantFrom("c", "{", "$$ ")),
      format("({ __toString = self: self.a + %1; a = %2; } + %3)", text, text, text),
      format('"${{ outPath = %1; }}${{ __toString = _: %2; outPath = 1; }}"', text, text),
      format("(let d = builtins.parseDrvName %1; in d.name + d.version)", text),
    ),
    texts: fc.oneof(
      depth,
      fc.array(literal, { maxLength: 4 }).map((elements) => `[ ${elements.join(" ")} ]`),
      format("[ %1 %2 ]", text, text),
      format("(%1 ++ %2)", texts, texts),
      format("(map (s: s + %1) %2)", text, texts),
      format("(builtins.sort builtins.lessThan %1)", texts),
      format("(builtins.sort (a: b: builtins.stringLength a < builtins.stringLength b) %1)", texts),
      format("(builtins.filter builtins.isString (builtins.split %1 %2))", quotedPatterns, text),
      format("(builtins.attrNames %1)", fc.oneof(set, nested)),
      format("(builtins.concatMap (s: [ s (s + %1) ]) %2)", text, texts),
      format("(builtins.partition (s: s < %1) %2).%3", text, texts, fc.constantFrom("right", "wrong")),
      format('(builtins.catAttrs "%1" [ { a = %2; } { } { a = %3; b = %2; } ])', name, text, text),
      format(
        "(map (x: toString x.key) (builtins.genericClosure { startSet = map (key: { inherit key; }) %1; operator = x: if x.key > 20 || x.key < 0 then [ ] else [ { key = x.key * 2 + 1; } ]; }))",
        list,
      ),
    ),
    list: fc.oneof(
      depth,
      fc.array(small, { maxLength: 4 }).map((elements) => `[ ${elements.join(" ")} ]`),
      format("[ %1 %2 ]", int, int),
      format("(%1 ++ %2)", list, list),
      format("(map (x: x + %1) %2)", int, list),
      format("(builtins.filter (x: x < %1) %2)", int, list),
      format("(builtins.concatMap (x: [ x %1 ]) %2)", int, list),
      format("(builtins.genList (x: x * %1) %2)", int, small),
      format("(builtins.sort (a: b: a > b) %1)", list),
      format("(builtins.tail (%1 ++ [ 1 ]))", list),
      format("(builtins.attrValues %1)", set),
      format("(builtins.fromJSON (builtins.toJSON %1))", list),
    ),
    set: fc.oneof(
      depth,
      format("{ %1 = %2; }", name, int),
      format("{ a = %1; b = %2; inherit (%3 // { d = 1; }) d; }", int, int, set),
      format("rec { a = b + %1; b = %2; }", int, int),
      format("(%1 // %2)", set, set),
      format('(builtins.removeAttrs %1 [ "%2" ])', set, name),
      format("(builtins.mapAttrs (n: v: v + builtins.stringLength n + %1) %2)", int, set),
      format("(builtins.intersectAttrs %1 %2)", set, set),
      format("(builtins.listToAttrs (map (x: { name = toString x; value = %1; }) %2))", int, list),
      format("(builtins.mapAttrs (_: builtins.length) (builtins.groupBy (x: toString x) %1))", list),
      format('{ ${if %1 then "x" else null} = %2; }', bool, int),
      format("(builtins.zipAttrsWith (n: builtins.foldl' (a: b: a * 2 + b) 0) [ %1 %2 %3 ])", set, set, set),
      format("(let a = %1; b = a // { c = 5; }; in { inherit (b) c; inherit (a // { d = %2; }) d; })", set, int),
      format("(builtins.listToAttrs (map (name: { inherit name; value = %1; }) %2))", int, texts),
      format("rec { a = 1; b = a + c; c = %1; ${%2} = 4; }", int, fc.constantFrom('"x"', '("y" + "z")', "null")),
    ),
    nested: fc.oneof(
      depth,
      format("{ a.b = %1; a.c = %2; d = { }; d.e.f = %3; }", int, text, bool),
      format("{ a = %1; ${%2}.x = %3; }", set, fc.constantFrom('"b"', '"x y"'), text),
      format('{ "a b" = %1; "c.d".e = %2; %3 = null; }', text, list, name),
      format("(%1 // %2)", nested, nested),
      format("(builtins.mapAttrs (n: v: { inherit n; t = builtins.typeOf v; }) %1)", nested),
      format("(builtins.groupBy (s: builtins.substring 0 1 s) %1)", texts),
      format("(builtins.partition (s: s < %1) %2)", text, texts),
      format("(builtins.tryEval (assert %1; %2))", bool, text),
      format("(builtins.functionArgs ({ a, b ? %1, c ? d, d ? 2, ... }: a))", int),
      format("(builtins.parseDrvName %1)", text),
      format("(builtins.fromJSON (builtins.toJSON %1))", nested),
      format("(builtins.removeAttrs %1 %2)", nested, texts),
      format("(builtins.intersectAttrs %1 %2)", nested, nested),
      format("(if %1 then %2 else %3)", bool, nested, nested),
      format("(let self = { a = %1; b = self.a; c = { inherit (self) a b; }; }; in self)", text),
    ),
  };
});
