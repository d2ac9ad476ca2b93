// As much of a shell as lists of checks are written in: words, quotes, continued lines, braces, `set --` and "$@".

export interface Command {
  /** Of the script, from 1. */
  readonly line: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}

interface Word {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** The simple commands of a script that start with one of the names. */
export function readCommands(script: string, names: readonly string[]): Command[] {
  const commands: Command[] = [];
  let parameters: readonly string[] = [];
  for (const { text, line } of logicalLines(script)) {
    if (!/^(set --|[A-Za-z_]+=|[A-Za-z]+ )/.test(text)) continue;
    const words = splitWords(text).flatMap((word) => (word.text === "$@" ? parameters : expandBraces(word)));
    const environment: Record<string, string> = {};
    while (words[0] !== undefined && /^[A-Z_]+=/.test(words[0])) {
      const [name = "", value = ""] = (words.shift() as string).split("=");
      environment[name] = value;
    }
    if (words[0] === "set" && words[1] === "--") parameters = words.slice(2);
    else if (names.includes(words[0] ?? "")) commands.push({ line, environment, words });
  }
  return commands;
}

function logicalLines(script: string): { readonly text: string; readonly line: number }[] {
  const lines: { text: string; line: number }[] = [];
  let continued = false;
  for (const [index, text] of script.split("\n").entries()) {
    const last = lines.at(-1);
    if (continued && last) last.text += text.trimStart();
    else lines.push({ text, line: index + 1 });
    continued = text.endsWith("\\");
    const current = lines.at(-1);
    if (continued && current) current.text = current.text.slice(0, -1);
  }
  return lines;
}

const piece = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(\s+)/gs;

function splitWords(line: string): Word[] {
  const words: Word[] = [];
  let current: { text: string; isQuoted: boolean } | null = null;
  for (const [, single, double, escaped, plain, space] of line.matchAll(piece)) {
    if (space !== undefined) {
      if (current) words.push(current);
      current = null;
      continue;
    }
    current ??= { text: "", isQuoted: false };
    const quoted = single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped;
    current.text += quoted ?? plain ?? "";
    current.isQuoted ||= quoted !== undefined;
  }
  if (current) words.push(current);
  return words;
}

function expandBraces({ text, isQuoted }: Word): string[] {
  const [, before, list, after] = (!isQuoted && /^(.*)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(text)) || [];
  if (list === undefined) return [text];
  return list.split(",").map((item) => `${before}${item}${after}`);
}
