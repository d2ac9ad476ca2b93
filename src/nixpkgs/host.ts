// A host (or a role on its own) as nixlint sees it: options with provenance, read lazily.

import type { Budget } from "../eval/budget.ts";
import type { Unknown } from "../eval/unknown.ts";
import type { Attrs } from "../eval/value.ts";
import type { Span } from "../source/span.ts";
import type { AttrPath, ModuleRef, Option } from "./modules/definition.ts";

/** A module of an input that is not on disk: it may define anything. */
export interface UnreadModule {
  /** The input's name or URL, as in `inputs.private`. */
  readonly input: string;
  readonly importedAt: Span | null;
  readonly cause: Unknown;
}

/** The first that may know what this flake calls its secrets and options. */
export function firstPrivate(unread: readonly UnreadModule[]): UnreadModule | undefined {
  return unread.find(({ cause }) => !cause.isPublished);
}

export interface Host {
  /** The attr name in `nixosConfigurations`, or the role's file name without `.nix`. */
  readonly name: string;
  /** A role is a module that no host imports, evaluated alone: only claims from its own definitions hold. */
  readonly kind: "host" | "role";
  /** `x86_64-linux`, …; null when not known. */
  readonly system: string | null;
  /** The span that introduces the host: its attr in `nixosConfigurations`, or the role file's first character. */
  readonly span: Span | null;
  /** What evaluating this host may cost: one that never ends costs itself, not the run. */
  readonly budget: Budget;
  readonly config: Attrs;
  readonly modules: readonly ModuleRef[];
  readonly unread: readonly UnreadModule[];
  /** Paths of option definitions that no declaration in sight covers and no fact knows (freeform), for 03 point 6. */
  readonly undeclared: readonly AttrPath[];
  /** Any option path, through submodules and attrsets; never throws. */
  option(path: AttrPath): Option;
  /** The entries of an attrset-valued option, each as an option; `rest` when there may be more. */
  children(path: AttrPath): { readonly options: readonly Option[]; readonly rest: Option["value"] | null };
}
