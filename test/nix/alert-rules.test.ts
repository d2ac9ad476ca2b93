// The alert rules of the reference flake, judged by Prometheus's own tool.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

const directory = join(import.meta.dirname, "../../nix/monitoring");
const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
if (!hasPromtool) console.warn("skipped: promtool is not installed, so the alert rules are not tried");

function promtool(...args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync("promtool", args, { cwd: directory, encoding: "utf8" });
  return { status, output: stdout + stderr };
}

test.skipIf(!hasPromtool)("Prometheus accepts the rules", () => {
  expect(promtool("check", "rules", "restic.rules.yaml")).toMatchObject({ status: 0 });
});

test.skipIf(!hasPromtool)("they fire when they should, and not before", () => {
  expect(promtool("test", "rules", "restic.rules.test.yaml")).toMatchObject({ status: 0 });
});

test("every alert has a case of its own", () => {
  const rules = parse(readFileSync(join(directory, "restic.rules.yaml"), "utf8"));
  const cases = readFileSync(join(directory, "restic.rules.test.yaml"), "utf8");
  for (const { alert } of rules.groups[0].rules) expect(cases).toContain(`alertname: ${alert}`);
});

test("the alerts and the guide name metrics that the exporter has", () => {
  const text = readFileSync(join(import.meta.dirname, "restic-exporter-metrics.json"), "utf8");
  const { repositoryMetrics, snapshotMetrics } = JSON.parse(text);
  const known = new Set([...repositoryMetrics, ...snapshotMetrics]);
  for (const file of ["monitoring/restic.rules.yaml", "monitoring/restic.rules.test.yaml", "README.md"]) {
    const named = readFileSync(join(directory, "..", file), "utf8").match(/\brestic_[a-z_]+\b/g) ?? [];
    // What the design document calls a size is in the guide's table of differences.
    const wrong = named.filter((name) => !known.has(name) && name !== "restic_backup_size_bytes");
    expect(named.length, file).toBeGreaterThan(3);
    expect(wrong, file).toEqual([]);
  }
});
