// Nothing that a flake says reaches a terminal as more than text: in file names, names of hosts and options, values,
// comments, settings and errors.

import { describe, expect, test } from "vitest";
import { makeRepository, run } from "../cli/run.ts";

// Clears the screen, sets the title, reorders what follows, hides it, begins a line anew; and C1 for the same.
const hostile = "\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\u2066\r\u0008\u2028";
const nix = JSON.stringify(hostile).replaceAll("\\u001b", "\u001b").replaceAll("\\b", "\u0008");
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const files = {
  "flake.nix": `{
  inputs.${nix}.url = ${nix};
  outputs = { self, nixpkgs, ... }: {
    nixosConfigurations.${nix} = nixpkgs.lib.nixosSystem { modules = [ (./. + ${JSON.stringify(`/${hostile}.nix`).replaceAll("\\u001b", "\u001b")}) ]; };
    nixosConfigurations.broken = throw ${nix};
    nixosConfigurations.unread = nixpkgs.lib.nixosSystem { modules = [ ./gone${"nix"}.nix ./broken.nix ]; };
    failing = throw ${nix};
    text = ${nix};
    names = { ${nix} = 1; };
    partial = "\${self.lastModifiedDate}${hostile}";
  };
}
`,
  [`${hostile.replaceAll("\r", "")}.nix`]: `{ config, lib, ... }: { # nixlint: allow ${hostile.replaceAll("\r", "")} -- ${hostile.replaceAll("\r", "")}
  services.grafana.enable = true;
  services.${nix}.enable = true;
  networking.hostName = ${nix};
  services.restic.backups.${nix} = { paths = [ ${nix} "/srv" ]; repository = ${nix}; passwordFile = ${nix}; user = ${nix};
    timerConfig.OnCalendar = ${nix}; extraBackupArgs = [ ${nix} ]; };
  systemd.services.${nix} = { script = ${nix}; startAt = ${nix}; };
  sops.secrets.${nix} = { owner = ${nix}; sopsFile = ./. + "/x.yaml"; };
  users.users.${nix}.isNormalUser = true;
  assertions = [ { assertion = false; message = ${nix}; } ];
  services.prometheus.scrapeConfigs = [ { job_name = ${nix}; static_configs = [ { targets = [ ${nix} ]; } ]; } ];
}
`,
  "broken.nix": `{ a = ${nix} ${hostile.replaceAll("\r", "")} ; }\n`,
  ".sops.yaml": `creation_rules:\n  - path_regex: ${JSON.stringify(hostile)}\n`,
};

describe.each([["never"], ["always"]])("with colours %s", (color) => {
  test.each([
    ["check", "-v", "--statistics", "--format", "text"],
    ["check", "-v", "--format", "concise"],
    ["check", "-v", "--format", "json"],
    ["check", "-v", "--format", "sarif"],
    ["check", "-v", "--format", "github"],
    ["check", "-v", "--format", "gitlab"],
    ["check", "--diff", "--unsafe-fixes"],
    ["fix", "--unsafe-fixes", "--color=never"],
    ["fleet"],
    ["fleet", "--format", "json"],
    ["eval", ".#failing"],
    ["eval", ".#text"],
    ["eval", ".#names"],
    ["eval", ".#partial"],
    ["eval", "--strict", "--json", ".#names"],
    ["eval", `.#${hostile}`],
    ["eval", "--expr", `${hostile} {`],
    ["check", hostile],
    ["check", "--host", hostile],
    ["check", "--format", hostile],
    ["check", "--config", hostile],
    ["check", "--changed", hostile],
    ["check", "--override-input", `${hostile}=.`],
    [`--${hostile}`],
    [hostile],
    ["explain", hostile],
    ["baseline", hostile],
  ])("%s %s %s", async (...words) => {
    const root = makeRepository(files);
    const argv = [
      ...words.filter((word) => word !== undefined),
      ...(/check|fleet/.test(words[0]) ? ["--color", color] : []),
    ];
    const { stdout, stderr } = await run(root, argv, { stdoutIsTerminal: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
    const plain = (stdout + stderr).replace(color === "always" ? /\u001b\[(?:\d{1,3}(?:;\d{1,3})*)m/g : /$^/, "");
    expect(unsafe.exec(plain)?.[0]).toBe(undefined);
    expect(stdout + stderr).not.toContain("bug in nixlint");
    expect(plain.length).toBeGreaterThan(10);
  });
});

test("what is wrong with settings is text as well", async () => {
  for (const [name, text] of [
    ["nixlint.toml", `[${JSON.stringify(hostile)}]\nx = 1\n`],
    ["nixlint.toml", `a = ${hostile}\n`],
    ["nixlint.toml", `[rules.${JSON.stringify(hostile)}]\nseverity = "off"\n`],
    ["nixlint.toml", `[inputs]\n${JSON.stringify(hostile)} = ${JSON.stringify(hostile)}\n`],
    [".nixlint-baseline.json", `{ "version": ${JSON.stringify(hostile)} }`],
    [".nixlint-baseline.json", hostile],
  ] as const) {
    const root = makeRepository({ "flake.nix": "{ outputs = _: { }; }\n", [name]: text });
    const { code, stdout, stderr } = await run(root, ["check"], { stdoutIsTerminal: true });
    expect(unsafe.exec(stdout + stderr)?.[0]).toBe(undefined);
    expect(code).toBe(2);
  }
});
