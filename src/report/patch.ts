// Changed files as one unified diff that `git apply` takes, new files included.

import { relative, sep } from "node:path";
import { structuredPatch } from "diff";

export interface PatchedFile {
  readonly path: string;
  /** Null: it is new. */
  readonly before: string | null;
  readonly after: string;
}

const contextLines = 3;

/** Names are relative to `base`, which should be the root of the repository: there git looks for them. */
export function patchText(files: readonly PatchedFile[], base: string): string {
  return files.map((file) => filePatch(file, relative(base, file.path).split(sep).join("/"))).join("");
}

function filePatch({ before, after }: PatchedFile, name: string): string {
  const isNew = before === null;
  const { hunks } = structuredPatch(name, name, before ?? "", after, "", "", { context: contextLines });
  const lines = [
    `diff --git ${gitName("a", name)} ${gitName("b", name)}`,
    ...(isNew ? ["new file mode 100644"] : []),
    `--- ${isNew ? "/dev/null" : endOfName(gitName("a", name))}`,
    `+++ ${endOfName(gitName("b", name))}`,
    ...hunks.flatMap((hunk) => [
      `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
      ...hunk.lines,
    ]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Of nothing, the line before counts: 0 in an empty file. */
function range(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\" };

/** As git quotes names that would be ambiguous. */
function gitName(side: string, name: string): string {
  const whole = `${side}/${name}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: names may hold them.
  const special = /[\x00-\x1f\x7f"\\]/g;
  if (!special.test(whole)) return whole;
  const quoted = whole.replace(
    special,
    (character) => escapes[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
  return `"${quoted}"`;
}

/** A tab ends a name with blanks in it. */
function endOfName(name: string): string {
  return name.includes(" ") ? `${name}\t` : name;
}
