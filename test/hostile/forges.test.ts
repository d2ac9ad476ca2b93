// What a pull request says cannot make annotations, results or links of its own, nor give the runner orders.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { flake, makeDirectory, makeRepository, run, uncovered } from "../cli/run.ts";

const orders = [
  "::error file=x::owned",
  "%0A::error::owned",
  "\n::error::owned",
  "\r::error::owned",
  "\u2028::error::owned",
  "##[error]owned",
  "::set-output name=x::owned",
  "::stop-commands::owned",
  "::add-mask::a",
  ",title=owned",
  '"}]},{"ruleId":"owned',
  "[owned](https://example.org/owned)",
  "<script>owned</script>",
];

/** The same in every place that comes out in a report. */
function hostileFiles(order: string): Record<string, string> {
  const nix = JSON.stringify(order);
  const name = order.replace(/[/\n\r]/g, "_");
  return {
    "flake.nix": `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.${nix} = nixpkgs.lib.nixosSystem { modules = [ (./. + ${JSON.stringify(`/${name}.nix`)}) ]; };
    nixosConfigurations.broken = throw ${nix};
  };
}
`,
    [`${name}.nix`]: `{
  services.grafana.enable = true;
  services.restic.backups.${nix} = { paths = [ ${nix} ]; repository = ${nix}; passwordFile = ${nix}; timerConfig.OnCalendar = ${nix}; };
  assertions = [ { assertion = false; message = ${nix}; } ];
}
${order}
`,
  };
}

describe.each(orders)("%j", (order) => {
  test("is text in every report", async () => {
    const root = makeRepository(hostileFiles(order));
    const report = async (format: string) => (await run(root, ["check", "-v", "--format", format])).stdout;
    const github = (await report("github")).split("\n").slice(0, -1);
    expect(github.length).toBeGreaterThan(1);
    for (const line of github) {
      // One command a line: properties without a line, comma or colon of anybody else, then data.
      expect(line).toMatch(
        /^::(?:error|warning|notice) (?:(?:file|line|endLine|col|endColumn|title)=[^\s:,][^:,\r\n]*,?)+::[^\r\n\u2028]+$/,
      );
      expect(line.split("::")[1]).not.toContain(",title=owned");
    }
    const sarif = JSON.parse(await report("sarif"));
    expect(sarif.runs).toHaveLength(1);
    for (const result of sarif.runs[0].results) {
      expect(result.ruleId).not.toBe("owned");
      // An unescaped bracket before a target would be a link.
      expect(result.message.text).not.toMatch(/(?<!\\)\[[^\]]*\]\(/);
      for (const fix of result.fixes ?? []) expect(fix.description.text).not.toMatch(/(?<!\\)\[[^\]]*\]\(/);
    }
    expect(JSON.parse(await report("gitlab")).every(({ type }: { type: string }) => type === "issue")).toBe(true);
    expect(JSON.parse(await report("json")).findings.length).toBeGreaterThan(0);
  });

  test("is no order in a forge's log", async () => {
    const root = makeRepository(hostileFiles(order));
    for (const argv of [
      ["check", "-v"],
      ["check", "-v", "--format", "text"],
      ["check", "-v", "--format", "concise"],
    ]) {
      const { stdout } = await run(root, argv, { env: { GITHUB_ACTIONS: "true" } });
      const lines = stdout.split("\n");
      const token = /^::stop-commands::([0-9a-f]{64})$/.exec(lines[0] ?? "")?.[1];
      expect(token).toBeDefined();
      const end = lines.indexOf(`::${token}::`);
      // Only what comes after is obeyed, and that is annotations.
      expect(end).toBeGreaterThan(0);
      expect(lines.slice(1, end).filter((line) => line.includes(token ?? ""))).toEqual([]);
      expect(lines.slice(end + 1).every((line) => line === "" || /^::(error|warning|notice) /.test(line))).toBe(true);
    }
  });
});

test("what goes to stderr is no order either", async () => {
  const order = "##[error]owned";
  const root = makeRepository({
    "flake.nix": flake,
    "hosts/nas.nix": uncovered,
    "nixlint.toml": `[${JSON.stringify(order)}]\na = 1\n`,
  });
  const { stderr } = await run(root, ["check"], { env: { GITHUB_ACTIONS: "true" } });
  expect(stderr).not.toMatch(/##\[|^::/m);
  expect(stderr).toContain("owned");
});

describe("the action", () => {
  const script = resolve("action.sh");

  /** With a program that only says how it was called. */
  function runAction(inputs: { readonly paths: string; readonly args: string }) {
    const place = makeDirectory({
      "dist/nixlint.mjs":
        "import { writeFileSync } from 'node:fs'; writeFileSync('called.json', JSON.stringify(process.argv.slice(2)));\n",
      "work/keep": "",
      "temp/keep": "",
      output: "",
    });
    const cwd = join(place, "work");
    const { status, stderr } = spawnSync("bash", [script], {
      cwd,
      encoding: "utf8",
      env: {
        PATH: process.env.PATH,
        GITHUB_ACTION_PATH: place,
        GITHUB_OUTPUT: join(place, "output"),
        RUNNER_TEMP: join(place, "temp"),
        NIXLINT_PATHS: inputs.paths,
        NIXLINT_ARGS: inputs.args,
      },
    });
    const called: string[] = JSON.parse(readFileSync(join(cwd, "called.json"), "utf8"));
    return { cwd, place, status, stderr, called, output: readFileSync(join(place, "output"), "utf8") };
  }

  test("hands over paths and arguments as they are, whatever a shell would make of them", () => {
    const paths = [
      "$(touch owned)",
      "`touch owned`",
      "; touch owned",
      "a b",
      "*",
      "-rf",
      "--exec=x",
      "$HOME",
      "'\"",
      "&& exit 0",
      "| cat",
    ];
    const { cwd, called, status, output, place } = runAction({
      paths: paths.join("\n"),
      args: "--fail-on=warning\r\n\n--host\n$(touch owned)",
    });
    expect(status).toBe(0);
    expect(called).toEqual([
      ...["check", "--fail-on=warning", "--host", "$(touch owned)"],
      ...["--format", "sarif", "--output-file", join(place, "temp/nixlint.sarif"), "--", ...paths],
    ]);
    expect(existsSync(join(cwd, "owned"))).toBe(false);
    expect(output).toBe(`sarif=${join(place, "temp/nixlint.sarif")}\nexit-code=0\n`);
  });
});

test("the text of a page is never that of a pull request", () => {
  expect(existsSync(join(dirname(resolve("action.sh")), "action.yml"))).toBe(true);
  expect(readFileSync("action.yml", "utf8")).not.toMatch(/run:.*\$\{\{/);
});
