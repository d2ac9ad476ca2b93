// Everything a rule may import, and nothing else.

import { posix } from "node:path";
import * as zod from "zod";
import type { Change, Fix, Safety } from "./edit/edit.ts";
import type { Editing } from "./edit/editing.ts";
import type { Answer } from "./eval/answer.ts";
import type { FlakeFiles } from "./flake/files.ts";
import type { Fleet, FleetHost } from "./fleet/fleet.ts";
import type { Finding, Outcome, Severity } from "./lint/finding.ts";
import type { JudgedSuppression } from "./lint/suppression.ts";
import type { Span } from "./source/span.ts";

export type { Change, Fix, Safety } from "./edit/edit.ts";
export type { Editing } from "./edit/editing.ts";
export { showAttrPath, showList, showSet, showString } from "./edit/nix-text.ts";
export type { Answer } from "./eval/answer.ts";
export { all, any, not } from "./eval/answer.ts";
export type { FlakeFiles } from "./flake/files.ts";
export { refusedPrunings } from "./fleet/append-only.ts";
export { failedAssertions } from "./fleet/assertions.ts";
export { rootJobs } from "./fleet/backup-users.ts";
export { showOptions } from "./fleet/clash-groups.ts";
export { conflictsOf } from "./fleet/conflicts.ts";
export { undumpedDatabases, unusedDumps } from "./fleet/databases.ts";
export { staleDumps } from "./fleet/dump-freshness.ts";
export { exporterMismatches } from "./fleet/exporter-targets.ts";
export { refreshesTooFast } from "./fleet/exporters.ts";
export { finalPings } from "./fleet/final-pings.ts";
export type { Fleet, FleetHost } from "./fleet/fleet.ts";
export type { RepositoryUser } from "./fleet/fleet-repositories.ts";
export { hostsOf, isShared, neverChecked, neverPruned, repositoriesOf } from "./fleet/fleet-repositories.ts";
export { groupByPlace } from "./fleet/group-by-place.ts";
export { hostCalendars } from "./fleet/host-calendars.ts";
export { uncheckedHostKeys, unknownHostKeys } from "./fleet/host-keys.ts";
export { showText } from "./fleet/known.ts";
export { liveCopies } from "./fleet/live-copies.ts";
export { lockLosers } from "./fleet/lock-waits.ts";
export { missedRuns } from "./fleet/missed-runs.ts";
export { missingMounts } from "./fleet/mount-needs.ts";
export { excludedStates, partialStates, showPath } from "./fleet/partial-state.ts";
export { prepareCommands } from "./fleet/prepare-commands.ts";
export { transportOf } from "./fleet/repository.ts";
export { holesOf, isFlawed, retentionOf, shortOf } from "./fleet/retention.ts";
export { belongsToRoot } from "./fleet/secrets.ts";
export { showState } from "./fleet/service-state.ts";
export { sharedPasswords } from "./fleet/shared-passwords.ts";
export { missingFrom as missingRecipients, showRecipients } from "./fleet/sops-recipients.ts";
export { isStarted } from "./fleet/starters.ts";
export { strangePaths } from "./fleet/strange-paths.ts";
export { ignoredKeys } from "./fleet/unit-keys.ts";
export { unknownServices } from "./fleet/unknown-services.ts";
export { type Watch, waysOfWatching } from "./fleet/watching.ts";
export type { Finding, Note, Outcome, Severity } from "./lint/finding.ts";
export { closestName } from "./lint/suggestion.ts";
export type { JudgedSuppression } from "./lint/suppression.ts";
export { withoutSuppression } from "./lint/suppression-fix.ts";
export type { Span } from "./source/span.ts";

/** What schemas of rule options are made of. Not all of zod: a bundle would then carry its messages in 50 languages. */
export const z = {
  array: zod.array,
  boolean: zod.boolean,
  enum: zod.enum,
  number: zod.number,
  strictObject: zod.strictObject,
  string: zod.string,
};

interface RuleIdentity<Options> {
  /** What is flagged, so that "allow <id>" reads as a sentence. */
  readonly id: string;
  readonly summary: string;
  readonly severity: Severity;
  /** The smallest profile that has it; `strict` includes `recommended`. */
  readonly profile: "recommended" | "strict";
  /** The rule's options in `nixlint.toml`, with their defaults. */
  readonly options?: zod.ZodType<Options>;
}

/** What the engine gives a check besides its subject. Pure data. */
export interface RuleContext<Options> {
  readonly options: Options;
  readonly profile: "recommended" | "strict";
  readonly fleet: Fleet;
  /** From options and places to edits, for fixes: see `fixBy`. */
  readonly edit: Editing;
}

export interface HostRule<Options = unknown> extends RuleIdentity<Options> {
  readonly scope: "host";
  check(host: FleetHost, context: RuleContext<Options>): Iterable<Outcome>;
}

export interface FleetRule<Options = unknown> extends RuleIdentity<Options> {
  readonly scope: "fleet";
  check(fleet: Fleet, context: RuleContext<Options>): Iterable<Outcome>;
}

export interface FileRule<Options = unknown> extends RuleIdentity<Options> {
  readonly scope: "file";
  check(files: FlakeFiles, context: RuleContext<Options>): Iterable<Outcome>;
}

/** About comments and waivers that allow findings: runs when all other rules have. */
export interface SuppressionRule<Options = unknown> extends RuleIdentity<Options> {
  readonly scope: "suppression";
  check(suppressions: readonly JudgedSuppression[], context: RuleContext<Options>): Iterable<Outcome>;
}

export type Rule = HostRule | FleetRule | FileRule | SuppressionRule;
type RuleWith<Options> = HostRule<Options> | FleetRule<Options> | FileRule<Options> | SuppressionRule<Options>;

export function defineRule<Options>(rule: RuleWith<Options>): RuleWith<Options> {
  return rule;
}

/** The finding when the answer is yes, a doubt when it is undecided, nothing when it is no. */
export function* when(answer: Answer, finding: Omit<Finding, "kind">): Iterable<Outcome> {
  if (answer.kind === "yes") yield { kind: "finding", ...finding };
  if (answer.kind === "undecided") {
    yield { kind: "undecided", subject: finding.subject, at: finding.at, reasons: answer.reasons };
  }
}

/**
 * The fix of a finding, to spread into it: nothing at all when one of the changes cannot be made.
 *
 * ```ts
 * yield* when(answer, {
 *   subject, at, message,
 *   ...fixBy("set the owner to `hass`", "safe", edit.setOption(host, [...path, "owner"], showString("hass"))),
 * });
 * ```
 *
 * The title is imperative. `safe`: the meaning of the configuration is kept or is plainly what its author meant; hooks
 * apply it. `scaffold`: it writes what is missing. `unsafe`: it changes what machines do; only `--unsafe-fixes` applies
 * it. After the fix the finding must be gone.
 */
export function fixBy(title: string, safety: Safety, ...changes: readonly Change[]): { readonly fix?: Fix } {
  const made = changes.filter((change) => change !== null);
  if (made.length < changes.length) return {};
  const edits = made.flatMap((change) => change.edits);
  const newFiles = made.flatMap((change) => change.newFiles ?? []);
  if (edits.length + newFiles.length === 0) return {};
  return { fix: { title, safety, edits, ...(newFiles.length > 0 && { newFiles }) } };
}

/** A path as reports show it, relative to the root of the flake or fleet. */
export function pathInFlake({ root }: { readonly root: string }, path: string): string {
  return posix.relative(root, path);
}

/** The change when it stays in that file: what a module makes for many is not mended for one of them. */
export function within(at: Span | null, change: Change): Change {
  return change?.edits.every(({ span }) => span.file === at?.file) ? change : null;
}

/** The place of a file whose text nobody can show. */
export function wholeFile(path: string): Span {
  return { file: path, start: 0, end: 0 };
}
