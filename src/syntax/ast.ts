// The typed syntax tree that evaluation runs on. Names are already resolved to slots of scope frames, nested
// attrpaths are merged as the Nix parser merges them, and every node is itself a span.

import type { Span } from "../source/span.ts";

export type Expr =
  | IntExpr
  | FloatExpr
  | StringExpr
  | PathExpr
  | SearchPathExpr
  | VariableExpr
  | WithVariableExpr
  | SelectExpr
  | HasAttrExpr
  | ApplyExpr
  | LambdaExpr
  | LetExpr
  | AttrsExpr
  | ListExpr
  | IfExpr
  | AssertExpr
  | WithExpr
  | UnaryExpr
  | BinaryExpr
  | HoleExpr;

export interface IntExpr extends Span {
  readonly kind: "int";
  readonly value: bigint;
}

export interface FloatExpr extends Span {
  readonly kind: "float";
  readonly value: number;
}

/** Quoted, indented (already de-indented) and URI strings. Adjacent text is one part; `[]` is the empty string. */
export interface StringExpr extends Span {
  readonly kind: "string";
  readonly parts: readonly (string | Expr)[];
}

/** `./a`, `/a`, `~/a`, with interpolation. The first part is text as written: evaluation resolves it against the file. */
export interface PathExpr extends Span {
  readonly kind: "path";
  readonly parts: readonly (string | Expr)[];
}

/** `<nixpkgs/lib>`; `path` is the text between the brackets. */
export interface SearchPathExpr extends Span {
  readonly kind: "search-path";
  readonly path: string;
  /** `__findFile` and `__nixPath` as they are in scope here: Nix reads the brackets as an application of them. */
  readonly findFile: Expr;
  readonly nixPath: Expr;
}

/** A name bound lexically: `depth` frames up, at `slot`. The outermost frame holds the globals. */
export interface VariableExpr extends Span {
  readonly kind: "variable";
  readonly name: string;
  readonly depth: number;
  readonly slot: number;
}

/** A name that only an enclosing `with` can bind; `depths` lists the `with` frames, innermost first. */
export interface WithVariableExpr extends Span {
  readonly kind: "with-variable";
  readonly name: string;
  readonly depths: readonly number[];
}

export interface SelectExpr extends Span {
  readonly kind: "select";
  readonly base: Expr;
  readonly path: readonly AttrName[];
  /** The expression after `or`. */
  readonly fallback: Expr | null;
}

export interface HasAttrExpr extends Span {
  readonly kind: "has-attr";
  readonly base: Expr;
  readonly path: readonly AttrName[];
}

/** `fn a b c`, flattened: `args` is never empty. */
export interface ApplyExpr extends Span {
  readonly kind: "apply";
  readonly fn: Expr;
  readonly args: readonly Expr[];
}

/**
 * Opens one frame. `x: …`: slot 0 is `x`. With formals: one slot per formal in order, then one for `args@` when
 * there is one. Defaults and body live in that frame.
 */
export interface LambdaExpr extends Span {
  readonly kind: "lambda";
  readonly parameter: Parameter;
  readonly body: Expr;
}

export type Parameter = SimpleParameter | FormalsParameter;

export interface SimpleParameter extends Span {
  readonly kind: "simple";
  readonly name: string;
}

export interface FormalsParameter extends Span {
  readonly kind: "formals";
  readonly formals: readonly Formal[];
  readonly ellipsis: boolean;
  /** The name before or after `@`. */
  readonly universal: string | null;
}

export interface Formal extends Span {
  readonly name: string;
  readonly fallback: Expr | null;
}

/** Opens one frame: a slot per binding in order, then one per inherit source. */
export interface LetExpr extends Span {
  readonly kind: "let";
  readonly bindings: readonly Binding[];
  readonly sources: readonly Expr[];
  readonly body: Expr;
}

/**
 * An attrset. It opens a frame when it is recursive (a slot per static binding, then one per inherit source) or when
 * it has inherit sources (a slot per source only); everything inside is resolved accordingly.
 */
export interface AttrsExpr extends Span {
  readonly kind: "attrs";
  readonly recursive: boolean;
  readonly bindings: readonly Binding[];
  readonly dynamic: readonly DynamicBinding[];
  /** The expressions of `inherit (source) …`, each evaluated at most once through its slot. */
  readonly sources: readonly Expr[];
}

/**
 * A static attr. The span covers its attrpath (`a.b.c`), for an inherited one its name. `outer` says that `value`
 * (of a plain `inherit`) was resolved in the scope around the frame that the set or `let` opens.
 */
export interface Binding extends Span {
  readonly name: string;
  readonly value: Expr;
  readonly outer: boolean;
}

export interface DynamicBinding extends Span {
  readonly name: Expr;
  readonly value: Expr;
}

/** A part of an attrpath: literal (`a`, `"a b"`) or computed. */
export type AttrName = StaticAttrName | DynamicAttrName;

export interface StaticAttrName extends Span {
  readonly kind: "static";
  readonly name: string;
}

export interface DynamicAttrName extends Span {
  readonly kind: "dynamic";
  readonly expr: Expr;
}

export interface ListExpr extends Span {
  readonly kind: "list";
  readonly elements: readonly Expr[];
}

export interface IfExpr extends Span {
  readonly kind: "if";
  readonly condition: Expr;
  readonly consequent: Expr;
  readonly alternative: Expr;
}

export interface AssertExpr extends Span {
  readonly kind: "assert";
  readonly condition: Expr;
  readonly body: Expr;
}

/** Opens one frame whose slot 0 is the set. */
export interface WithExpr extends Span {
  readonly kind: "with";
  readonly set: Expr;
  readonly body: Expr;
}

export interface UnaryExpr extends Span {
  readonly kind: "unary";
  readonly operator: "!" | "-";
  readonly operand: Expr;
}

/** Pipes are lowered to `apply`. */
export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "++"
  | "//"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "&&"
  | "||"
  | "->";

export interface BinaryExpr extends Span {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
}

/** Where the file does not parse. Evaluates to `Unknown(syntax)`. */
export interface HoleExpr extends Span {
  readonly kind: "hole";
  readonly message: string;
}

/** What the parser or Nix's own checks refuse. */
export interface SyntaxProblem extends Span {
  readonly message: string;
}

/** `text` without the comment signs. */
export interface Comment extends Span {
  readonly text: string;
  readonly block: boolean;
}
