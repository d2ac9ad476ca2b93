// The secrets that a new job needs: declared as its siblings' are, owned by its user; what they hold stays to be written.

import { posix } from "node:path";
import type { FleetHost } from "../../fleet/fleet.ts";
import { showText } from "../../fleet/known.ts";
import type { Secret } from "../../fleet/secrets.ts";
import type { AttrPath } from "../../nixpkgs/modules/definition.ts";
import { boundExpr } from "../bindings.ts";
import { showAttrPath, showString } from "../nix-text.ts";
import { cloneText, rename, renameSecret, type Substitution } from "./cloning.ts";
import type { JobSite } from "./job-sites.ts";
import type { WrittenBinding, WrittenIndex } from "./written-index.ts";

export interface NewSecret {
  readonly path: AttrPath;
  readonly nix: string;
}

export interface SecretContext {
  readonly index: WrittenIndex;
  readonly substitution: Substitution;
}

const isSecretPath = (path: AttrPath) =>
  path.length >= 3 && /^(sops|age)$/.test(path[0] ?? "") && path[1] === "secrets";

/** Declarations in the sibling's file of secrets that are called after its job, said again for the new one. */
export function secretsLike(site: JobSite, { index, substitution }: SecretContext): readonly NewSecret[] {
  const { host, job } = site;
  const read = new Set(host.secretReads.filter((one) => one.job === job).map(({ secret }) => secret?.name ?? ""));
  const declared = index.inFile(site.tree.source.path).filter(({ path }) => {
    const name = path[2] ?? "";
    if (!isSecretPath(path) || renameSecret(name, substitution) === name) return false;
    return read.has(name) || /restic|borg|backup/i.test(name);
  });
  const outermost = declared.filter((one) => !declared.some((other) => other !== one && holds(other, one)));
  const cloned = outermost.map((binding) => cloneSecret(binding, substitution));
  return withOwners(cloned, site, substitution);
}

/** Where the sibling's secret is root's for want of an owner and nobody else gives it one, the new one has its own. */
function withOwners(secrets: readonly NewSecret[], { host, job }: JobSite, substitution: Substitution) {
  const { owner } = substitution;
  if (owner === null || job.user.text === "root") return secrets;
  const names = [...new Set(secrets.map(({ path }) => path[2] ?? ""))];
  const missing = names.filter((name) => {
    const model = host.secrets.find((one) => renameSecret(one.name, substitution) === name && one.name !== name);
    const own = secrets.filter(({ path }) => path[2] === name);
    return (
      model?.owner.text === "root" && !own.some(({ path, nix }) => path.at(-1) === "owner" || /\bowner =/.test(nix))
    );
  });
  const added = missing.flatMap((name) =>
    ownerOf(
      secrets.find(({ path }) => path[2] === name),
      owner,
    ),
  );
  return [...secrets.filter((secret) => !added.some(({ path }) => path.join() === secret.path.join())), ...added];
}

function ownerOf(secret: NewSecret | undefined, owner: string): readonly NewSecret[] {
  if (secret === undefined) return [];
  const { path, nix } = secret;
  const binding = `owner = ${showString(owner)};`;
  if (path.length > 3) return [{ path: [...path.slice(0, 3), "owner"], nix: showString(owner) }];
  if (nix === "{ }") return [{ path: [...path, "owner"], nix: showString(owner) }];
  return nix.endsWith("\n}") ? [{ path, nix: `${nix.slice(0, -2)}\n  ${binding}\n}` }] : [];
}

function holds({ node }: WrittenBinding, inner: WrittenBinding): boolean {
  return node !== inner.node && node.start <= inner.node.start && inner.node.end <= node.end;
}

function cloneSecret({ tree, node, path }: WrittenBinding, substitution: Substitution): NewSecret {
  const renamed = path.map((name, index) => (index === 2 ? renameSecret(name, substitution) : name));
  const value = boundExpr(node);
  return { path: renamed, nix: value === null ? "{ }" : cloneText(tree, value, substitution) };
}

/** A secret that only the sibling's own user reads is no other user's, whatever it is called. */
export function secretNames(
  { host, job }: Pick<JobSite, "host" | "job">,
  { words, name }: Pick<Substitution, "words" | "name">,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { secret, file } of host.secretReads.filter((read) => read.job === job)) {
    if (secret === null || rename(secret.name, { words, name }) !== secret.name) continue;
    const isShared = host.secretReads.some((read) => read.job !== job && read.secret === secret);
    if (isShared || secret.owner.text === "root") continue;
    names.set(secret.name, `restic-${name}_${file.role === "SSH key" ? "ssh_private_key" : "password"}`);
  }
  return names;
}

/** A path literal of one directory as seen from another. */
export function relativeFrom(fromFile: string, toFile: string): ((written: string) => string) | null {
  const [from, to] = [posix.dirname(fromFile), posix.dirname(toFile)];
  if (from === to) return null;
  return (written) => {
    if (!/^\.\.?\//.test(written)) return written;
    const relative = posix.relative(to, posix.join(from, written));
    return relative.startsWith(".") ? relative : `./${relative}`;
  };
}

/** How the values get into the encrypted files: the commands, never the values. */
export function commandsFor(
  host: FleetHost,
  secrets: readonly NewSecret[],
  { substitution, root }: Renaming,
): readonly string[] {
  const names = [...new Set(secrets.map(({ path }) => path[2] ?? ""))];
  return names.flatMap((name) => {
    const model = host.secrets.find((one) => renameSecret(one.name, substitution) === name && one.name !== name);
    if (model === undefined) return [];
    const renaming = { substitution, root };
    return model.manager === "agenix" ? ageCommand(model, renaming) : sopsCommand(model, name, renaming);
  });
}

interface Renaming {
  readonly substitution: Substitution;
  readonly root: string;
}

function sopsCommand({ file, key, name: old }: Secret, name: string, { substitution, root }: Renaming): string[] {
  if (file === null) return [];
  const path = posix.relative(root, rename(showText(file), substitution));
  const written = key === null ? old : showText(key);
  const renamed = written === old ? name : renameSecret(written, substitution);
  // One key for all of them is there already.
  if (renamed === written) return [];
  const index = renamed
    .split("/")
    .map((part) => `["${part}"]`)
    .join("");
  return isPassword(renamed)
    ? [`sops set ${path} '${index}' "\\"$(openssl rand -base64 32)\\""`]
    : [`sops edit ${path} # add \`${showAttrPath(renamed.split("/"))}\``];
}

function ageCommand({ file }: Secret, { substitution, root }: Renaming): string[] {
  const path = file === null ? "" : posix.relative(root, showText(file));
  const renamed = rename(path, substitution);
  return path === "" || renamed === path ? [] : [`agenix -e ${renamed} # after adding it to secrets.nix`];
}

function isPassword(name: string): boolean {
  return !/ssh|private_?key|env|htpasswd|rclone|repo/i.test(name);
}
