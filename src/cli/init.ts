// `nixlint init`: looks at what the repository uses, asks, and writes configuration, hook and workflow. What exists is
// never overwritten without a yes to just that.

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UserError } from "../lint/user-error.ts";
import { visibleText } from "../report/visible.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { findFlakeRoot, resolveExisting } from "./flake-root.ts";
import { answerOfGit } from "./git-work.ts";
import { detectParts, type Part, type Place, type PlannedFile, plannedFiles, shownPath } from "./init-plan.ts";
import { askPrompts, type Prompts } from "./init-prompts.ts";
import { gitHooksNixText, unknownRepository } from "./init-texts.ts";
import type { Io } from "./io.ts";
import { findGitRoot, liesWithin, limitOf, realPathOf } from "./repository.ts";

export interface InitFlags {
  readonly yes?: boolean;
  readonly withModule?: boolean;
  /** The address of nixlint's repository. */
  readonly repository?: string;
}

export async function init(path: string | undefined, flags: InitFlags, io: Io): Promise<ExitCode> {
  const root = findFlakeRoot(resolveExisting(path ?? ".", io.cwd));
  const place = lookAround(root);
  const detected = new Set([...detectParts(place), ...(flags.withModule ? (["module"] as const) : [])]);
  const prompts = flags.yes ? null : openPrompts(io);
  const parts = prompts === null ? detected : await prompts.parts(detected);
  if (parts === null) return exitCode.interrupted;
  const repository = flags.repository ?? (prompts && asksForAddress(parts) ? await prompts.repository() : null);
  for (const file of plannedFiles(parts, place, repository)) {
    if (!(await write(file, { place, prompts }, io))) return exitCode.interrupted;
  }
  io.stdout(closing(parts, repository));
  return exitCode.ok;
}

function openPrompts(io: Io): Prompts {
  const prompts = io.prompts ?? (io.stdinIsTerminal ? askPrompts : null);
  if (prompts === null) throw new UserError("init asks questions, and nobody is there to answer", "nixlint init --yes");
  return prompts;
}

function asksForAddress(parts: ReadonlySet<Part>): boolean {
  return (["pre-commit", "github", "forgejo", "gitlab"] as const).some((part) => parts.has(part));
}

function lookAround(root: string): Place {
  const gitRoot = findGitRoot(root);
  const hooks = gitRoot === null ? null : answerOfGit(gitRoot, ["rev-parse", "--git-path", "hooks"]);
  return {
    root,
    gitRoot,
    remotes: gitRoot === null ? "" : (answerOfGit(gitRoot, ["remote", "--verbose"]) ?? ""),
    hooks: hooks !== null && gitRoot !== null ? resolve(gitRoot, hooks.trim()) : null,
    hasPreCommit: spawnSync("pre-commit", ["--version"]).status === 0,
  };
}

interface Writing {
  readonly place: Place;
  /** Null: nobody is asked, and what exists stays. */
  readonly prompts: Prompts | null;
}

/** False when the person wants no more. */
async function write(file: PlannedFile, { place, prompts }: Writing, io: Io): Promise<boolean> {
  const name = shownPath(file.path, place);
  // Hooks may be kept anywhere: git's configuration says where.
  if (!file.executable && !liesWithin(realPathOf(file.path), limitOf(place.root))) {
    throw new UserError(`\`${name}\` is a symlink out of the repository`, "remove it");
  }
  if (!existsSync(file.path)) {
    put(file, file.text, true);
    io.stdout(`wrote ${visibleText(name)}\n`);
    return true;
  }
  const before = readFileSync(file.path, "utf8");
  if (before === file.text || /\bnixlint\b/.test(before)) {
    io.stdout(`kept ${visibleText(name)}: it has nixlint already\n`);
    return true;
  }
  const answer = prompts === null ? false : await prompts.change(name, file.merged !== null);
  if (answer === null) return false;
  if (answer) put(file, file.merged ?? file.text);
  io.stdout(
    answer
      ? `changed ${visibleText(name)}\n`
      : `kept ${visibleText(name)}; what nixlint needs there:\n\n${file.text}\n`,
  );
  return true;
}

function put({ path, executable }: PlannedFile, text: string, isNew = false): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: isNew ? "wx" : "w" });
    if (executable) chmodSync(path, 0o755);
  } catch (error) {
    throw new UserError(`cannot write \`${path}\`: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function closing(parts: ReadonlySet<Part>, repository: string | null): string {
  const lines: string[] = [];
  if (parts.has("git-hooks.nix")) lines.push("for git-hooks.nix, in the flake:\n", gitHooksNixText);
  const forges = (["github", "forgejo", "gitlab"] as const).filter((part) => parts.has(part));
  if (forges.length > 0 && repository === null) lines.push(`put an address in the place of \`${unknownRepository}\``);
  if (parts.has("pre-commit")) lines.push("then: pre-commit install");
  if (parts.has("module")) lines.push("then: git add modules roles, and import modules/backup/restic.nix in a role");
  lines.push("then: nixlint check");
  return `${lines.join("\n")}\n`;
}
