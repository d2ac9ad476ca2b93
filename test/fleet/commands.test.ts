import { describe, expect, test } from "vitest";
import { excludesPath } from "../../src/fleet/exclude.ts";
import { showText } from "../../src/fleet/known.ts";
import { dumpsIn } from "../../src/fleet/script-dumps.ts";
import { parseSshConfig, sshSetting } from "../../src/fleet/ssh-config.ts";
import { normalisePath } from "../../src/fleet/state-paths.ts";
import { backupCommands, sourcePaths } from "../../src/fleet/unit-jobs.ts";

describe("dumps in scripts", () => {
  const dumped = (text: string) =>
    dumpsIn(text, null).map(({ engine, databases, location }) => [
      engine,
      databases === "all" ? "all" : databases.items.map((item) => item.text).join(",") || "unknown",
      location === null ? null : showText(location.text),
    ]);
  test.each([
    ["pg_dumpall > /b/all.sql", [["postgresql", "all", "/b/all.sql"]]],
    ["pg_dump -Fc hass > /b/hass.dump", [["postgresql", "hass", "/b/hass.dump"]]],
    [
      "sudo -u postgres {postgresql}/bin/pg_dump -U hass -d hass -f /b/hass.sql",
      [["postgresql", "hass", "/b/hass.sql"]],
    ],
    ["pg_dump hass | zstd -o /b/hass.zst", [["postgresql", "hass", "/b/hass.zst"]]],
    ["pg_dump hass | restic backup --stdin", [["postgresql", "hass", null]]],
    ['pg_dump "$db" > "/b/$db.sql"', [["postgresql", "unknown", "/b"]]],
    ["pg_dump \\\n  --dbname=hass \\\n  --file=/b/hass", [["postgresql", "hass", "/b/hass"]]],
    ["mysqldump --all-databases > /b/all", [["mysql", "all", "/b/all"]]],
    ["mysqldump --databases a b > /b/ab", [["mysql", "a,b", "/b/ab"]]],
    ["mariadb-dump -u root wiki pages > /b/wiki", [["mysql", "wiki", "/b/wiki"]]],
    [`sqlite3 /var/lib/x/x.db ".backup '/b/x.db'"`, [["sqlite", "/var/lib/x/x.db", "/b/x.db"]]],
    ["# pg_dumpall > /b/all", []],
    ["echo my_pg_dump_thing", []],
  ])("%s", (text, expected) => {
    expect(dumped(text)).toEqual(expected);
  });
});

describe("commands that back up", () => {
  test.each([
    ["restic -r x backup /a", 1],
    ["{restic}/bin/restic \\\n  -r x \\\n  backup /a", 1],
    ["if ! restic snapshots; then restic init; fi", 0],
    ["borg create ::{now} /a && borg prune", 1],
    ["borg list", 0],
    ["rclone sync /a remote:b", 1],
    ["kopia snapshot create /a", 1],
    ["systemctl restart restic-backups-a", 0],
    ["# restic backup /a", 0],
  ])("%s", (text, count) => {
    expect(backupCommands(text)).toHaveLength(count);
  });
});

describe("what commands read", () => {
  test.each([
    ["restic -r sftp:nas:/b backup --exclude /a/x --tag nightly /a /c", "/a /c", false],
    ["{rustic}/bin/rustic backup /a --host alder --custom-ignorefile {ignored} || FAILED=1", "/a", false],
    ['restic backup --password-command "cat $SECRET" /a', "/a", false],
    ["restic backup /a $MORE", "/a", true],
    ["restic backup --files-from /list", "/list", true],
    ["borg create --compression auto,zstd $REPO::{hostname}-$(date) /a", "/a", false],
    ["borg create /repo::now /a /c", "/a /c", false],
    ["rsync -a --delete /a/ /c /mnt/b/", "/a /c", false],
    ["rsync -a -e 'ssh -p 22' /a nas:/b", "/a", false],
    ["cd /x && rsync -a /a $TARGET && touch /done", "/a", false],
    ["{rsync}/bin/{} -a rsync://{}/shared/ /shared/", "", false],
    ["{restic}/bin/{} backup /a", "/a", false],
    ["rsync -a backup@nas:/a /b > /var/log/b", "", false],
    ["rclone sync /a remote:b", "/a", false],
  ])("%s", (line, paths, isOpen) => {
    expect(sourcePaths([line])).toEqual({ paths: paths === "" ? [] : paths.split(" "), isOpen });
  });
});

describe("exclude patterns", () => {
  test.each([
    ["/a/b", "/a/b/c", true],
    ["/a/b/", "/a/b", true],
    ["/a/b/c", "/a/b", false],
    ["b", "/a/b/c", true],
    ["a/b", "/x/a/b", true],
    ["/b", "/a/b", false],
    ["*.d", "/a/x.d/c", true],
    ["/**/c", "/a/b/c", true],
    ["/a/*/c", "/a/b/c", true],
    ["/a/*/c", "/a/b/b/c", false],
    ["sh:/a/**", "/a/b", true],
    ["- /a", "/a/b", true],
    ["+ /a", "/a/b", false],
    ["re:a.*", "/a/b", false],
    ["[", "/a", false],
  ])("%s over %s", (pattern, path, expected) => {
    expect(excludesPath(pattern, path)).toBe(expected);
  });
});

describe("ssh_config", () => {
  const blocks = parseSshConfig("User all\nHost nas other\n  HostName=nas.example.org\nHost n*\n  HostName second\n", {
    text: "",
    span: null,
  });
  test("takes the first value that matches", () => {
    expect(sshSetting(blocks, "nas", "hostname")).toBe("nas.example.org");
    expect(sshSetting(blocks, "new", "hostname")).toBe("second");
    expect(sshSetting(blocks, "web", "hostname")).toBeUndefined();
    expect(sshSetting(blocks, "web", "user")).toBe("all");
  });
});

test.each([
  ["//a//b/./c/", "/a/b/c"],
  ["/", "/"],
  ["/a/../b", "/a/../b"],
])("%s is %s", (path, normal) => {
  expect(normalisePath(path)).toBe(normal);
});
