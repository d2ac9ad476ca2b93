// Small files that would take for ever, or all memory, where somebody follows them to the end.

import { describe, expect, test } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintInMemory } from "../lint/in-memory.ts";

const longest = 10;

const flake = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.a.follows = "x0";
  outputs = { nixpkgs, ... }@inputs: {
    nixosConfigurations.nas = nixpkgs.lib.nixosSystem { modules = [ ./nas.nix ]; };
    nixosConfigurations.other = nixpkgs.lib.nixosSystem { modules = [ ./other.nix inputs.a.module ]; };
  };
}
`;
const job = 'repository = "sftp:h:/x"; passwordFile = "/k"; initialize = true;';

/** Each level of `follows` goes through the one below it twice. */
function doublingLock(levels: number): string {
  const follows = Array.from({ length: levels }, (_, level) => [`x${level}`, [`x${level + 1}`, `x${level + 1}`]]);
  const inputs = { ...Object.fromEntries(follows), [`x${levels}`]: "root" };
  const others = Array.from({ length: levels }, (_, level) => [`n${level}`, { inputs: {} }]);
  return JSON.stringify({ version: 7, root: "root", nodes: { root: { inputs }, ...Object.fromEntries(others) } });
}

const secret = "a: ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]\nsops: { mac: x }\n";
const governed = (pattern: string) => `creation_rules:\n  - path_regex: '${pattern}'\n    age: age1x\n`;
const longName = `secrets/${"a".repeat(60)}!.yaml`;
const saved = (line: string) =>
  `{ services.grafana.enable = true; services.restic.backups.x = { paths = [ "/var" ]; ${job} ${line} }; }`;
const deepPath = "/var/lib/grafana".replace("grafana", Array(40).fill("a").join("/"));

const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a lock whose follows double": { "flake.lock": doublingLock(60) },
  "a lock whose follows go in a circle": {
    "flake.lock": JSON.stringify({ root: "root", nodes: { root: { inputs: { x0: ["x0", "x0"], a: ["x0", "a"] } } } }),
  },
  "keys of a secret that hold themselves": {
    ".sops.yaml": governed(".*"),
    "secrets/x.yaml": `a: &a { b: *a }\n${secret}`,
  },
  "key groups that merge themselves": { ".sops.yaml": "creation_rules:\n  - key_groups: &g [ { merge: *g } ]\n" },
  "a rule that holds itself": { ".sops.yaml": "creation_rules: &c\n  - &r { age: *r, key_groups: *c }\n" },
  "aliases of aliases": {
    ".sops.yaml": `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 20 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`)}]`).join("\n")}\ncreation_rules:\n  - age: *a20\n`,
    "secrets/x.yaml": secret,
  },
  "brackets without end in YAML": { ".sops.yaml": `creation_rules: ${"[".repeat(30_000)}`, "secrets/x.yaml": secret },
  "deep YAML": {
    ".sops.yaml": `creation_rules: ${"[".repeat(5000)}${"]".repeat(5000)}`,
    "secrets/x.yaml": `a: ${"{a: ".repeat(5000)}1${"}".repeat(5000)}\n${secret}`,
  },
  "deep JSON in a secret": {
    ".sops.yaml": governed(".*"),
    "secrets/x.json": `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)},"sops":{"mac":"x"}}`,
  },
  "a deep lock": { "flake.lock": `{"nodes":{"root":{"inputs":${"[".repeat(100_000)}${"]".repeat(100_000)}}}}` },
  "an expression of paths that backtracks": { ".sops.yaml": governed("^secrets/(a+)+$"), [longName]: secret },
  "one with look-ahead": { ".sops.yaml": governed("^secrets/(?=(a+)+$)"), [longName]: secret },
  "one with look-behind": { ".sops.yaml": governed("(?<=^secrets/(a+)+)$"), [longName]: secret },
  "one with a back-reference": { ".sops.yaml": governed("^secrets/(a+)+\\\\1x$"), [longName]: secret },
  "one with counts of counts": { ".sops.yaml": governed("^secrets/((a{1,30}){1,30}){1,30}$"), [longName]: secret },
  "globs of roles": { "nixlint.toml": `roles = ["${"**/".repeat(40)}x.nix"]\n`, [`${"a/".repeat(40)}y.nix`]: "{ }" },
  "stars in names of roles": {
    "nixlint.toml": `roles = ["${"*a".repeat(40)}b.nix"]\n`,
    [`${"a".repeat(100)}.nix`]: "{ }",
  },
  "stars that exclude": {
    "other.nix": saved(`exclude = [ "${"/**".repeat(30)}/x" ]; paths = [ "${deepPath}" ];`).replace(
      'paths = [ "/var" ]; ',
      "",
    ),
  },
  "stars in names that exclude": {
    "other.nix": saved(`exclude = [ "/var/lib/${"*a".repeat(40)}b" "/var/lib/${"a".repeat(50)}*" ];`),
  },
  "patterns of alerts": {
    "other.nix": `{ services.grafana.enable = true; services.restic.backups.${"a".repeat(40)} = { paths = [ "/var" ]; ${job} };
      services.prometheus.rules = [ ''{"groups":[{"name":"g","rules":[{"alert":"a","expr":"node_systemd_unit_state{name=~\\"(?=(restic-backups-(a+)+x))\\",state=\\"failed\\"} == 1"}]}]}'' ]; }`,
  },
  "an environment whose names are patterns": {
    "other.nix": `{ services.grafana.enable = true; systemd.services.u = { environment = { "(" = "x"; "[" = "y"; "$" = "z"; }; script = "restic backup $x"; startAt = "daily"; }; }`,
  },
  "a suppression whose names are patterns": { "other.nix": "# nixlint: allow ++[, (a -- why\n{ }" },
  "names that objects have": {
    "other.nix":
      '{ services.constructor.enable = true; services.__proto__.enable = true; services.toString.enable = true; services.restic.backups.constructor = { }; sops.secrets.__proto__ = { owner = "constructor"; }; users.users.valueOf = { }; systemd.services.hasOwnProperty.script = "restic backup"; services.prometheus.exporters.constructor.enable = true; }',
  },
  "names that are empty": {
    "other.nix":
      '{ sops.secrets."" = { owner = ""; }; age.secrets."" = { }; services.restic.backups."" = { paths = [ "" ]; }; systemd.services."".script = ""; services.grafana.enable = true; }',
  },
  "a calendar that elapses each second of a thousand lists": {
    "other.nix": `{ services.postgresqlBackup = { enable = true; startAt = "*:*:0/1"; }; services.restic.backups.x = { paths = [ "/var" ]; ${job} timerConfig.OnCalendar = [ ${'"*:*:*" "*-02-30" "*-*~31/1 1970..2199" '.repeat(300)} ]; }; }`,
  },
  "a line of a megabyte": { "other.nix": `{ services.grafana.enable = true; a = [ ${'"x" '.repeat(250_000)} ]; }` },
  "comments without end": {
    "other.nix": `${"# nixlint: allow a -- b\n".repeat(5000)}{ services.grafana.enable = true; }`,
  },
  "one comment of a megabyte": {
    "other.nix": `# nixlint: allow ${"a, ".repeat(300_000)}\n# nixlint: allow a --${" ".repeat(300_000)}x\n{ }`,
  },
};

describe("the fault of another host is found soon in spite of", () => {
  test.each(Object.keys(cases))("%s", (name) => {
    const { "nixlint.toml": config, ...files } = cases[name] ?? {};
    const started = process.cpuUsage();
    const report = lintInMemory(
      {
        "flake.nix": flake,
        "nas.nix": "{ services.radicale.enable = true; }",
        "other.nix": "{ services.grafana.enable = true; }",
        ...files,
      },
      { rules, ...(config !== undefined && { config }) },
    );
    expect(report.diagnostics.map(({ subject }) => subject)).toContain("services.radicale");
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(longest);
  });
});
