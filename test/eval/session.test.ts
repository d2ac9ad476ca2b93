// What a session reads: imports, missing and unreadable files, the search path, and what it remembers of them.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import { expect, test } from "vitest";
import { createSession, type SessionOptions } from "../../src/eval/session.ts";
import { renderText, showStrict } from "../../src/eval/show.ts";
import { NixPath } from "../../src/eval/value.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

function sessionOf(files: Record<string, string | Uint8Array>, options: Partial<SessionOptions> = {}) {
  return createSession({ fs: new MemoryFileSystem(new Map(Object.entries(files))), ...options });
}

function evaluated(files: Record<string, string | Uint8Array>, path = "/f/main.nix"): string {
  return renderText(showStrict(sessionOf(files).importFile(path, null)));
}

test("a directory is its default.nix", () => {
  expect(evaluated({ "/f/main.nix": "import ./dir", "/f/dir/default.nix": "{ a = 1; }" })).toBe("{ a = 1; }");
});

test("a path below a copy in the store is the path itself", () => {
  const files = { "/f/main.nix": 'import "${./dir}/x.nix"', "/f/dir/x.nix": "2" };
  expect(evaluated(files)).toBe("2");
});

test("a file is evaluated once", () => {
  const session = sessionOf({ "/f/x.nix": "{ a = 1; }" });
  expect(session.importFile("/f/x.nix", null)).toBe(session.importFile("/f/x.nix", null));
});

test("files that import each other lazily are fine, files that need each other are a recursion", () => {
  const lazy = { "/f/main.nix": "{ x = (import ./b.nix).y; }", "/f/b.nix": "{ y = 1; z = import ./main.nix; }" };
  expect(evaluated(lazy)).toBe("{ x = 1; }");
  expect(evaluated({ "/f/main.nix": "import ./b.nix", "/f/b.nix": "import ./main.nix" })).toContain("recursion");
});

test("a missing import is an error and a problem, once", () => {
  const session = sessionOf({ "/f/main.nix": "[ (import ./none.nix) (import ./none.nix) ]" });
  expect(renderText(showStrict(session.importFile("/f/main.nix", null)))).toContain("does not exist");
  expect(session.problems).toHaveLength(1);
  expect(session.problems[0]).toMatchObject({ kind: "missing-import", path: "/f/none.nix", untracked: false });
});

test.each([
  ["binary", new Uint8Array([0, 71, 73, 84, 67, 82, 89, 80, 84, 0, 1]), "git-crypt"],
  ["Latin-1", new Uint8Array([0x22, 0xe4, 0x22]), "UTF-8"],
])("a file that is %s is unreadable, which is unknown and no error", (_, bytes, why) => {
  const session = sessionOf({ "/f/main.nix": "{ ok = 1; secret = import ./s.nix; }", "/f/s.nix": bytes });
  expect(renderText(showStrict(session.importFile("/f/main.nix", null)))).toMatch(
    /^\{ ok = 1; secret = «unknown: syntax/,
  );
  expect(session.problems).toMatchObject([{ kind: "unreadable-file", path: "/f/s.nix" }]);
  expect(session.problems[0]).toHaveProperty("why", expect.stringContaining(why));
});

test("what parses in a file with an error is known", () => {
  const session = sessionOf({ "/f/main.nix": "{ a = 1; b = [ 1 ; c = 2; }" });
  const text = renderText(showStrict(session.importFile("/f/main.nix", null)));
  expect(text).toContain("«unknown: syntax");
  expect(session.files.get("/f/main.nix")?.problems.length).toBeGreaterThan(0);
});

test("the search path is asked by its first name", () => {
  const asked: string[] = [];
  const session = sessionOf(
    { "/lib/x.nix": "5" },
    {
      searchPath: (name) => {
        asked.push(name);
        return name === "here" ? new NixPath("/lib") : undefined;
      },
    },
  );
  expect(session.evaluateText("import <here/x.nix>", "/e.nix")).toBe(5n);
  expect(session.evaluateText("(builtins.tryEval <none>).success", "/e.nix")).toBe(false);
  expect(asked).toEqual(["here", "none"]);
});

test("scopedImport adds and replaces names", () => {
  const session = sessionOf({ "/f/x.nix": "own + toString 1" });
  const text = 'builtins.scopedImport { own = "a"; toString = _: "b"; } ./x.nix';
  expect(session.evaluateText(text, "/f/e.nix")).toBe("ab");
});

test("whatever is read is remembered", () => {
  const session = sessionOf({ "/f/a.txt": "text", "/f/d/b.txt": "" });
  session.evaluateText("[ (builtins.readFile ./a.txt) ]", "/f/e.nix");
  const listing = session.evaluateText("builtins.attrNames (builtins.readDir ./d)", "/f/e.nix");
  expect(renderText(showStrict(listing))).toBe('[ "b.txt" ]');
  session.evaluateText("builtins.pathExists ./none", "/f/e.nix");
  expect([...session.touched]).toEqual(expect.arrayContaining(["/f/d", "/f/none"]));
});

test("positions point at the attr that was written", () => {
  const text = 'let s = {\n  ä = 1; b = 2;\n}; in builtins.unsafeGetAttrPos "b" (builtins.mapAttrs (_: v: v) s)';
  const position = sessionOf({}).evaluateText(text.replace("ä", '"ä"'), "/f/e.nix");
  expect(renderText(showStrict(position))).toBe('{ column = 13; file = "/f/e.nix"; line = 2; }');
});

test("spans survive maps, merges and filters", () => {
  const session = sessionOf({});
  const expressions = [
    "builtins.intersectAttrs { b = 0; } { a = 1; b = 2; }",
    'builtins.removeAttrs { a = 1; b = 2; } [ "a" ]',
    'builtins.listToAttrs [ { name = "b"; value = 1; } ]',
    "{ a = 1; } // { b = 2; }",
  ];
  for (const expression of expressions) {
    const position = session.evaluateText(`builtins.isAttrs (builtins.unsafeGetAttrPos "b" (${expression}))`, "/e.nix");
    expect(position, expression).toBe(true);
  }
});
