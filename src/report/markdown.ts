// Markdown as the rule pages use it, for a terminal: headings, code and emphasis; everything else as it is written.

import type { ChalkInstance } from "chalk";
import { displayWidth } from "./visible.ts";

export interface Rendering {
  readonly paint: ChalkInstance;
  /** Columns, of prose: code is as wide as it is. */
  readonly width: number;
}

/** Ends with one newline. Fences are dropped and their content indented, so that code can be copied. */
export function renderMarkdown(markdown: string, { paint, width }: Rendering): string {
  const lines: string[] = [];
  let fenced = false;
  for (const line of markdown.trim().split("\n")) {
    const fence = /^```(.*)$/.exec(line);
    if (fence !== null) {
      fenced = !fenced;
      if (fenced) lines.push(...fenceTitle(fence[1] ?? "", paint));
    } else if (fenced) lines.push(codeLine(line, paint));
    else lines.push(...wrap(line, width).map((part) => proseLine(part, paint)));
  }
  return `${lines.join("\n")}\n`;
}

/** Between words; code and links stay whole, and what goes on in a list is indented. */
function wrap(line: string, width: number): string[] {
  if (line.startsWith("#") || line.startsWith("|")) return [line];
  const [bullet = ""] = /^\s*(?:[-*]|\d+\.)\s+/.exec(line) ?? [];
  const words = line.slice(bullet.length).match(/(?:`[^`]*`|\[[^\]]*\]\([^)]*\)|\S)+/g) ?? [];
  const lines: string[] = [];
  let current = bullet + (words.shift() ?? "");
  for (const word of words) {
    if (displayWidth(`${current} ${word}`) <= width) current += ` ${word}`;
    else {
      lines.push(current);
      current = " ".repeat(bullet.length) + word;
    }
  }
  return [...lines, current];
}

/** The same page where Markdown is rendered by others: what the fences' info strings say goes before them. */
export function plainMarkdown(markdown: string): string {
  return markdown.replace(/^```(\w+) +(\S.*)$/gm, (_, language: string, role: string) => {
    return `${titleOf(`${language} ${role}`) ?? ""}:\n\n\`\`\`${language}`;
  });
}

function fenceTitle(info: string, paint: ChalkInstance): string[] {
  const title = titleOf(info);
  return title === null ? [] : [paint.dim(`  ${title}:`), ""];
}

/** `nix bad file=roles/a.nix` reads `bad, roles/a.nix`. */
function titleOf(info: string): string | null {
  const [, role, ...attributes] = info.trim().split(/\s+/);
  if (role === undefined) return null;
  const file = attributes.find((attribute) => attribute.startsWith("file="))?.slice("file=".length);
  return file === undefined ? role : `${role}, ${file}`;
}

function codeLine(line: string, paint: ChalkInstance): string {
  if (line === "") return "";
  return `    ${/^\s*#\s*[<^]/.test(line) ? paint.red(line) : paint.cyan(line)}`;
}

function proseLine(line: string, paint: ChalkInstance): string {
  const heading = /^#+\s+(.*)$/.exec(line)?.[1];
  if (heading !== undefined) return paint.bold.underline(heading.replace(/`/g, ""));
  return line
    .replace(/`([^`]+)`/g, (_, code: string) => paint.cyan(paint.level > 0 ? code : `\`${code}\``))
    .replace(/\*\*([^*]+)\*\*/g, (_, text: string) => paint.bold(text))
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, (_, text: string, url: string) => `${text} <${url}>`);
}
