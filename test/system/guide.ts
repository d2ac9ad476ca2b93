// The guide's commands, so that the test runs what people will type. A fenced block has a name in its info string:
// ```bash run=<name> (a test runs it) or ```bash not-run (no test can, and the guide says so).
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Guide {
  /** The commands, or the text, of the block with this name: one command a line, comments left out. */
  readonly blocks: (name: string) => readonly string[];
  readonly names: readonly string[];
  /** Blocks of commands that neither run nor say that they do not. */
  readonly unmarked: readonly string[];
}

const file = join(import.meta.dirname, "../../nix/README.md");

export function readGuide(): Guide {
  const fences = [...readFileSync(file, "utf8").matchAll(/^( *)```(\w+)([^\n]*)\n([\s\S]*?)^\1```$/gm)];
  const blocks = new Map<string, readonly string[]>();
  const unmarked: string[] = [];
  for (const [, indent = "", language, info = "", body = ""] of fences) {
    const text = body.replaceAll(new RegExp(`^${indent}`, "gm"), "");
    const name = /\brun=([\w-]+)/.exec(info)?.[1];
    if (name !== undefined) blocks.set(name, language === "bash" ? commands(text) : [text]);
    else if (language === "bash" && !info.includes("not-run")) unmarked.push(text);
  }
  return { blocks: (name) => found(blocks, name), names: [...blocks.keys()], unmarked };
}

function found(blocks: ReadonlyMap<string, readonly string[]>, name: string): readonly string[] {
  const block = blocks.get(name);
  if (block === undefined) throw new Error(`nix/README.md has no block run=${name}`);
  return block;
}

/** A trailing backslash goes on in the next line; ` # …` is for the reader. */
function commands(text: string): readonly string[] {
  const lines = text.replaceAll("\\\n", " ").split("\n");
  return lines.map((line) => line.replace(/(^|\s)#.*$/, "").trim()).filter((line) => line !== "");
}
