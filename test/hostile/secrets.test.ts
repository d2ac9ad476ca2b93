// Secrets stay where they are: no report, model, error, diff, baseline or cache holds what an encrypted or plain secret
// file says, whatever is wrong with it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeDirectory, makeRepository, run } from "../cli/run.ts";

const canary = "CANARY-s3cret-9d1f";
const recipient = "age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq";

const sops = (metadata: string) => `db:\n    password: ${canary}\n${metadata}`;
const metadata = `sops:\n    age:\n        - recipient: ${recipient}\n          enc: ${canary}\n    mac: ${canary}\n`;

/** Encrypted, plain, broken: what people commit. */
const files: Readonly<Record<string, string>> = {
  "flake.nix": `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.nas = nixpkgs.lib.nixosSystem { modules = [ ./nas.nix ]; };
  };
}
`,
  "nas.nix": `{ config, ... }: {
  services.grafana.enable = true;
  services.postgresql.enable = true;
  sops.defaultSopsFile = ./secrets/good.yaml;
  sops.secrets."db/password" = { owner = "nobody-here"; };
  sops.secrets."db/missing" = { };
  sops.secrets.plain.sopsFile = ./secrets/plain.yaml;
  sops.secrets.broken.sopsFile = ./secrets/broken.yaml;
  sops.secrets.json = { sopsFile = ./secrets/data.json; format = "json"; };
  sops.secrets.env = { sopsFile = ./secrets/plain.env; format = "dotenv"; };
  age.secrets.x.file = ./secrets/x.age;
  services.restic.backups.home = {
    paths = [ "/var/lib/grafana" ]; repository = "rest:https://h/x"; user = "backup";
    passwordFile = config.sops.secrets."db/password".path;
    environmentFile = config.sops.secrets.env.path;
    timerConfig.OnCalendar = "dayly";
  };
  environment.etc.leak.source = ./secrets/plain.env;
  systemd.services.u.environment.X = toString (builtins.stringLength (builtins.readFile ./secrets/plain.env));
  imports = [ ./secrets/imported.nix ];
}
`,
  "secrets/good.yaml": sops(metadata),
  "secrets/plain.yaml": sops(""),
  "secrets/broken.yaml": `db: [${canary}\n  : {{ ${canary}\nsops: ${canary}: x\n`,
  "secrets/data.json": JSON.stringify({ data: canary, sops: { mac: canary, age: [{ recipient, enc: canary }] } }),
  "secrets/plain.env": `PASSWORD=${canary}\n`,
  "secrets/x.age": `age-encryption.org/v1\n-> X25519 ${canary}\n${canary}`,
  "secrets/imported.nix": `age-encryption.org/v1\n${canary}`,
  ".sops.yaml": `creation_rules:\n  - path_regex: secrets/.*\n    age: ${recipient}\n`,
};

describe("the canary is in none of", () => {
  test.each([
    ...["text", "concise", "json", "sarif", "github", "gitlab"].map(
      (format) => `check -v --profile strict --format ${format}`,
    ),
    ...[
      "check --diff --unsafe-fixes",
      "check --fix --unsafe-fixes",
      "check --changed -v",
      "check --config secrets/plain.env",
    ],
    ...["fleet", "fleet --format json", "eval .", "eval --strict .#nixosConfigurations.nas.config.sops"],
    ...["eval --strict --json .#nixosConfigurations.nas.config.services.restic", "eval --file secrets/imported.nix"],
    ...["eval --file secrets/plain.yaml", "baseline create", "check secrets/plain.yaml", "init --yes"],
  ])("%s", async (line) => {
    const root = makeRepository(files);
    const cacheHome = makeDirectory({});
    const env = { XDG_CACHE_HOME: cacheHome };
    const { stdout, stderr } = await run(root, line.split(" "), { env });
    const frames = line.startsWith("eval --file") || line.includes("--config");
    // Who names a file himself is shown where it is wrong; nobody else is.
    if (!frames) expect(stdout + stderr).not.toContain(canary);
    expect(stdout + stderr).not.toContain("bug in nixlint");
    for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
      if (name in files || name.startsWith(".git/")) continue;
      expect(textOf(join(root, name))).not.toContain(canary);
    }
    for (const name of readdirSync(cacheHome, { recursive: true, encoding: "utf8" })) {
      expect(textOf(join(cacheHome, name))).not.toContain(canary);
    }
  });
});

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

test("the model knows the secrets that the canary is in", async () => {
  const root = makeRepository(files);
  const { stdout } = await run(root, ["fleet", "--format", "json"]);
  const names = JSON.parse(stdout).hosts[0].secrets.map(({ name }: { name: string }) => name);
  expect(names).toContain("db/password");
  expect((await run(root, ["check", "-v"])).stdout).toContain("secrets/plain.yaml");
});
