// `nixlint init` as a script and as a person use it, and what the files that it writes do when they are run.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Prompts } from "../../src/cli/init-prompts.ts";
import { forgejoWorkflow, githubWorkflow, gitlabJob, preCommitEntry } from "../../src/cli/init-texts.ts";
import { bundledExecutable } from "./bundle.ts";
import { flake, makeDirectory, makeRepository, nothing, run } from "./run.ts";

const files = { "flake.nix": flake, "hosts/nas.nix": nothing };
const url = "https://github.com/someone/nixlint";

function answering(given: Partial<Record<keyof Prompts, unknown>>): Prompts {
  return {
    parts: async (detected) => (given.parts === undefined ? detected : (given.parts as Set<never> | null)),
    repository: async () => (given.repository as string | undefined) ?? null,
    change: async () => (given.change === undefined ? true : (given.change as boolean | null)),
  };
}

const bin = bundledExecutable();

const text = (directory: string, path: string) => readFileSync(join(directory, path), "utf8");

describe("--yes", () => {
  test("writes what fits, and what it writes is accepted", async () => {
    const directory = makeRepository({
      ...files,
      ".github/dependabot.yml": "",
      ".gitlab-ci.yml": "",
      ".pre-commit-config.yaml": "repos: []\n",
    });
    const { code, stdout, stderr } = await run(directory, ["init", "--yes", "--repository", url]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("wrote nixlint.toml\n");
    expect(stdout).toContain("wrote .github/workflows/nixlint.yaml\n");
    // What exists stays, and the person is told what belongs there.
    expect(stdout).toContain(
      "kept .pre-commit-config.yaml; what nixlint needs there:\n\nrepos:\n  - repo: https://github.com/someone/nixlint",
    );
    expect(text(directory, ".pre-commit-config.yaml")).toBe("repos: []\n");
    expect(text(directory, ".gitlab-ci.yml")).toBe("");
    expect(parse(text(directory, ".github/workflows/nixlint.yaml")).jobs.nixlint.steps[1].uses).toMatch(
      /^someone\/nixlint@v\d/,
    );
    expect((await run(directory, [])).code).toBe(0);
    expect((await run(directory, ["init", "--yes"])).stdout).toContain("kept nixlint.toml: it has nixlint already");
  });

  test("outside of git, only the configuration", async () => {
    const directory = makeDirectory(files);
    const { stdout } = await run(directory, ["init", "--yes"]);
    expect(stdout).toBe("wrote nixlint.toml\nthen: nixlint check\n");
  });

  test("git-hooks.nix gets what to add to the flake", async () => {
    const inputs = `{\n  inputs.git-hooks.url = "github:cachix/git-hooks.nix";\n`;
    const directory = makeRepository({ ...files, "flake.nix": flake.replace("{\n", inputs) });
    const { stdout } = await run(directory, ["init", "--yes"]);
    expect(stdout).toContain("pre-commit.settings.hooks.nixlint = {");
    expect(existsSync(join(directory, ".pre-commit-config.yaml"))).toBe(false);
  });

  test("--with-module copies the reference modules, over nothing", async () => {
    const directory = makeRepository({ ...files, "modules/backup/restic.nix": "{ }\n" });
    const { stdout } = await run(directory, ["init", "--yes", "--with-module"]);
    expect(stdout).toContain("wrote modules/backup/restic-options.nix");
    expect(text(directory, "modules/backup/restic.nix")).toBe("{ }\n");
    expect(text(directory, "roles/monitoring-restic.nix")).toBe(
      readFileSync("nix/roles/monitoring-restic.nix", "utf8"),
    );
    execFileSync("git", ["-C", directory, "add", "-A"]);
    expect((await run(directory, [])).code).toBe(0);
  });

  test("an address that is not known is marked", async () => {
    const directory = makeRepository({ ...files, ".forgejo/x": "" });
    const { stdout } = await run(directory, ["init", "--yes"]);
    expect(stdout).toContain("put an address in the place of `<URL of this repository>`");
    expect(text(directory, ".forgejo/workflows/nixlint.yaml")).toContain('"<URL of this repository>"');
  });
});

describe("questions", () => {
  test("need somebody", async () => {
    expect(await run(makeRepository(files), ["init"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "nixlint: init asks questions, and nobody is there to answer\nhint: nixlint init --yes\n",
    });
  });

  test("a yes changes a file, a no keeps it, and an end ends it", async () => {
    const before = "# Ours.\nrepos:\n- repo: https://example.net/x\n  rev: v1\n  hooks:\n  - id: x\n";
    const directory = makeRepository({ ...files, ".pre-commit-config.yaml": before });
    const parts = new Set(["pre-commit"]);
    const config = () => text(directory, ".pre-commit-config.yaml");
    await run(directory, ["init"], { prompts: answering({ parts, change: false }) });
    expect(config()).toBe(before);
    expect((await run(directory, ["init"], { prompts: answering({ parts, change: null }) })).code).toBe(130);
    expect((await run(directory, ["init"], { prompts: answering({ parts: null }) })).code).toBe(130);
    expect(config()).toBe(before);
    await run(directory, ["init"], { prompts: answering({ parts, repository: url }) });
    const { repos } = parse(config());
    expect(repos.map(({ repo }: { repo: string }) => repo)).toEqual([url, "https://example.net/x"]);
    expect(config()).toContain("# Ours.");
  });

  test("a plain hook is written where git looks, and works", async () => {
    const directory = makeRepository(files);
    await run(directory, ["init"], { prompts: answering({ parts: new Set(["git-hook"]) }) });
    expect(statSync(join(directory, ".git/hooks/pre-commit")).mode & 0o111).toBe(0o111);
    expect(text(directory, ".git/hooks/pre-commit")).toContain("exec nixlint check --hook");
  });
});

/** The scripts of a job, run by bash as the forge would, with a nixlint that is fetched from a local repository. */
describe("jobs do what they say", () => {
  const release = () => {
    const version = JSON.parse(readFileSync("package.json", "utf8")).version;
    const directory = makeRepository({ "dist/nixlint.mjs": "console.log(JSON.stringify(process.argv.slice(2)));\n" });
    execFileSync("git", ["-C", directory, "-c", "user.name=t", "-c", "user.email=t@x", "commit", "-qm", "x"]);
    execFileSync("git", ["-C", directory, "tag", `v${version}`]);
    return directory;
  };
  const bash = (script: string, place: string) =>
    spawnSync("bash", ["-e", "-c", script.replace(/\/tmp\/nixlint(?=[/\s"])/g, `${place}/nixlint`)], {
      encoding: "utf8",
      env: { ...process.env, RUNNER_TEMP: place },
    });

  test.each([
    ["GitHub, elsewhere", () => parse(githubWorkflow(release())).jobs.nixlint.steps.at(-1).run, ["check"]],
    ["Forgejo", () => parse(forgejoWorkflow(release())).jobs.nixlint.steps.at(-1).run, ["check"]],
    [
      "GitLab",
      () => parse(gitlabJob(release())).nixlint.script.join("\n"),
      ["check", "--format", "text", "--format", "gitlab", "--output-file", "gl-code-quality-report.json"],
    ],
  ])("%s", (_, script, argv) => {
    const { status, stdout } = bash(script(), makeDirectory({}));
    expect({ status, argv: JSON.parse(stdout) }).toEqual({ status: 0, argv });
  });

  test("the action's first step: SARIF, annotations and the exit code, whatever is in the inputs", () => {
    const directory = makeRepository({
      "my flake/flake.nix": flake,
      "my flake/hosts/nas.nix": "{ services.radicale.enable = true; }\n",
    });
    const scratch = makeDirectory({ output: "" });
    mkdirSync(join(scratch, "action/dist"), { recursive: true });
    writeFileSync(join(scratch, "action/dist/nixlint.mjs"), `await import(${JSON.stringify(bin)});\n`);
    const action = (paths: string, args: string) => {
      const env = {
        ...process.env,
        GITHUB_ACTIONS: "true",
        GITHUB_ACTION_PATH: join(scratch, "action"),
        GITHUB_OUTPUT: join(scratch, "output"),
        RUNNER_TEMP: scratch,
        NIXLINT_PATHS: paths,
        NIXLINT_ARGS: args,
      };
      writeFileSync(join(scratch, "output"), "");
      const { status, stdout } = spawnSync(join(process.cwd(), "action.sh"), { cwd: directory, env, encoding: "utf8" });
      return { status, stdout, output: text(scratch, "output") };
    };
    const { status, stdout, output } = action("my flake\n", "--profile=strict\n\n");
    expect(status).toBe(0);
    expect(output).toBe(`sarif=${scratch}/nixlint.sarif\nexit-code=1\n`);
    expect(stdout).toContain("error[service-without-backup]");
    expect(stdout).toMatch(/^::error file=my flake\/hosts\/nas\.nix,line=1,/m);
    const [run] = JSON.parse(text(scratch, "nixlint.sarif")).runs;
    expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("my%20flake/hosts/nas.nix");
    expect(action("my flake", "--exit-zero").output).toContain("exit-code=0");
    expect(action("$(touch hacked); `touch hacked`", "").output).toContain("exit-code=2");
    expect(existsSync(join(directory, "hacked"))).toBe(false);
  });

  test("the action takes inputs through the environment only, and uses what its first step puts out", () => {
    const source = readFileSync("action.yml", "utf8");
    const { inputs, outputs, runs } = parse(source);
    const [check, upload, end] = runs.steps;
    for (const { run } of runs.steps) expect(run ?? "").not.toContain("${{");
    const named = [...source.matchAll(/inputs\.([\w-]+)/g)].map((match) => match[1]!);
    expect(new Set(named)).toEqual(new Set(Object.keys(inputs)));
    const used = [...source.matchAll(/steps\.check\.outputs\.([\w-]+)/g)].map((match) => match[1]!);
    expect(new Set(used)).toEqual(new Set(Object.keys(outputs)));
    const written = [...readFileSync("action.sh", "utf8").matchAll(/echo "([\w-]+)=/g)].map((match) => match[1]!);
    expect(new Set(written)).toEqual(new Set(used));
    expect(check.run).toBe('"$GITHUB_ACTION_PATH/action.sh"');
    expect(upload.uses).toMatch(/^github\/codeql-action\/upload-sarif@/);
    // The upload comes first, then the gate.
    expect(end.run).toBe('exit "$NIXLINT_EXIT_CODE"');
  });

  test("pre-commit's entry is YAML with one hook", () => {
    for (const repository of [null, url]) {
      const [repo] = parse(`repos:\n${preCommitEntry(repository)}`).repos;
      expect(repo.hooks[0].id).toBe("nixlint");
    }
  });
});
