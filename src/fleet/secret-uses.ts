// Uses of secrets anywhere in a configuration: of those that nobody declares, and of what only stands for a secret.

import { type Answer, no, undecided, yes } from "../eval/answer.ts";
import { isError, Unknown } from "../eval/unknown.ts";
import { PartialString, type Value } from "../eval/value.ts";
import { firstPrivate, type Host } from "../nixpkgs/host.ts";
import type { AttrPath } from "../nixpkgs/modules/definition.ts";
import type { Span } from "../source/span.ts";
import { doubtOf, showText, toText } from "./known.ts";
import type { Leaf } from "./leaves.ts";
import { type Secret, type SecretList, showOption } from "./secrets.ts";
import type { ComputedName, SourceTexts } from "./source-texts.ts";

export interface UndeclaredSecret {
  /** `sops.secrets.x`. */
  readonly secret: string;
  /** The option whose value needs it. */
  readonly usedBy: string;
  readonly answer: Answer;
  readonly span: Span | null;
  /** The default file of the host has its key. */
  readonly isStored: boolean;
}

/** One for each secret: its first use. `isInDefaultFile` says whether a declaration without anything else would do. */
export function undeclaredSecrets(
  leaves: readonly Leaf[],
  { rest }: SecretList,
  isInDefaultFile: (path: AttrPath) => boolean,
): readonly UndeclaredSecret[] {
  const found = new Map<string, UndeclaredSecret>();
  for (const { path, value, span } of leaves) {
    const unknown = unknownOf(value);
    const used = unknown && secretOf(unknown.optionPath);
    if (!used || path[0] === used[0]) continue;
    const secret = showOption(used);
    // On a host with unread modules the same read is an unknown that is no error.
    const answer = isError(unknown) ? yes : undecided(unknown);
    if (rest === null && answer.kind !== "yes") continue;
    if (found.has(secret)) continue;
    const isStored = isInDefaultFile(used);
    found.set(secret, { secret, usedBy: showOption(path), answer, span: unknown.span ?? span, isStored });
  }
  return [...found.values()];
}

function unknownOf(value: Value): Unknown | null {
  return value instanceof PartialString ? value.hole : value instanceof Unknown ? value : null;
}

/** `sops.secrets.x` of `sops.secrets.x.path`. */
function secretOf(path: AttrPath | null): AttrPath | null {
  if (path === null || path.length < 3) return null;
  return /^(sops\.(secrets|templates)|age\.secrets)$/.test(`${path[0]}.${path[1]}`) ? path.slice(0, 3) : null;
}

export interface StrayPlaceholder {
  readonly option: string;
  /** The secret that it stands for. */
  readonly name: string;
  readonly answer: Answer;
  readonly span: Span | null;
}

/** What sops-nix puts in place of a secret until a template is rendered. */
export function placeholderOf(hash: string): string {
  return `<SOPS:${hash}:PLACEHOLDER>`;
}

/** `placeholders` by secret. */
export function strayPlaceholders(
  leaves: readonly Leaf[],
  placeholders: ReadonlyMap<string, string>,
): readonly StrayPlaceholder[] {
  const found = leaves.flatMap((leaf) => strayIn(leaf, placeholders));
  const doubts = leaves.flatMap(({ value }) => (value instanceof Unknown && mayHoldText(value) ? [value] : []));
  const [first] = doubts;
  if (first === undefined) return found;
  return [...found, { option: "sops.placeholder", name: "any secret", answer: undecided(...doubts), span: first.span }];
}

/** Errors and what packages or nixpkgs say hold no text of the flake's. */
function mayHoldText(value: Unknown): boolean {
  return value.optionPath === null && /^(input|impure|limit|syntax)$/.test(value.reason);
}

function strayIn({ path, value, span }: Leaf, placeholders: ReadonlyMap<string, string>): readonly StrayPlaceholder[] {
  if (path[0] === "sops") return [];
  const unknown = unknownOf(value);
  if (unknown?.optionPath?.[0] === "sops" && unknown.optionPath[1] === "placeholder") {
    return [{ option: showOption(path), name: unknown.optionPath[2] ?? "", answer: undecided(unknown), span }];
  }
  if (typeof value !== "string" && !(value instanceof PartialString)) return [];
  const text = showText(toText(value));
  if (!text.includes("<SOPS:")) return [];
  const name = [...placeholders].find(([, placeholder]) => text.includes(placeholder))?.[0];
  return name === undefined ? [] : [{ option: showOption(path), name, answer: yes, span }];
}

/** A secret with a path of its own serves whoever looks there; a module that is not read may use any. */
export function isUnused({ name, path, optionPath, isEarly }: Secret, host: Host, texts: SourceTexts): Answer {
  const doubt = doubtOf(path);
  if (doubt) return undecided(doubt);
  const isInPlace = typeof path === "string" && !path.startsWith("/run/");
  if (isInPlace || isEarly.kind !== "no" || texts.count(name) !== 1) return no;
  const unread = firstPrivate(host.unread);
  const span = host.option(optionPath).span;
  if (unread)
    return undecided(new Unknown("input", `the unread input \`${unread.input}\` may use it`, unread.importedAt));
  const mayBeNamed = ({ set, pattern }: ComputedName) => (set ?? optionPath[0]) === optionPath[0] && pattern.test(name);
  if (texts.computedNames.some(mayBeNamed))
    return undecided(new Unknown("unsupported", "names of secrets are put together", span));
  return yes;
}
