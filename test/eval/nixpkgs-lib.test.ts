// nixpkgs' library, evaluated as a program, passes its own tests. From a checkout that NIXPKGS_SOURCE names.

import { join } from "node:path";
import { expect, test } from "vitest";
import { startBudget } from "../../src/eval/budget.ts";
import { expectList } from "../../src/eval/native.ts";
import { createSession } from "../../src/eval/session.ts";
import { showUnknown } from "../../src/eval/show.ts";
import { List } from "../../src/eval/value.ts";
import { DiskFileSystem } from "../../src/source/disk-file-system.ts";

const source = process.env.NIXPKGS_SOURCE;
if (source === undefined) console.warn("skipped: nixpkgs' library tests (set NIXPKGS_SOURCE to a checkout of nixpkgs)");

test.skipIf(source === undefined).each(["misc", "systems", "fetchers"])(
  "%s.nix lists no failed test",
  (name) => {
    startBudget();
    const session = createSession({ fs: new DiskFileSystem("/"), system: "x86_64-linux" });
    const failures = expectList(session.importFile(join(source ?? "/", `lib/tests/${name}.nix`), null), null);
    if (!(failures instanceof List)) throw new Error(showUnknown(failures));
    expect(failures.elements).toEqual([]);
    // Tests that look into store paths are undecided, for their hashes are not known.
    expect(failures.rest?.reason ?? "package").toBe("package");
    expect(failures.possible.length).toBeLessThanOrEqual(name === "misc" ? 6 : 0);
    expect(session.problems).toEqual([]);
  },
  120_000,
);
