// `.sops.yaml`: which key encrypts which file, and how people call the keys. Format: getsops/sops, `config/config.go`.

import { isAlias, isMap, isScalar, isSeq, type ParsedNode, parseDocument, visit, type YAMLMap } from "yaml";
import { Unknown } from "../eval/unknown.ts";
import type { Span } from "../source/span.ts";
import { isTooDeep } from "./data-depth.ts";
import { type GoExpression, readGoExpression } from "./go-expression.ts";
import { type Recipient, recipientsOf } from "./sops-recipients.ts";

export const sopsConfigName = ".sops.yaml";

export interface SopsConfig {
  /** Absolute. */
  readonly path: string;
  readonly rules: readonly CreationRule[];
  /** The anchors on single keys, as in `- &ha-01 age1…`: what people call a machine or a person. */
  readonly names: ReadonlyMap<string, Recipient>;
  /** Null, or why the file says nothing: it is no YAML. */
  readonly broken: Unknown | null;
}

export interface CreationRule {
  readonly span: Span;
  /** Matches the file's path from the directory of the configuration; null: every file. */
  readonly pattern: GoExpression | "not-understood" | null;
  readonly recipients: readonly Recipient[];
  /** Whether recipients of a cloud's key service come on top, which are not compared. */
  readonly hasOthers: boolean;
}

/** Fleets name one key in many rules. */
const maxAliasCount = 10_000;

export function parseSopsConfig(path: string, text: string): SopsConfig {
  const document = parseYaml(text);
  if (document === null) return brokenConfig(path, { file: path, start: 0, end: 1 });
  const [error] = document.errors;
  if (error) return brokenConfig(path, { file: path, start: error.pos[0], end: error.pos[1] });
  const list = isMap(document.contents) ? document.contents.get("creation_rules", true) : null;
  const rules = isSeq(list) ? list.items.filter((item): item is YAMLMap<ParsedNode> => isMap(item)) : [];
  try {
    return {
      path,
      rules: rules.flatMap((node) => {
        const rule = node.toJS(document, { maxAliasCount });
        return isTooDeep(rule) ? [] : readRule(path, node, rule);
      }),
      names: readNames(document),
      broken: null,
    };
  } catch (problem) {
    // An alias of an anchor that is not there, or aliases without end, are found when they are followed.
    if (problem instanceof ReferenceError || problem instanceof RangeError)
      return brokenConfig(path, { file: path, start: 0, end: 1 });
    throw problem;
  }
}

/** Null when it is nested more deeply than the reader can go. */
function parseYaml(text: string): ReturnType<typeof parseDocument> | null {
  try {
    return parseDocument(text, { logLevel: "silent" });
  } catch (problem) {
    if (problem instanceof RangeError) return null;
    throw problem;
  }
}

function brokenConfig(path: string, span: Span): SopsConfig {
  const broken = new Unknown("syntax", `\`${sopsConfigName}\` is no YAML`, span);
  return { path, rules: [], names: new Map(), broken };
}

function readRule(path: string, node: YAMLMap<ParsedNode>, rule: Readonly<Record<string, unknown>>): CreationRule {
  const { path_regex: regex } = rule;
  const pattern = regex === undefined ? null : (readGoExpression(String(regex)) ?? "not-understood");
  const [start = 0, end = start + 1] = node.range ?? [];
  const holders = [rule, ...keyGroups(rule.key_groups)];
  return {
    span: { file: path, start, end },
    pattern,
    recipients: holders.flatMap((holder) => [...recipientsOf("age", holder.age), ...recipientsOf("pgp", holder.pgp)]),
    hasOthers: holders.some((holder) => otherServices.some((name) => holder[name] !== undefined)),
  };
}

const otherServices = ["kms", "gcp_kms", "azure_keyvault", "azure_kv", "hc_vault", "hc_vault_transit_uri"];

/** Groups, and the groups that they merge. */
function keyGroups(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((group) =>
    typeof group === "object" && group !== null ? [group, ...keyGroups("merge" in group ? group.merge : null)] : [],
  );
}

function readNames(document: ReturnType<typeof parseDocument>): ReadonlyMap<string, Recipient> {
  const names = new Map<string, Recipient>();
  visit(document, {
    Scalar(_, node) {
      if (!isScalar(node) || isAlias(node) || node.anchor === undefined || typeof node.value !== "string") return;
      const kind = /^(age1|ssh-)/.test(node.value.trim()) ? "age" : "pgp";
      const [recipient] = recipientsOf(kind, node.value);
      if (recipient && !node.value.includes(",")) names.set(node.anchor, recipient);
    },
  });
  return names;
}

/**
 * The first rule that fits, as sops takes it; null as well where one before it may fit, whose expression is not
 * understood. `relative` is the path from the directory of the configuration.
 */
export function ruleFor({ rules }: SopsConfig, relative: string): CreationRule | null {
  const first = rules.find(
    ({ pattern }) => pattern === null || pattern === "not-understood" || pattern.matchesIn(relative),
  );
  return first === undefined || first.pattern === "not-understood" ? null : first;
}
