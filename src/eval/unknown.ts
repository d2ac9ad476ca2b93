// What cannot be known is a value like any other: it says why, and where knowledge ended.

import { type Span, userPlace } from "../source/span.ts";
import type { ContextText } from "./context.ts";
import type { Attrs, NixPath } from "./value.ts";

/** The closed list of reasons (see the pages of `nixlint explain`). */
export type Reason =
  | "input"
  | "nixpkgs-default"
  | "package"
  | "impure"
  | "unsupported"
  | "error"
  | "recursion"
  | "limit"
  | "syntax";

interface UnknownDetails {
  /** Only errors: whether `builtins.tryEval` catches it (`throw`, failed `assert`). */
  readonly catchable?: boolean;
  /** The option that was asked for, as in `sops.secrets.x` of a host with unread modules. */
  readonly optionPath?: readonly string[];
  /** As a hole in a string: the derivation or copied path whose whole store path (`/nix/store/…-name`) this stands for. */
  readonly storePathOf?: Attrs | NixPath;
  /** As a hole in a string: the text that stands there, where evaluation has a store. */
  readonly contextText?: ContextText;
  /** Only reason "input": the input's name, as in `inputs.private`. */
  readonly input?: string;
  /** Only reason "input": it is published for everybody, so that it knows no name that this flake has chosen. */
  readonly isPublished?: boolean;
}

export class Unknown {
  readonly kind = "unknown";
  readonly reason: Reason;
  /** One clause, lower case, Nix in backticks: "the input `private` is not on disk". */
  readonly message: string;
  readonly span: Span | null;
  readonly catchable: boolean;
  readonly optionPath: readonly string[] | null;
  readonly storePathOf: Attrs | NixPath | null;
  readonly contextText: ContextText | null;
  readonly input: string | null;
  readonly isPublished: boolean;

  constructor(reason: Reason, message: string, span: Span | null = null, details: UnknownDetails = {}) {
    this.reason = reason;
    this.message = message;
    this.span = span && userPlace(span);
    this.catchable = details.catchable ?? false;
    this.optionPath = details.optionPath ?? null;
    this.storePathOf = details.storePathOf ?? null;
    this.contextText = details.contextText ?? null;
    this.input = details.input ?? null;
    this.isPublished = details.isPublished ?? false;
  }
}

/** An evaluation error as real Nix reports it: a missing attr, a type mismatch, an undefined name. */
export function evalError(message: string, span: Span | null = null, details: UnknownDetails = {}): Unknown {
  return new Unknown("error", message, span, details);
}

/** What `throw` and a failed `assert` give; `tryEval` turns it into `{ success = false; }`. */
export function thrownError(message: string, span: Span | null = null): Unknown {
  return new Unknown("error", message, span, { catchable: true });
}

/** An unknown that is an error. */
export type Failure = Unknown & { readonly reason: "error" };

/** Whether evaluation fails here for sure, as opposed to something that is only not known. */
export function isError(value: unknown): value is Failure {
  return value instanceof Unknown && value.reason === "error";
}

export function unsupported(name: string, span: Span | null = null): Unknown {
  return new Unknown("unsupported", `\`${name}\` is not implemented`, span);
}
