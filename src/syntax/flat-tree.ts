// The tree as the parser module hands it over: one array of words, no objects. Reading it costs an index;
// lowering reads it, and concrete.ts for those who change text.

/** A node is four words: kind, start, end, index after its subtree. The first child follows its parent directly. */
export const nodeWords = 4;

/**
 * Kinds of nodes. Fields, keywords, parentheses are not in the tree: they follow from the order of the children,
 * which errors cannot change (they only add `error` nodes).
 */
export const Kind = {
  error: 1,
  comment: 2,
  source: 3,
  identifier: 4,
  variable: 5,
  int: 6,
  float: 7,
  string: 8,
  indentedString: 9,
  interpolation: 10,
  path: 11,
  searchPath: 12,
  uri: 13,
  lambda: 14,
  formals: 15,
  formal: 16,
  ellipsis: 17,
  assert: 18,
  with: 19,
  let: 20,
  if: 21,
  pipeInto: 22,
  pipeFrom: 23,
  hasAttr: 24,
  unary: 25,
  binary: 26,
  apply: 27,
  select: 28,
  attrs: 29,
  letAttrs: 30,
  recAttrs: 31,
  list: 32,
  binding: 33,
  inherit: 34,
  inheritFrom: 35,
  attrpath: 36,
  operator: 37,
} as const;

/** Its children are not in the tree. */
export const leaf = 0x80;
/** What each symbol becomes, tokens in double quotes. For what is missing here, its children stand in its place. */
export const kindOfSymbol: ReadonlyMap<string, number> = new Map([
  ["comment", Kind.comment | leaf],
  ["source_code", Kind.source],
  ["identifier", Kind.identifier | leaf],
  ["variable_expression", Kind.variable | leaf],
  ["integer_expression", Kind.int | leaf],
  ["float_expression", Kind.float | leaf],
  ["string_expression", Kind.string],
  ["indented_string_expression", Kind.indentedString],
  ["interpolation", Kind.interpolation],
  ["path_interpolation", Kind.interpolation],
  ["path_expression", Kind.path],
  ["spath_expression", Kind.searchPath | leaf],
  ["uri_expression", Kind.uri | leaf],
  ["function_expression", Kind.lambda],
  ["formals", Kind.formals],
  ["formal", Kind.formal],
  ["ellipses", Kind.ellipsis | leaf],
  ["assert_expression", Kind.assert],
  ["with_expression", Kind.with],
  ["let_expression", Kind.let],
  ["if_expression", Kind.if],
  ["pipe_into_expression", Kind.pipeInto],
  ["pipe_from_expression", Kind.pipeFrom],
  ["has_attr_expression", Kind.hasAttr],
  ["unary_expression", Kind.unary],
  ["binary_expression", Kind.binary],
  ["apply_expression", Kind.apply],
  ["select_expression", Kind.select],
  ["attrset_expression", Kind.attrs],
  ["let_attrset_expression", Kind.letAttrs],
  ["rec_attrset_expression", Kind.recAttrs],
  ["list_expression", Kind.list],
  ["binding", Kind.binding],
  ["inherit", Kind.inherit],
  ["inherit_from", Kind.inheritFrom],
  ["attrpath", Kind.attrpath],
  ..."+ - * / ++ // == != < <= > >= && || -> !".split(" ").map((sign) => [`"${sign}"`, Kind.operator | leaf] as const),
]);

/** Tokens that close or continue something: the only ones whose absence is worth naming. */
export const closingTokens: readonly string[] = [";", "=", "in", "then", "else", ":", ")", "]", "}"];

export interface FirstError {
  /** At or before the first unexpected token. */
  readonly offset: number;
  /** The closing tokens that could have come instead. */
  readonly expected: readonly string[];
  /** Whether the text could have ended there, and whether a name could have come. */
  readonly endExpected: boolean;
  readonly nameExpected: boolean;
}

export interface FlatTree {
  readonly words: Uint32Array;
  /** Pairs of start and end. */
  readonly comments: Uint32Array;
  readonly firstError: FirstError | null;
  readonly hasError: boolean;
}

// Reads beyond the words cannot happen for indices that came out of the tree; `?? 0` only satisfies the checker.

export function kindAt(words: Uint32Array, node: number): number {
  return (words[node] ?? 0) & 0xff;
}

export function startOf(words: Uint32Array, node: number): number {
  return words[node + 1] ?? 0;
}

export function endOf(words: Uint32Array, node: number): number {
  return words[node + 2] ?? 0;
}

/** The next sibling, or where the parent ends. */
export function afterNode(words: Uint32Array, node: number): number {
  return words[node + 3] ?? 0;
}
