// The README is true: its commands print what it shows, its snippets are what `init` writes, its flags exist.
// `UPDATE_EXPECTED=1` writes what is printed today.

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import * as texts from "../src/cli/init-texts.ts";
import { bundledExecutable } from "./cli/bundle.ts";
import { run } from "./cli/run.ts";

const bin = bundledExecutable();
const readme = readFileSync("README.md", "utf8");
const scratch = mkdtempSync(join(tmpdir(), "nixlint-readme-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const edits = {
  withoutJob: (text: string) =>
    text.replace(/ {2}# service-without-backup\n {2}mares\.backup\.restic\.jobs\.hass = \{[\s\S]*?\n {2}\};\n/, ""),
  withClash: (text: string) =>
    text
      .replace('group = "postgres";', 'group = "postgres";\n    timerConfig.OnCalendar = "02:15";')
      .replace(/\n {2}# The clock alone[\s\S]*?dump\.units;\n/, "\n"),
  withIdleComment: (text: string) =>
    text.replace("\n{", "\n# nixlint: allow-file unmonitored-backup -- the exporter comes next week\n{"),
};

/** What is wrong with each flake of the page. */
const flakes: Readonly<Record<string, Readonly<Record<string, keyof typeof edits>>>> = {
  faulty: { "roles/hass.nix": "withoutJob", "roles/postgres.nix": "withClash" },
  baselined: { "roles/hass.nix": "withoutJob", "roles/postgres.nix": "withClash" },
  fixable: { "roles/scrypted.nix": "withIdleComment" },
  hooked: {},
};

/** A copy of the reference flake in a repository of its own; made once, as blocks go on where others ended. */
const places = new Map<string, string>();
function placeOf(name: string): string {
  const known = places.get(name);
  if (known !== undefined) return known;
  const directory = join(scratch, name);
  cpSync("nix", directory, { recursive: true });
  if (name === "hooked") rmSync(join(directory, "nixlint.toml"));
  for (const [file, edit] of Object.entries(flakes[name] ?? {})) {
    const before = readFileSync(join(directory, file), "utf8");
    const after = edits[edit](before);
    if (after === before) throw new Error(`${file} is not what this test edits`);
    writeFileSync(join(directory, file), after);
  }
  const git = (...args: string[]) => execFileSync("git", ["-C", directory, ...args], { env: environment() });
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "x");
  places.set(name, directory);
  return directory;
}

function environment(): NodeJS.ProcessEnv {
  const commands = join(scratch, "bin");
  mkdirSync(commands, { recursive: true });
  writeFileSync(join(commands, "nixlint"), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`);
  chmodSync(join(commands, "nixlint"), 0o755);
  const identity = {
    GIT_AUTHOR_NAME: "t",
    GIT_AUTHOR_EMAIL: "t@x",
    GIT_COMMITTER_NAME: "t",
    GIT_COMMITTER_EMAIL: "t@x",
  };
  const { GITHUB_ACTIONS, FORCE_COLOR, ...inherited } = process.env;
  return {
    ...inherited,
    ...identity,
    NO_COLOR: "1",
    PATH: `${commands}:${process.env.PATH}`,
    PRE_COMMIT_HOME: join(scratch, "cache"),
    SOURCE_DATE_EPOCH: "1780000000",
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
}

interface Block {
  readonly whole: string;
  readonly flake: string;
  readonly needs: string | null;
  readonly commands: readonly string[];
}

const blocks = [...readme.matchAll(/```console flake=(\w+)(?: needs=(\S+))?\n([\s\S]*?)```\n/g)].map(
  ([whole, flake = "", needs = null, body = ""]): Block => ({
    whole,
    flake,
    needs,
    commands: [...body.matchAll(/^\$ (.*)$/gm)].map((match) => match[1]!),
  }),
);

/** The block as it would read today. */
function rendered({ whole, flake, commands }: Block): string {
  const cwd = placeOf(flake);
  const outputs = commands.map((command) => {
    const { stdout } = spawnSync("bash", ["-c", `${command} 2>&1`], { cwd, env: environment(), encoding: "utf8" });
    // Fences hold text whose lines end, and nothing else.
    const text = stdout.trimEnd();
    return `$ ${command}\n${text === "" ? "" : `${text.replace(/[ \t]+$/gm, "")}\n`}`;
  });
  return `${whole.split("\n")[0]}\n${outputs.join("\n")}\`\`\`\n`;
}

test("has blocks", () => expect(blocks.length).toBeGreaterThanOrEqual(6));

test.each(blocks.map((block) => [block.commands.join("; "), block] as const))(
  "$ %s",
  (_, block) => {
    if (block.needs !== null && spawnSync(block.needs, ["--version"]).status !== 0) {
      console.log(`skipped: ${block.needs} is not installed`);
      return;
    }
    const today = rendered(block);
    if (process.env.UPDATE_EXPECTED === "1") {
      writeFileSync(
        "README.md",
        readFileSync("README.md", "utf8").replace(block.whole, () => today),
      );
    } else expect(block.whole).toBe(today);
  },
  60_000,
);

describe("snippets are what init writes", () => {
  test.each([
    ["pre-commit", `repos:\n${texts.preCommitEntry(texts.unknownRepository)}`],
    ["git-hooks.nix", texts.gitHooksNixText],
    ["GitHub", texts.githubWorkflow("https://github.com/owner/nixlint")],
    ["Forgejo", texts.forgejoWorkflow(texts.unknownRepository)],
    ["GitLab", texts.gitlabJob(texts.unknownRepository)],
  ])("%s", (_, text) => {
    expect(readme).toContain(`\n${text}\`\`\`\n`);
  });
});

test("every command and flag that is named exists", async () => {
  const help = async (...argv: string[]) => (await run("/", [...argv, "--help"])).stdout;
  const names = new Set([...readme.matchAll(/`nixlint (?:\[check\] )?([a-z]+)/g)].map((match) => match[1]!));
  expect([...names].sort()).toEqual([
    "baseline",
    "check",
    "config",
    "eval",
    "explain",
    "fix",
    "fleet",
    "init",
    "rules",
  ]);
  const texts = await Promise.all([...names].map((name) => help(name)));
  const flags = new Set(
    [...readme.matchAll(/`[^`\n]*`/g)].flatMap(([code]) => code.match(/(?<=[\s`])--[a-z][\w-]*/g) ?? []),
  );
  expect(flags.size).toBeGreaterThan(10);
  for (const flag of flags) expect([flag, texts.some((text) => text.includes(flag))]).toEqual([flag, true]);
});
