// What scripts and commands say: their text with the texts of the writers they call, and the patterns of programs that
// back up, dump or notify.

import { force } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attrs, List, NixPath, PartialString, type Value } from "../eval/value.ts";
import { derivationOfHole, derivationTag, textOfDerivation } from "../nixpkgs/derivation.ts";
import type { Host } from "../nixpkgs/host.ts";
import { hole, isUnset, showText } from "./known.ts";

/** A command's text as far as it is known. */
export interface Script {
  /** Holes are `…`, packages `{restic}`. Calls of written scripts are followed by the script's text. */
  readonly text: string;
  /** Why there may be more; what only a package hides is no reason. */
  readonly unread: Unknown | null;
}

/** Scripts calling scripts calling scripts. */
const deepest = 4;

export function readScript(value: Value, depth = 0): Script {
  if (isUnset(value) || value === null) return noScript;
  if (typeof value === "string") return { text: value, unread: null };
  if (value instanceof NixPath) return { text: value.path, unread: null };
  if (value instanceof PartialString) return joinParts(value, depth);
  if (value instanceof List)
    return joinScripts(
      [...value.elements, ...value.possible].map((item) => readScript(force(item), depth)),
      value.rest,
    );
  if (value instanceof Attrs) return readDerivation(value, depth);
  return value instanceof Unknown ? { text: "", unread: value } : { text: showText(String(value)), unread: null };
}

export const noScript: Script = { text: "", unread: null };

export function joinScripts(scripts: readonly Script[], rest: Unknown | null = null): Script {
  return {
    text: scripts
      .map((script) => script.text)
      .filter((text) => text !== "")
      .join("\n"),
    unread: scripts.find((script) => script.unread !== null)?.unread ?? rest,
  };
}

function joinParts(value: PartialString, depth: number): Script {
  const called: Script[] = [];
  let text = "";
  let unread: Unknown | null = null;
  for (const part of value.parts) {
    if (typeof part === "string") text += part;
    else {
      const derivation = derivationOfHole(part);
      text += showHole(derivation);
      if (derivation) called.push(readDerivation(derivation, depth));
      else if (!isOfNixpkgs(part)) unread ??= part;
    }
  }
  return joinScripts([{ text, unread }, ...called]);
}

/** The text alone, with the names of packages. */
export function showCommand(value: PartialString): string {
  return value.parts.map((part) => (typeof part === "string" ? part : showHole(derivationOfHole(part)))).join("");
}

function showHole(derivation: ReturnType<typeof derivationOfHole>): string {
  const tag = derivation && derivationTag(derivation);
  return tag ? `{${tag.label}}` : hole;
}

/** A program or a default that nixpkgs provides is not where people put their own words. */
function isOfNixpkgs({ reason }: Unknown): boolean {
  return reason === "package" || reason === "nixpkgs-default";
}

/** A package says nothing; what a writer wrote is read. */
function readDerivation(derivation: Attrs, depth: number): Script {
  const text = depth < deepest ? textOfDerivation(derivation) : undefined;
  return text === undefined ? noScript : readScript(text, depth + 1);
}

/** Everything a unit runs: `script`, `preStart`, … and the `Exec` lines. */
export function unitScript(host: Host, unit: string): Script {
  return joinScripts([startScript(host, unit), endScript(host, unit)]);
}

/** What a unit runs to do its work. */
export function startScript(host: Host, unit: string): Script {
  return unitTexts(host, unit, ["preStart", "script"], ["ExecStartPre", "ExecStart"]);
}

/** What a unit runs when it is done. */
export function endScript(host: Host, unit: string): Script {
  return unitTexts(host, unit, ["postStart", "postStop", "preStop"], ["ExecStartPost", "ExecStopPost", "ExecStop"]);
}

function unitTexts(host: Host, unit: string, options: readonly string[], execs: readonly string[]): Script {
  const base = ["systemd", "services", unit];
  const values = [
    ...options.map((name) => host.option([...base, name]).value),
    ...execs.map((name) => host.option([...base, "serviceConfig", name]).value),
  ];
  const script = joinScripts(values.map((value) => readScript(value)));
  return { ...script, text: withEnvironment(script.text, host.option([...base, "environment"]).value) };
}

/** Variables that the unit itself sets are what they are set to. */
function withEnvironment(text: string, environment: Value): string {
  if (!(environment instanceof Attrs) || !text.includes("$")) return text;
  return [...environment.entries].reduce((result, [name, attr]) => {
    if (!/^\w+$/.test(name)) return result;
    const value = attr.maybe ?? force(attr.value);
    const variable = new RegExp(`\\$(?:\\{${name}\\}|${name}(?![A-Za-z0-9_]))`, "g");
    return typeof value === "string" ? result.replace(variable, () => value) : result;
  }, text);
}

/** Lines with continuations joined and comments dropped. */
export function commandLines(text: string): readonly string[] {
  const lines = text.replace(/\\\n\s*/g, " ").split("\n");
  return lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
}

/** A program in a command line: at its start, below a path or a package, or after an operator. */
export function callOf(program: string): RegExp {
  return new RegExp(`(?:^|[\\s;&|("'\`$/{])${program}(?=$|[\\s"'};&|)])`);
}
