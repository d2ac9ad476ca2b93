// Files as they lie on disk: line endings, letters outside ASCII, and blobs that are Nix by their name only.

import { expect, test } from "vitest";
import { createSession } from "../../src/eval/session.ts";
import { renderText, showStrict } from "../../src/eval/show.ts";
import { DiskFileSystem } from "../../src/source/disk-file-system.ts";

const directory = new URL("../../fixtures/syntax", import.meta.url).pathname;

function read(name: string) {
  const session = createSession({ fs: new DiskFileSystem(directory) });
  return { text: renderText(showStrict(session.importFile(`${directory}/${name}`, null))), session };
}

test.each([
  ["crlf.nix", String.raw`{ indented = "\r\n    three\r\n    four\r\n"; text = "one\ntwo"; }`],
  ["astral.nix", String.raw`{ after = "💾 disk 1 𝔸\n"; "naïve 𝔸" = "𝔸 before"; }`],
])("%s is read as Nix reads it", (name, expected) => {
  const { text, session } = read(name);
  expect(text).toBe(expected);
  expect(session.problems).toEqual([]);
});

test.each([
  ["age.nix", "encrypted with age"],
  ["git-crypt.nix", "encrypted with git-crypt"],
  ["sops-binary.nix", "encrypted with sops"],
  ["byte-order-mark.nix", "starts with a byte order mark, which Nix refuses"],
  ["latin-1.nix", "not valid UTF-8"],
  ["nul.nix", "holds NUL bytes"],
])("%s is no Nix file: %s", (name, why) => {
  const { session } = read(name);
  expect(session.problems).toMatchObject([{ kind: "unreadable-file", path: `${directory}/${name}`, why }]);
});
