// Writing files: whatever fails at whatever moment, a file is the old one or the new one.

import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type DiskCalls, type FileWrite, WriteError, writeFiles } from "../../src/source/write-files.ts";

const before = { "a.nix": "{ a = 1; }\n", "sub/b.nix": "{ b = 1; }\n" };
const after = { "a.nix": "{ a = 2; }\n", "sub/b.nix": "{ b = 2; }\n", "roles/new.nix": "{ c = 3; }\n" };

function makeTree(): string {
  const directory = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "nixlint-write-")));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  fs.mkdirSync(join(directory, "sub"));
  for (const [name, text] of Object.entries(before)) fs.writeFileSync(join(directory, name), text);
  return directory;
}

function writesIn(directory: string): FileWrite[] {
  const old: Record<string, string | undefined> = before;
  return Object.entries(after).map(([name, text]) => {
    const known = old[name];
    return {
      path: join(directory, name),
      before: known === undefined ? null : Buffer.from(known),
      after: Buffer.from(text),
    };
  });
}

const read = (directory: string, name: string) =>
  fs.existsSync(join(directory, name)) ? fs.readFileSync(join(directory, name), "utf8") : null;

function leftovers(directory: string): string[] {
  return fs.readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tmp"));
}

const names = [
  "openSync",
  "writeSync",
  "fchmodSync",
  "fchownSync",
  "fsyncSync",
  "closeSync",
  "renameSync",
  "linkSync",
  "unlinkSync",
  "mkdirSync",
  "rmdirSync",
] as const;

/** From the `limit`th call on (`dead`) or at it alone, every call fails; a failing write leaves half of the bytes. */
function failing(limit: number, dead: boolean, code: string): { calls: DiskCalls; count: () => number } {
  let count = 0;
  const calls = Object.fromEntries(
    names.map((name) => [
      name,
      (...args: unknown[]) => {
        count += 1;
        const fails = dead ? count >= limit : count === limit;
        const real = fs[name] as unknown as (...args: unknown[]) => unknown;
        if (!fails) return real(...args);
        if (name === "writeSync" && count === limit) real(args[0], args[1], args[2], Math.floor(Number(args[3]) / 2));
        throw Object.assign(new Error(code), { code });
      },
    ]),
  ) as unknown as DiskCalls;
  return { calls, count: () => count };
}

/** As the next run would see the file; a new one is offered again. */
function rewrite(directory: string, name: string): Pick<FileWrite, "path" | "before"> {
  const now = name in before ? read(directory, name) : null;
  return { path: join(directory, name), before: now === null ? null : Buffer.from(now) };
}

test("writes all files, new directories included, and leaves nothing behind", () => {
  const directory = makeTree();
  fs.chmodSync(join(directory, "a.nix"), 0o640);
  writeFiles(writesIn(directory));
  for (const [name, text] of Object.entries(after)) expect(read(directory, name)).toBe(text);
  expect(fs.statSync(join(directory, "a.nix")).mode & 0o777).toBe(0o640);
  expect(leftovers(directory)).toEqual([]);
});

const total = (() => {
  const directory = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "nixlint-write-")));
  fs.mkdirSync(join(directory, "sub"));
  for (const [name, text] of Object.entries(before)) fs.writeFileSync(join(directory, name), text);
  const { calls, count } = failing(Number.POSITIVE_INFINITY, false, "");
  writeFiles(writesIn(directory), calls);
  fs.rmSync(directory, { recursive: true });
  return count();
})();

test("the calls that can fail are those that are counted", () => {
  expect(total).toBeGreaterThan(20);
});

test.each(Array.from({ length: total }, (_, index) => index + 1))(
  "killed at call %i: old or new, and the next run ends it",
  (limit) => {
    const directory = makeTree();
    try {
      writeFiles(writesIn(directory), failing(limit, true, "EIO").calls);
    } catch (error) {
      expect(error).toBeInstanceOf(WriteError);
    }
    for (const [name, text] of Object.entries(before)) {
      expect([text, after[name as keyof typeof after]]).toContain(read(directory, name));
    }
    expect([null, after["roles/new.nix"]]).toContain(read(directory, "roles/new.nix"));
    // Nobody refers to a new file before it is there.
    if (read(directory, "a.nix") === after["a.nix"]) expect(read(directory, "roles/new.nix")).not.toBeNull();

    writeFiles(
      Object.entries(after).map(([name, text]) => ({ ...rewrite(directory, name), after: Buffer.from(text) })),
    );
    for (const [name, text] of Object.entries(after)) expect(read(directory, name)).toBe(text);
    expect(leftovers(directory)).toEqual([]);
  },
);

test.each(Array.from({ length: total }, (_, index) => index + 1))(
  "call %i fails: said so, nothing half done",
  (limit) => {
    const directory = makeTree();
    let failure: WriteError | null = null;
    try {
      writeFiles(writesIn(directory), failing(limit, false, "ENOSPC").calls);
    } catch (error) {
      expect(error).toBeInstanceOf(WriteError);
      failure = error as WriteError;
    }
    const isNew = Object.entries(after).map(([name, text]) => read(directory, name) === text);
    if (failure === null) expect(isNew).toEqual([true, true, true]);
    else {
      expect(failure.why).toBe("no space left on the disk");
      expect(failure.written).toHaveLength(isNew.filter(Boolean).length);
      for (const [name, text] of Object.entries(before)) {
        if (!failure.written.includes(join(directory, name))) expect(read(directory, name)).toBe(text);
      }
    }
    // What could not be tidied up goes with the next run.
    writeFiles(
      Object.entries(after).map(([name, text]) => ({ ...rewrite(directory, name), after: Buffer.from(text) })),
    );
    expect(leftovers(directory)).toEqual([]);
  },
);

test("what somebody changed meanwhile stays", () => {
  const directory = makeTree();
  const writes = writesIn(directory);
  fs.writeFileSync(join(directory, "sub/b.nix"), "{ mine = 1; }\n");
  expect(() => writeFiles(writes)).toThrow("it was changed meanwhile");
  expect(read(directory, "a.nix")).toBe(before["a.nix"]);
  expect(read(directory, "sub/b.nix")).toBe("{ mine = 1; }\n");
  expect(read(directory, "roles/new.nix")).toBeNull();
  expect(fs.existsSync(join(directory, "roles"))).toBe(false);
});

test("what changes while the new texts are written stays too", () => {
  const directory = makeTree();
  const { calls } = failing(Number.POSITIVE_INFINITY, false, "");
  const fsyncSync: DiskCalls["fsyncSync"] = (descriptor) => {
    fs.writeFileSync(join(directory, "a.nix"), "{ mine = 1; }\n");
    fs.fsyncSync(descriptor);
  };
  expect(() => writeFiles(writesIn(directory), { ...calls, fsyncSync })).toThrow("it was changed meanwhile");
  expect(read(directory, "a.nix")).toBe("{ mine = 1; }\n");
  expect(read(directory, "sub/b.nix")).toBe(before["sub/b.nix"]);
  expect(leftovers(directory)).toEqual([]);
});

test("a new file never replaces one", () => {
  const directory = makeTree();
  fs.mkdirSync(join(directory, "roles"));
  fs.writeFileSync(join(directory, "roles/new.nix"), "{ mine = 1; }\n");
  expect(() => writeFiles(writesIn(directory))).toThrow("it exists already");
  expect(read(directory, "a.nix")).toBe(before["a.nix"]);
  expect(read(directory, "roles/new.nix")).toBe("{ mine = 1; }\n");
});

test("a read-only file is not written, by root neither", () => {
  const directory = makeTree();
  fs.chmodSync(join(directory, "a.nix"), 0o444);
  expect(() => writeFiles(writesIn(directory))).toThrow("it is read-only");
  expect(read(directory, "sub/b.nix")).toBe(before["sub/b.nix"]);
});
