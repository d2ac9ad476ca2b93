// What is wrong with a configuration, in words: from the issues of its schema to messages with a place and a way out.

import * as z from "zod";
import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import { closestName } from "./suggestion.ts";
import { isWritten, type KeyPath, placeOfKey, placeOfValue } from "./toml-places.ts";
import { type MistakePlace, UserError, UserErrors } from "./user-error.ts";

/** A configuration as it stands in its file. */
export class ConfigText {
  readonly source: SourceFile;
  /** How messages call the file. */
  readonly name: string;

  constructor(source: SourceFile, name: string) {
    this.source = source;
    this.name = name;
  }

  atKey(path: KeyPath, message: string, hint: string | null = null): UserError {
    return this.at(placeOfKey(this.source, path), message, hint);
  }

  atValue(path: KeyPath, message: string, hint: string | null = null): UserError {
    return this.at(placeOfValue(this.source, path), message, hint);
  }

  at(span: Span, message: string, hint: string | null): UserError {
    return new UserError(message, hint, { source: this.source, span, name: this.name });
  }

  placeOfValue(path: KeyPath): MistakePlace {
    return { source: this.source, span: placeOfValue(this.source, path), name: this.name };
  }

  /** Whether somebody wrote the key, and not a default. */
  has(path: KeyPath): boolean {
    return isWritten(this.source, path);
  }
}

/** The value as the schema has it; throws everything that is wrong with it at once. */
export function checkShape<T extends z.ZodType>(value: unknown, schema: T, text: ConfigText): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw together(result.error.issues.flatMap((issue) => mistakesOf(issue, { value, schema, text })));
}

/** Of one or more. */
export function together([first, ...others]: readonly UserError[]): UserError {
  if (first === undefined) throw new Error("a mistake without an error");
  return others.length === 0 ? first : new UserErrors(first, others);
}

interface Checked {
  readonly value: unknown;
  readonly schema: z.ZodType;
  readonly text: ConfigText;
}

function mistakesOf(issue: z.core.$ZodIssue, checked: Checked): UserError[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, path, checked));
    case "invalid_value":
      return [wrongChoice(issue.values.map(String), path, checked)];
    case "invalid_type":
      return [wrongType(issue, path, checked)];
    case "too_small":
      return [outOfRange(`at least ${issue.minimum} is expected`, issue, path, checked)];
    case "too_big":
      return [outOfRange(`at most ${issue.maximum} is expected`, issue, path, checked)];
    default:
      return [
        checked.text.atValue(path, path.length === 0 ? issue.message : `\`${showPath(path)}\`: ${issue.message}`),
      ];
  }
}

function unknownKey(key: string, path: KeyPath, { schema, text }: Checked): UserError {
  const known = keysOf(bare(schemaAt(schema, path)));
  const closest = closestName(key, known);
  if (path.at(-1) === "rules") {
    const hint = closest === null ? "`nixlint rules` lists them" : `did you mean \`${closest}\`?`;
    return text.atKey([...path, key], `unknown rule \`${key}\``, hint);
  }
  const owner = path.length === 0 ? "" : ` in \`${showTable(path)}\``;
  const hint = closest === null ? `known keys: ${known.join(", ")}` : `did you mean \`${closest}\`?`;
  return text.atKey([...path, key], `unknown key \`${key}\`${owner}`, hint);
}

function wrongChoice(choices: readonly string[], path: KeyPath, { value, text }: Checked): UserError {
  const given = valueAt(value, path);
  const closest = typeof given === "string" ? closestName(given, choices) : null;
  const list = choices.map((choice) => `\`${choice}\``).join(", ");
  const hint = closest === null ? `one of ${list}` : `did you mean \`${closest}\`? It is one of ${list}`;
  const shown = typeof given === "string" ? `\`${given}\`` : nameOfType(given);
  return text.atValue(path, `\`${showPath(path)}\` cannot be ${shown}`, hint);
}

function wrongType(issue: z.core.$ZodIssueInvalidType, path: KeyPath, checked: Checked): UserError {
  const { value, text } = checked;
  const given = valueAt(value, path);
  const key = String(path.at(-1) ?? "");
  if (given === undefined) {
    const why = issue.message.startsWith("Invalid") ? "" : `: ${issue.message}`;
    const owner = path.slice(0, -1);
    return text.atKey(owner, `\`${showTable(owner)}\` has no \`${key}\`${why}`, hintOf(path, issue.expected, checked));
  }
  const message = `\`${showPath(path)}\` is ${nameOfType(given)}, and ${typeNames[issue.expected] ?? issue.expected} is expected`;
  return text.atValue(path, message, hintOf(path, issue.expected, checked));
}

function outOfRange(bound: string, { message }: z.core.$ZodIssue, path: KeyPath, { text }: Checked): UserError {
  // What the schema says itself is better.
  return text.atValue(path, `\`${showPath(path)}\`: ${message.startsWith("Too ") ? bound : message}`);
}

/** How the value would be written, else what the key is for. */
function hintOf(path: KeyPath, expected: string, { value, schema }: Checked): string | null {
  const given = valueAt(value, path);
  const key = String(path.at(-1) ?? "");
  if (expected === "array") return listHint(key, given);
  if (path.at(-2) === "rules" && typeof given === "string")
    return `write \`${key}.severity = ${JSON.stringify(given)}\``;
  const description = descriptionOf(schemaAt(schema, path));
  return description === undefined ? null : `${key}: ${lowerFirst(description)}`;
}

function listHint(key: string, given: unknown): string | null {
  if (typeof given === "string") return `write \`${key} = [${JSON.stringify(given)}]\``;
  return typeof given === "object" ? `write \`[[${key}]]\`, once for each` : null;
}

const typeNames: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  date: "a date",
  int: "a whole number",
  number: "a number",
  object: "a table",
  record: "a table",
  string: "a string",
};

function nameOfType(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  return typeNames[typeof value] ?? typeof value;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** `waive[1].until` is the until of the second waiver. */
function showPath(path: KeyPath): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}

/** As its header is written; which one of several it is, the place says. */
function showTable(path: KeyPath): string {
  const names = path.filter((part) => typeof part === "string").join(".");
  return typeof path.at(-1) === "number" ? `[[${names}]]` : `[${names}]`;
}

function valueAt(value: unknown, path: KeyPath): unknown {
  let found: unknown = value;
  for (const part of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Object.entries(found).find(([key]) => key === String(part))?.[1];
  }
  return found;
}

/** As it is written there, with what makes it optional. */
function schemaAt(schema: z.ZodType, path: KeyPath): z.ZodType | null {
  let found: z.ZodType | null = schema;
  for (const part of path) {
    const owner: z.ZodType | null = bare(found);
    if (owner instanceof z.ZodObject) found = asSchema(owner.shape[part]);
    else if (owner instanceof z.ZodRecord) found = asSchema(owner.valueType);
    else if (owner instanceof z.ZodArray) found = asSchema(owner.element);
    else return null;
  }
  return found;
}

function asSchema(value: unknown): z.ZodType | null {
  return value instanceof z.ZodType ? value : null;
}

function inside(schema: z.ZodType | null): z.ZodType | null {
  const isWrapper =
    schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional || schema instanceof z.ZodDefault;
  return isWrapper ? asSchema(schema.unwrap()) : null;
}

/** Without what makes it optional. */
function bare(schema: z.ZodType | null): z.ZodType | null {
  const inner = inside(schema);
  return inner === null ? schema : bare(inner);
}

function descriptionOf(schema: z.ZodType | null): string | undefined {
  return schema === null ? undefined : (schema.description ?? descriptionOf(inside(schema)));
}

function keysOf(schema: z.ZodType | null): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}
