// When are two paths the same place? Paths are normalised and compared by what they alias: bind mounts, persisted
// directories, symlinks of tmpfiles, /var/lib/private. An alias that cannot be read makes "not the same" undecided.

import type { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import {
  attrIn,
  attrsEntries,
  elementsOf,
  entriesOf,
  type Found,
  flagOf,
  isUnset,
  knownText,
  readTexts,
  textIn,
  textsIn,
} from "./known.ts";

/** `//`, `.` and trailing slashes removed; `..` stays, since it may follow a symlink. */
export function normalisePath(path: string): string {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  return path.startsWith("/") ? `/${names.join("/")}` : names.join("/");
}

/** Whether `inner` is `outer` or below it. Both normalised. */
export function containsPath(outer: string, inner: string): boolean {
  return outer === "/" || inner === outer || inner.startsWith(`${outer}/`);
}

/** The same place by two names, with everything below. */
interface Alias {
  readonly one: string;
  readonly other: string;
}

export interface PathAliases {
  readonly aliases: readonly Alias[];
  /** Why there may be more. */
  readonly unread: Unknown | null;
}

/** More names than this are loops of bind mounts. */
const mostNames = 64;

/** Every name of the place, the given one first. */
export function namesOf(path: string, { aliases }: PathAliases): readonly string[] {
  const names = [livePath(path)];
  for (const name of names) {
    if (names.length > mostNames) break;
    for (const next of otherNames(name, aliases)) if (!names.includes(next)) names.push(next);
  }
  return names;
}

function otherNames(path: string, aliases: readonly Alias[]): readonly string[] {
  const names = aliases.flatMap(({ one, other }) => [...moved(path, one, other), ...moved(path, other, one)]);
  const secret = "/var/lib/private";
  if (path.startsWith(`${secret}/`)) names.push(`/var/lib${path.slice(secret.length)}`);
  else if (path.startsWith("/var/lib/") && path !== secret) names.push(`${secret}${path.slice("/var/lib".length)}`);
  return names;
}

function moved(path: string, from: string, to: string): readonly string[] {
  if (!containsPath(from, path)) return [];
  const below = from === "/" ? path : path.slice(from.length);
  return [normalisePath(`${to}${below}`)];
}

/** Snapshots that a file system shows below a hidden directory: `/var/.zfs/snapshot/nightly/lib` is `/var/lib`. */
export function livePath(path: string): string {
  const live = normalisePath(path)
    .replace(/\/\.zfs\/snapshot\/[^/]+/, "")
    .replace(/\/\.snapshots\/[^/]+\/snapshot/, "");
  return live === "" ? "/" : live;
}

export function readAliases(host: Host): PathAliases {
  const readings = [bindMounts(host), persistedPaths(host), preservedPaths(host), tmpfilesLinks(host)];
  return {
    aliases: readings.flatMap((reading) => reading.aliases),
    unread: readings.find((reading) => reading.unread !== null)?.unread ?? null,
  };
}

/** `fileSystems."/var/lib/x" = { device = "/tank/x"; options = [ "bind" ]; }` */
function bindMounts(host: Host): PathAliases {
  const aliases: Alias[] = [];
  const { entries, rest } = entriesOf(host, ["fileSystems"]);
  for (const { name, option } of entries) {
    const { value } = option;
    const options = textsIn(value, ["options"]).items.map((item) => item.text);
    const device = knownText(textIn(value, ["device"]));
    const isBind = options.some((item) => item === "bind" || item === "rbind");
    if (isBind && device?.startsWith("/"))
      aliases.push(alias(device, knownText(textIn(value, ["mountPoint"])) ?? name));
  }
  return { aliases, unread: rest };
}

function alias(one: string, other: string): Alias {
  return { one: normalisePath(one), other: normalisePath(other) };
}

/** impermanence: `environment.persistence."/persist".directories`, also per user. */
function persistedPaths(host: Host): PathAliases {
  return persistence(host, ["environment", "persistence"]);
}

/** preservation: `preservation.preserveAt."/persist".directories`. */
function preservedPaths(host: Host): PathAliases {
  return persistence(host, ["preservation", "preserveAt"]);
}

function persistence(host: Host, path: readonly string[]): PathAliases {
  const aliases: Alias[] = [];
  const { entries, rest } = entriesOf(host, path);
  let unread = rest;
  for (const { name, option } of entries) {
    if (flagOf(attrIn(option.value, ["enable"])?.value ?? true) === false) continue;
    const root = knownText(textIn(option.value, ["persistentStoragePath"])) ?? name;
    const found = [
      persistedBelow(option.value, ""),
      ...attrsEntries(attrIn(option.value, ["users"])?.value ?? null).map((user) =>
        persistedBelow(user.value, homeOf(host, user.name)),
      ),
    ];
    aliases.push(...found.flatMap((list) => list.paths).map((below) => alias(`${root}/${below}`, below)));
    unread ??= found.find((list) => list.unread !== null)?.unread ?? null;
  }
  return { aliases, unread };
}

function homeOf(host: Host, user: string): string {
  const home = host.option(["users", "users", user, "home"]).value;
  if (typeof home === "string") return home;
  return user === "root" ? "/root" : `/home/${user}`;
}

interface Persisted {
  readonly paths: readonly string[];
  readonly unread: Unknown | null;
}

/** Elements are paths or sets with `directory`, `file` or `path`; those of users are relative to their home. */
function persistedBelow(set: Found["value"], home: string): Persisted {
  const lists = ["directories", "files"].map((name) => elementsOf(attrIn(set, [name])?.value ?? null));
  const paths = lists.flatMap((list) => list.values).flatMap(({ value }) => persistedPath(value));
  return {
    paths: paths.map((path) => (path.startsWith("/") ? path : `${home}/${path}`)),
    unread: lists.map((list) => list.rest).find((rest) => rest !== null && !isUnset(rest)) ?? null,
  };
}

function persistedPath(value: Found["value"]): readonly string[] {
  const text = typeof value === "string" ? value : undefined;
  if (text !== undefined) return [text];
  for (const name of ["directory", "dirPath", "file", "filePath", "path"]) {
    const path = knownText(textIn(value, [name]));
    if (path !== undefined) return [path];
  }
  return [];
}

/** `systemd.tmpfiles.rules = [ "L+ /var/lib/x - - - - /tank/x" ]` */
function tmpfilesLinks(host: Host): PathAliases {
  const rules = readTexts(host.option(["systemd", "tmpfiles", "rules"]));
  const aliases = rules.items.flatMap(({ text }) => {
    const [kind = "", path = "", , , , , target = ""] = typeof text === "string" ? text.trim().split(/\s+/) : [];
    return /^L\+?$/.test(kind) && path.startsWith("/") && target.startsWith("/") ? [alias(target, path)] : [];
  });
  // What else is in the rules could be links, but hardly ever is: not a reason for doubt.
  return { aliases, unread: null };
}

export interface Mount {
  readonly path: string;
  readonly device: string | null;
  readonly type: string | null;
  readonly options: readonly string[];
}

/** Those of `fileSystems`, and what disko makes of its devices. */
export function readMounts(host: Host): readonly Mount[] {
  const declared = entriesOf(host, ["fileSystems"]).entries.map(({ name, option }) => ({
    path: normalisePath(knownText(textIn(option.value, ["mountPoint"])) ?? name),
    device: knownText(textIn(option.value, ["device"])) ?? null,
    type: knownText(textIn(option.value, ["fsType"])) ?? null,
    options: textsIn(option.value, ["options"]).items.flatMap((item) =>
      typeof item.text === "string" ? [item.text] : [],
    ),
  }));
  const disks = diskoMounts(host.option(["disko", "devices"]).value, deepestDisk);
  return [...declared, ...disks.filter(({ path }) => !declared.some((mount) => mount.path === path))];
}

/** Disk, partitions, encryption, volume, subvolume, and the names between them. */
const deepestDisk = 14;

function diskoMounts(value: Found["value"], depth: number): readonly Mount[] {
  if (depth === 0) return [];
  const path = knownText(textIn(value, ["mountpoint"]));
  const type = knownText(textIn(value, ["format"])) ?? null;
  const own = path?.startsWith("/") ? [{ path: normalisePath(path), device: null, type, options: [] }] : [];
  return [...own, ...attrsEntries(value).flatMap((entry) => diskoMounts(entry.value, depth - 1))];
}

/** The mount a path lies on; undefined when none of those in sight. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  const above = mounts.filter((mount) => containsPath(mount.path, path));
  return above.sort((a, b) => b.path.length - a.path.length)[0];
}

const remoteTypes = /^(?:nfs4?|cifs|smb3|smbfs|(?:fuse\.)?sshfs|davfs|ceph|glusterfs|9p|virtiofs)$/;

/** Whether another machine keeps what is written to the mount. */
export function isRemote(mount: Mount | undefined): boolean {
  return mount?.type != null && remoteTypes.test(mount.type);
}

/** The name of that machine, as far as the device says it: `nas:/tank` and `//nas/share` do. */
export function remoteMachine(mount: Mount | undefined): string | undefined {
  if (mount === undefined || mount.device === null || !isRemote(mount)) return undefined;
  if (mount.device.startsWith("//")) return mount.device.slice(2).split("/")[0];
  return /^(?:[^@/]+@)?\[?([^/\]]+?)\]?:/.exec(mount.device)?.[1];
}
