// Writes the vault of the reference flake, nix/secrets/restic.yaml, as sops would, with throw-away age keys:
// nix/.sops.yaml gets the public halves, identities.txt beside this file the private ones, for the test.
// Run with `npm install && npm run write` in this folder. Everything in the vault is made up on the spot.
import { execFileSync } from "node:child_process";
import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { armor, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { stringify } from "yaml";

/** Who can open the vault: the person who edits it, and every host that reads a secret from it. */
const readers = ["admin", "ha-01", "scrypted-01", "db-01"];
const flake = join(import.meta.dirname, "../../../nix");
/** sops 3 uses 32 bytes, where GCM needs only 12. */
const ivBytes = 32;

const identities = await Promise.all(readers.map(async (name) => ({ name, secret: await generateX25519Identity() })));
const recipients = await Promise.all(
  identities.map(async ({ name, secret }) => ({ name, recipient: await identityToRecipient(secret) })),
);

writeFileSync(
  join(import.meta.dirname, "identities.txt"),
  `# Throw-away keys: they open nothing but the sample vault of the reference flake.\n${identities
    .map(({ name, secret }) => `# ${name}\n${secret}\n`)
    .join("")}`,
);
writeFileSync(join(flake, ".sops.yaml"), sopsConfig());
writeFileSync(join(flake, "secrets/restic.yaml"), await encryptVault(sampleSecrets()));

function sampleSecrets() {
  const password = () => randomBytes(24).toString("base64");
  return {
    "restic-ssh_private_key": sshPrivateKey(),
    "restic-hass_password": password(),
    "restic-scrypted_password": password(),
    "restic-postgres_password": password(),
  };
}

function sshPrivateKey() {
  const directory = mkdtempSync(join(tmpdir(), "vault-"));
  try {
    const file = join(directory, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "restic", "-f", file]);
    return readFileSync(file, "utf8");
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function encryptVault(secrets) {
  const dataKey = randomBytes(32);
  const lastmodified = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const digest = createHash("sha512");
  const encrypted = {};
  for (const [name, value] of Object.entries(secrets)) {
    digest.update(value);
    encrypted[name] = encryptValue(value, dataKey, `${name}:`);
  }
  encrypted.sops = {
    age: await Promise.all(
      recipients.map(async ({ recipient }) => ({ recipient, enc: await encryptDataKey(dataKey, recipient) })),
    ),
    lastmodified,
    mac: encryptValue(digest.digest("hex").toUpperCase(), dataKey, lastmodified),
    unencrypted_suffix: "_unencrypted",
    version: "3.9.4",
  };
  return stringify(encrypted, { indent: 4, lineWidth: 0, indentSeq: true });
}

/** `additional` is what sops authenticates with a value: its path in the file, each step followed by a colon. */
function encryptValue(text, dataKey, additional) {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv("aes-256-gcm", dataKey, iv);
  cipher.setAAD(Buffer.from(additional));
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]).toString("base64");
  const tag = cipher.getAuthTag().toString("base64");
  return `ENC[AES256_GCM,data:${data},iv:${iv.toString("base64")},tag:${tag},type:str]`;
}

async function encryptDataKey(dataKey, recipient) {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(dataKey));
}

function sopsConfig() {
  const anchors = recipients.map(({ name, recipient }) => `  - &${name} ${recipient}`);
  const aliases = readers.map((name) => `          - *${name}`);
  return `# Who can read which vault. These are throw-away keys: replace them (README.md, "Secrets"),
# then run \`sops updatekeys secrets/restic.yaml\`.
keys:
${anchors.join("\n")}

creation_rules:
  - path_regex: ^secrets/restic\\.yaml$
    key_groups:
      - age:
${aliases.join("\n")}
`;
}
