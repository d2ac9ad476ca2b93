// docs/configuration.md is true: nixlint takes what its examples say, they say all there is, and its table of options is
// made of the rules. `UPDATE_EXPECTED=1` writes the table of today.

import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { ruleOptions } from "../src/lint/rule-options.ts";
import { makeDirectory, makeRepository, run } from "./cli/run.ts";

const file = "docs/configuration.md";
const page = readFileSync(file, "utf8");
const blocks = [...page.matchAll(/^```toml(?: file=(\S+))?\n([\s\S]*?)^```$/gm)].map(
  ([, name = "nixlint.toml", text = ""]) => ({ name, text }),
);
const shared = blocks.filter(({ name }) => name === "nixlint.toml").map(({ text }) => text);

describe("the examples", () => {
  const flake = `{
  inputs.private.url = "git+ssh://git@example.net/private";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.lab-01 = nixpkgs.lib.nixosSystem { modules = [ { } ]; };
  };
}
`;
  const files = {
    "flake.nix": flake,
    "private/flake.nix": "{ outputs = _: { }; }\n",
    "modules/vendored/a.nix": "{ }\n",
  };

  test.each(shared)("%s", async (text) => {
    const directory = makeDirectory({ ...files, "nixlint.toml": text });
    expect(await run(directory, ["--fail-on", "error"])).toMatchObject({ code: 0, stderr: "" });
    const defaults = (await run(makeDirectory(files), ["config", "show"])).stdout.replace(/^#.*/, "");
    const shown = (await run(directory, ["config", "show"])).stdout.replace(/^#.*/, "");
    // What shows the defaults shows them right; everything else says something.
    expect(shown === defaults).toBe(/default\n|defaults\n/.test(text));
  });

  test("of one machine", async () => {
    const [local] = blocks.filter(({ name }) => name === "nixlint.local.toml");
    const directory = makeRepository(files, {
      "nixlint.local.toml": local?.text.replace("~/src", directoryOf()) ?? "",
    });
    expect(await run(directory, [])).toMatchObject({ code: 0, stderr: "" });
    function directoryOf() {
      return makeDirectory({ "private/flake.nix": "{ outputs = _: { }; }\n" });
    }
  });

  test("allow what they say they allow", async () => {
    const [nix = ""] = [...page.matchAll(/^```nix\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
    const module = `{\n${nix}}\n`;
    const directory = makeDirectory({
      "flake.nix": flake.replace("{ }", "./lab.nix"),
      "lab.nix": module.replace(/ -- .*$/gm, " -- x"),
    });
    expect((await run(directory, ["-f", "concise", "-v"])).stdout).toMatch(
      /suppressed service-without-backup: `grafana`/,
    );
  });
});

test("they say every key there is", async () => {
  const schema = JSON.parse((await run("/", ["config", "schema"])).stdout);
  const whole = shared.map((text) => parse(text));
  const used = (path: readonly string[]) => whole.some((value) => hasPath(value, path));
  const keys: string[][] = [];
  for (const [name, { properties, items, additionalProperties }] of Object.entries<SchemaNode>(schema.properties)) {
    const inner = properties ?? items?.properties ?? additionalProperties?.properties ?? {};
    const between = additionalProperties?.properties ? ["*"] : items?.properties ? ["*"] : [];
    keys.push([name], ...Object.keys(inner).map((key) => [name, ...between, key]));
  }
  expect(keys.length).toBeGreaterThan(25);
  expect(keys.filter((path) => !used(path)).map((path) => path.join("."))).toEqual([]);
});

interface SchemaNode {
  readonly properties?: object;
  readonly items?: { readonly properties?: object };
  /** `false` has none either. */
  readonly additionalProperties?: { readonly properties?: object };
}

/** `*` is any key or element. */
function hasPath(value: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  if (typeof value !== "object" || value === null) return false;
  const entries = Object.entries(value).filter(([key]) => first === "*" || key === first);
  return entries.some(([, inner]) => hasPath(inner, rest));
}

test("the options of rules are those there are", () => {
  const rows = rules.flatMap((rule) =>
    ruleOptions(rule).map(({ name, description, fallback, choices }) => {
      const values = choices.length === 0 ? "" : ` Of ${choices.map((choice) => `\`"${choice}"\``).join(", ")}.`;
      const shown = fallback === null ? "" : `\`${fallback}\``;
      return `| [\`${rule.id}\`](../rules/${rule.id}.md) | \`${name}\` | ${shown} | ${description}.${values} |\n`;
    }),
  );
  const table = `<!-- options -->\n| rule | option | default | |\n|---|---|---|---|\n${rows.join("")}<!-- /options -->`;
  const today = page.replace(/<!-- options -->[\s\S]*<!-- \/options -->/, () => table);
  if (process.env.UPDATE_EXPECTED === "1") writeFileSync(file, today);
  expect(page).toBe(today);
});
