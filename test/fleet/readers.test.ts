import { describe, expect, test } from "vitest";
import { hostOf, restic } from "./model.ts";

const job = (definitions: string) => restic("a", `passwordFile = "/run/secrets/key"; paths = [ "/x" ]; ${definitions}`);
const unit = (config: string) => `systemd.services.restic-backups-a.serviceConfig = { ${config} };`;

function reads(definitions: string): string[] {
  return hostOf(definitions).secretReads.map(
    (read) => `${read.secret?.option} ${read.canRead.kind} ${read.isOwner.kind}`,
  );
}

describe("a password file", () => {
  test.each([
    ["root reads root's", `sops.secrets.key = { }; ${job("")}`, "yes yes"],
    ["root reads everything", `sops.secrets.key.owner = "hass"; ${job("")}`, "yes no"],
    ["others do not", `sops.secrets.key = { }; ${job('user = "hass";')}`, "no no"],
    ["the owner does", `sops.secrets.key.owner = "hass"; ${job('user = "hass";')}`, "yes yes"],
    [
      "not when the mode forbids it",
      `sops.secrets.key = { owner = "hass"; mode = "0040"; }; ${job('user = "hass";')}`,
      "no yes",
    ],
    ["everybody, by mode", `sops.secrets.key.mode = "0444"; ${job('user = "hass";')}`, "yes no"],
    [
      "the group, by mode",
      `sops.secrets.key = { group = "hass"; mode = "0440"; }; users.users.hass.group = "hass"; ${job('user = "hass";')}`,
      "yes no",
    ],
    [
      "the catalogue's group",
      `sops.secrets.key = { group = "grafana"; mode = "0440"; }; ${job('user = "grafana";')}`,
      "yes no",
    ],
    [
      "the unit's group",
      `sops.secrets.key = { group = "b"; mode = "0440"; }; ${unit('Group = "b";')} ${job('user = "hass";')}`,
      "yes no",
    ],
    [
      "a supplementary group",
      `sops.secrets.key = { group = "b"; mode = "0440"; }; ${unit('SupplementaryGroups = "b";')} ${job('user = "grafana";')}`,
      "yes no",
    ],
    [
      "an extra group",
      `sops.secrets.key = { group = "b"; mode = "0440"; }; users.users.grafana.extraGroups = [ "b" ]; ${job('user = "grafana";')}`,
      "yes no",
    ],
    [
      "a member",
      `sops.secrets.key = { group = "b"; mode = "0440"; }; users.groups.b.members = [ "grafana" ]; ${job('user = "grafana";')}`,
      "yes no",
    ],
    [
      "nobody's group",
      `sops.secrets.key = { group = "nogroup"; mode = "0440"; }; ${job('user = "nobody";')}`,
      "yes no",
    ],
    ["a group without the mode", `sops.secrets.key.group = "grafana"; ${job('user = "grafana";')}`, "no no"],
    [
      "an ambient capability",
      `sops.secrets.key = { }; ${unit('AmbientCapabilities = "CAP_DAC_READ_SEARCH";')} ${job('user = "hass";')}`,
      "yes no",
    ],
    [
      "a file capability of restic",
      `sops.secrets.key = { }; security.wrappers.restic.capabilities = "cap_dac_read_search=+ep"; ${job('user = "hass";')}`,
      "yes no",
    ],
    [
      "an owner that is not known",
      `sops.secrets.key.owner = builtins.currentTime; ${job('user = "hass";')}`,
      "undecided undecided",
    ],
    [
      "a user that is not known",
      `sops.secrets.key.owner = "hass"; ${job("user = builtins.currentTime;")}`,
      "undecided undecided",
    ],
  ])("%s", (_, definitions, expected) => {
    expect(reads(definitions)).toEqual([`sops.secrets.key ${expected}`]);
  });
});

describe("links by path", () => {
  const file = (path: string) => restic("a", `passwordFile = ${path};`);
  test.each([
    ["sops", `sops.secrets."a/b" = { }; ${file('config.sops.secrets."a/b".path')}`, 'sops.secrets."a/b"'],
    ["sops, by its name", `sops.secrets.a.name = "b"; ${file('"/run/secrets/b"')}`, "sops.secrets.a"],
    ["sops, by its path", `sops.secrets.a.path = "/etc/pw"; ${file('"/etc//pw"')}`, "sops.secrets.a"],
    ["sops, early", `sops.secrets.a.neededForUsers = true; ${file('"/run/secrets-for-users/a"')}`, "sops.secrets.a"],
    ["a template", `sops.templates.a.content = ""; ${file('"/run/secrets/rendered/a"')}`, "sops.templates.a"],
    ["agenix", `age.secrets.a.file = ./a.age; ${file("config.age.secrets.a.path")}`, "age.secrets.a"],
    [
      "agenix, elsewhere",
      `age.secrets.a = { file = ./a.age; path = "/secrets/a"; }; ${file('"/secrets/a"')}`,
      "age.secrets.a",
    ],
  ])("%s", (_, definitions, expected) => {
    expect(hostOf(definitions).secretReads.map((read) => read.secret?.option)).toEqual([expected]);
  });

  test("a file that is no secret is none", () => {
    expect(hostOf(restic("a", "")).secretReads).toEqual([]);
  });

  test("another manager's is undecided, never absent", () => {
    const [read] = hostOf(file("config.clan.core.vars.generators.a.files.b.path")).secretReads;
    expect(read?.canRead.kind).toBe("undecided");
  });

  test("one that an unread module may declare is undecided", () => {
    const unread = "imports = [ inputs.private.nixosModules.secrets ];";
    const [read] = hostOf(`${unread} ${file("config.sops.secrets.a.path")}`).secretReads;
    expect(read?.secret).toBeNull();
    expect(read?.canRead.kind).toBe("undecided");
  });
});

describe("SSH keys", () => {
  const key = "sops.secrets.key = { };";
  const noPassword = 'passwordFile = null; environmentFile = "/etc/env"; user = "hass";';
  test("of extraOptions", () => {
    const option = `extraOptions = [ "sftp.command='ssh nas -i /run/secrets/key -s sftp'" ];`;
    expect(reads(`${key} ${restic("a", noPassword + option)}`)).toEqual(["sops.secrets.key no no"]);
  });
  test("of ssh_config, for the host of the repository and the user of the job", () => {
    const config = (head: string) => `programs.ssh.extraConfig = "${head}\\n  IdentityFile /run/secrets/key\\n";`;
    expect(reads(`${key} ${config("Host nas")} ${restic("a", noPassword)}`)).toEqual(["sops.secrets.key no no"]);
    expect(reads(`${key} ${config("Host other")} ${restic("a", noPassword)}`)).toEqual([]);
    expect(reads(`${key} ${config("Match originalhost nas localuser ann")} ${restic("a", noPassword)}`)).toEqual([]);
  });
  test("file capabilities of restic do not reach the ssh it starts", () => {
    const wrapper = 'security.wrappers.restic.capabilities = "cap_dac_read_search=+ep";';
    const config = 'programs.ssh.extraConfig = "Host nas\\n IdentityFile /run/secrets/key";';
    expect(reads(`${key} ${wrapper} ${config} ${restic("a", noPassword)}`)).toEqual(["sops.secrets.key no no"]);
  });
});
