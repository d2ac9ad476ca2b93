// The facts about NixOS modules: sound as they are, and the check finds what is not.

import { describe, expect, it } from "vitest";
import { checkServices } from "../../data/check.ts";
import facts from "../../data/nixos-services.json" with { type: "json" };

type Entry = Record<string, unknown>;

/** The facts with one entry changed. */
function changed(name: string, change: (entry: Entry) => void): string[] {
  const copy = structuredClone(facts) as unknown as Record<string, Entry>;
  change(copy[name]!);
  return checkServices(copy);
}

describe("data/nixos-services.json", () => {
  it("is sound", () => {
    expect(checkServices(facts)).toEqual([]);
  });

  it("has every service that many homelab flakes enable", () => {
    const names = [
      "vaultwarden",
      "postgresql",
      "k3s",
      "nebula.networks",
      "gitlab-runner",
      "github-runners",
      "nomad",
      "wyoming.piper.servers",
    ];
    expect(Object.keys(facts)).toEqual(expect.arrayContaining(names));
  });
});

describe("checkServices", () => {
  it.each<[string, (entry: Entry) => void, string]>([
    ["a missing field", (entry) => delete entry.class, "actual.class: "],
    ["an unknown field", (entry) => Object.assign(entry, { clas: "cache" }), 'actual: Unrecognized key: "clas"'],
    ["an impossible port", (entry) => Object.assign(entry, { ports: [3000, 70_000] }), "actual.ports[1]: "],
    [
      "a relative path",
      (entry) => Object.assign(entry, { state: [{ path: "var/lib/actual", option: null }] }),
      "actual.state[0].path: is not an absolute path",
    ],
    [
      "a path that its option contradicts",
      (entry) => Object.assign(entry, { state: [{ path: "/srv/actual", option: "services.actual.settings.dataDir" }] }),
      "actual.state[0].path: is /srv/actual, but the default",
    ],
    [
      "an unknown commit",
      (entry) => Object.assign(entry, { commit: "0".repeat(40) }),
      "actual.commit: is not among _meta.commits",
    ],
    ["a judgement without basis", (entry) => delete entry.liveCopyBasis, "actual.liveCopyBasis: "],
    [
      "an unverified flag alone",
      (entry) => Object.assign(entry, { unverified: true }),
      "actual.unverified: goes with unverifiedFields",
    ],
    [
      "an instance without instances",
      (entry) => Object.assign(entry, { user: "actual-<name>" }),
      "actual.option: has no instances",
    ],
  ])("finds %s", (_, change, error) => {
    const errors = changed("actual", change);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(error);
  });

  it("finds a user that its option contradicts, and a wrong exporter", () => {
    expect(changed("mpd", (entry) => Object.assign(entry, { user: "music" }))).toEqual([
      expect.stringContaining("mpd.user: is music"),
    ]);
    expect(changed("_exporters", (table) => Object.assign(table.node as Entry, { port: 1 }))).toEqual([
      "node.port: is 1, but the default is 9100",
    ]);
  });

  it("finds entries out of order and fields that nothing describes", () => {
    const { _meta, actual, ...behind } = facts;
    expect(checkServices({ _meta, ...behind, actual })).toEqual([expect.stringMatching(/^actual: stands behind /)]);
    const { units: _units, ...fields } = _meta.fields;
    expect(checkServices({ ...facts, _meta: { ..._meta, fields } })).toContain(
      "actual.units: is not described in _meta.fields",
    );
  });

  it("says what is missing altogether", () => {
    expect(checkServices({})).toHaveLength(4);
    expect(checkServices(null)).toHaveLength(1);
  });
});
