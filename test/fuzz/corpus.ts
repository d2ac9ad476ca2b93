// What the fuzzer starts from: our own fixtures and the examples of the rules' pages.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export type Files = ReadonlyMap<string, Uint8Array>;

export interface Corpus {
  /** Nix files. */
  readonly nix: readonly string[];
  /** Whole flakes, by path below the flake. */
  readonly flakes: readonly Files[];
  readonly yaml: readonly string[];
  readonly toml: readonly string[];
  readonly json: readonly string[];
}

/** Larger texts take long and find nothing that smaller ones do not. */
const largest = 20_000;

/** `repository` is the root of this repository. */
export function readCorpus(repository: string): Corpus {
  const names = listFiles(join(repository, "fixtures")).sort();
  const texts = (ending: string) =>
    names
      .filter((name) => name.endsWith(ending) && statSync(name).size < largest)
      .map((name) => readFileSync(name, "utf8"));
  const pages = readdirSync(join(repository, "rules")).filter((name) => name.endsWith(".md") && name !== "README.md");
  const blocks = (language: string) =>
    pages.sort().flatMap((name) => fences(join(repository, "rules", name), language));
  const flakes = join(repository, "fixtures/flakes");
  return {
    nix: [...texts(".nix"), ...blocks("nix")],
    flakes: readdirSync(flakes)
      .sort()
      .flatMap((name) => readFlake(join(flakes, name))),
    yaml: [...texts(".yaml"), ...blocks("yaml")],
    toml: [...texts(".toml"), ...blocks("toml")],
    json: texts(".json"),
  };
}

function listFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? listFiles(path) : entry.isFile() ? [path] : [];
  });
}

function readFlake(directory: string): Files[] {
  if (!statSync(directory).isDirectory()) return [];
  const files = listFiles(directory).filter((path) => !path.endsWith("expected.txt"));
  return [new Map(files.map((path) => [path.slice(directory.length + 1), readFileSync(path)]))];
}

function fences(page: string, language: string): string[] {
  const text = readFileSync(page, "utf8");
  return [...text.matchAll(/^```(\w+)[^\n]*\n([\s\S]*?)^```$/gm)].flatMap(([, name, body = ""]) =>
    name === language ? [body] : [],
  );
}
