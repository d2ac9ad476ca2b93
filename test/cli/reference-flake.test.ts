// The reference flake through the command line: nothing to find as it is, and each fault planted in a copy gives
// exactly the rule that is about it, in the right file and line.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const directory = mkdtempSync(join(tmpdir(), "nixlint-reference-"));
afterAll(() => rmSync(directory, { recursive: true }));
beforeAll(() => {
  execFileSync("node", ["build.mjs"], { stdio: "ignore" });
});

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function check(flake: string, ...flags: readonly string[]): Run {
  const args = ["dist/nixlint.mjs", "check", flake, "--format", "concise", ...flags];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { status, stdout, stderr };
}

/** A copy of the reference flake with one edit in one file. */
function faulty(name: string, file: string, edit: (text: string) => string): string {
  const copy = join(directory, name);
  cpSync("nix", copy, { recursive: true });
  const path = join(copy, file);
  const before = readFileSync(path, "utf8");
  const after = edit(before);
  if (after === before) throw new Error(`${file} is not what this test edits`);
  writeFileSync(path, after);
  return copy;
}

/** `file:line rule` of every finding. */
function findings(stdout: string): string[] {
  return [...stdout.matchAll(/^(\S+?):(\d+):\d+: \w+ ([\w-]+):/gm)].map(
    ([, file, line, rule]) => `${file}:${line} ${rule}`,
  );
}

/** The line, from 1, that starts with the text after its indentation. */
function lineOf(flake: string, file: string, text: string): number {
  const lines = readFileSync(join(flake, file), "utf8").split("\n");
  return lines.findIndex((line) => line.trimStart().startsWith(text)) + 1;
}

const withoutRole = (text: string): string => text.replace(/.*monitoring-restic.*\n/g, "");

const job = / {2}# service-without-backup\n {2}mares\.backup\.restic\.jobs\.hass = \{[\s\S]*?\n {2}\};\n/;

describe("the reference flake", () => {
  it("has nothing to find", () => {
    expect(check("nix")).toMatchObject({ status: 0, stderr: "" });
  });

  it("without the restic job of a role", () => {
    const flake = faulty("no-job", "roles/hass.nix", (text) => text.replace(job, ""));
    const { status, stdout } = check(flake);
    expect(status).toBe(1);
    const line = lineOf(flake, "roles/hass.nix", "services.home-assistant");
    expect(findings(stdout)).toContainEqual(
      expect.stringMatching(`roles/hass.nix:(${line}|${line + 1}) service-without-backup`),
    );
  });

  it("with another owner of a job's secret", () => {
    const declaration = 'sops.secrets."restic-hass_password".sopsFile';
    const flake = faulty("owner", "roles/hass.nix", (text) =>
      text.replace(declaration, `sops.secrets."restic-hass_password".owner = "root";\n  ${declaration}`),
    );
    const { status, stdout } = check(flake);
    expect(status).toBe(1);
    expect(findings(stdout)).toEqual([expect.stringMatching(/^roles\/hass\.nix:\d+ secret-owner-mismatch$/)]);
  });

  it("with the backup moved onto the dump", () => {
    const flake = faulty("timer", "roles/postgres.nix", (text) =>
      text
        .replace('group = "postgres";', 'group = "postgres";\n    timerConfig.OnCalendar = "02:15";')
        .replace(/\n {2}# The clock alone[\s\S]*?dump\.units;\n/, "\n"),
    );
    const { status, stdout } = check(flake);
    expect(findings(stdout)).toEqual([expect.stringMatching(/^roles\/postgres\.nix:\d+ backup-schedule-clash$/)]);
    expect(status).toBe(1);
  });

  it("without the import of the monitoring role", () => {
    const flake = faulty("unmonitored", "hosts/ha-01/default.nix", withoutRole);
    const { stdout } = check(flake);
    expect(findings(stdout)).toEqual([expect.stringMatching(/^roles\/hass\.nix:\d+ unmonitored-backup$/)]);
  });

  it("gets a monitoring role again when it has none, and is sound with it", () => {
    const flake = faulty("no-role", "flake.nix", withoutRole);
    rmSync(join(flake, "roles/monitoring-restic.nix"));
    for (const host of ["ha-01", "scrypted-01", "db-01"]) {
      const path = join(flake, "hosts", host, "default.nix");
      writeFileSync(path, withoutRole(readFileSync(path, "utf8")));
    }
    expect(check(flake, "--fix")).toMatchObject({ status: 0, stderr: "" });
    const role = readFileSync(join(flake, "roles/monitoring-restic.nix"), "utf8");
    expect(role).toContain("mares.monitoring.alloy.extraScrapeTargets = [");
  });
});
