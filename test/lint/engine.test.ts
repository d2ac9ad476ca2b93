// What the engine does with what rules yield: merging, severities, order, fingerprints, doubts.

import { describe, expect, test } from "vitest";
import { Unknown } from "../../src/eval/unknown.ts";
import type { FleetHost, Rule } from "../../src/rule.ts";
import { flakeWithHosts, lintInMemory, root } from "./in-memory.ts";

const shared = {
  "flake.nix": flakeWithHosts(["a", "b"]),
  "a.nix": "import ./role.nix\n",
  "b.nix": "import ./role.nix\n",
};

/** Flags the host name option wherever it is defined; undecided on request. */
function ruleAboutNames(extra: Partial<Rule> = {}): Rule {
  return {
    id: "named-host",
    summary: "a host has a name",
    severity: "warning",
    profile: "recommended",
    scope: "host",
    *check(host: FleetHost) {
      const { span } = host.host.option(["networking", "hostName"]);
      if (span) yield { kind: "finding", subject: "networking.hostName", at: span, message: "the host has a name" };
    },
    ...extra,
  } as Rule;
}

function doubting(message: (host: string) => string): Rule {
  return {
    ...ruleAboutNames(),
    *check(host: FleetHost) {
      const reasons = [new Unknown("input", message(host.name), null)];
      yield { kind: "undecided", subject: "networking.hostName", at: null, reasons };
    },
  } as Rule;
}

describe("findings", () => {
  test("one cause on two hosts is one diagnostic that names them", () => {
    const files = { ...shared, "role.nix": `{ networking.hostName = "x"; }\n` };
    const { diagnostics, hosts } = lintInMemory(files, { rules: [ruleAboutNames()] });
    expect(hosts).toBe(2);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ rule: "named-host", severity: "warning", hosts: ["a", "b"] });
  });

  test("two causes are two, in the order of files", () => {
    const files = {
      "flake.nix": flakeWithHosts(["b", "a"]),
      "a.nix": `{ networking.hostName = "x"; }\n`,
      "b.nix": `{ networking.hostName = "x"; }\n`,
    };
    const { diagnostics } = lintInMemory(files, { rules: [ruleAboutNames()] });
    expect(diagnostics.map(({ at, hosts }) => [at.file, hosts])).toEqual([
      [`${root}/a.nix`, ["a"]],
      [`${root}/b.nix`, ["b"]],
    ]);
  });

  test("configuration sets severities, switches rules off, and switches strict ones on", () => {
    const files = { ...shared, "role.nix": `{ networking.hostName = "x"; }\n` };
    const strict = ruleAboutNames({ profile: "strict" });
    const severities = (rule: Rule, config: string) =>
      lintInMemory(files, { rules: [rule], config }).diagnostics.map(({ severity }) => severity);
    expect(severities(ruleAboutNames(), `[rules.named-host]\nseverity = "error"\n`)).toEqual(["error"]);
    expect(severities(ruleAboutNames(), `[rules.named-host]\nseverity = "off"\n`)).toEqual([]);
    expect(severities(strict, "")).toEqual([]);
    expect(severities(strict, `profile = "strict"\n`)).toEqual(["warning"]);
    expect(severities(strict, `[rules.named-host]\nseverity = "info"\n`)).toEqual(["info"]);
  });
});

describe("fingerprints", () => {
  const fingerprints = (role: string) =>
    lintInMemory({ ...shared, "role.nix": role }, { rules: [ruleAboutNames()] }).diagnostics.map((d) => d.fingerprint);

  test("stay when lines move and change with the subject's text", () => {
    const before = fingerprints(`{ networking.hostName = "x"; }\n`);
    expect(before).toHaveLength(1);
    expect(fingerprints(`# a\n\n{\n    networking.hostName = "x";\n}\n`)).toEqual(before);
    expect(fingerprints(`{ networking = { hostName = "x"; }; }\n`)).not.toEqual(before);
  });

  test("differ between findings that say the same", () => {
    const files = {
      "flake.nix": flakeWithHosts(["a", "b"]),
      "a.nix": `{ networking.hostName = "x"; }\n`,
      "b.nix": `{ networking.hostName = "x"; }\n`,
    };
    const { diagnostics } = lintInMemory(files, { rules: [ruleAboutNames()] });
    expect(new Set(diagnostics.map((diagnostic) => diagnostic.fingerprint)).size).toBe(2);
  });
});

describe("doubts", () => {
  test("are counted once for a rule and a subject, with each reason once", () => {
    const files = { ...shared, "role.nix": "{ }\n" };
    const same = lintInMemory(files, { rules: [doubting(() => "not on disk")] }).undecided;
    expect(same).toHaveLength(1);
    expect(same[0]).toMatchObject({ rule: "named-host", hosts: ["a", "b"] });
    expect(same[0]!.reasons).toHaveLength(1);
    const different = lintInMemory(files, { rules: [doubting((host) => `not on ${host}`)] }).undecided;
    expect(different[0]!.reasons.map(({ message }) => message)).toEqual(["not on a", "not on b"]);
  });
});

describe("what cannot be evaluated", () => {
  test("a file that a host needs and that does not parse breaks the run, another does not", () => {
    const files = { ...shared, "role.nix": "{ a = ; }\n", "shelf.nix": "{ a = ; }\n" };
    const { broken } = lintInMemory(files, { rules: [] });
    expect(broken).toEqual([{ path: `${root}/role.nix`, why: "does not parse" }]);
  });
});
