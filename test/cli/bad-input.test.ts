// Whatever a flake is made of, the executable ends with a diagnostic or a counted skip: no stack trace, no hang. The
// rest of the flake is still checked, so that the finding in `hosts/nas.nix` is always there.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flake, uncovered } from "./run.ts";

const directory = mkdtempSync(join(tmpdir(), "nixlint-bad-"));
const bin = join(directory, "nixlint.mjs");

beforeAll(async () => {
  const script: { bundle(outdir: string): Promise<void> } = await import(
    new URL("../../build.mjs", import.meta.url).href
  );
  await script.bundle(directory);
  chmodSync(directory, 0o755);
});
const made = [directory];
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

interface Result {
  readonly code: number | null;
  readonly output: string;
}

/** As somebody who may not read everything: for the administrator no file is closed. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

async function nixlint(cwd: string, ...argv: string[]): Promise<Result> {
  const child = spawn(process.execPath, [bin, ...argv], { cwd, stdio: ["ignore", "pipe", "pipe"], ...nobody });
  const hangs = setTimeout(() => child.kill("SIGKILL"), 60_000);
  let output = "";
  child.stdout.on("data", (bytes) => (output += bytes));
  child.stderr.on("data", (bytes) => (output += bytes));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearTimeout(hangs);
  expect(output).not.toMatch(/^ {4}at |bug in nixlint/m);
  return { code, output };
}

type Content = string | Uint8Array | ((path: string) => void);
type Files = Readonly<Record<string, Content>>;

/** A directory of files; a function makes what is no plain file. */
function makeTree(files: Files): string {
  const root = mkdtempSync(join(tmpdir(), "nixlint-tree-"));
  made.push(root);
  chmodSync(root, 0o755);
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === "function") content(path);
    else writeFileSync(path, content);
  }
  return root;
}

const twoModules = flake.replace("./hosts/nas.nix", "./hosts/nas.nix ./hosts/bad.nix");
const finding = "`radicale` keeps `/var/lib/radicale/collections` and no backup job covers it";

/** A flake whose one host imports a good module and `hosts/bad.nix`. */
function makeFlake(bad: Content, more: Files = {}): string {
  return makeTree({ "flake.nix": twoModules, "hosts/nas.nix": uncovered, "hosts/bad.nix": bad, ...more });
}

const deep = 10_000;
const unreadable = (why: string) => `error[unreadable-file]: \`hosts/bad.nix\` cannot be read: ${why}`;

describe("a module that is", () => {
  const cases: readonly (readonly [what: string, code: number, said: string, bad: Content, more: Files])[] = [
    ["empty", 2, "error[syntax-error]: unexpected end of file", "", {}],
    ["not UTF-8", 2, unreadable("not valid UTF-8"), Uint8Array.of(0x22, 0xe9, 0x22), {}],
    ["full of NUL bytes", 2, unreadable("holds NUL bytes"), new Uint8Array(1000), {}],
    ["larger than any", 2, unreadable("it is larger than 16 MiB"), (path) => makeLarge(path), {}],
    [
      "a directory",
      1,
      "error[missing-import]: `hosts/bad.nix/default.nix` does not exist",
      (path) => mkdirSync(path),
      {},
    ],
    ["a symlink loop", 2, unreadable("it is a symlink loop"), (path) => symlinkSync("bad.nix", path), {}],
    ["closed", 2, unreadable("permission denied"), (path) => writeFileSync(path, "{ }", { mode: 0 }), {}],
    [
      "missing an import",
      1,
      "error[missing-import]: `hosts/gone.nix` does not exist",
      "{ imports = [ ./gone.nix ]; }",
      {},
    ],
    [
      "imported by what it imports",
      1,
      "because: the file `hosts/bad.nix` is imported by what it needs for its own value",
      "import ./other.nix",
      { "hosts/other.nix": "import ./bad.nix" },
    ],
    ["in a cycle of modules", 1, finding, "{ imports = [ ./other.nix ]; }", { "hosts/other.nix": "./bad.nix" }],
    ["without end", 1, finding, "let f = x: f (x + 1); in { services.radicale.settings.a = f 1; }", {}],
    ["its own reason", 1, finding, "{ config, ... }: { networking.hostName = config.networking.hostName; }", {}],
    ["nested deeply", 1, finding, `{ a = ${"[".repeat(deep)}${"]".repeat(deep)}; }`, {}],
    ["nested too deeply", 2, "nested more than 20000 levels deep", `{ a = ${"!".repeat(3 * deep)}true; }`, {}],
    ["never closed", 2, "error[syntax-error]: unexpected end of file", `{ a = ${"{a=".repeat(deep)}`, {}],
  ];

  test.concurrent.each(cases)("%s", async (_what, code, said, bad, more) => {
    const result = await nixlint(makeFlake(bad, more));
    expect(result.output).toContain(said);
    expect(result.output).toContain(finding);
    expect(result.code).toBe(code);
  });
});

function makeLarge(path: string): void {
  writeFileSync(path, "{ }");
  truncateSync(path, 50 * 1024 * 1024);
}

test.concurrent("a syntax error is shown where it is, and what stands in the rest of the file is known", async () => {
  const { code, output } = await nixlint(makeFlake("{\n  services.gitea.enable = true;\n  a = (1;\n}\n"));
  expect(output).toContain("error[syntax-error]: unexpected `;`, expected `)`\n  --> hosts/bad.nix:3:9\n");
  expect(output).toContain(" 3 |   a = (1;\n   |         ^\n");
  expect(code).toBe(2);
});

describe("a flake.nix that is", () => {
  test.concurrent.each<readonly [string, string, Files]>([
    ["nowhere", "nixlint: no `flake.nix` found\nhint: looked in ", { "a.nix": "1" }],
    ["a directory", "flake.nix` is a directory, so there is no flake", { "flake.nix": (path) => mkdirSync(path) }],
    [
      "a symlink loop",
      "flake.nix` is a symlink that leads nowhere, so there is no flake",
      { "flake.nix": (path) => symlinkSync("flake.nix", path) },
    ],
    ["empty", "error[syntax-error]: unexpected end of file", { "flake.nix": "" }],
    [
      "not UTF-8",
      "error[unreadable-file]: `flake.nix` cannot be read: not valid UTF-8",
      { "flake.nix": Uint8Array.of(0xff) },
    ],
    [
      "larger than any",
      "error[unreadable-file]: `flake.nix` cannot be read",
      { "flake.nix": (path) => makeLarge(path) },
    ],
    ["its own reason", "because: the value depends on itself", { "flake.nix": "let x = x; in x" }],
    ["a list", "because: ", { "flake.nix": "[ ]" }],
  ])("%s", async (_, said, files) => {
    const result = await nixlint(makeTree(files));
    expect(result.output).toContain(said);
    expect(result.code).toBe(2);
  });
});

describe("values without bounds are limits", () => {
  const doubled = (one: string, twice: string) =>
    `let f = n: if n == 0 then ${one} else let x = f (n - 1); in ${twice}; in f 60`;
  test.concurrent.each([
    ["builtins.genList (x: x) 2000000000"],
    ['builtins.stringLength (builtins.foldl\' (a: _: a + a) "x" (builtins.genList (x: x) 60))'],
    [doubled('"a"', '"${x}${x}"')],
    [doubled("[ 1 ]", "x ++ x")],
    [doubled("[ 1 ]", "builtins.concatLists [ x x ]")],
    [`builtins.toJSON (${doubled("[ ]", "[ x x ]")})`],
  ])("%s", async (expression) => {
    const { code, output } = await nixlint("/", "eval", "--strict", "--expr", expression);
    expect(output).toContain("unknown: limit");
    expect(code).toBe(0);
  });

  // What is too deep for Nix as well is an error.
  test.concurrent.each([
    ["let f = x: 1 + f (x + 1); in f 0"],
    ["(x: x x) (x: x x)"],
    ["builtins.toJSON (builtins.foldl' (tail: head: { inherit head tail; }) null (builtins.genList (x: x) 100000))"],
  ])("%s", async (expression) => {
    const { code, output } = await nixlint("/", "eval", "--strict", "--expr", expression);
    expect(output).toContain("error: the evaluation is nested too deeply");
    expect(code).toBe(1);
  });

  test.concurrent.each([
    [
      "regular expressions that backtrack",
      'builtins.match "(a+)+b" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"',
      "null\n",
    ],
    ["sets in themselves", "let x = { y = x; }; in x", "{ y = «repeated»; }\n"],
    ["parentheses", `${"(".repeat(deep)}1${")".repeat(deep)}`, "1\n"],
    ["lets", `${"let a = 1; in ".repeat(deep)}a`, "1\n"],
    ["negations", `${"!".repeat(deep)}true`, "true\n"],
    ["strings", `${'"${'.repeat(deep)}"x"${'}"'.repeat(deep)}`, '"x"\n'],
  ])("%s are values", async (_, expression, value) => {
    const root = makeTree({ "expression.nix": expression });
    expect(await nixlint(root, "eval", "--strict", "--file", "expression.nix")).toEqual({ code: 0, output: value });
  });
});
