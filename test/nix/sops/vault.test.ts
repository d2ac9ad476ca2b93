// The sample vault of the reference flake is what sops would have written: it decrypts, its MAC holds, and what is
// in it can be used. sops itself is packaged for neither npm nor Debian; sops-age reads its format.
import { createDecipheriv, createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const vaultFile = join(import.meta.dirname, "../../../nix/secrets/restic.yaml");
const installed = existsSync(join(import.meta.dirname, "node_modules/sops-age"));
if (!installed) console.warn("skipped: the vault is not decrypted; run `npm install` in test/nix/sops first");

interface Vault {
  readonly sops: {
    readonly age: readonly { readonly recipient: string; readonly enc: string }[];
    readonly lastmodified: string;
    readonly mac: string;
  };
  readonly [secret: string]: unknown;
}

/** The two packages of ./package.json, as far as this test uses them; they are not dependencies of nixlint. */
interface Packages {
  readonly decryptSops: (content: string, options: { secretKey: string; fileType: "yaml" }) => Promise<unknown>;
  readonly age: {
    readonly armor: { readonly decode: (text: string) => Uint8Array };
    readonly Decrypter: new () => {
      addIdentity(identity: string): void;
      decrypt(file: Uint8Array): Promise<Uint8Array>;
    };
  };
}

async function loadPackages(): Promise<Packages> {
  const require = createRequire(import.meta.url);
  const sopsAge = await import(require.resolve("sops-age"));
  return { decryptSops: sopsAge.decryptSops, age: await import(require.resolve("age-encryption")) };
}

function readIdentities(): readonly string[] {
  const lines = readFileSync(join(import.meta.dirname, "identities.txt"), "utf8").split("\n");
  return lines.filter((line) => line.startsWith("AGE-SECRET-KEY-"));
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

describe.skipIf(!installed)("decrypted", () => {
  test("each recipient's key opens it", async () => {
    const { decryptSops } = await loadPackages();
    const content = readFileSync(vaultFile, "utf8");
    const identities = readIdentities();
    expect(identities).toHaveLength(4);
    for (const secretKey of identities) {
      const secrets = await decryptSops(content, { secretKey, fileType: "yaml" });
      expect(secrets).toHaveProperty("restic-hass_password");
    }
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
    const { decryptSops } = await loadPackages();
    const content = readFileSync(vaultFile, "utf8");
    const secrets = await decryptSops(content, { secretKey: readIdentities()[1]!, fileType: "yaml" });
    expect(secrets).toHaveProperty(
      "restic-ssh_private_key",
      expect.stringMatching(/-----END OPENSSH PRIVATE KEY-----\n$/),
    );
  });
});
