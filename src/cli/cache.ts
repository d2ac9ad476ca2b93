// Where nixlint keeps what makes later runs quicker: `$XDG_CACHE_HOME/nixlint`. Nothing in there is needed, and nothing
// is trusted: what is torn, foreign or damaged does not count, and what cannot be written is not kept.

import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

export interface Cache {
  /** What was kept under the name; null when there is nothing, or it is damaged. */
  read(name: string): Buffer | null;
  write(name: string, content: Uint8Array): void;
}

/** Beyond this, what was used longest ago goes. */
const maxBytes = 64 * 1024 * 1024;
const digestBytes = 32;

/** Null where there is no place for it, and with `--no-cache`. */
export function openCache(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Cache | null {
  if (argv.includes("--no-cache")) return null;
  const { XDG_CACHE_HOME: given } = env;
  const base = given !== undefined && isAbsolute(given) ? given : join(homeOf(env), ".cache");
  return isAbsolute(base) ? new CacheDirectory(base) : null;
}

/** Empty where there is none. */
function homeOf({ HOME }: Readonly<Record<string, string | undefined>>): string {
  try {
    return HOME ?? homedir();
  } catch {
    return "";
  }
}

class CacheDirectory implements Cache {
  private readonly base: string;
  private readonly directory: string;

  constructor(base: string) {
    this.base = base;
    this.directory = join(base, "nixlint");
  }

  read(name: string): Buffer | null {
    const content = readKept(this.directory, name);
    if (content !== null) markUsed(join(this.directory, name));
    return content;
  }

  write(name: string, content: Uint8Array): void {
    const path = join(this.directory, name);
    const draft = `${path}.${process.pid}.tmp`;
    try {
      // A home that does not exist is not made: builds of Nix have one, and it must not come to be.
      for (const directory of [this.base, this.directory]) makeDirectory(directory);
      writeFileSync(draft, Buffer.concat([digestOf(name, content), content]), { mode: 0o600 });
      renameSync(draft, path);
      this.shrink();
    } catch {
      removeFile(draft);
    }
  }

  /** Drafts of processes that ended in between go with the rest. */
  private shrink(): void {
    const files = readdirSync(this.directory).map((name) => {
      const { size, mtimeMs } = statSync(join(this.directory, name));
      return { name, size, mtimeMs };
    });
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { name, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (total <= maxBytes) return;
      removeFile(join(this.directory, name));
      total -= size;
    }
  }
}

function makeDirectory(path: string): void {
  if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
}

/** What a cache keeps under the name in that directory. */
export function readKept(directory: string, name: string): Buffer | null {
  try {
    const bytes = readFileSync(join(directory, name));
    const content = bytes.subarray(digestBytes);
    return digestOf(name, content).equals(bytes.subarray(0, digestBytes)) ? content : null;
  } catch {
    return null;
  }
}

function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {}
}

/** Of the name too: a file under another name is another's. */
function digestOf(name: string, content: Uint8Array): Buffer {
  return createHash("sha256").update(name).update("\0").update(content).digest();
}

const hour = 3600_000;

/** Once an hour is enough to know which were used. */
function markUsed(path: string): void {
  const now = Date.now();
  try {
    if (now - statSync(path).mtimeMs > hour) utimesSync(path, now / 1000, now / 1000);
  } catch {}
}
