// What options of NixOS are that nobody in sight declares: defaults that follow others, values that are worked on.

import { expect, test } from "vitest";
import { renderText, showStrict } from "../../src/eval/show.ts";
import { hostOf } from "../fleet/model.ts";

test.each([
  ["a directory by default", "", "services.weechat.root", '"/var/lib/weechat"'],
  [
    "one below a directory that was moved",
    'services.agate.contentDir = "/srv";',
    "services.agate.contentDir",
    '"/srv"',
  ],
  ["the same as another option", "", "services.nextcloud.datadir", '"/var/lib/nextcloud"'],
  ["the same as one that was moved", 'services.nextcloud.home = "/srv";', "services.nextcloud.datadir", '"/srv"'],
  [
    "the same as one that follows a third",
    'services.syncthing.dataDir = "/srv";',
    "services.syncthing.databaseDir",
    '"/srv/.config/syncthing"',
  ],
  ["the platform by its name", 'nixpkgs.hostPlatform = "aarch64-linux";', "nixpkgs.hostPlatform.isAarch64", "true"],
  ["its system", 'nixpkgs.hostPlatform = "aarch64-linux";', "nixpkgs.hostPlatform.system", '"aarch64-linux"'],
  ["as a set", 'nixpkgs.hostPlatform.system = "x86_64-linux";', "nixpkgs.buildPlatform.isLinux", "true"],
])("%s", (_, definitions, path, expected) => {
  const { value } = hostOf(definitions).host.option(path.split("."));
  expect(renderText(showStrict(value))).toBe(expected);
});

test("a flake adds options to the jobs of borg, which keep those they have", () => {
  const snapshots = `({ lib, ... }: {
    options.services.borgbackup.jobs = lib.mkOption {
      type = lib.types.attrsOf (lib.types.submodule ({ config, ... }: {
        options.fromSnapshot = lib.mkOption { type = lib.types.bool; default = true; };
        options.paths = lib.mkOption { apply = map (path: "/snapshot" + path); };
        config.preHook = lib.mkIf config.fromSnapshot (lib.mkBefore "snapshot");
      }));
    };
  })`;
  const job = `services.borgbackup.jobs.home = { repo = "borg@nas:home"; paths = [ "/home" ]; preHook = "wait"; };`;
  const { host } = hostOf(`imports = [ ${snapshots} ]; ${job}`);
  const read = (name: string) =>
    renderText(showStrict(host.option(["services", "borgbackup", "jobs", "home", name]).value));
  expect(read("preHook")).toBe(String.raw`"snapshot\nwait"`);
  expect(read("paths")).toBe('[ "/snapshot/home" ]');
  expect(read("startAt")).toBe('[ "daily" ]');
  expect(read("user")).toBe('"root"');
});

test("an option that was removed is a failed assertion once it is set", () => {
  const removed = 'imports = [ (lib.mkRemovedOptionModule [ "my" "old" ] "Use another.") ];';
  const text = (definitions: string) =>
    renderText(showStrict(hostOf(`${removed} ${definitions}`).host.option(["assertions"]).value));
  expect(text("")).toContain("assertion = true");
  expect(text("my.old = 1;")).toContain("assertion = false");
});

test.each([
  ["a unit of nixpkgs runs as the service's user", "", "caddy", '"caddy"'],
  ["or as the one that the flake gives the service", 'services.caddy.user = "www";', "caddy", '"www"'],
  ["a unit that facts do not name may be there", "", "nobody-knows", "nixpkgs declares the unit `nobody-knows`"],
  [
    "a unit of several has a user of its own",
    "",
    "hydra-queue-runner",
    "nixpkgs declares the unit `hydra-queue-runner`",
  ],
  ["a unit of the flake is what it is", 'systemd.services.own.script = "x";', "own", "attribute `User` missing"],
])("%s", (_, definitions, unit, expected) => {
  const text = `${definitions} my.owner = config.systemd.services.${unit}.serviceConfig.User;`;
  const { host } = hostOf(`imports = [ ({ config, ... }: { ${text} }) ];`);
  expect(renderText(showStrict(host.option(["my", "owner"]).value))).toContain(expected);
  const names = host.children(["systemd", "services"]).options.map(({ path }) => path.at(-1));
  expect(names).toEqual(unit === "own" ? ["own"] : []);
});

test.each([
  ['utils.escapeSystemdPath "/mnt/my data//x/"', String.raw`"mnt-my\\x20data-x"`],
  ['utils.escapeSystemdPath "/"', '"-"'],
  ['utils.escapeSystemdPath "/.hidden/a-b_c:d.e"', String.raw`"\\x2ehidden-a\\x2db_c:d.e"`],
  ['utils.escapeSystemdExecArg "100% of $HOME \\"x\\""', String.raw`"\"100%% of $$HOME \\\"x\\\"\""`],
  ['utils.escapeSystemdExecArgs [ "a b" 2 ]', String.raw`"\"a b\" \"2\""`],
])("%s", (expression, expected) => {
  const { host } = hostOf(`imports = [ ({ utils, ... }: { my.text = ${expression}; }) ];`);
  expect(renderText(showStrict(host.option(["my", "text"]).value))).toBe(expected);
});
