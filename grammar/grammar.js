// The Nix grammar nixlint parses with: tree-sitter-nix, changed where it departs from Nix's own lexer and parser.
// A string or path is one token per stretch of text (scanner.c); nixlint's lowering reads the escapes itself.

const base = require("tree-sitter-nix/grammar");

module.exports = grammar(base, {
  name: "nix",

  extras: ($) => [/[ \t\r\n]/, $.comment],

  externals: ($) => [$._string_text, $._indented_string_text, $._path_start, $._path_text],

  rules: {
    // Nix ends a line comment at a lone carriage return too.
    comment: () => token(choice(seq("#", /[^\r\n]*/), seq("/*", /[^*]*\*+([^/*][^*]*\*+)*/, "/"))),

    // `{ a, b, }:` with a trailing comma, but no comma after the ellipsis.
    formals: ($) =>
      seq(
        "{",
        repeat(seq(field("formal", $.formal), ",")),
        optional(choice(field("formal", $.formal), field("ellipses", $.ellipses))),
        "}",
      ),

    // The two pipes bind weaker than every operator and do not mix.
    _expr_if: ($) => choice($.if_expression, $.pipe_into_expression, $.pipe_from_expression, $._expr_op),
    pipe_into_expression: ($) => seq(choice($.pipe_into_expression, $._expr_op), "|>", $._expr_op),
    pipe_from_expression: ($) => seq($._expr_op, "<|", choice($.pipe_from_expression, $._expr_op)),

    // Without a kind of its own for `~/…`: the scanner reads every path.
    _expr_simple: ($) =>
      choice(
        $.variable_expression,
        $.integer_expression,
        $.float_expression,
        $.string_expression,
        $.indented_string_expression,
        $.path_expression,
        $.spath_expression,
        $.uri_expression,
        $.parenthesized_expression,
        $.attrset_expression,
        $.let_attrset_expression,
        $.rec_attrset_expression,
        $.list_expression,
      ),

    path_expression: ($) => seq($._path_start, repeat(choice($._path_text, $.path_interpolation))),
    // A rule of its own instead of an alias: the shim reads the tree without aliases.
    path_interpolation: ($) => seq(token.immediate("${"), field("expression", $._expression), "}"),
    string_expression: ($) => seq('"', repeat(choice($._string_text, $.interpolation)), '"'),
    indented_string_expression: ($) => seq("''", repeat(choice($._indented_string_text, $.interpolation)), "''"),

    // `inherit;` and `inherit (x);` name nothing and are valid.
    inherit: ($) => seq("inherit", optional(field("attrs", $.inherited_attrs)), ";"),
    inherit_from: ($) =>
      seq("inherit", "(", field("expression", $._expression), ")", optional(field("attrs", $.inherited_attrs)), ";"),
  },
});
