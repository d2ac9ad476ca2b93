// What rules yield and what the engine makes of it.

import type { Fix } from "../edit/edit.ts";
import type { Unknown } from "../eval/unknown.ts";
import type { Assumption, UnresolvedHost } from "../flake/flake.ts";
import type { Skipped } from "../flake/skipped.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import type { BaselineEntry } from "./baseline.ts";

export type Severity = "error" | "warning" | "info";

export interface Note {
  readonly message: string;
  readonly at: Span | null;
}

/** A policy broken for sure. */
export interface Finding {
  readonly kind: "finding";
  /** What it is about: an option path (`services.restic.backups.hass`) or a file. */
  readonly subject: string;
  /** Others that the message is about as well: each is waived and known by itself. */
  readonly also?: readonly string[];
  readonly at: Span;
  /** One clause, lower case first, no full stop, Nix in backticks; the fact, not the advice; no host name. */
  readonly message: string;
  readonly notes?: readonly Note[];
  readonly fix?: Fix;
  /** Looks for a fix where that is work: asked once for all hosts that share the cause, when there is no `fix`. */
  readonly offer?: () => Fix | undefined;
  /** Only where a rule has two: else the rule's own. */
  readonly severity?: Severity;
  /** Only in rules about the fleet: the hosts it holds for. The engine knows those of rules about hosts. */
  readonly hosts?: readonly string[];
}

/** A question of the rule that could not be answered. */
export interface Doubt {
  readonly kind: "undecided";
  readonly subject: string;
  readonly at: Span | null;
  readonly reasons: readonly Unknown[];
  /** As in a finding. */
  readonly hosts?: readonly string[];
}

export type Outcome = Finding | Doubt;

/** A finding with what the engine adds; one for all hosts that share the cause. */
export interface Diagnostic extends Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** Sorted names of the hosts it holds for; empty for findings about files. */
  readonly hosts: readonly string[];
  /** Stable when lines move: rule, subject and content, not position. */
  readonly fingerprint: string;
  /** When it stands for several that differ in their subject alone: all of them. */
  readonly members?: readonly Diagnostic[];
}

/** One per rule and subject, however many hosts and reasons. */
export interface UndecidedResult extends Doubt {
  readonly rule: string;
  readonly hosts: readonly string[];
}

export interface Suppressed {
  readonly diagnostic: Diagnostic;
  readonly reason: string;
  /** A comment beside the code, or a waiver in the configuration. */
  readonly by: "comment" | "waiver";
}

/** A file that a host or role needs and that does not parse or cannot be read: the run cannot be trusted (exit 2). */
export interface BrokenFile {
  readonly path: string;
  readonly why: string;
}

/** Everything one run says; all arrays sorted by file, offset, rule. */
export interface Report {
  /** The flake's root; every path in a rendered report is relative to it. */
  readonly root: string;
  /** The text of every file that something below points into, by path. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly diagnostics: readonly Diagnostic[];
  /** What `--fix` mended; its places are those before. Absent when nothing was asked to be fixed. */
  readonly fixed?: readonly Diagnostic[];
  readonly undecided: readonly UndecidedResult[];
  readonly suppressed: readonly Suppressed[];
  readonly baselined: readonly Diagnostic[];
  /** Entries of the baseline whose finding is gone. */
  readonly staleBaseline: readonly BaselineEntry[];
  readonly broken: readonly BrokenFile[];
  /** Hosts that could not be evaluated at all: nothing on them was checked. */
  readonly unresolved: readonly UnresolvedHost[];
  readonly skipped: readonly Skipped[];
  readonly assumptions: readonly Assumption[];
  readonly files: number;
  readonly hosts: number;
}
