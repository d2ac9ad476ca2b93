// The system's ssh_config as far as backups need it: which machine an alias means, and with which key it is reached.

import type { Host } from "../nixpkgs/host.ts";
import { takesAll, wildcard } from "../source/wildcards.ts";
import { attrIn, knownText, type Located, showText, textIn, toText } from "./known.ts";

/** One `Host` or `Match` block, keys in lower case. */
export interface SshBlock {
  /** Patterns of the names it is for; null: for all. */
  readonly hosts: readonly string[] | null;
  /** Local users it is for; null: for all. */
  readonly users: readonly string[] | null;
  readonly settings: readonly (readonly [key: string, value: string])[];
  readonly source: Located;
}

export function readSshConfig(host: Host): readonly SshBlock[] {
  const option = host.option(["programs", "ssh", "extraConfig"]);
  const text = showText(toText(option.value));
  return [...parseSshConfig(text, { text, span: option.span }), ...homeManagerBlocks(host)];
}

/** ssh_config(5): keywords and arguments, a block from `Host` or `Match` to the next. */
export function parseSshConfig(text: string, source: Located): readonly SshBlock[] {
  const blocks: {
    hosts: readonly string[] | null;
    users: readonly string[] | null;
    settings: [string, string][];
    source: Located;
  }[] = [{ hosts: null, users: null, settings: [], source }];
  for (const line of text.split("\n")) {
    const [, key = "", value = ""] = /^([A-Za-z]+)[\s=]+(.*)$/.exec(line.trim()) ?? [];
    const word = key.toLowerCase();
    if (word === "host") blocks.push({ hosts: value.split(/\s+/), users: null, settings: [], source });
    else if (word === "match") blocks.push({ ...matchCriteria(value), settings: [], source });
    else if (word !== "") blocks.at(-1)?.settings.push([word, value.replace(/^"|"$/g, "")]);
  }
  return blocks;
}

/** `Match originalhost nas localuser hass,root` */
function matchCriteria(text: string): Pick<SshBlock, "hosts" | "users"> {
  const host = /\b(?:original)?host\s+(\S+)/i.exec(text)?.[1];
  const user = /\blocaluser\s+(\S+)/i.exec(text)?.[1];
  return { hosts: host?.split(",") ?? null, users: user?.split(",") ?? null };
}

/** `home-manager.users.root.programs.ssh.matchBlocks.<alias>` */
function homeManagerBlocks(host: Host): readonly SshBlock[] {
  const option = host.option(["home-manager", "users", "root", "programs", "ssh", "matchBlocks"]);
  const set = option.value;
  if (set === null || typeof set !== "object" || set.kind !== "attrs") return [];
  return [...set.entries.keys()].map((name) => {
    const settings = ["hostname", "port", "user", "identityFile"].flatMap((key) => {
      const value = knownText(textIn(set, [name, key])) ?? undefined;
      return value === undefined ? [] : [[key.toLowerCase(), value] as const];
    });
    const span = attrIn(set, [name])?.span ?? option.span;
    return {
      hosts: [knownText(textIn(set, [name, "host"])) ?? name],
      users: ["root"],
      settings,
      source: { text: name, span },
    };
  });
}

/** The value that ssh would use: the first among the blocks that match. */
export function sshSetting(blocks: readonly SshBlock[], alias: string, key: string): string | undefined {
  return sshSettings(blocks, { alias, user: null, key })[0]?.text;
}

interface SshQuestion {
  readonly alias: string;
  /** The local user; null: whoever. */
  readonly user: string | null;
  readonly key: string;
}

export function sshSettings(
  blocks: readonly SshBlock[],
  { alias, user, key }: SshQuestion,
): readonly (Located & { text: string })[] {
  const matching = blocks.filter(
    ({ hosts, users }) =>
      (hosts === null || hosts.some((pattern) => matchesPattern(pattern, alias))) &&
      (users === null || user === null || users.includes(user)),
  );
  return matching.flatMap(({ settings, source }) =>
    settings.filter(([name]) => name === key).map(([, text]) => ({ text, span: source.span })),
  );
}

export function matchesPattern(pattern: string, name: string): boolean {
  return takesAll(wildcard(pattern, false) ?? [], name);
}

/** The keys with which a user reaches an SFTP repository, by ssh_config. */
export function sshKeysFor(host: Host, repository: Located | null, user: Located): readonly Located[] {
  const alias = sftpHost(repository);
  if (alias === undefined || typeof user.text !== "string") return [];
  const keys = sshSettings(readSshConfig(host), { alias, user: user.text, key: "identityfile" });
  return keys.filter((key) => key.text.startsWith("/"));
}

/** The host of `sftp:user@host:path` and `sftp://user@host:port/path`. */
function sftpHost(repository: Located | null): string | undefined {
  if (typeof repository?.text !== "string") return undefined;
  const url = /^sftp:\/\/(?:[^@/]+@)?([^:/]+)/.exec(repository.text)?.[1];
  return url ?? /^sftp:(?:[^@/]+@)?([^:/]+):/.exec(repository.text)?.[1];
}
