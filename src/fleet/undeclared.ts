// Options that the flake sets and nobody in sight declares, on hosts with modules that are not read: a private module
// may turn them into backups.

import { Unknown } from "../eval/unknown.ts";
import { firstPrivate, type Host } from "../nixpkgs/host.ts";
import type { FileSystem } from "../source/file-system.ts";
import { deepTexts } from "./deep-texts.ts";
import { showText } from "./known.ts";
import type { State } from "./service-state.ts";

export interface Undeclared {
  readonly option: string;
  readonly texts: readonly string[];
  readonly reason: Unknown;
}

/** Where NixOS and well-known modules keep their options: those are no private module's. */
const known =
  /^(assertions|age|boot|console|containers|disko|documentation|environment|fileSystems|fonts|hardware|home-manager|i18n|image|lib|location|meta|microvm|networking|nix|nixpkgs|power\w*|preservation|programs|qt|security|services|sops|specialisation|stylix|swapDevices|system|systemd|time|topology|users|virtualisation|warnings|xdg|zramSwap)$/;

/** Options of NixOS that are read as what they are; `lib` holds functions, which do nothing by themselves. */
const readAsJobs =
  /^(lib|services\.(restic|borgbackup|borgmatic|btrbk|postgresqlBackup|mysqlBackup|syncoid|zrepl|sanoid|vaultwarden|duplicati)|home-manager|systemd|environment|users|sops|age|fileSystems|networking)\b/;

/** None on hosts all of whose modules are read. */
export function readUndeclared(host: Host, fs: FileSystem): readonly Undeclared[] {
  const module = firstPrivate(host.unread);
  if (!module) return [];
  return host.undeclared.flatMap((path) => {
    const option = path.join(".");
    if (known.test(path[0] ?? "") && (!/backup/i.test(option) || readAsJobs.test(option))) return [];
    const { value, span } = host.option(path);
    const message = `\`${option}\` may be declared by the unread input \`${module.input}\``;
    return [
      {
        option,
        texts: deepTexts(value, fs).texts.map(({ text }) => text),
        reason: new Unknown("input", message, span),
      },
    ];
  });
}

/** Those whose path names a backup, or whose value names the state. */
export function doubtsAbout(state: State, options: readonly Undeclared[]): readonly Unknown[] {
  const path = state.path ? showText(state.path.text) : undefined;
  return options
    .filter(
      ({ option, texts }) =>
        /backup|restic|borg/i.test(option) || (path !== undefined && texts.some((text) => text.includes(path))),
    )
    .map(({ reason }) => reason);
}
