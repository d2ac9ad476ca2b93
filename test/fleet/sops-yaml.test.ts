// The quick reader of sops's YAML against a parser of all YAML: whatever it does not leave to that one, it reads alike.

import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readSimpleYaml } from "../../src/fleet/sops-yaml.ts";

const file = `restic:
    password: ENC[AES256_GCM,data:yraVS5m8,iv:OmTXGZU8+fJP=,tag:Pic/Hhg==,type:str]
    ssh-key: |
        ENC[x]

        y
sops:
    kms: []
    age:
        - recipient: age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            YWdl
            -----END AGE ENCRYPTED FILE-----
        - recipient: age1b
          enc: x
    lastmodified: "2024-01-01T00:00:00Z"
    mac: ENC[y]
    pgp:
    - fp: '4111E'
    unencrypted_suffix: _unencrypted
    version: 3.9.4
`;

/** Of scalars only that they are there. */
function shapeOf(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(shapeOf);
  if (typeof tree !== "object" || tree === null) return "scalar";
  return Object.fromEntries(
    Object.entries(tree)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, shapeOf(value)]),
  );
}

test("what sops writes is read at once", () => {
  expect(readSimpleYaml(file)).toMatchObject({ sops: { age: [{ enc: "" }, { recipient: "age1b" }], kms: [] } });
  expect(shapeOf(readSimpleYaml(file))).toEqual(shapeOf(parse(file)));
});

const change = fc.record({
  at: fc.nat(file.length),
  drop: fc.nat(12),
  put: fc.oneof(
    fc.constantFrom(
      ..."  \n|\n: |- |#|\t|'|\"|{|]|&a |*a|<<: |? |---\n|: >\n|a:\n|null|~|!t |\\|@|b: c\n|- |0:|,|%".split("|"),
    ),
    fc.string({ maxLength: 4 }),
  ),
});

test("anything else is left alone, or read alike", () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let text = file;
      for (const { at, drop, put } of changes) text = text.slice(0, at) + put + text.slice(at + drop);
      const quick = readSimpleYaml(text);
      if (quick !== undefined) expect(shapeOf(quick), text).toEqual(shapeOf(parse(text, { logLevel: "error" })));
    }),
    { numRuns: Number(process.env.NIXLINT_COUNT ?? 1500) },
  );
});

test("deep nesting is left alone", () => {
  const text = Array.from({ length: 2000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n");
  expect(readSimpleYaml(text)).toBeUndefined();
});
