// What is not known is said in every format, with its reason and its place, and fails the run when that is asked for.

import { describe, expect, test } from "vitest";
import { makeDirectory, run } from "./run.ts";

const files = {
  "flake.nix": `{
  inputs.vault.url = "git+ssh://git@example.net/vault";
  outputs = { nixpkgs, vault, ... }: {
    nixosConfigurations.nas = nixpkgs.lib.nixosSystem {
      modules = [ ./nas.nix vault.nixosModules.all ];
    };
  };
}
`,
  "nas.nix": `{
  services.radicale.enable = import (builtins.fetchTarball "https://example.net/x.tar.gz");
}
`,
};

const place = "nas.nix:2:38";
const reason = "the result of `builtins.fetchTarball`";
const assumed = "the unread input `vault` defines no backup job";

async function output(...argv: string[]): Promise<string> {
  return (await run(makeDirectory(files), argv)).stdout;
}

test("--fail-on-undecided fails, and nothing else does", async () => {
  const codeOf = async (...argv: string[]) => (await run(makeDirectory(files), argv)).code;
  expect(await codeOf("--fail-on=info")).toBe(0);
  expect(await codeOf("--fail-on-undecided")).toBe(1);
  expect(await codeOf("--fail-on-undecided", "--exit-zero")).toBe(0);
  const known = { ...files, "nas.nix": "{ services.openssh.enable = true; }\n" };
  expect((await run(makeDirectory(known), ["--fail-on-undecided"])).code).toBe(0);
});

describe("-v", () => {
  test("text", async () => {
    const text = await output("-v");
    expect(text).toContain(`undecided[service-without-backup]: \`services.radicale\`\n  --> nas.nix:2:3\n`);
    expect(text).toContain(`  = because: ${reason} (${place})\n`);
    expect(text).toContain(`assumed: ${assumed} (flake.nix:5:29) [nas]\n`);
    expect(await output()).toBe("no findings in 1 host, 2 files, 1 undecided\n`-v` says what is undecided and why\n");
  });

  test("concise", async () => {
    const text = await output("-v", "-f", "concise");
    expect(text).toContain(
      `nas.nix:2:3: undecided service-without-backup: \`services.radicale\`: ${reason} (${place}) [nas]\n`,
    );
    expect(text).toContain(`assumed: ${assumed} (flake.nix:5:29) [nas]\n`);
  });

  test("json, which says all of it always", async () => {
    const json = JSON.parse(await output("-f", "json"));
    expect(json.undecided).toMatchObject([
      { rule: "service-without-backup", host: "nas", subject: "services.radicale", reason },
    ]);
    expect(json.undecided[0].location).toMatchObject({ path: "nas.nix", start: { line: 2, column: 38 } });
    expect(json.assumptions).toMatchObject([{ message: assumed, hosts: ["nas"], location: { path: "flake.nix" } }]);
  });

  test("sarif, as well", async () => {
    const [{ invocations }] = JSON.parse(await output("-f", "sarif")).runs;
    const [undecided, assumption] = invocations[0].toolExecutionNotifications;
    expect(undecided.message.text).toContain(reason);
    expect(undecided.associatedRule).toEqual({ id: "service-without-backup" });
    expect(undecided.locations[0].physicalLocation).toMatchObject({ artifactLocation: { uri: "nas.nix" } });
    expect(assumption.message.text).toContain(assumed);
    expect(assumption.locations).toHaveLength(1);
  });

  test("github: one line, and with -v a notice for each", async () => {
    expect(await output("-f", "github")).toBe("::notice title=nixlint::no findings in 1 host, 2 files, 1 undecided\n");
    const [undecided, assumption, summary, ...rest] = (await output("-v", "-f", "github")).trimEnd().split("\n");
    expect(undecided).toBe(
      `::notice file=nas.nix,line=2,endLine=2,col=3,endColumn=27,title=service-without-backup::undecided: \`services.radicale\`%0Abecause: ${reason} (${place})%0Ahosts: nas`,
    );
    expect(assumption).toMatch(/^::notice file=flake\.nix,line=5,.*title=nixlint::assumed: the unread input `vault`/);
    expect([summary, rest]).toEqual([expect.stringContaining("1 undecided"), []]);
  });

  test("gitlab", async () => {
    const issues = JSON.parse(await output("-v", "-f", "gitlab"));
    expect(issues).toMatchObject([
      { check_name: "service-without-backup", severity: "info", location: { path: "nas.nix", lines: { begin: 2 } } },
      { check_name: "nixlint", severity: "info", location: { path: "flake.nix", lines: { begin: 5 } } },
    ]);
    expect(issues[0].description).toContain(reason);
    expect(issues[1].description).toContain(assumed);
    expect(JSON.parse(await output("-f", "gitlab"))).toHaveLength(1);
  });
});
