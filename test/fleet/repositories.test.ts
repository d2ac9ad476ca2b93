// Which jobs work on one repository, and what nobody does to it.

import { describe, expect, test } from "vitest";
import { isShared, neverChecked, neverPruned, repositoriesOf } from "../../src/fleet/fleet-repositories.ts";
import { fleetOf } from "./model.ts";

const keep = 'pruneOpts = [ "--keep-daily 7" ];';
const job = (name: string, more: string) =>
  `services.restic.backups.${name} = { passwordFile = "/p"; paths = [ "/home" ]; ${more} };`;

/** `a x, b x`: each repository with its users. */
function repositories(hosts: Readonly<Record<string, string>>): readonly string[] {
  return repositoriesOf(fleetOf(hosts)).map(({ users }) =>
    users.map(({ host, job: { name } }) => `${host.name} ${name}`).join(", "),
  );
}

describe("jobs work on one repository", () => {
  const pair = (a: string, b: string) => repositories({ a: `{ ${job("x", a)} }`, b: `{ ${job("x", b)} }` });
  const one = ["a x, b x"];
  const two = ["a x", "b x"];
  test.each([
    ["by one spelling", 'repository = "sftp:nas:x";', 'repository = "sftp:nas:x";', one],
    ["by two spellings", 'repository = "sftp:nas:x/";', 'repository = "sftp://nas:22/x";', one],
    ["never by a path of each one's own disk", 'repository = "/srv/x";', 'repository = "/srv/x";', two],
    [
      "never by the servers on two machines",
      'repository = "rest:http://[::1]:8000/x";',
      'repository = "rest:http://[::1]:8000/x";',
      two,
    ],
    ["by the name of a remote", 'repository = "rclone:b2:x";', 'repository = "rclone:b2:x";', one],
  ])("%s", (_, a, b, expected) => {
    expect(pair(a, b)).toEqual(expected);
  });

  const secret = (file: string, name = "r") => `age.secrets.${name}.file = ./${file};`;
  const byFile = (attr: string, file: string, name = "r") =>
    `${secret(file, name)} ${job("x", `${attr} = config.age.secrets.${name}.path;`)}`;
  const module = (text: string) => `{ config, ... }: { ${text} }`;
  test("by one secret that names it", () => {
    const of = (fileB: string) =>
      repositories({
        a: module(byFile("repositoryFile", "url.age")),
        b: module(byFile("repositoryFile", fileB, "other")),
      });
    expect(of("url.age")).toEqual(one);
    expect(of("url-b.age")).toEqual(two);
  });
  test("by a remote that one secret describes", () => {
    const remote = 'repository = "rclone:nas:x"; rcloneConfigFile';
    const of = (fileB: string) =>
      repositories({ a: module(byFile(remote, "rclone.age")), b: module(byFile(remote, fileB)) });
    expect(of("rclone.age")).toEqual(one);
    expect(of("rclone-b.age")).toEqual(two);
  });
});

describe("nobody prunes", () => {
  const unpruned = (hosts: Readonly<Record<string, string>>) =>
    neverPruned(fleetOf(hosts)).map(({ user, answer }) => `${user.host.name} ${answer.kind}`);
  const at = (file: string, more = "") =>
    `{ config, ... }: { age.secrets.r.file = ./${file}; ${job("x", `repositoryFile = config.age.secrets.r.path; ${more}`)} }`;
  test("what a job of another host prunes", () => {
    expect(unpruned({ a: at("url.age"), b: at("url.age", keep) })).toEqual(["a no"]);
  });
  test("what may be what another host prunes", () => {
    expect(unpruned({ a: at("a.age"), b: at("b.age", keep) })).toEqual(["a undecided", "b no"]);
  });
  test("what only other jobs of the same host could mean", () => {
    const more = `${job("y", 'repositoryFile = "/run/url-y";')} ${job("z", `repositoryFile = "/run/url-z"; ${keep}`)}`;
    expect(unpruned({ a: `{ ${more} }` })).toEqual(["a yes", "a no"]);
  });
  test("or checks", () => {
    const [first] = neverChecked(fleetOf({ a: `{ ${job("x", 'repository = "sftp:nas:x";')} }` }));
    expect(first?.answer.kind).toBe("yes");
  });
});

test("a repository that is not named is shared for all that is known", () => {
  const y = job("y", 'repository = "sftp:nas:y";');
  const fleet = fleetOf({ a: `{ ${job("x", 'repositoryFile = "/run/x";')} ${y} }`, b: `{ ${y} }` });
  expect(repositoriesOf(fleet).map((one) => isShared(one, fleet).kind)).toEqual(["undecided", "yes"]);
});
