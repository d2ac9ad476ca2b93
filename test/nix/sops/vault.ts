// Opens the sample vault of the reference flake with the throw-away keys beside this file.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export const vaultFile = join(import.meta.dirname, "../../../nix/secrets/restic.yaml");

/** False until `npm ci` has run in this folder. */
export const vaultCanBeOpened = existsSync(join(import.meta.dirname, "node_modules/sops-age"));

/** The two packages of ./package.json, as far as tests use them; they are not dependencies of nixlint. */
export interface Packages {
  readonly decryptSops: (content: string, options: { secretKey: string; fileType: "yaml" }) => Promise<unknown>;
  readonly age: {
    readonly armor: { readonly decode: (text: string) => Uint8Array };
    readonly Decrypter: new () => {
      addIdentity(identity: string): void;
      decrypt(file: Uint8Array): Promise<Uint8Array>;
    };
  };
}

export async function loadPackages(): Promise<Packages> {
  const require = createRequire(import.meta.url);
  const sopsAge = await import(require.resolve("sops-age"));
  return { decryptSops: sopsAge.decryptSops, age: await import(require.resolve("age-encryption")) };
}

export function readIdentities(): readonly string[] {
  const lines = readFileSync(join(import.meta.dirname, "identities.txt"), "utf8").split("\n");
  return lines.filter((line) => line.startsWith("AGE-SECRET-KEY-"));
}

/** The secrets as one recipient reads them. */
export async function openVault(identity: string | undefined): Promise<Readonly<Record<string, string>>> {
  const { decryptSops } = await loadPackages();
  const content = readFileSync(vaultFile, "utf8");
  return (await decryptSops(content, { secretKey: identity ?? "", fileType: "yaml" })) as Record<string, string>;
}
