// Reads TOML. What is wrong with its syntax is said with its place, in words that do not need the grammar.

import { parse, TomlError } from "smol-toml";
import { lineStarts, type SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import type { ConfigText } from "./config-mistakes.ts";

export function parseToml(text: ConfigText): unknown {
  try {
    return parse(text.source.text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const at = tokenAt(text.source, error);
    const { message, hint } = explain(error, text.source.text.slice(at.start, at.end), lineOf(text.source, error));
    throw text.at(at, message, hint);
  }
}

function lineOf(source: SourceFile, { line }: TomlError): string {
  const starts = lineStarts(source);
  return source.text.slice(starts[line - 1] ?? 0, starts[line] ?? source.text.length).trimEnd();
}

/** The word in which the parser stopped. */
function tokenAt(source: SourceFile, error: TomlError): Span {
  const lineStart = lineStarts(source)[error.line - 1] ?? 0;
  const stop = lineStart + error.column - 1;
  const before =
    /[^\s=,[\]{}]*$/.exec(source.text.slice(Math.max(lineStart, stop - longestToken), stop))?.[0].length ?? 0;
  const after = /^[^\s#,\]}]*/.exec(source.text.slice(stop, stop + longestToken))?.[0].length ?? 0;
  return { file: source.path, start: stop - before, end: stop + after };
}

const longestToken = 200;

interface Explanation {
  readonly message: string;
  readonly hint: string | null;
}

function explain(error: TomlError, token: string, line: string): Explanation {
  if (/^(<<<<<<<|=======|>>>>>>>)/.test(line)) {
    return { message: "the file has a merge conflict in it", hint: "resolve it, and commit" };
  }
  // The parser's message goes on with a code block.
  const what = (error.message.split("\n")[0] ?? "").replace(/^Invalid TOML document: /, "");
  if (what.startsWith("trying to redefine")) {
    return line.trimStart().startsWith("[")
      ? { message: `the table \`${line.trim()}\` is there already`, hint: "write what is in it under the first one" }
      : { message: `the key \`${token}\` is there already`, hint: "take one of the two away" };
  }
  if (/^(invalid value|invalid date|illegal character in numeric literal)/.test(what)) {
    return token === ""
      ? { message: "a value is missing", hint: null }
      : { message: `\`${token}\` is no value`, hint: valueHint(token) };
  }
  const isOpen = what.startsWith("control characters") && /^\s*$/.test(line.slice(error.column - 1));
  if (isOpen) return { message: "the text has no end", hint: "its closing quote is missing" };
  return { message: `not valid TOML: ${what}`, hint: null };
}

function valueHint(token: string): string {
  if (/^\d+[-.]\d+/.test(token)) return "a date reads 2027-01-31";
  return `text stands in quotes: ${JSON.stringify(token)}`;
}
