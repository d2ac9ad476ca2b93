import { describe, expect, test } from "vitest";
import { repositoryOf } from "../../src/fleet/repository.ts";
import { hostOf } from "./model.ts";

const host = hostOf(`
  programs.ssh.extraConfig = ''
    Host truenas-backup
      HostName truenas.example.org
      Port 22
      User restic
    Host other
      HostName other.example.org
      Port 2222
  '';
  fileSystems."/mnt/nas" = { device = "nas:/tank"; fsType = "nfs4"; };
`).host;

const of = (text: string) => repositoryOf(host, { text, span: null });

describe("one repository by several spellings", () => {
  test.each([
    ["sftp:truenas-backup:hass", "sftp:restic@truenas.example.org:hass/"],
    ["sftp:truenas-backup:hass", "sftp://restic@truenas.example.org:22/hass"],
    ["sftp:nas:/tank//x", "sftp:nas:/tank/x/"],
    ["sftp:other:x", "sftp://other.example.org:2222/x"],
    ["rest:http://nas:8000/x", "rest:http://ann:secret@nas:8000/x/"],
    ["rest:https://nas/x", "rest:https://nas:443/x"],
    ["/backup/x/", "local:/backup//x"],
    ["ssh://borg@nas/./x", "borg@nas:x"],
  ])("%s and %s", (one, other) => {
    expect(of(one)?.identity).toBe(of(other)?.identity);
  });

  test.each([
    ["sftp:truenas-backup:hass", "sftp:truenas-backup:/hass"],
    ["sftp:nas:x", "sftp:ann@nas:x"],
    ["rest:http://nas:8000/x", "rest:http://nas:8001/x"],
    ["/backup/x", "/backup/y"],
  ])("%s is not %s", (one, other) => {
    expect(of(one)?.identity).not.toBe(of(other)?.identity);
  });
});

describe("the machine that stores it", () => {
  test.each([
    ["sftp:truenas-backup:hass", "truenas.example.org"],
    ["rest:http://NAS:8000/", "nas"],
    ["rest:http://localhost:8000/", null],
    ["/backup", null],
    ["/mnt/nas/backup", "nas"],
    ["b2:bucket:path", undefined],
  ])("%s", (text, machine) => {
    expect(of(text)?.machine).toBe(machine);
  });
});
