// The sample vault of the reference flake is what sops would have written: it decrypts, its MAC holds, and what is
// in it can be used. sops itself is packaged for neither npm nor Debian; sops-age reads its format.
import { createDecipheriv, createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadPackages, openVault, readIdentities, vaultCanBeOpened, vaultFile } from "./vault.ts";

if (!vaultCanBeOpened) console.warn("skipped: the vault is not decrypted; run `npm install` in test/nix/sops first");

interface Vault {
  readonly sops: {
    readonly age: readonly { readonly recipient: string; readonly enc: string }[];
    readonly lastmodified: string;
    readonly mac: string;
  };
  readonly [secret: string]: unknown;
}

function readVault(): Vault {
  return parse(readFileSync(vaultFile, "utf8"));
}

function decryptValue(encrypted: string, dataKey: Uint8Array, additional: string): string {
  const fields = /^ENC\[AES256_GCM,data:(.*),iv:(.*),tag:(.*),type:str\]$/.exec(encrypted);
  if (fields === null) throw new Error("not a value of sops");
  const [data, iv, tag] = fields.slice(1).map((field) => Buffer.from(field, "base64"));
  const decipher = createDecipheriv("aes-256-gcm", dataKey, iv!);
  decipher.setAAD(Buffer.from(additional));
  decipher.setAuthTag(tag!);
  return Buffer.concat([decipher.update(data!), decipher.final()]).toString("utf8");
}

test("every host of .sops.yaml is a recipient of the vault, in the same order", () => {
  const config = parse(readFileSync(join(import.meta.dirname, "../../../nix/.sops.yaml"), "utf8"));
  const recipients = readVault().sops.age.map(({ recipient }) => recipient);
  expect(recipients).toEqual(config.keys);
  expect(config.creation_rules[0].key_groups[0].age).toEqual(config.keys);
});

describe.skipIf(!vaultCanBeOpened)("decrypted", () => {
  test("each recipient's key opens it", async () => {
    const identities = readIdentities();
    expect(identities).toHaveLength(4);
    for (const identity of identities) expect(await openVault(identity)).toHaveProperty("restic-hass_password");
  });

  test("the MAC is that of its values", async () => {
    const { age } = await loadPackages();
    const { sops, ...secrets } = readVault();
    const decrypter = new age.Decrypter();
    decrypter.addIdentity(readIdentities()[0]!);
    const dataKey = await decrypter.decrypt(age.armor.decode(sops.age[0]!.enc));

    const digest = createHash("sha512");
    for (const [name, value] of Object.entries(secrets))
      digest.update(decryptValue(String(value), dataKey, `${name}:`));
    expect(decryptValue(sops.mac, dataKey, sops.lastmodified)).toBe(digest.digest("hex").toUpperCase());
  });

  test("the SSH key ends with a newline, without which ssh refuses it", async () => {
    const secrets = await openVault(readIdentities()[1]);
    expect(secrets).toHaveProperty(
      "restic-ssh_private_key",
      expect.stringMatching(/-----END OPENSSH PRIVATE KEY-----\n$/),
    );
  });
});
