// Reads the page of a rule: its sections and its examples. The info string of a fence is `nix <role> [file=<path>]`
// (or `toml`, `text`); blocks with nothing but blank lines between them are one example when they name files. A caret line,
// `#   ^^^^ message`, marks the line above it; `#<--- message` marks from the first column to the end of the arrow. Caret lines stay in the file: they are comments.

export type ExampleRole = "bad" | "fixed" | "good" | "undecided";

export interface Marker {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in code points; `endColumn` is exclusive. */
  readonly startColumn: number;
  readonly endColumn: number;
  readonly message: string;
}

export interface ExampleFile {
  readonly path: string;
  readonly text: string;
  /** Not known to git: for the rule about that. */
  readonly untracked: boolean;
}

export interface Example {
  readonly role: ExampleRole;
  /** The line of the page on which it starts. */
  readonly pageLine: number;
  readonly files: readonly ExampleFile[];
  /** Those that stand on the page; a fixed example has the others from the bad one before it. */
  readonly shown: readonly ExampleFile[];
  readonly markers: readonly Marker[];
}

export interface RulePage {
  readonly title: string;
  readonly sections: readonly string[];
  readonly examples: readonly Example[];
}

/** Where a block without `file=` goes. */
export const defaultPath = "roles/example.nix";
const roles: readonly string[] = ["bad", "fixed", "good", "undecided"];

interface Block extends ExampleFile {
  readonly role: ExampleRole;
  readonly pageLine: number;
  readonly named: boolean;
  /** Something stands between this block and the one before. */
  readonly afterText: boolean;
}

export function parseRulePage(markdown: string): RulePage {
  const lines = markdown.split("\n");
  const headings = headingsOf(lines);
  return {
    title: headings.find(({ level }) => level === 1)?.text ?? "",
    sections: headings.filter(({ level }) => level === 2).map(({ text }) => text),
    examples: groupBlocks(readBlocks(lines)),
  };
}

function headingsOf(lines: readonly string[]) {
  const headings: { level: number; text: string }[] = [];
  let fenced = false;
  for (const line of lines) {
    if (line.startsWith("```")) fenced = !fenced;
    const match = fenced ? null : /^(#+) (.*)$/.exec(line);
    if (match) headings.push({ level: match[1]!.length, text: match[2]! });
  }
  return headings;
}

function readBlocks(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let open: { info: string; start: number } | null = null;
  let afterText = false;
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith("```")) {
      if (open === null && line.trim() !== "") afterText = true;
      continue;
    }
    if (open === null) open = { info: line.slice(3), start: index };
    else {
      const text = `${lines.slice(open.start + 1, index).join("\n")}\n`;
      const block = readBlock(open.info, text, { pageLine: open.start + 1, afterText });
      if (block) {
        blocks.push(block);
        afterText = false;
      }
      open = null;
    }
  }
  if (open !== null) throw new Error(`the fence at line ${open.start + 1} is not closed`);
  return blocks;
}

function readBlock(info: string, text: string, where: Pick<Block, "pageLine" | "afterText">): Block | null {
  const [language, role, ...attributes] = info.trim().split(/\s+/);
  if (role === undefined) return null;
  if (!roles.includes(role)) throw new Error(`line ${where.pageLine}: \`${role}\` is no role of an example`);
  if (language !== "nix" && !attributes.some((attribute) => attribute.startsWith("file="))) {
    throw new Error(`line ${where.pageLine}: a block that is not Nix needs \`file=\``);
  }
  let path = defaultPath;
  let untracked = false;
  for (const attribute of attributes) {
    if (attribute.startsWith("file=")) path = attribute.slice("file=".length);
    else if (attribute === "untracked") untracked = true;
    else throw new Error(`line ${where.pageLine}: unknown attribute \`${attribute}\``);
  }
  return { ...where, role: role as ExampleRole, path, text, untracked, named: path !== defaultPath };
}

function groupBlocks(blocks: readonly Block[]): Example[] {
  const groups: Block[][] = [];
  for (const block of blocks) {
    const group = groups.at(-1);
    if (group && belongsTo(block, group)) group.push(block);
    else groups.push([block]);
  }
  return groups.map((group, index) => ({
    role: group[0]!.role,
    pageLine: group[0]!.pageLine,
    files: group[0]!.role === "fixed" ? [...unchangedFiles(groups[index - 1] ?? [], group), ...group] : group,
    shown: group,
    markers: group.flatMap(markersOf),
  }));
}

function unchangedFiles(before: readonly Block[], changed: readonly Block[]): ExampleFile[] {
  return before.filter(({ path }) => !changed.some((file) => file.path === path)).map(withoutMarkers);
}

function belongsTo(block: Block, group: readonly Block[]): boolean {
  const [first] = group;
  const joined = block.named || group.some(({ named }) => named);
  return !block.afterText && block.role === first!.role && joined && !group.some((other) => other.path === block.path);
}

const caretLine = /^(\s*#\s*)(\^+)(?:\s+(.*?))?\s*$/;
const arrowLine = /^\s*#(<-*)(?:\s+(.*?))?\s*$/;

function markersOf({ path, text }: Block): Marker[] {
  const markers: Marker[] = [];
  let marked = 0;
  for (const [index, line] of text.split("\n").entries()) {
    const caret = caretLine.exec(line);
    const arrow = arrowLine.exec(line);
    if (caret) {
      const startColumn = [...caret[1]!].length + 1;
      const endColumn = startColumn + caret[2]!.length;
      markers.push({ path, line: marked, startColumn, endColumn, message: caret[3] ?? "" });
    } else if (arrow) {
      markers.push({ path, line: marked, startColumn: 1, endColumn: 2 + arrow[1]!.length, message: arrow[2] ?? "" });
    } else marked = index + 1;
  }
  return markers;
}

/** As somebody would have it: without the lines that only mark others. */
export function withoutMarkers(file: ExampleFile): ExampleFile {
  const lines = file.text.split("\n").filter((line) => !caretLine.test(line) && !arrowLine.test(line));
  return { ...file, text: lines.join("\n") };
}
