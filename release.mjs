// Makes the tag of a release: the tree of HEAD with the bundle in it, and without what only developers need, so that
// neither Nix, nor an action, nor pre-commit builds anything or fetches anything from npm. Pushes nothing.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./build.mjs";

const repository = fileURLToPath(new URL(".", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "nixlint-release-"));
const env = { ...process.env, GIT_INDEX_FILE: join(scratch, "index") };

function git(args, options = {}) {
  return execFileSync("git", ["-C", repository, ...args], { encoding: "utf8", ...options }).trim();
}

try {
  if (git(["status", "--porcelain"]) !== "") throw new Error("commit first: the tag is made of HEAD");
  await bundle(`${repository}dist`);
  const {
    devDependencies: _,
    scripts: __,
    ...manifest
  } = JSON.parse(readFileSync(`${repository}package.json`, "utf8"));
  const name = `v${manifest.version}`;
  git(["read-tree", "HEAD"], { env });
  git(["add", "--force", "dist"], { env });
  const input = `${JSON.stringify(manifest, null, 2)}\n`;
  const object = git(["hash-object", "-w", "--stdin"], { input });
  git(["update-index", "--cacheinfo", `100644,${object},package.json`], { env });
  git(["rm", "--quiet", "--cached", "package-lock.json"], { env });
  const tree = git(["write-tree"], { env });
  const commit = git(["commit-tree", tree, "-p", "HEAD", "-m", `nixlint ${manifest.version}, with its bundle`]);
  git(["tag", "--annotate", "--message", `nixlint ${manifest.version}`, name, commit]);
  console.log(`${name}: git push origin ${name}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
