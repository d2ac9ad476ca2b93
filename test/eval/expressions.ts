// Random Nix expressions that evaluate without an error, by the type of their value.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import * as fc from "fast-check";

/** The expressions of each type. */
export type Expressions = Record<"int" | "bool" | "text" | "list" | "set", string>;

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

export const expressions = fc.letrec<Expressions>((tie) => {
  const [int, bool, text, list, set] = [tie("int"), tie("bool"), tie("text"), tie("list"), tie("set")];
  const depth = { depthSize: "small", withCrossShrink: true } as const;
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
      format(
        "(builtins.toJSON (builtins.match %1 %2))",
        patterns.map((pattern) => JSON.stringify(pattern)),
        text,
      ),
      format(
        "(builtins.toJSON (builtins.split %1 %2))",
        patterns.map((pattern) => JSON.stringify(pattern)),
        text,
      ),
      format('(builtins.concatStringsSep "." (builtins.splitVersion %1))', text),
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
    ),
  };
});
