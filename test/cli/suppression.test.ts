// Allowing findings as people do it: comments and waivers that work, that do nothing, and that are wrong.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flake, makeDirectory, makeRepository, run } from "./run.ts";

/** What is said of the host's module, a line for each, without the help that all have. */
async function said(module: string, config = "", ...argv: string[]): Promise<readonly string[]> {
  const files = { "flake.nix": flake, "hosts/nas.nix": module, "nixlint.toml": config };
  const { stdout } = await run(makeDirectory(files), ["-f", "concise", ...argv]);
  return stdout.trimEnd().split("\n");
}

const radicale = "services.radicale.enable = true;";
const error =
  "error service-without-backup: `radicale` keeps `/var/lib/radicale/collections` and no backup job covers it";

describe("comments", () => {
  test.each([
    ["on the line", `{\n  ${radicale} # nixlint: allow service-without-backup -- a toy\n}\n`],
    ["on the line before", `{\n  # nixlint: allow service-without-backup -- a toy\n  ${radicale}\n}\n`],
    [
      "above other comments",
      `{\n  # nixlint: allow service-without-backup -- a toy\n\n  # calendars\n  ${radicale}\n}\n`,
    ],
    [
      "above the whole binding",
      `{\n  # nixlint: allow service-without-backup -- a toy\n  services = {\n    nginx.enable = true;\n    radicale.enable = true;\n  };\n}\n`,
    ],
    ["for the file", `# nixlint: allow-file service-without-backup -- a toy\n{\n  ${radicale}\n}\n`],
    ["between slashes", `{\n  /* nixlint: allow service-without-backup -- a toy */\n  ${radicale}\n}\n`],
    ["with an end", `{\n  ${radicale} # nixlint: allow service-without-backup -- a toy until=2026-06-01\n}\n`],
    [
      "with an end in brackets, first",
      `{\n  ${radicale} # nixlint: allow service-without-backup -- [until=2027-01-01] a toy\n}\n`,
    ],
  ])("%s", async (_, module) => {
    expect(await said(module)).toEqual(["no findings in 1 host, 2 files, 1 suppressed"]);
    const [line] = await said(module, "", "-v");
    expect(line).toMatch(/^hosts\/nas\.nix:\d+:\d+: suppressed service-without-backup: .* \[nas\] -- a toy$/);
  });

  const warning = "warning unused-suppression";
  test.each([
    ["nixlint: allow service-without-backup", `${warning}: a suppression needs a reason: \`-- why\``],
    ["nixlint: allow service-without-backup --", `${warning}: a suppression needs a reason: \`-- why\``],
    [
      "nixlint: alow service-without-backup -- a toy",
      `${warning}: the comment does not read \`nixlint: allow <rule> -- reason\``,
    ],
    ["nixlint: allow -- a toy", `${warning}: the comment does not read \`nixlint: allow <rule> -- reason\``],
    [
      "nixlint allow service-without-backup -- a toy",
      `${warning}: the comment does not read \`nixlint: allow <rule> -- reason\``,
    ],
    [
      "nixlint:disable service-without-backup",
      `${warning}: the comment does not read \`nixlint: allow <rule> -- reason\``,
    ],
    [
      "nixlint: allow-file service-without-backup -- a toy",
      `${warning}: \`allow-file\` must stand before the first expression`,
    ],
    [
      "nixlint: allow service-without-backup -- a toy until=soon",
      `${warning}: \`until=soon\` is no date like 2027-01-31`,
    ],
    [
      "nixlint: allow service-without-backup -- a toy until=2026-05-31",
      "warning expired-waiver: `service-without-backup` was allowed until 2026-05-31",
    ],
    [
      "nixlint: allow service-without-backup -- until=2026-05-31 a toy",
      "warning expired-waiver: `service-without-backup` was allowed until 2026-05-31",
    ],
    [
      "nixlint: allow service-without-bakup -- a toy",
      "warning unknown-rule: there is no rule `service-without-bakup`; did you mean `service-without-backup`?",
    ],
    ["nixlint: allow missing-import -- a toy", `${warning}: nothing here breaks \`missing-import\``],
  ])("that allows nothing: %s", async (comment, message) => {
    const [first, second, ...rest] = await said(`{\n  ${radicale} # ${comment}\n}\n`);
    expect([first, second]).toEqual([`hosts/nas.nix:2:3: ${error} [nas]`, `hosts/nas.nix:2:36: ${message}`]);
    expect(rest).toHaveLength(1);
  });

  test("about something else are left alone", async () => {
    const module = `{\n  # nixlint allows a lot, and nixlint ignores nothing\n  ${radicale} # see nixlint: allow\n}\n`;
    expect(await said(module)).toHaveLength(2);
  });

  test("of a rule that is off, and about what cannot be decided, are not unused", async () => {
    const off = '[rules]\nservice-without-backup.severity = "off"\n';
    const allowed = "# nixlint: allow service-without-backup -- a toy";
    expect(await said(`{\n  ${radicale} ${allowed}\n}\n`, off)).toEqual(["no findings in 1 host, 2 files"]);
    const unknown = 'services.radicale.enable = import (builtins.fetchTarball "https://example.net/x.tar.gz");';
    expect(await said(`{\n  ${unknown} ${allowed}\n}\n`)).toEqual(["no findings in 1 host, 2 files, 1 undecided"]);
    // Nor when some of the flake could not be looked at.
    expect((await said(`{\n  a = ; ${allowed}\n}\n`)).filter((line) => line.includes("unused"))).toEqual([]);
  });
});

describe("waivers", () => {
  const waive = (fields: string, subject = "services.radicale") =>
    `[[waive]]\nrule = "service-without-backup"\nsubject = "${subject}"\nreason = "a toy"\n${fields}`;
  const module = `{\n  ${radicale}\n}\n`;

  test.each([[""], ['host = "nas"\n'], ['host = "n*"\n'], ["until = 2026-06-01\n"], ['until = "2026-06-01"\n']])(
    "work: %j",
    async (fields) => {
      expect(await said(module, waive(fields))).toEqual(["no findings in 1 host, 2 files, 1 suppressed"]);
      expect((await said(module, waive(fields), "-v"))[0]).toMatch(/ \[nas\] -- a toy$/);
    },
  );

  test("of several by a glob, unused when it is about none", async () => {
    const two = `{\n  ${radicale}\n  services.gitea.enable = true;\n}\n`;
    expect(await said(two, waive("", "services.*"))).toEqual(["no findings in 1 host, 2 files, 2 suppressed"]);
    const lines = await said(two, waive("", "services.z*"));
    expect(lines[2]).toBe(
      "nixlint.toml:3:11: warning unused-suppression: nothing about `services.z*` breaks `service-without-backup`",
    );
  });

  test.each([
    [
      waive("until = 2026-05-31\n"),
      "nixlint.toml:5:9: warning expired-waiver: `service-without-backup` was allowed until 2026-05-31",
    ],
    [
      waive("", "services.radicalle"),
      "nixlint.toml:3:11: warning unused-suppression: nothing about `services.radicalle` breaks `service-without-backup`; did you mean `services.radicale`?",
    ],
    [
      waive('host = "nsa"\n'),
      "nixlint.toml:5:8: warning unused-suppression: there is no host `nsa`; did you mean `nas`?",
    ],
    [
      waive("").replace("backup", "bakup"),
      "nixlint.toml:2:8: warning unknown-rule: there is no rule `service-without-bakup`; did you mean `service-without-backup`?",
    ],
  ])("that do nothing: %j", async (config, message) => {
    expect(await said(module, config)).toEqual([`hosts/nas.nix:2:3: ${error} [nas]`, message, expect.any(String)]);
  });

  test("for one host leave the others", async () => {
    const two = flake.replace(
      "nixosConfigurations.nas",
      "nixosConfigurations.lab = nixpkgs.lib.nixosSystem { modules = [ ./hosts/nas.nix ]; };\n    nixosConfigurations.nas",
    );
    const files = { "flake.nix": two, "hosts/nas.nix": module, "nixlint.toml": waive('host = "lab"\n') };
    const { stdout } = await run(makeDirectory(files), ["-f", "concise", "-v"]);
    expect(stdout).toMatch(/2:3: error .* \[nas\]\n/);
    expect(stdout).toMatch(/2:3: suppressed .* \[lab\] -- a toy\n/);
  });

  test("that are over go with --fix, which leaves the others", async () => {
    const over = waive("until = 2026-05-31\n");
    const kept = `# For now.\n${waive("until = 2026-07-01\n")}`;
    const directory = makeRepository({
      "flake.nix": flake,
      "hosts/nas.nix": module,
      "nixlint.toml": `${over}\n${kept}`,
    });
    expect((await run(directory, ["--fix=safe", "-q"])).stdout).toContain("fixed[expired-waiver]: nixlint.toml: ");
    expect(readFileSync(join(directory, "nixlint.toml"), "utf8")).toBe(kept);
  });
});

test("in every format what is suppressed is marked and not dropped", async () => {
  const module = `{\n  ${radicale} # nixlint: allow service-without-backup -- a toy\n}\n`;
  const directory = makeDirectory({ "flake.nix": flake, "hosts/nas.nix": module });
  const output = async (...argv: string[]) => (await run(directory, argv)).stdout;
  expect(await output("-v")).toContain("suppressed[service-without-backup]: hosts/nas.nix:2:3: ");
  expect(JSON.parse(await output("-f", "json")).suppressed).toMatchObject([
    { subject: "services.radicale", reason: "a toy" },
  ]);
  const [result] = JSON.parse(await output("-f", "sarif")).runs[0].results;
  expect(result.suppressions).toMatchObject([{ kind: "inSource", justification: "a toy" }]);
  expect(await output("-f", "github")).toContain("1 suppressed");
  expect(JSON.parse(await output("-f", "gitlab"))).toEqual([]);
});
