// `.sops.yaml` and the files that sops writes, in each of its formats; the reference flake's vault is the real thing.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readSops } from "../../src/fleet/sops.ts";
import { parseSopsConfig, ruleFor } from "../../src/fleet/sops-config.ts";
import { readSopsFile, type SopsFile } from "../../src/fleet/sops-file.ts";
import { missingFrom, recipientsOf, showRecipients } from "../../src/fleet/sops-recipients.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

const nas = `age1${"n".repeat(58)}`;
const web = `age1${"w".repeat(58)}`;
const fingerprint = "0FBB2D1D820BD3723A898C1D02FE6A1F30D95562";

function fileOf(name: string, text: string): SopsFile {
  return readSopsFile(new MemoryFileSystem(new Map([[`/f/${name}`, text]])), `/f/${name}`);
}

describe("what an encrypted file says of itself", () => {
  const json = JSON.stringify(
    { db: { password: "ENC[]" }, sops: { age: [{ recipient: nas }], mac: "ENC[]" } },
    null,
    "\t",
  );
  test.each([
    ["a.yaml", `db:\n  password: ENC[]\nsops:\n  age:\n    - recipient: ${nas}\n  mac: ENC[]\n`, ["db", "db/password"]],
    ["a.json", json, ["db", "db/password"]],
    ["a.bin", JSON.stringify({ data: "ENC[]", sops: { age: [{ recipient: nas }], mac: "ENC[]" } }, null, 2), null],
    ["a.env", `TOKEN=ENC[]\nsops_age__list_0__map_recipient=${nas}\nsops_mac=ENC[]\n`, null],
    ["a.ini", `[web]\ntoken = ENC[]\n[sops]\nage__list_0__map_recipient = ${nas}\nmac = ENC[]\n`, null],
  ])("%s", (name, text, keys) => {
    const file = fileOf(name, text);
    expect(file.kind).toBe("encrypted");
    if (file.kind !== "encrypted") return;
    expect(file.recipients).toEqual([{ kind: "age", id: nas }]);
    expect(file.keys && [...file.keys]).toEqual(keys);
  });

  test.each([
    ["a.yaml", "password: hunter2\n", "plain"],
    ["a.yaml", "sops: is a word in my notes\n", "plain"],
    ["a.yaml", "", "empty"],
    ["a.age", "age-encryption.org/v1\n", "foreign"],
    ["a.yaml", "a: [\nsops:\n", "unreadable"],
    ["a.env", "TOKEN=hunter2\n", "plain"],
  ])("%s: %j is %s", (name, text, kind) => {
    expect(fileOf(name, text).kind).toBe(kind);
  });

  test("the reference flake's vault, of which no value is kept", () => {
    const text = readFileSync(new URL("../../nix/secrets/restic.yaml", import.meta.url), "utf8");
    const file = fileOf("restic.yaml", text);
    expect(file).toMatchObject({ kind: "encrypted" });
    if (file.kind === "encrypted") expect([...(file.keys ?? [])]).toContain("restic-hass_password");
    expect(JSON.stringify({ ...file, keys: null })).not.toContain("ENC[");
  });
});

describe("`.sops.yaml`", () => {
  const text = `keys:
  - &admin ${fingerprint}
  - &host_nas ${nas}
  - &web ${web}
creation_rules:
  - path_regex: (?i)secrets/NAS\\.yaml$
    key_groups:
      - age: [*host_nas]
        pgp:
          - *admin
        merge:
          - age: [*web]
  - path_regex: secrets/
    age: >-
      ${nas},
      ${web}
    kms: arn:aws:kms:x
  - pgp: "0fbb 2d1d 820b d372 3a89 8c1d 02fe 6a1f 30d9 5562"
`;
  const config = parseSopsConfig("/f/.sops.yaml", text);

  test("the first rule that fits a file counts, with all its groups", () => {
    const ids = (path: string) => ruleFor(config, path)?.recipients.map(({ id }) => id);
    expect(ids("secrets/nas.yaml")).toEqual([nas, fingerprint, web]);
    expect(ids("secrets/other.yaml")).toEqual([nas, web]);
    expect(ids("elsewhere.yaml")).toEqual([fingerprint]);
    expect(ruleFor(config, "secrets/other.yaml")?.hasOthers).toBe(true);
  });

  test("names of keys are anchors", () => {
    expect([...config.names.keys()]).toEqual(["admin", "host_nas", "web"]);
    expect(showRecipients(config, recipientsOf("age", [nas, `age1${"x".repeat(58)}`]))).toBe(
      "`host_nas`, `age1xxxxxxxxxxxx…`",
    );
  });

  test("spans are those of the rules", () => {
    const [first] = config.rules;
    expect(first && text.slice(first.span.start).startsWith("path_regex: (?i)")).toBe(true);
  });

  test("what is no YAML, and what is no expression, says nothing", () => {
    expect(parseSopsConfig("/f/.sops.yaml", "creation_rules: [").broken?.message).toContain("no YAML");
    const unclear = parseSopsConfig(
      "/f/.sops.yaml",
      'creation_rules:\n  - path_regex: ^a$\n  - path_regex: "("\n  - {}\n',
    );
    expect(["a", "b"].map((path) => ruleFor(unclear, path)?.span)).toEqual([unclear.rules[0]?.span, undefined]);
    expect(parseSopsConfig("/f/.sops.yaml", "creation_rules:\n  - age: *gone\n").broken?.message).toContain("no YAML");
    expect(parseSopsConfig("/f/.sops.yaml", "- a\n").rules).toEqual([]);
  });

  test("the nearest one upwards governs a file, and what is no secret is left alone", () => {
    const files = {
      "/f/.sops.yaml": `creation_rules:\n  - path_regex: .*\n    age: ${nas}\n`,
      "/f/a/.sops.yaml": `creation_rules:\n  - path_regex: ^b\\.yaml$\n    age: ${web}\n`,
      "/f/a/b.yaml": "x: 1\n",
      "/f/a/c.yaml": "x: 1\n",
      "/f/d.yaml": "x: 1\n",
      "/f/README.md": "x\n",
      "/f/key.pub": "x\n",
    };
    const { governed } = readSops("/f", new MemoryFileSystem(new Map(Object.entries(files))));
    expect(governed.map(({ path, rule }) => [path, rule.recipients[0]?.id])).toEqual([
      ["/f/a/b.yaml", web],
      ["/f/d.yaml", nas],
    ]);
  });
});

test("a long key id and a fingerprint are one key", () => {
  const [full, id] = [recipientsOf("pgp", fingerprint), recipientsOf("pgp", fingerprint.slice(-16))];
  expect(missingFrom(full, id)).toEqual([]);
  expect(missingFrom(id, full)).toEqual([]);
  expect(missingFrom(id, recipientsOf("age", nas))).toHaveLength(1);
});
