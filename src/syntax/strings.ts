// The text of string literals, exactly as Nix reads it: escapes, line ends, and the indentation of `''` strings.

/** The text between the quotes of `"…"`, or a stretch of it, without its escapes. Line ends become `\n`. */
export function unescapeString(raw: string): string {
  if (!raw.includes("\\") && !raw.includes("\r")) return raw;
  return raw.replace(/\\(.)|\r\n?/gs, (_, escaped: string | undefined) =>
    escaped === undefined ? "\n" : escapedCharacter(escaped),
  );
}

function escapedCharacter(character: string): string {
  if (character === "n") return "\n";
  if (character === "r") return "\r";
  if (character === "t") return "\t";
  return character;
}

/** What Nix's lexer finds in an indented string. Indentation is measured in `text` only. */
export type IndentedPart<Hole> =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "escaped"; readonly text: string }
  | { readonly kind: "hole"; readonly hole: Hole };

/** Splits a stretch of raw text at the escapes `''$`, `'''` and `''\x`. */
export function splitIndentedText(raw: string): IndentedPart<never>[] {
  if (!raw.includes("''")) return raw === "" ? [] : [{ kind: "text", text: raw }];
  const parts: IndentedPart<never>[] = [];
  let end = 0;
  for (const match of raw.matchAll(/''(?:\$|'|\\(.))/gs)) {
    if (match.index > end) parts.push({ kind: "text", text: raw.slice(end, match.index) });
    parts.push({ kind: "escaped", text: indentedEscape(match[0], match[1]) });
    end = match.index + match[0].length;
  }
  if (end < raw.length) parts.push({ kind: "text", text: raw.slice(end) });
  return parts;
}

function indentedEscape(written: string, escaped: string | undefined): string {
  if (escaped !== undefined) return escapedCharacter(escaped);
  return written === "''$" ? "$" : "''";
}

/** Blanks up to the first line end are no content when nothing else stands there. */
export function skipOpeningLine(raw: string): string {
  return raw.replace(/^ *\n/, "");
}

/** The parts without the common indentation; a last line of nothing but blanks goes, its line end stays. */
export function stripIndentation<Hole>(parts: readonly IndentedPart<Hole>[]): (string | Hole)[] {
  const indent = commonIndent(parts);
  const stripped: (string | Hole)[] = [];
  const line = { atStart: true, dropped: 0 };
  parts.forEach((part, index) => {
    if (part.kind === "hole") {
      line.atStart = false;
      line.dropped = 0;
      stripped.push(part.hole);
      return;
    }
    const text = stripLines(part.text, indent, line);
    pushText(stripped, index === parts.length - 1 ? dropBlankLastLine(text) : text);
  });
  return stripped;
}

/** Appends to the text before, so that adjacent text is one part. */
export function pushText<Hole>(parts: (string | Hole)[], text: string): void {
  if (text === "") return;
  const last = parts.at(-1);
  if (typeof last === "string") parts[parts.length - 1] = last + text;
  else parts.push(text);
}

// Only blanks count, not tabs; lines of blanks alone do not, and neither does the last line's indentation before `''`.
function commonIndent<Hole>(parts: readonly IndentedPart<Hole>[]): number {
  let common = Number.POSITIVE_INFINITY;
  let current = 0;
  let atStart = true;
  for (const part of parts) {
    if (part.kind !== "text") {
      if (atStart) common = Math.min(common, current);
      atStart = false;
      continue;
    }
    const { text } = part;
    for (let index = 0; index < text.length; index++) {
      if (!atStart) {
        index = text.indexOf("\n", index);
        if (index < 0) break;
        atStart = true;
        current = 0;
      } else if (text[index] === " ") {
        current++;
      } else if (text[index] === "\n") {
        current = 0;
      } else {
        atStart = false;
        common = Math.min(common, current);
      }
    }
  }
  return common;
}

interface LineState {
  /** Only blanks so far in this line. */
  atStart: boolean;
  dropped: number;
}

function stripLines(text: string, indent: number, line: LineState): string {
  let stripped = "";
  let index = 0;
  while (index < text.length) {
    if (line.atStart) {
      const first = index;
      while (text[index] === " ") index++;
      const drop = Math.min(index - first, Math.max(indent - line.dropped, 0));
      line.dropped += index - first;
      stripped += text.slice(first + drop, index);
      if (index === text.length) break;
      line.dropped = 0;
      line.atStart = false;
    }
    const lineEnd = text.indexOf("\n", index);
    const end = lineEnd < 0 ? text.length : lineEnd + 1;
    stripped += text.slice(index, end);
    line.atStart = lineEnd >= 0;
    index = end;
  }
  return stripped;
}

function dropBlankLastLine(text: string): string {
  const lastLine = text.lastIndexOf("\n") + 1;
  if (lastLine === 0) return text;
  return /^ *$/.test(text.slice(lastLine)) ? text.slice(0, lastLine) : text;
}
