// systemd reads the units that real Nix made of the reference flake: nothing in them is ignored or refused, and what
// this flake adds leaves them no more exposed than nixpkgs' own.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { configurations, readGolden } from "./real-nix.ts";

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;
if (!hasSystemd) console.warn("skipped: systemd-analyze is not installed, so the generated units are not judged");

test.skipIf(!hasSystemd).each(configurations)("systemd accepts every unit of $name", ({ name }) => {
  const { units } = readGolden(name).systemd;
  expect(Object.keys(units).length).toBeGreaterThan(2);
  const directory = writeUnits(units);
  const args = ["verify", "--man=no", ...Object.keys(units).map((unit) => join(directory, unit))];
  const { status, stderr } = analyze(args, directory);
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

test.skipIf(!hasSystemd)("systemd would have said so", () => {
  const [unit, text = ""] = [
    "restic-backups-hass.service",
    readGolden("ha-01").systemd.units["restic-backups-hass.service"],
  ];
  const directory = writeUnits({ [unit]: text.replace("CacheDirectoryMode=", "CacheDirectoryMod=") });
  expect(analyze(["verify", "--man=no", join(directory, unit)], directory).stderr).toMatch(
    /Unknown key (name )?'CacheDirectoryMod'/,
  );
});

test.skipIf(!hasSystemd)("a job is exposed no more than nixpkgs' own restic unit", () => {
  for (const { name } of configurations) {
    for (const [unit, text] of Object.entries(readGolden(name).systemd.units)) {
      if (!/^restic-backups-\w+\.service$/.test(unit)) continue;
      const own = exposure(unit, text);
      expect(own).toBeGreaterThan(0);
      expect(own).toBeLessThanOrEqual(exposure(unit, asNixpkgsAlone(text)));
    }
  }
});

test.skipIf(!hasSystemd)("the exporter is exposed no more than with a user made for it", () => {
  const unit = "prometheus-restic-exporter.service";
  const text = readGolden("ha-01").systemd.units[unit] ?? "";
  // The key is readable by the job's user alone; DynamicUser is what has to be given up for it.
  const [own, dynamic] = [exposure(unit, text), exposure(unit, text.replace("DynamicUser=false", "DynamicUser=true"))];
  expect(own).toBeLessThanOrEqual(dynamic);
});

/** Without the lines that modules/backup/restic.nix adds, as the root that nixpkgs' jobs are by default. */
function asNixpkgsAlone(text: string): string {
  const added = /^(Group=.*|ExecStartPre=\+.*chown.*|ExecStartPre=-.*unlock)\n/gm;
  expect(text.match(added)).toHaveLength(3);
  return text.replace(added, "").replace(/^User=.*$/m, "User=root");
}

function exposure(unit: string, text: string): number {
  const directory = writeUnits({ [unit]: text });
  const { stdout, stderr } = analyze(["security", "--offline=true", "--no-pager", join(directory, unit)], directory);
  const level = /Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1];
  if (level === undefined) throw new Error(stdout + stderr);
  return Number(level);
}

function analyze(
  args: readonly string[],
  directory: string,
): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, SYSTEMD_UNIT_PATH: `${directory}:/lib/systemd/system`, SYSTEMD_LOG_LEVEL: "warning" };
  return spawnSync("systemd-analyze", args, { encoding: "utf8", env });
}

/** With every command of the units there, and the targets that other modules of NixOS define. */
function writeUnits(units: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), "nixlint-units-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const store = join(directory, "store");
  for (const [name, text] of Object.entries(units)) {
    for (const [, path = ""] of text.matchAll(/^Exec\w+=[-+]?\/nix\/store\/(\S+)/gm)) writeProgram(join(store, path));
    writeFileSync(join(directory, name), text.replaceAll("/nix/store", store));
  }
  writeFileSync(join(directory, "postgresql.target"), "[Unit]\nDescription=PostgreSQL\n");
  return directory;
}

function writeProgram(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, 0o755);
}
