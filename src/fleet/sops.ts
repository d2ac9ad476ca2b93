// What `.sops.yaml` asks for and what the encrypted files of the flake really are.

import { posix } from "node:path";
import { once } from "../eval/once.ts";
import type { FileSystem } from "../source/file-system.ts";
import { type CreationRule, parseSopsConfig, ruleFor, type SopsConfig, sopsConfigName } from "./sops-config.ts";
import { readSopsFile, type SopsFile } from "./sops-file.ts";

export type { CreationRule, SopsConfig } from "./sops-config.ts";
export type { EncryptedFile, SopsFile } from "./sops-file.ts";
export { missingFrom, type Recipient } from "./sops-recipients.ts";

/** A file that a creation rule is about, by path. */
export interface GovernedFile {
  readonly path: string;
  readonly file: SopsFile;
  readonly config: SopsConfig;
  readonly rule: CreationRule;
}

export interface Sops {
  /** Every `.sops.yaml` of the flake, sorted by path. */
  readonly configs: readonly SopsConfig[];
  /** Files that a rule names, sorted by path: a rule without an expression names none. */
  readonly governed: readonly GovernedFile[];
  /** The file at an absolute path. */
  fileAt(path: string): SopsFile;
  /** The rule by which sops would encrypt the file. */
  ruleFor(path: string): { readonly config: SopsConfig; readonly rule: CreationRule } | null;
}

/** Never holds secrets by their nature: what people keep beside them. */
const neverSecret = /(^|\/)(\.[^/]*|[^/]*\.(nix|md|txt\.example|pub|lock|sh|py)|LICENSE)$/i;
const ignoredDirectories = new Set([".git", ".direnv", "node_modules", "result"]);

export function readSops(root: string, fs: FileSystem): Sops {
  const files = once(() => [...filesBelow(fs, root)]);
  const configs = once(() =>
    files()
      .filter((path) => posix.basename(path) === sopsConfigName)
      .flatMap((path) => readConfig(fs, path)),
  );
  const read = new Map<string, SopsFile>();
  const fileAt = (path: string): SopsFile => {
    const known = read.get(path) ?? readSopsFile(fs, path);
    read.set(path, known);
    return known;
  };
  const find = (path: string) => {
    const config = nearest(configs(), path);
    const rule = config && ruleFor(config, posix.relative(posix.dirname(config.path), path));
    return config && rule ? { config, rule } : null;
  };
  const governed = once(() =>
    configs().length === 0
      ? []
      : files().flatMap((path): GovernedFile[] => {
          const found = neverSecret.test(path) ? null : find(path);
          return found?.rule.pattern ? [{ path, file: fileAt(path), ...found }] : [];
        }),
  );
  return {
    get configs() {
      return configs();
    },
    get governed() {
      return governed();
    },
    fileAt,
    ruleFor: find,
  };
}

/** sops looks for its configuration from the file upwards. */
function nearest(configs: readonly SopsConfig[], path: string): SopsConfig | null {
  const above = configs.filter((config) => path.startsWith(`${posix.dirname(config.path)}/`));
  return above.sort((a, b) => b.path.length - a.path.length)[0] ?? null;
}

function readConfig(fs: FileSystem, path: string): SopsConfig[] {
  const content = fs.readFile(path);
  return content.kind === "bytes" ? [parseSopsConfig(path, new TextDecoder().decode(content.bytes))] : [];
}

function* filesBelow(fs: FileSystem, directory: string): Iterable<string> {
  for (const [name, kind] of fs.readDir(directory) ?? []) {
    const path = `${directory}/${name}`;
    if (kind === "directory" && !ignoredDirectories.has(name)) yield* filesBelow(fs, path);
    else if (kind === "regular") yield path;
  }
}
