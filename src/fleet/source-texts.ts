// The words of the files that evaluation reads: whether a question is worth asking at all, and whether a name is said
// anywhere else.

import { once } from "../eval/once.ts";
import type { ParsedFile } from "../syntax/parse.ts";

export interface SourceTexts {
  /** Whether some file has the words. */
  some(pattern: RegExp): boolean;
  /** Names behind `sops.secrets.`, `sops.templates.` and `age.secrets.`, wherever they stand. */
  readonly secretNames: readonly string[];
  /** How often a name is said, in all files together. */
  count(name: string): number;
}

const secretName = /\b(?:sops\.(?:secrets|templates)|age\.secrets)\.(?:"([^"$\\]+)"|([A-Za-z_][\w'-]*))/g;

export function sourceTexts(files: () => Iterable<ParsedFile>): SourceTexts {
  const texts = once(() => [...files()].map(withoutComments));
  const names = once(() => [
    ...new Set(
      texts().flatMap((text) => [...text.matchAll(secretName)].map(([, quoted, bare]) => quoted ?? bare ?? "")),
    ),
  ]);
  const counts = new Map<string, number>();
  return {
    some: (pattern) => texts().some((text) => pattern.test(text)),
    get secretNames() {
      return names();
    },
    count(name) {
      const known = counts.get(name) ?? texts().reduce((sum, text) => sum + occurrences(text, name), 0);
      counts.set(name, known);
      return known;
    },
  };
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
  let found = 0;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const isWord = !/[\w-]/.test(text.charAt(at - 1)) && !/[\w-]/.test(text.charAt(at + name.length));
    if (isWord) found += 1;
  }
  return found;
}
