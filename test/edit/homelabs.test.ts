// What holds of every fix, on random homelabs: it ends, its findings are gone, a second run changes nothing, nothing but
// what it is about changes in the fleet model, files keep their layout, real Nix parses them, and `git apply` makes the
// same bytes of the diff.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differencesOf, modelOf, showDifference, unmeant } from "../../bench/fixes/model.ts";
import { membersOf } from "../../src/lint/gather.ts";
import { patchText } from "../../src/report/patch.ts";
import { hasNix } from "../real-nix.ts";
import { type FixedFlake, fixFlake, memoryOf, root, type State, stateOf } from "./fixed-flake.ts";
import { filesOf, type Homelab, homelabs, statePath } from "./homelabs.ts";

const seed = Number(process.env.NIXLINT_SEED ?? 20_260_101);
const count = Number(process.env.NIXLINT_COUNT ?? 25);

interface Trial {
  readonly homelab: Homelab;
  readonly files: Readonly<Record<string, string>>;
  readonly fixed: FixedFlake;
  readonly after: Readonly<Record<string, string>>;
  /** With what is on the disk then. */
  readonly state: State;
}

const trials: readonly Trial[] = fc.sample(homelabs, { numRuns: count, seed }).map((homelab) => {
  const files = filesOf(homelab);
  const fixed = fixFlake(files, { safeties: ["safe", "scaffold", "unsafe"] });
  const after = { ...files, ...fixed.texts };
  return { homelab, files, fixed, after, state: stateOf(memoryOf(after)) };
});

/** What to look at when it fails: the homelab, its files, and what became of them. */
function context({ homelab, fixed }: Trial): string {
  return `${JSON.stringify(homelab)}\n${patchText(fixed.files, root)}`;
}

describe(`${count} random homelabs (seed ${seed})`, () => {
  test("are of every shape, and most of what is not saved gets a job", () => {
    const shapes = new Map<string, number>();
    for (const { homelab, fixed } of trials) {
      const saved = fixed.applied.filter(({ rule }) => rule === "service-without-backup").length;
      shapes.set(homelab.shape, (shapes.get(homelab.shape) ?? 0) + saved);
    }
    expect([...shapes.keys()].sort()).toEqual(["central", "feeder", "helper", "own option", "plain"]);
    for (const [shape, saved] of shapes) if (shape !== "helper") expect(saved, shape).toBeGreaterThan(0);
  });

  test("fixes end and break nothing", () => {
    for (const trial of trials) {
      const { converged, refused } = trial.fixed;
      expect({ converged, refused }, context(trial)).toEqual({ converged: true, refused: [] });
    }
  });

  test("what is fixed is found no more, and a service's state is in a job then", () => {
    for (const trial of trials) {
      const { applied, report } = trial.fixed;
      const key = (one: { readonly rule: string; readonly subject: string; readonly message: string }) =>
        `${one.rule} ${one.subject} ${one.message}`;
      const left = new Set(membersOf(report.diagnostics).map(key));
      expect(
        applied.map(key).filter((one) => left.has(one)),
        context(trial),
      ).toEqual([]);
      const jobs = trial.state.loaded.fleet.hosts.flatMap((host) => host.jobs);
      const paths = jobs.flatMap((job) => job.paths.items.map(({ text }) => text));
      for (const name of trial.homelab.unsaved)
        if (applied.some(({ rule, subject }) => rule === "service-without-backup" && subject === `services.${name}`))
          expect(paths, context(trial)).toContain(statePath(name));
    }
  });

  test("a second run changes nothing", () => {
    for (const trial of trials) {
      const { files } = fixFlake(trial.after, { safeties: ["safe", "scaffold", "unsafe"] });
      expect(files, context(trial)).toEqual([]);
    }
  });

  test("the fleet model differs by the fixes alone", () => {
    for (const trial of trials) {
      const before = modelOf(stateOf(memoryOf(trial.files)).loaded);
      const differences = differencesOf(before, modelOf(trial.state.loaded));
      expect(unmeant(differences, trial.fixed.applied).map(showDifference), context(trial)).toEqual([]);
    }
  });

  test("line ends, indentation, comments and the end of the file stay as they were", () => {
    for (const trial of trials) {
      for (const { before, after } of trial.fixed.files) {
        if (before === null) continue;
        const text = before;
        const ends = (of: string) => new Set(of.match(/\r?\n/g));
        expect(ends(after), context(trial)).toEqual(ends(text));
        expect(after.endsWith("\n"), context(trial)).toBe(text.endsWith("\n"));
        expect(commentsOf(after), context(trial)).toEqual(expect.arrayContaining(commentsOf(text)));
        const isTabbed = /^\t/m.test(text);
        expect(/^\t/m.test(after), context(trial)).toBe(isTabbed);
        if (isTabbed)
          expect(
            after.split("\n").filter((line) => /^ +\S/.test(line) && !text.includes(line)),
            context(trial),
          ).toEqual([]);
      }
    }
  });

  describe("on disk", () => {
    let directory = "";
    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), "nixlint-homelabs-"));
      for (const [index, { files }] of trials.entries()) writeAll(join(directory, `${index}`), files);
    });
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    test("`git apply` makes the same bytes of the diff", () => {
      const patch = trials.map(({ fixed }, index) =>
        patchText(
          fixed.files.map((file) => ({ ...file, path: `/all/${index}/${file.path.slice(root.length + 1)}` })),
          "/all",
        ),
      );
      execFileSync("git", ["apply", "--whitespace=nowarn", "-"], { cwd: directory, input: patch.join("") });
      for (const [index, trial] of trials.entries())
        for (const [path, text] of Object.entries(trial.after))
          expect(readFileSync(join(directory, `${index}`, path), "utf8"), context(trial)).toBe(text);
    });

    test.skipIf(!hasNix)("real Nix parses what was written", () => {
      const paths = trials.flatMap(({ fixed }, index) =>
        Object.keys(fixed.texts).map((path) => join(directory, `${index}`, path)),
      );
      for (const trial of trials.entries()) writeAll(join(directory, `${trial[0]}`), trial[1].fixed.texts);
      execFileSync("nix-instantiate", ["--parse", ...paths], {
        stdio: ["ignore", "ignore", "pipe"],
        maxBuffer: 1 << 26,
      });
    });
  });
});

function commentsOf(text: string): string[] {
  return (text.match(/# [^\r\n]*/g) ?? []).filter((comment) => !comment.includes("nixlint:"));
}

function writeAll(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}
