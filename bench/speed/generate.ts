// Writes a flake of any size: as many hosts and Nix files as asked for. The same numbers give the same bytes.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  backupModuleText,
  baseModuleText,
  catalogueText,
  disksText,
  featureModuleText,
  flakeText,
  hardwareText,
  homeText,
  hostText,
  packageText,
  roleText,
  serviceModuleText,
  services,
} from "./fleet-texts.ts";

export interface Size {
  readonly hosts: number;
  /** Nix files; hosts, roles and services take what they need of them whatever is asked for. */
  readonly files: number;
}

const roles = ["media", "documents", "development", "home", "monitoring"];
const rolesPerHost = 2;

/** `directory` must not exist; it becomes a git repository with everything in its index. */
export function generateFlake(directory: string, size: Size): void {
  for (const [path, text] of flakeFiles(size)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  for (const args of [
    ["init", "--quiet"],
    ["add", "--all"],
    ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "--quiet", "--message", "generated"],
  ]) {
    const { status, stderr } = spawnSync("git", ["-C", directory, ...args], { encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args[0]}: ${stderr}`);
  }
}

/** By path. */
export function flakeFiles({ hosts: count, files }: Size): Map<string, string> {
  const hosts = Array.from({ length: count }, (_, index) => `node-${String(index + 1).padStart(3, "0")}`);
  const texts = new Map([
    ["flake.nix", flakeText()],
    ["catalogue.nix", catalogueText(hosts)],
    ["pkgs/overlay.nix", "final: prev: { }\n"],
    ["modules/base.nix", baseModuleText()],
    ["modules/backup.nix", backupModuleText],
  ]);
  hosts.forEach((host, index) => {
    const own = Array.from({ length: rolesPerHost }, (_, at) => roles[(index + 2 * at) % roles.length] ?? "");
    texts.set(`hosts/${host}/default.nix`, hostText(host, index, own));
    texts.set(`hosts/${host}/hardware.nix`, hardwareText(index));
    texts.set(`hosts/${host}/disks.nix`, disksText(index));
    texts.set(`secrets/${host}.yaml`, vaultText(host));
  });
  roles.forEach((role, index) => {
    const enabled = services.filter((_, at) => at % roles.length === index).map(([name]) => name);
    texts.set(`roles/${role}.nix`, roleText(role, enabled));
  });
  for (const service of services) texts.set(`modules/services/${service[0]}.nix`, serviceModuleText(service));
  addFillers(texts, files - 1);
  const modules = [...texts.keys()].filter((path) => path.startsWith("modules/")).sort();
  const imports = modules.map((path) => `    ./${path.slice("modules/".length)}\n`).join("");
  texts.set("modules/default.nix", `{\n  imports = [\n${imports}  ];\n}\n`);
  texts.set(".sops.yaml", sopsRules(hosts));
  return texts;
}

/** Half of what is missing are modules that every host imports, the rest homes and packages that none does. */
function addFillers(texts: Map<string, string>, wanted: number): void {
  const nix = () => [...texts.keys()].filter((path) => path.endsWith(".nix")).length;
  const missing = Math.max(0, wanted - nix());
  for (let index = 0; index < missing; index++) {
    const name = `${["alpha", "beta", "gamma", "delta"][index % 4]}-${index}`;
    if (index % 2 === 0) texts.set(`modules/features/${name}.nix`, featureModuleText(name, index));
    else if (index % 4 === 1) texts.set(`home/${name}.nix`, homeText(name, index));
    else texts.set(`pkgs/${name}.nix`, packageText(name));
  }
}

/** Has the form of a recipient; nobody has a key to it. */
function recipientOf(name: string): string {
  const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  const bytes = createHash("sha512").update(name).digest();
  return `age1${[...bytes.subarray(0, 58)].map((byte) => letters[byte % letters.length]).join("")}`;
}

function sopsRules(hosts: readonly string[]): string {
  const keys = ["ops", ...hosts].map((name) => `  - &${name} ${recipientOf(name)}\n`).join("");
  const rules = hosts.map(
    (host) => `  - path_regex: ^secrets/${host}\\.yaml$\n    key_groups:\n      - age: [*ops, *${host}]\n`,
  );
  return `keys:\n${keys}creation_rules:\n${rules.join("")}`;
}

/** A vault as sops leaves it, with nothing in it. */
function vaultText(host: string): string {
  const sealed = (name: string) =>
    `ENC[AES256_GCM,data:${digest(name, 12)},iv:${digest(`${name} iv`, 32)},tag:${digest(`${name} tag`, 16)},type:str]`;
  const values = services.map(([name]) => `${name}:\n    password: ${sealed(`${host} ${name}`)}\n`).join("");
  const recipients = ["ops", host].map(
    (name) => `        - recipient: ${recipientOf(name)}
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            ${digest(`${host} for ${name}`, 45)}
            -----END AGE ENCRYPTED FILE-----
`,
  );
  return `restic:
    password: ${sealed(`${host} restic`)}
    ssh-key: ${sealed(`${host} ssh`)}
${values}sops:
    age:
${recipients.join("")}    lastmodified: "2026-01-01T00:00:00Z"
    mac: ${sealed(`${host} mac`)}
    unencrypted_suffix: _unencrypted
    version: 3.9.4
`;
}

function digest(text: string, bytes: number): string {
  return createHash("sha512").update(text).digest().subarray(0, bytes).toString("base64");
}
