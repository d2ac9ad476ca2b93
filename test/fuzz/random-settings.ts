// Random files beside the Nix: what sops, git, Nix and nixlint itself read, right in places and wrong in others.

import type { Corpus } from "./corpus.ts";
import type { Dice } from "./dice.ts";
import { mutateBytes, mutateTokens, oddText } from "./mutate.ts";

const key = "age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq";
const names = [
  "age",
  "pgp",
  "kms",
  "key_groups",
  "merge",
  "path_regex",
  "creation_rules",
  "sops",
  "mac",
  "recipient",
  "fp",
  "constructor",
  "__proto__",
];
const scalars = [
  key,
  "''",
  "null",
  "~",
  "1",
  "true",
  "2026-01-01",
  "!!binary aGk=",
  "!<x> y",
  "|\n  text",
  "'.*\\.yaml$'",
  "(a+)+$",
  "(?i)x",
  "[",
];

/** YAML of any kind, now and then with anchors that lead back to themselves. */
export function randomYaml(dice: Dice, depth: number): string {
  if (depth <= 0) return dice.oneIn(6) ? dice.pick(["*a", "*b", oddText(dice)]) : dice.pick(scalars);
  const anchor = dice.oneIn(4) ? dice.pick(["&a ", "&b "]) : "";
  const inner = () => randomYaml(dice, depth - 1 - dice.below(2)).replace(/\n/g, " ");
  if (dice.oneIn(2)) return `${anchor}[${dice.some(4, inner).join(", ")}]`;
  return `${anchor}{${dice.some(4, () => `${dice.pick(names)}: ${inner()}`).join(", ")}}`;
}

export function randomSopsConfig(dice: Dice, corpus: Corpus): string | Uint8Array {
  switch (dice.below(4)) {
    case 0:
      return `creation_rules: ${randomYaml(dice, 5)}\n`;
    case 1:
      return dice.some(4, () => `${dice.pick(names)}: ${randomYaml(dice, 4)}\n`).join("");
    case 2:
      return mutateBytes(Buffer.from(dice.pick(corpus.yaml)), dice);
    default:
      return mutateTokens(
        `keys:\n  - &nas ${key}\ncreation_rules:\n  - path_regex: secrets/.*\\.yaml$\n    key_groups:\n      - age:\n          - *nas\n`,
        dice,
      );
  }
}

const encrypted = `db:\n    password: ENC[AES256_GCM,data:aGVsbG8=,iv:aGVsbG8=,tag:aGVsbG8=,type:str]\nsops:\n    age:\n        - recipient: ${key}\n          enc: |\n            -----BEGIN AGE ENCRYPTED FILE-----\n            YWdl\n            -----END AGE ENCRYPTED FILE-----\n    lastmodified: "2026-01-01T00:00:00Z"\n    mac: ENC[AES256_GCM,data:aGVsbG8=,type:str]\n    version: 3.9.0\n`;

export function randomSecretFile(dice: Dice): string | Uint8Array {
  switch (dice.below(4)) {
    case 0:
      return mutateBytes(Buffer.from(encrypted), dice);
    case 1:
      return mutateTokens(encrypted, dice);
    case 2:
      return `${dice.some(3, () => `${dice.pick(names)}: ${randomYaml(dice, 5)}\n`).join("")}sops: {mac: x, age: ${randomYaml(dice, 3)}}\n`;
    default:
      return JSON.stringify({ data: "ENC[x]", sops: randomJson(dice, 4) });
  }
}

export function randomJson(dice: Dice, depth: number): unknown {
  if (depth <= 0) return dice.pick<unknown>([null, true, 0, -1, 1e300, "", "root", "path", key, oddText(dice)]);
  const inner = () => randomJson(dice, depth - 1 - dice.below(2));
  if (dice.oneIn(3)) return dice.some(4, inner);
  const keys = [
    "nodes",
    "root",
    "inputs",
    "locked",
    "original",
    "type",
    "path",
    "url",
    "narHash",
    "version",
    "x",
    "__proto__",
    "constructor",
  ];
  return Object.fromEntries(dice.some(5, () => [dice.pick(keys), inner()]));
}

export function randomLock(dice: Dice): string {
  if (dice.oneIn(3)) return JSON.stringify(randomJson(dice, 5));
  const nodes = ["root", "nixpkgs", "x", "self", "a"];
  const reference = () =>
    dice.pick<unknown>([
      { type: "github", owner: "NixOS", repo: "nixpkgs" },
      { type: "path", path: dice.pick(["..", "/etc", "./m0.nix", "."]) },
      { type: "indirect", id: "nixpkgs" },
      { type: "git", url: oddText(dice) },
      randomJson(dice, 1),
    ]);
  const input = () => (dice.oneIn(2) ? dice.pick(nodes) : dice.some(4, () => dice.pick(nodes)));
  const node = () => ({
    inputs: Object.fromEntries(dice.some(4, () => [dice.pick(nodes), input()])),
    locked: reference(),
    original: reference(),
    ...(dice.oneIn(3) ? { flake: dice.oneIn(2) } : {}),
  });
  const text = JSON.stringify({
    version: 7,
    root: dice.oneIn(8) ? dice.pick(nodes) : "root",
    nodes: Object.fromEntries(nodes.map((name) => [name, node()])),
  });
  return dice.oneIn(4) ? mutateTokens(text, dice) : text;
}

const config = `profile = "strict"
roles = ["roles/*.nix", "m{0,1}.nix"]

[rules.service-without-backup]
severity = "warning"
coverage = "role"

[rules.secret-in-store]
severity = "off"

[services.mine]
state = ["/var/lib/mine"]
user = "mine"

[inputs]
x = "."

[schedule]
gap = "15m"
backup = "2h"

[[waive]]
rule = "service-without-backup"
subject = "services.grafana"
host = "wild"
reason = "test"
until = 2027-01-01
`;

export function randomConfig(dice: Dice, corpus: Corpus): string {
  const text = dice.oneIn(3) ? dice.pick([config, ...corpus.toml]) : config;
  return dice.oneIn(6)
    ? Buffer.from(mutateBytes(Buffer.from(text), dice)).toString()
    : mutateTokens(text, dice, [
        ...text.split("\n").map((line) => `\n${line}\n`),
        "[[",
        "]]",
        '"""',
        "'''",
        "\n[a.b]\n",
        "[rules]\n",
      ]);
}

export function randomBaseline(dice: Dice): string {
  const entry = () => ({
    rule: dice.pick(["service-without-backup", "x", oddText(dice)]),
    subject: dice.pick(["services.radicale", oddText(dice)]),
    host: dice.pick(["nas", "wild", null]),
    fingerprint: String(dice.below(1e9)),
  });
  const text = JSON.stringify(dice.oneIn(5) ? randomJson(dice, 4) : { version: 1, findings: dice.some(5, entry) });
  return dice.oneIn(3) ? mutateTokens(text, dice) : text;
}

export function randomComment(dice: Dice, rules: readonly string[]): string {
  const rule = () => (dice.oneIn(3) ? oddText(dice).replace(/[\n\r]/g, " ") : dice.pick(rules));
  const reason = dice.pick([
    "",
    " --",
    " -- why",
    " -- why until=2020-01-01",
    " -- why [until=2030-02-31]",
    ` -- ${oddText(dice)}`,
  ]);
  const text = `nixlint: ${dice.pick(["allow", "allow-file", "deny", ""])} ${[rule(), ...dice.some(2, rule)].join(dice.pick([", ", ",", " "]))}${reason}`;
  return dice.oneIn(3) ? `/* ${text.replaceAll("*/", "")} */ ` : `# ${text.replace(/[\n\r]/g, " ")}\n`;
}

const calendarParts = [
  "Mon",
  "Mon..Fri",
  "Mon,",
  "*-*-*",
  "2026-02-30",
  "*-02-29",
  "1970..2200",
  "*-*~1",
  "*-*-1/2",
  "00:00",
  "*:0/15",
  "03:00:00.5",
  "24:00",
  "06..21:30",
  "daily",
  "minutely",
  "quarterly",
  "UTC",
  "Europe/Berlin",
  "Mars/Phobos",
  "@0",
  "*/7",
  "~",
  "99999999999999999999",
  "1..1000000/1",
];

export function randomCalendar(dice: Dice): string {
  const parts = [
    dice.pick(calendarParts),
    ...dice.some(3, () => (dice.oneIn(5) ? oddText(dice) : dice.pick(calendarParts))),
  ];
  return parts.join(dice.pick([" ", " ", "", ","]));
}
