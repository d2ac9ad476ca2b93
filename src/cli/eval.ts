// `nixlint eval`: a value as `nix-instantiate --eval` prints it, with what cannot be known in its place.

import { join } from "node:path";
import { isTooDeep } from "../eval/budget.ts";
import { readText } from "../eval/context.ts";
import { createSession, type Session } from "../eval/session.ts";
import { show, showJson, showStrict } from "../eval/show.ts";
import { Store } from "../eval/store.ts";
import { force } from "../eval/thunk.ts";
import { evalError, Unknown } from "../eval/unknown.ts";
import { type Lazy, NixPath, PartialString, type Value } from "../eval/value.ts";
import { loadFlake } from "../flake/load.ts";
import { defaultSettings } from "../fleet/settings.ts";
import { UserError } from "../lint/user-error.ts";
import { plainFrame } from "../report/frame.ts";
import { visibleText } from "../report/visible.ts";
import { DiskFileSystem } from "../source/disk-file-system.ts";
import { positionAt } from "../source/source-file.ts";
import { readAttrPath, selectAttrPath } from "./attr-path.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { findFlakeRoot, resolveExisting } from "./flake-root.ts";
import { openFlakeTree } from "./flake-tree.ts";
import type { Io } from "./io.ts";

export interface EvalFlags {
  readonly expr?: string;
  readonly file?: string;
  readonly attr?: string;
  readonly include?: ReadonlyMap<string, string>;
  readonly json?: boolean;
  readonly strict?: boolean;
}

export function evaluate(installable: string | undefined, flags: EvalFlags, io: Io): ExitCode {
  const { session, value, isWhole } = openTarget(installable, flags, io);
  const selected = flags.attr === undefined ? value : selectAttrPath(value, readAttrPath(flags.attr));
  const printed =
    (isWhole ? (syntaxError(session) ?? refusedValue(selected)) : null) ?? printedOrError(selected, flags);
  if (typeof printed === "string") {
    // Only a terminal obeys control characters; whoever reads on wants the bytes.
    io.stdout(`${io.stdoutIsTerminal ? visibleText(printed) : printed}\n`);
    return exitCode.ok;
  }
  io.stderr(errorText(printed, session));
  return exitCode.findings;
}

interface Target {
  readonly session: Session;
  readonly value: Value;
  /** Whether every file has to parse, as for Nix; of a flake, what can be known is worth printing all the same. */
  readonly isWhole: boolean;
}

/** The first thing that Nix would refuse in the files that were read. */
function syntaxError(session: Session): Unknown | null {
  for (const { problems } of session.files.values()) {
    const [first] = problems;
    if (first) return evalError(first.message, first);
  }
  return null;
}

/** What Nix refuses as well: a value that needs itself or too deep a stack, a file that is no text. */
function refusedValue(value: Value): Unknown | null {
  const unknown = value instanceof PartialString ? readText(value) : value;
  if (!(unknown instanceof Unknown)) return null;
  return /^(error|recursion|syntax)$/.test(unknown.reason) || isTooDeep(unknown) ? unknown : null;
}

function printedOrError(value: Value, flags: EvalFlags): string | Unknown {
  return value instanceof Unknown && value.reason === "error" ? value : print(value, flags);
}

function openTarget(installable: string | undefined, flags: EvalFlags, io: Io): Target {
  const given = [installable, flags.expr, flags.file].filter((source) => source !== undefined);
  if (given.length > 1) throw new UserError("give one of PATH#ATTRPATH, --expr and --file");
  if (flags.expr !== undefined) return openExpression(flags.expr, flags, io);
  if (flags.file !== undefined) return openFile(flags.file, flags, io);
  return openOutput(installable ?? ".", io);
}

function openExpression(text: string, flags: EvalFlags, io: Io): Target {
  const session = plainSession(flags, io);
  return { session, value: session.evaluateText(text, join(io.cwd, "(expr)")), isWhole: true };
}

function openFile(path: string, flags: EvalFlags, io: Io): Target {
  const session = plainSession(flags, io);
  return { session, value: session.importFile(resolveExisting(path, io.cwd), null), isWhole: true };
}

/**
 * Like `nix-instantiate`: every file of the machine may be read, nothing is known but `-I`, and what would go to the
 * store is known by its path.
 */
function plainSession({ include }: EvalFlags, { cwd, env }: Io): Session {
  const fs = new DiskFileSystem("/");
  const store = new Store(fs);
  const places = new Map(
    [...(include ?? [])].map(([name, path]) => [name, new NixPath(resolveExisting(path, cwd), store)]),
  );
  const home = env.HOME;
  return createSession({
    fs,
    store,
    searchPath: (name): Lazy | undefined => places.get(name),
    ...(home?.startsWith("/") ? { home } : {}),
  });
}

/** `PATH#a.b.c`: an output of the flake; for `packages`-like shorthands one has to write the whole path. */
function openOutput(installable: string, { cwd }: Io): Target {
  const sign = installable.indexOf("#");
  const path = sign === -1 ? installable : installable.slice(0, sign);
  const root = findFlakeRoot(resolveExisting(path === "" ? "." : path, cwd));
  const flake = loadFlake(root, openFlakeTree(root, { kind: "work-tree" }), { roles: defaultSettings.roles });
  const attrPath = sign === -1 ? [] : readAttrPath(installable.slice(sign + 1));
  return { session: flake.session, value: selectAttrPath(flake.outputs, attrPath), isWhole: false };
}

function print(value: Value, { json, strict }: EvalFlags): string | Unknown {
  if (json) return showJson(value);
  return strict ? showStrict(value) : show(force(value));
}

/** The message, and the code it is about. */
function errorText({ message, span }: Unknown, session: Session): string {
  const lines = [`error: ${message}`];
  const source = span === null ? undefined : session.files.get(span.file)?.source;
  if (span !== null && source !== undefined) {
    const { line, column } = positionAt(source, span.start);
    lines.push(`  --> ${span.file}:${line}:${column}`);
    lines.push(...plainFrame(source, span));
  }
  return `${visibleText(lines.join("\n"))}\n`;
}
