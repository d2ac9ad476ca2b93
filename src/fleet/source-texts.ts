// The words of the files that evaluation reads: whether a question is worth asking at all, and whether a name is said
// anywhere else.

import { once } from "../eval/once.ts";
import type { ParsedFile } from "../syntax/parse.ts";

export interface SourceTexts {
  /** Whether some file has the words. */
  some(pattern: RegExp): boolean;
  /** Names behind `sops.secrets.`, `sops.templates.` and `age.secrets.`, wherever they stand. */
  readonly secretNames: readonly string[];
  /** Names of secrets that are put together, and sets of secrets that are walked over. */
  readonly computedNames: readonly ComputedName[];
  /** How often a name is said, in all files of the flake together: also those that only home-manager reads. */
  count(name: string): number;
}

/** What a name may be that only evaluation knows. */
export interface ComputedName {
  /** Where it is looked up; null for either. */
  readonly set: "sops" | "age" | null;
  /** What its parts that are written out leave possible. */
  readonly pattern: RegExp;
}

const secretName = /\b(?:sops\.(?:secrets|templates)|age\.secrets)\.(?:"([^"$\\]+)"|([A-Za-z_][\w'-]*))/g;

/** `files` are those that evaluation read; `all` has also those that no host reaches. */
export function sourceTexts(files: () => Iterable<ParsedFile>, all: () => Iterable<ParsedFile>): SourceTexts {
  const texts = once(() => [...files()].map(withoutComments));
  const allTexts = once(() => {
    const byPath = new Map([...all(), ...files()].map((file) => [file.source.path, file]));
    return [...byPath.values()].map(withoutComments);
  });
  const names = once(() => [
    ...new Set(
      texts().flatMap((text) => [...text.matchAll(secretName)].map(([, quoted, bare]) => quoted ?? bare ?? "")),
    ),
  ]);
  const computed = once(() => texts().flatMap(computedNames));
  const counts = new Map<string, number>();
  return {
    some: (pattern) => texts().some((text) => pattern.test(text)),
    get secretNames() {
      return names();
    },
    get computedNames() {
      return computed();
    },
    count(name) {
      const known = counts.get(name) ?? allTexts().reduce((sum, text) => sum + occurrences(text, name), 0);
      counts.set(name, known);
      return known;
    },
  };
}

const lookup = /(?:\b(sops|age)\.)?\b(?:secrets|placeholder)\.(\$\{|"[^"]*\$\{[^"]*")/g;
const walk = /(?:attr\w+|map\w*|filterAttrs|getAttr|genAttrs)\b[^;\n]*(sops|age)\.secrets/g;

function computedNames(text: string): readonly ComputedName[] {
  const lookups = [...text.matchAll(lookup)].map(([, set, name = ""]) => ({
    set: setOf(set),
    pattern: patternOf(name),
  }));
  const walks = [...text.matchAll(walk)].map(([, set]) => ({ set: setOf(set), pattern: /./ }));
  return [...(hasOwnSecrets(text) ? lookups.filter(({ set }) => set !== null) : lookups), ...walks];
}

function setOf(name: string | undefined): ComputedName["set"] {
  return name === "sops" || name === "age" ? name : null;
}

/** `"${machine}-token"` is any name with that end; what is only a hole is any name. */
function patternOf(written: string): RegExp {
  const name = written.replace(/^"|"$/g, "");
  const fixed = name.split(/\$\{[^{}]*\}/).map((part) => part.replace(/[.*+?^$()|[\]\\{}]/g, "\\$&"));
  return name.replace(/\$\{[^{}]*\}/g, "").includes("${") ? /./ : new RegExp(`^${fixed.join(".*")}$`);
}

/** A set of one's own that is called like that of a host. */
function hasOwnSecrets(text: string): boolean {
  const bound = [...text.matchAll(/\bsecrets\s*=\s*([^;]*)/g)].map(([, value = ""]) => value);
  return bound.length > 0 && !bound.some((value) => /\b(?:sops|age)\b/.test(value));
}

/** What a comment says counts for nothing. */
function withoutComments({ source, comments }: ParsedFile): string {
  let text = "";
  let end = 0;
  for (const comment of comments) {
    text += source.text.slice(end, comment.start);
    end = comment.end;
  }
  return text + source.text.slice(end);
}

/** As a word of its own. */
function occurrences(text: string, name: string): number {
  if (name === "") return 0;
  let found = 0;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const isWord = !/[\w-]/.test(text.charAt(at - 1)) && !/[\w-]/.test(text.charAt(at + name.length));
    if (isWord) found += 1;
  }
  return found;
}
