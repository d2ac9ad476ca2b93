// nixlint's own evaluation of the reference flake gives what real Nix gives with the modules of nixpkgs (the golden
// files, written by `npm run test:nixpkgs -- --update` and by nothing else).
import { describe, expect, test } from "vitest";
import { evaluateOption } from "./own-evaluation.ts";
import { hosts, readGolden, withoutHashes } from "./real-nix.ts";

/** What both evaluate to the end. */
const complete = [
  "services.restic.backups",
  "services.prometheus.exporters.restic",
  "sops.secrets",
  "programs.ssh.extraConfig",
  'environment.etc."alloy/config.alloy".text',
];

/** All that nixlint may not know of them, for it needs nixpkgs itself. */
const needsNixpkgs = /^services restic backups \w+ package$|^sops secrets \S+ sopsFile$/;

/** Of these, only nixpkgs' modules say everything; what the flake's own modules say has to be in it. */
const partial = ["systemd.services", "systemd.timers"];

interface Comparison {
  readonly differences: string[];
  readonly unknown: string[];
  /** The golden value may hold more. */
  readonly open: boolean;
}

describe.each(hosts)("%s", (host) => {
  const golden = readGolden(host);

  test.each(complete)("%s is what Nix gives", (path) => {
    const comparison: Comparison = { differences: [], unknown: [], open: false };
    const names = splitPath(path);
    compare(names.join(" "), evaluateOption(host, path), select(golden, names), comparison);
    expect(comparison.differences).toEqual([]);
    expect(comparison.unknown.filter((place) => !needsNixpkgs.test(place))).toEqual([]);
  });

  test.each(partial)("what the modules here say of %s is in what Nix gives", (path) => {
    const comparison: Comparison = { differences: [], unknown: [], open: true };
    compare(path, evaluateOption(host, path), select(golden, splitPath(path)), comparison);
    expect(comparison.differences).toEqual([]);
  });

  test("no assertion is known to fail, in Nix or here", () => {
    const assertions = evaluateOption(host, "assertions") as readonly { assertion: unknown; message: string }[];
    expect(golden.failedAssertions).toEqual([]);
    expect(assertions.length).toBeGreaterThan(3);
    expect(assertions.filter(({ assertion }) => assertion === false)).toEqual([]);
  });
});

test("a path in the store is compared by its package", () => {
  const text = `/nix/store/${"a".repeat(32)}-restic-0.18.1/bin/restic /nix/store/${"b".repeat(32)}-unit-script-x-pre-start/bin/x`;
  expect(withoutHashes(text)).toBe("/nix/store/restic/bin/restic /nix/store/unit-script-x-pre-start/bin/x");
});

function splitPath(path: string): readonly string[] {
  return [...path.matchAll(/"([^"]+)"|([^."]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

function select(value: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

/** Collects where the two differ, and where nixlint does not know. */
function compare(place: string, own: unknown, golden: unknown, found: Comparison): void {
  if (typeof own === "string" && own.startsWith("«unknown") && own.endsWith("»")) found.unknown.push(place);
  else if (typeof own === "string" && own.includes("«unknown")) compareHoles(place, own, golden, found);
  else if (isObject(own) && isObject(golden)) compareSets(place, own, golden, found);
  else if (found.open && Array.isArray(own) && Array.isArray(golden)) compareLists(place, own, golden, found);
  else if (!(found.open && own === "") && JSON.stringify(own) !== JSON.stringify(golden)) {
    found.differences.push(`${place}: ${JSON.stringify(own)}, Nix: ${JSON.stringify(golden)}`);
  }
}

function compareSets(
  place: string,
  own: Readonly<Record<string, unknown>>,
  golden: Readonly<Record<string, unknown>>,
  found: Comparison,
): void {
  for (const [name, value] of Object.entries(own)) {
    // The golden files hold what matters of a unit and a secret; what they leave out is compared by nobody.
    if (name === "«rest»" || (!(name in golden) && isDefault(value))) continue;
    if (name in golden || !needsNixpkgs.test(`${place} ${name}`)) {
      compare(`${place} ${name}`, value, golden[name], found);
    }
  }
  if ("«rest»" in own || found.open) return;
  for (const name of Object.keys(golden)) if (!(name in own)) found.differences.push(`${place}: no ${name}`);
}

/** In this order, with whatever nixpkgs puts between. */
function compareLists(place: string, own: readonly unknown[], golden: readonly unknown[], found: Comparison): void {
  let from = 0;
  for (const element of own) {
    const at = golden.findIndex((candidate, index) => index >= from && agrees(element, candidate));
    if (at === -1) found.differences.push(`${place}: ${JSON.stringify(element)} is not in ${JSON.stringify(golden)}`);
    else from = at + 1;
  }
}

function agrees(own: unknown, golden: unknown): boolean {
  const inner: Comparison = { differences: [], unknown: [], open: true };
  compare("", own, golden, inner);
  return inner.differences.length === 0;
}

/** A string with holes: what is known of it has to be there, in order. */
function compareHoles(place: string, own: string, golden: unknown, found: Comparison): void {
  const known = own.split(/«unknown[^»]*»/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (typeof golden === "string" && new RegExp(`^${known.join("/nix/store/\\S+")}$`).test(golden)) return;
  found.differences.push(`${place}: ${own}, Nix: ${JSON.stringify(golden)}`);
}

function isDefault(value: unknown): boolean {
  return value === "" || value === true || value === false || (typeof value === "object" && isEmpty(value));
}

function isEmpty(value: object | null): boolean {
  return value !== null && Object.keys(value).length === 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
