// Markdown as the rule pages use it, for a terminal: headings, code and emphasis; everything else as it is written.

import type { ChalkInstance } from "chalk";

/** Ends with one newline. Fences are dropped and their content indented, so that code can be copied. */
export function renderMarkdown(markdown: string, paint: ChalkInstance): string {
  const lines: string[] = [];
  let fenced = false;
  for (const line of markdown.trim().split("\n")) {
    const fence = /^```(.*)$/.exec(line);
    if (fence !== null) {
      fenced = !fenced;
      if (fenced) lines.push(...fenceTitle(fence[1] ?? "", paint));
    } else lines.push(fenced ? codeLine(line, paint) : proseLine(line, paint));
  }
  return `${lines.join("\n")}\n`;
}

/** `nix bad file=roles/a.nix` reads `bad, roles/a.nix`. */
function fenceTitle(info: string, paint: ChalkInstance): string[] {
  const [, role, ...attributes] = info.trim().split(/\s+/);
  if (role === undefined) return [];
  const file = attributes.find((attribute) => attribute.startsWith("file="))?.slice("file=".length);
  return [paint.dim(`  ${file === undefined ? role : `${role}, ${file}`}:`), ""];
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
