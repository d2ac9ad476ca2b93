// The reference flake with a role's backup removed: `--fix` brings back a flake that the strict profile passes.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { makeDirectory, run } from "./run.ts";

const reference = fileURLToPath(new URL("../../nix", import.meta.url));
const hasNix = spawnSync("nix-instantiate", ["--version"]).status === 0;
if (!hasNix) console.error("skipped: real Nix does not parse what fixes write (nix-instantiate is not installed)");

function copyReference(): string {
  const directory = makeDirectory({});
  cpSync(reference, directory, { recursive: true });
  const git = (...args: string[]) => execFileSync("git", ["-C", directory, ...args], { stdio: "ignore" });
  git("init", "-q");
  git("add", "-A");
  return directory;
}

/** The binding that starts with the text, and the comments above it, go. */
function removeBinding(path: string, start: string): string {
  const text = readFileSync(path, "utf8");
  const from = text.indexOf(`  ${start}`);
  expect(from, start).toBeGreaterThan(0);
  const rest = text.slice(from);
  const lineEnd = rest.indexOf("\n");
  const end = rest.slice(0, lineEnd).includes(" = {") ? rest.indexOf("\n  };\n") + "\n  };\n".length : lineEnd + 1;
  const before = text.slice(0, from).replace(/\n(?: *#.*\n)+$/, "\n");
  const removed = before + rest.slice(end);
  writeFileSync(path, removed);
  return text;
}

describe.each([
  ["hass", ["mares.backup.restic.jobs.hass"], []],
  ["postgres", ["mares.backup.restic.jobs.postgres"], []],
  [
    "hass",
    [
      'sops.secrets."restic-hass_password"',
      'sops.secrets."restic-hass_ssh_private_key"',
      "mares.backup.restic.jobs.hass",
    ],
    [`sops set secrets/restic.yaml '["restic-hass_password"]' "\\"$(openssl rand -base64 32)\\""`],
  ],
] as const)("roles/%s.nix without %s", (role, bindings, commands) => {
  test("gets it back", async () => {
    const directory = copyReference();
    const path = join(directory, "roles", `${role}.nix`);
    for (const binding of bindings) removeBinding(path, binding);
    expect((await run(directory, ["--profile", "strict"])).code).toBe(1);
    const fixed = await run(directory, ["--profile", "strict", "--fix", "--format", "json"]);
    expect(JSON.parse(fixed.stdout)).toMatchObject({
      findings: [],
      fixed: [{ rule: "service-without-backup", commands }],
    });
    expect(fixed.code).toBe(0);
    const text = readFileSync(path, "utf8");
    for (const binding of bindings) expect(text).toContain(binding);
    expect(await run(directory, ["--profile", "strict", "--diff"])).toMatchObject({ code: 0, stdout: "" });
    if (hasNix) execFileSync("nix-instantiate", ["--parse", path], { stdio: "ignore" });
  });
});

test("a host without the monitoring role imports it again", async () => {
  const directory = copyReference();
  const path = join(directory, "hosts/ha-01/default.nix");
  const before = readFileSync(path, "utf8");
  const line = "    ../../roles/monitoring-restic.nix # unmonitored-backup\n";
  expect(before).toContain(line);
  writeFileSync(path, before.replace(line, ""));
  const { code, stdout } = await run(directory, ["--profile", "strict", "--fix", "--format", "json"]);
  expect(JSON.parse(stdout)).toMatchObject({ findings: [], fixed: [{ rule: "unmonitored-backup" }] });
  expect(code).toBe(0);
  expect(readFileSync(path, "utf8")).toBe(before.replace(" # unmonitored-backup", ""));
});
