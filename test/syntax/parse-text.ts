// Parsing as most tests of syntax want it: a text, two globals, problems as people see them.

import { positionAt } from "../../src/source/source-file.ts";
import { type ParsedFile, parseNix } from "../../src/syntax/parse.ts";

const globals = ["true", "map"];

export function parseText(text: string): ParsedFile {
  return parseNix({ path: "/flake/test.nix", text }, globals);
}

export function problemsOf({ source, problems }: ParsedFile): string[] {
  return problems.map(({ start, message }) => {
    const { line, column } = positionAt(source, start);
    return `${line}:${column} ${message}`;
  });
}
