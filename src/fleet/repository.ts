// The identity of repositories: one repository by several spellings is one, and it lives on one machine.

import { type Answer, toAnswer, undecided } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import { PartialString } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Job } from "./jobs.ts";
import { doubtOf, type Located } from "./known.ts";
import { readSshConfig, sshSetting } from "./ssh-config.ts";
import { isRemote, mountOf, normalisePath, readMounts, remoteMachine } from "./state-paths.ts";

export interface Repository {
  /** Equal for two spellings of one repository, as far as configuration tells. */
  readonly identity: string;
  /** The machine that stores it, in lower case; null for this host itself, undefined when it is none of ours. */
  readonly machine: string | null | undefined;
}

const defaultPorts: Readonly<Record<string, string>> = {
  sftp: "22",
  ssh: "22",
  http: "80",
  https: "443",
  rest: "8000",
};

/** Null when the repository is not known to the last character. */
export function repositoryOf(host: Host, located: Located | null): Repository | null {
  const text = located?.text;
  if (typeof text !== "string") return null;
  return (
    sftpRepository(host, text) ?? restRepository(text) ?? borgRepository(host, text) ?? localRepository(host, text)
  );
}

/** `sftp:user@host:path`, `sftp://user@host:port/path` */
function sftpRepository(host: Host, text: string): Repository | undefined {
  const url = /^sftp:\/\/(?:([^@/]+)@)?([^:/]+)(?::(\d+))?\/(.*)$/.exec(text);
  if (url) return overSsh(host, { user: url[1], alias: url[2] ?? "", port: url[3], path: url[4] ?? "" });
  const short = /^sftp:(?:([^@/]+)@)?([^:/]+):(.*)$/.exec(text);
  return short
    ? overSsh(host, { user: short[1], alias: short[2] ?? "", port: undefined, path: short[3] ?? "" })
    : undefined;
}

/** `user@host:path`, `ssh://user@host:port/path` */
function borgRepository(host: Host, text: string): Repository | undefined {
  const url = /^ssh:\/\/(?:([^@/]+)@)?([^:/]+)(?::(\d+))?(\/.*)$/.exec(text);
  if (url)
    return overSsh(host, {
      user: url[1],
      alias: url[2] ?? "",
      port: url[3],
      path: (url[4] ?? "").replace(/^\/(?=\.)/, ""),
    });
  const short = /^(?:([\w.-]+)@)([\w.-]+):(.+)$/.exec(text);
  return short
    ? overSsh(host, { user: short[1], alias: short[2] ?? "", port: undefined, path: short[3] ?? "" })
    : undefined;
}

/** The machine that a repository is reached at over SSH: as it is written, and as ssh resolves it. */
export interface SshHost {
  readonly alias: string;
  readonly name: string;
  readonly port: string;
}

export function sshHostOf(host: Host, located: Located | null): SshHost | null {
  if (typeof located?.text !== "string") return null;
  const identity = sftpRepository(host, located.text) ?? borgRepository(host, located.text);
  const [, name, port] = /^ssh:[^@]*@([^:]+):(\d+):/.exec(identity?.identity ?? "") ?? [];
  const alias = /^(?:sftp:|ssh:)?(?:\/\/)?(?:[^@/]+@)?([^:/]+)/.exec(located.text)?.[1];
  return name === undefined || port === undefined || alias === undefined ? null : { alias, name, port };
}

interface SshTarget {
  readonly user: string | undefined;
  readonly alias: string;
  readonly port: string | undefined;
  readonly path: string;
}

function overSsh(host: Host, { user, alias, port, path }: SshTarget): Repository {
  const blocks = readSshConfig(host);
  const name = (sshSetting(blocks, alias, "hostname") ?? alias).toLowerCase();
  const login = user ?? sshSetting(blocks, alias, "user") ?? "";
  const number = port ?? sshSetting(blocks, alias, "port") ?? defaultPorts.ssh;
  return { identity: `ssh:${login}@${name}:${number}:${cleanPath(path)}`, machine: name };
}

/** `rest:http://user:password@host:port/path`; the login is no part of what is stored. */
function restRepository(text: string): Repository | undefined {
  const match = /^rest:(https?):\/\/(?:[^@/]*@)?([^:/]+|\[[^\]]+\])(?::(\d+))?(\/.*)?$/.exec(text);
  if (!match) return undefined;
  const name = (match[2] ?? "").toLowerCase();
  const port = match[3] ?? defaultPorts[match[1] ?? ""] ?? "";
  const isLocal = name === "localhost" || name === "127.0.0.1" || name === "[::1]";
  return { identity: `rest:${name}:${port}:${cleanPath(match[4] ?? "")}`, machine: isLocal ? null : name };
}

/** A path on a mount of another machine is stored there; anything else with a scheme is a service out of sight. */
function localRepository(host: Host, text: string): Repository {
  const path = text.replace(/^(?:local:|file:\/\/)/, "");
  if (!path.startsWith("/")) return { identity: text.replace(/\/+$/, ""), machine: undefined };
  const machine = machineOf(host, path);
  return { identity: `${machine ?? ""}:${normalisePath(path)}`, machine };
}

/** The machine that keeps a path of the host: null for the host itself, undefined for one that is not known. */
export function machineOf(host: Host, path: string): string | null | undefined {
  const mount = mountOf(normalisePath(path), readMounts(host));
  return isRemote(mount) ? remoteMachine(mount)?.toLowerCase() : null;
}

function cleanPath(path: string): string {
  return path
    .replace(/\/{2,}/g, "/")
    .replace(/(?<=.)\/+$/, "")
    .replace(/^\.\//, "");
}

export interface Transport {
  /** `sftp`, `ssh`, `s3`, …; `local` for a path. */
  readonly transport: string;
  /** Whether it is another than those that are allowed. */
  readonly answer: Answer;
}

/** The scheme of a job's repository, which may be known when the rest of it is not. */
export function transportOf({ repository, secretFiles, option, span }: Job, allowed: readonly string[]): Transport {
  const text = repository?.text;
  const start = typeof text === "string" ? text : text instanceof PartialString ? text.prefix : "";
  const scheme = schemeOf(start);
  if (scheme !== null) return { transport: scheme, answer: toAnswer(!allowed.includes(scheme)) };
  const file = secretFiles.some(({ role }) => role === "repository") ? "in a file" : "where it is not read";
  const doubt = text === undefined ? null : doubtOf(text);
  return {
    transport: "",
    answer: undecided(doubt ?? new Unknown("unsupported", `\`${option}\` names its repository ${file}`, span)),
  };
}

function schemeOf(start: string): string | null {
  if (start.startsWith("/") || start.startsWith("local:") || start.startsWith("file:")) return "local";
  const scheme = /^([a-z][a-z0-9]*):/.exec(start)?.[1];
  if (scheme !== undefined) return scheme;
  return /^[\w.-]+@[\w.-]+:/.test(start) ? "ssh" : null;
}
