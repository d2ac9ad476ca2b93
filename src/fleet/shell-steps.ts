// Whether a shell script goes on after a command that failed: bash does, unless it is told otherwise.

import { commandLines } from "./commands.ts";

export interface UncheckedStep {
  readonly kind: "command" | "pipe";
  /** The command, shortened. */
  readonly command: string;
}

/** Commands whose failure changes nothing that is saved, and words of the shell itself. */
const harmlessWords =
  /^(?:\S*\/)?(?:echo|printf|true|:|set|shopt|export|local|declare|readonly|unset|umask|trap|sleep|sync|date|logger|exit|return|rm|mkdir|install\s+-d|touch|chown|chmod|cd|source|\.|if|then|else|elif|fi|for|while|until|do|done|case|esac|function|curl|wget)(?=[\s;]|$)/;
/** Braces, functions and assignments. */
const harmlessForms =
  /^(?:\{(?=\s|$)|\}(?=[\s;]|$)|\)|\w+\s*\(\)|[A-Za-z_]\w*=(?:[^\s"']*|"[^"]*"|'[^']*'|"?\$\(.*\)"?)$)/;

/** The first step that may fail without anybody noticing; null when there is none. */
export function uncheckedStep(text: string): UncheckedStep | null {
  const options = optionsOf(text);
  const lines = stepsOf(text);
  if (!options.exits) {
    const unchecked = lines.slice(0, -1).find((line) => matters(line) && !/\|\||&&\s*\\?$/.test(line));
    if (unchecked !== undefined) return { kind: "command", command: shorten(unchecked) };
  }
  if (options.pipes) return null;
  const piped = lines.find((line) => isPiped(line));
  return piped === undefined ? null : { kind: "pipe", command: shorten(piped) };
}

/** `set -euo pipefail`, also in the first line: `#!/bin/sh -e`. */
function optionsOf(text: string): { readonly exits: boolean; readonly pipes: boolean } {
  const settings = [...text.matchAll(/^\s*(?:set|#!\s*\S+(?:\s+\S*sh)?)\s+([-+].*)$/gm)].map(([, flags = ""]) => flags);
  return {
    exits: settings.some((flags) => /(?:^|\s)-[a-z]*e/.test(flags) || flags.includes("errexit")),
    pipes: settings.some((flags) => flags.includes("pipefail")),
  };
}

/** Lines without those of here-documents, joined where a list or a pipe goes on. */
function stepsOf(text: string): readonly string[] {
  const code = text.replace(/^\s*#(?!!).*$/gm, "");
  const whole = code.replace(/'[^']*'|"(?:[^"\\]|\\.)*"/g, (quoted) => quoted.replaceAll("\n", " "));
  const plain = whole.replace(/<<-?\s*["']?(\w+)["']?([^\n]*)\n[\s\S]*?\n\s*\1(?=\n|$)/g, "< HERE$2");
  const joined = plain.replace(/(\|\||&&|\|)\s*\n\s*/g, "$1 ");
  return commandLines(joined).filter((line) => !/^(?:fi|done|esac|\}|\))$/.test(line));
}

function matters(line: string): boolean {
  const bare = line.replace(/^(?:sudo|exec|time|nice)\s+/, "");
  return !harmlessWords.test(bare) && !harmlessForms.test(bare);
}

/** A program whose output is passed on: when it fails, the status is that of the last one. */
function isPiped(line: string): boolean {
  const bare = line.replace(/\|\|/g, " or ").replace(/"[^"]*"|'[^']*'|\$\([^)]*\)/g, "_");
  const [first, ...others] = bare.split("|");
  if (first === undefined || others.length === 0 || !matters(first.trim())) return false;
  return !/^(?:yes|cat|ls|find|grep|if|while)\b/.test(first.trim());
}

function shorten(line: string): string {
  const short = line.replace(/\{([\w.-]+)\}\/s?bin\//g, "").replace(/\s+/g, " ");
  return short.length > 60 ? `${short.slice(0, 57)}...` : short;
}
