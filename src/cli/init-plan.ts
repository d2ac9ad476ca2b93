// What a repository has, and which files would bring nixlint into it.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { configFileName } from "../lint/config.ts";
import * as texts from "./init-texts.ts";
import { readWithin } from "./repository.ts";

export type Part = "config" | "pre-commit" | "git-hook" | "git-hooks.nix" | "github" | "forgejo" | "gitlab" | "module";

export const partNames: Readonly<Record<Part, string>> = {
  config: `${configFileName}: profile, roles, severities`,
  "pre-commit": "pre-commit: a hook in .pre-commit-config.yaml",
  "git-hook": "a plain git hook",
  "git-hooks.nix": "git-hooks.nix: what to add to the flake",
  github: "GitHub: a workflow",
  forgejo: "Forgejo or Gitea: a workflow",
  gitlab: "GitLab: a job",
  module: "the reference modules: restic, PostgreSQL dumps, monitoring",
};

export interface Place {
  /** Of the flake. */
  readonly root: string;
  readonly gitRoot: string | null;
  readonly remotes: string;
  /** Where git looks for hooks. */
  readonly hooks: string | null;
  readonly hasPreCommit: boolean;
}

export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
  /** When the file exists already: the text with nixlint added, or null when only the person can. */
  readonly merged: string | null;
}

/** What the repository seems to use. */
export function detectParts(place: Place): ReadonlySet<Part> {
  const { root, gitRoot, remotes, hooks, hasPreCommit } = place;
  const top = gitRoot ?? root;
  const has = (...names: string[]) => names.some((name) => existsSync(join(top, name)));
  const parts = new Set<Part>(["config"]);
  if (usesGitHooksNix(root)) parts.add("git-hooks.nix");
  else if (gitRoot !== null && (has(".pre-commit-config.yaml") || hasPreCommit)) parts.add("pre-commit");
  else if (hooks !== null) parts.add("git-hook");
  if (has(".github") || /github\.com[:/]/.test(remotes)) parts.add("github");
  if (has(".forgejo", ".gitea") || /codeberg\.org[:/]/.test(remotes)) parts.add("forgejo");
  if (has(".gitlab-ci.yml") || /gitlab[^/\s]*[:/]/.test(remotes)) parts.add("gitlab");
  return parts;
}

function usesGitHooksNix(root: string): boolean {
  const flake = readWithin(root, join(root, "flake.nix")) ?? "";
  return /\b(?:git-hooks|pre-commit-hooks)(?:\.nix|\.url|\.flakeModule)\b/.test(flake);
}

export function plannedFiles(parts: ReadonlySet<Part>, place: Place, repository: string | null): PlannedFile[] {
  const top = place.gitRoot ?? place.root;
  const address = repository ?? texts.unknownRepository;
  const plain = (path: string, text: string): PlannedFile => ({ path, text, executable: false, merged: null });
  const files: PlannedFile[] = [];
  if (parts.has("config")) files.push(plain(join(place.root, configFileName), texts.configText));
  if (parts.has("pre-commit")) files.push(preCommitFile(join(top, ".pre-commit-config.yaml"), repository));
  if (parts.has("git-hook") && place.hooks !== null) {
    files.push({ ...plain(join(place.hooks, "pre-commit"), texts.gitHookText), executable: true });
  }
  if (parts.has("github"))
    files.push(plain(join(top, ".github/workflows/nixlint.yaml"), texts.githubWorkflow(address)));
  if (parts.has("forgejo")) {
    const folder = existsSync(join(top, ".gitea")) && !existsSync(join(top, ".forgejo")) ? ".gitea" : ".forgejo";
    files.push(plain(join(top, folder, "workflows/nixlint.yaml"), texts.forgejoWorkflow(address)));
  }
  if (parts.has("gitlab")) files.push(plain(join(top, ".gitlab-ci.yml"), texts.gitlabJob(address)));
  if (parts.has("module")) files.push(...moduleFiles(place.root));
  return files;
}

/** Added below \`repos:\`, where every entry may stand first. */
function preCommitFile(path: string, repository: string | null): PlannedFile {
  const entry = texts.preCommitEntry(repository);
  const before = readWithin(dirname(path), path) ?? "";
  const repos = /^repos:[ \t]*(?:#.*)?\n(?=[ \t]*- )/m.exec(before);
  const end = repos === null ? 0 : repos.index + repos[0].length;
  // The list may be indented otherwise, and YAML wants all its entries alike.
  const indent = /^[ \t]*/.exec(before.slice(end))?.[0] ?? "";
  const fitting = entry.replace(/^ {2}/gm, indent);
  const merged = repos === null ? null : before.slice(0, end) + fitting + before.slice(end);
  return { path, text: `repos:\n${entry}`, executable: false, merged };
}

const moduleFolders = ["modules/backup", "modules/monitoring"];
const moduleRole = "roles/monitoring-restic.nix";

function moduleFiles(root: string): PlannedFile[] {
  const source = referenceFlake();
  const names = moduleFolders.flatMap((folder) => readdirSync(join(source, folder)).map((name) => join(folder, name)));
  return [...names, moduleRole].map((name) => {
    return { path: join(root, name), text: readFileSync(join(source, name), "utf8"), executable: false, merged: null };
  });
}

/** Beside \`dist/\` when installed, beside \`src/\` here. */
function referenceFlake(): string {
  const places = ["../nix", "../../nix"].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = places.find((place) => existsSync(join(place, "flake.nix")) && statSync(place).isDirectory());
  if (found === undefined) throw new Error("the reference flake is not installed");
  return found;
}

/** As the person sees it. */
export function shownPath(path: string, { root, gitRoot }: Place): string {
  const shown = relative(gitRoot ?? root, path);
  return shown.startsWith("..") ? path : shown;
}
