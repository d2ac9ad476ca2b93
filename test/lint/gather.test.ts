// Findings of one cause at one place: shown as one, waived, known and mended one by one.

import { describe, expect, test } from "vitest";
import { applyBaseline, entriesOf } from "../../src/lint/baseline.ts";
import { gather, membersOf } from "../../src/lint/gather.ts";
import type { Rule } from "../../src/rule.ts";
import { flakeWithHosts, lintInMemory, root } from "./in-memory.ts";

/** Says of each timer, at the first letters of its host's file, when it runs; `noon` is said together. */
const timers: Rule = {
  id: "timer",
  summary: "a timer",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check({ name, timers: found }) {
    const at = { file: `${root}/a.nix`, start: 0, end: 3 };
    const options = found.map(({ unit }) => unit.split(".")[0] ?? "");
    const together = options.filter((option) => option.startsWith("noon"));
    for (const subject of options.filter((option) => !together.includes(option)))
      yield { kind: "finding", subject, at, message: `\`${subject}\` runs ${subject.slice(0, 3)}, says ${name}` };
    const [subject] = together;
    if (subject) yield { kind: "finding", subject, also: together, at, message: `\`${subject}\` and more run at noon` };
  },
};

function lintTimers(hosts: Readonly<Record<string, readonly string[]>>, config = "") {
  const files = Object.entries(hosts).map(([name, timerNames]) => [
    `${name}.nix`,
    `{ ${timerNames.map((timer) => `systemd.timers.${timer}.timerConfig.OnCalendar = "daily";`).join(" ")} }`,
  ]);
  const flake = { "flake.nix": flakeWithHosts(Object.keys(hosts)), ...Object.fromEntries(files) };
  return lintInMemory({ ...flake, "nixlint.toml": config }, { rules: [timers], config });
}

const shown = (report: ReturnType<typeof lintTimers>) =>
  report.diagnostics.map(({ message, hosts, notes = [] }) => [
    message,
    hosts.join(),
    ...notes.map((note) => note.message),
  ]);

describe("what one rule says at one place in the same words", () => {
  test("is one finding that names the others", () => {
    expect(shown(lintTimers({ a: ["dayA", "dayB", "dayC"] }))).toEqual([
      ["`dayA` runs day, says a", "a", "the same is true of `dayB` and `dayC`"],
    ]);
  });
  test("names no more than a reader wants", () => {
    const names = [..."ABCDEFGHIJKLMNO"].map((letter) => `day${letter}`);
    const [[, , note] = []] = shown(lintTimers({ a: names }));
    expect(note).toBe("the same is true of `dayB`, `dayC`, `dayD`, `dayE`, `dayF`, `dayG`, `dayH`, `dayI` and 6 more");
  });
  test("stays apart where the flaw is another one", () => {
    expect(shown(lintTimers({ a: ["dayA", "sunA", "sunB"] }))).toEqual([
      ["`dayA` runs day, says a", "a"],
      ["`sunA` runs sun, says a", "a", "the same is true of `sunB`"],
    ]);
  });
  test("holds for the hosts of all of them", () => {
    expect(shown(lintTimers({ a: ["noonA", "noonB"], b: ["noonB", "noonA", "noonC"] }))).toEqual([
      ["`noonA` and more run at noon", "a,b", "the same is true of `noonB` and `noonC`"],
    ]);
  });
});

describe("one of several", () => {
  const waive = (subject: string) => `[[waive]]\nrule = "timer"\nsubject = "${subject}"\nreason = "known"\n`;
  test("is waived by its own name", () => {
    const report = lintTimers({ a: ["dayA", "dayB", "dayC"] }, waive("dayB"));
    expect(shown(report)).toEqual([["`dayA` runs day, says a", "a", "the same is true of `dayC`"]]);
    expect(report.suppressed.map(({ diagnostic }) => diagnostic.subject)).toEqual(["dayB"]);
  });
  test("is waived by its own name where the rule says it of all", () => {
    const report = lintTimers({ a: ["noonA", "noonB"] }, waive("noonB") + waive("noonA"));
    expect(report.diagnostics).toEqual([]);
    expect(report.suppressed.map(({ diagnostic }) => diagnostic.subject)).toEqual(["noonA", "noonB"]);
  });
  test("is known by its own fingerprint, and what is new beside it is found", () => {
    const old = lintTimers({ a: ["dayA", "dayB"] });
    const entries = entriesOf(old.diagnostics);
    expect(entries.map(({ subject }) => subject)).toEqual(["dayA", "dayB"]);
    const now = lintTimers({ a: ["dayB", "dayC", "dayD"] });
    const settings = {
      profile: "recommended" as const,
      rules: new Map(),
      waivers: [],
      overrides: [],
      source: null,
      today: "2026-06-01",
    };
    const judged = applyBaseline(now, entries, { rules: [timers], settings });
    expect(membersOf(judged.baselined).map(({ subject }) => subject)).toEqual(["dayB"]);
    expect(shown(judged)).toEqual([["`dayC` runs day, says a", "a", "the same is true of `dayD`"]]);
    expect(judged.staleBaseline.map(({ subject }) => subject)).toEqual(["dayA"]);
  });
});

test("gathering again changes nothing", () => {
  const { diagnostics } = lintTimers({ a: ["dayA", "dayB", "sunA"] });
  expect(gather(diagnostics)).toEqual(diagnostics);
  expect(membersOf(diagnostics).map(({ subject }) => subject)).toEqual(["dayA", "dayB", "sunA"]);
});
