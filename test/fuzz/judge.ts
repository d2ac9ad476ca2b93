// Runs a case through the whole of nixlint in memory, and says what is wrong with how it went.

import { rules } from "../../rules/index.ts";
import { startBudget } from "../../src/eval/budget.ts";
import { createSession } from "../../src/eval/session.ts";
import { show, showJson, showStrict } from "../../src/eval/show.ts";
import { force } from "../../src/eval/thunk.ts";
import { type Calendar, normalizeCalendar, parseCalendar } from "../../src/fleet/calendar.ts";
import { nextElapse } from "../../src/fleet/calendar-elapse.ts";
import { everElapses, firstOverlap, type Schedule } from "../../src/fleet/calendar-window.ts";
import { HOUR, MINUTE } from "../../src/fleet/timespan.ts";
import { parseBaseline } from "../../src/lint/baseline-file.ts";
import { type Config, defaultConfig, parseConfig } from "../../src/lint/config.ts";
import type { Report } from "../../src/lint/finding.ts";
import { runFixes } from "../../src/lint/fix-loop.ts";
import { lintFlake, loadFleet } from "../../src/lint/lint-flake.ts";
import { UserError } from "../../src/lint/user-error.ts";
import { fleetToJson } from "../../src/report/fleet-json.ts";
import type { FileSystem } from "../../src/source/file-system.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";
import { renderAll } from "../report/render-all.ts";
import type { Case } from "./cases.ts";

const root = "/flake";
const today = "2026-06-01";

/** What is wrong, one line each; what is thrown is wrong as well. */
export function judge(subject: Case, thorough = false): string[] {
  startBudget();
  const problems = [...judgeExpression(subject), ...judgeCalendars(subject)];
  const files = new Map([...subject.files].map(([path, content]) => [`${root}/${path}`, content]));
  try {
    return [...problems, ...judgeFlake(subject, new MemoryFileSystem(files), thorough)];
  } catch (error) {
    // What is wrong with a configuration is said so.
    if (error instanceof UserError && !/\n/.test(error.message))
      return subject.isFound && !isSettings(subject) ? [...problems, error.message] : problems;
    throw error;
  }
}

function isSettings({ files }: Case): boolean {
  return files.has("nixlint.toml") || files.has(".nixlint-baseline.json");
}

function judgeFlake(subject: Case, fs: FileSystem, thorough: boolean): string[] {
  const config = readConfig(subject);
  const baseline = textOf(subject, ".nixlint-baseline.json");
  const entries = baseline === null ? [] : parseBaseline({ path: `${root}/.nixlint-baseline.json`, text: baseline });
  const lint = (files: FileSystem): Report => {
    const loaded = loadFleet({ root, fs: files, overrideInputs: new Map() }, config);
    const report = lintFlake(loaded, { rules, config, baseline: entries, today });
    const atlas = { root, sources: report.sources };
    JSON.stringify(fleetToJson({ fleet: loaded.fleet, atlas, only: [], now: new Date(today) }));
    return report;
  };
  const report = lint(fs);
  const outputs = renderAll(report);
  const problems = [...judgeReport(report, subject), ...judgeOutputs(outputs)];
  if (thorough) {
    if (JSON.stringify(renderAll(lint(fs))) !== JSON.stringify(outputs))
      problems.push("a second run says something else");
    problems.push(...judgeFixes(fs, lint));
  }
  return problems;
}

function readConfig(subject: Case): Config {
  const text = textOf(subject, "nixlint.toml");
  return text === null ? defaultConfig : parseConfig({ path: `${root}/nixlint.toml`, text }, rules);
}

function textOf({ files }: Case, path: string): string | null {
  const content = files.get(path);
  return content === undefined ? null : Buffer.from(content).toString();
}

function judgeReport(report: Report, { isFound }: Case): string[] {
  const all = [...report.diagnostics, ...report.suppressed.map(({ diagnostic }) => diagnostic)];
  const found = all.some(({ rule, subject }) => rule === "service-without-backup" && subject === "services.radicale");
  const problems = isFound && !found ? ["the fault of the other host is not found"] : [];
  for (const { rule, at } of all) {
    const length = report.sources.get(at.file)?.text.length ?? Number.POSITIVE_INFINITY;
    if (at.start < 0 || at.start > at.end || at.end > length) problems.push(`${rule} points out of ${at.file}`);
  }
  return problems;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function judgeOutputs(outputs: Readonly<Record<string, string>>): string[] {
  const problems: string[] = [];
  for (const [name, text] of Object.entries(outputs)) {
    if (control.test(text)) problems.push(`${name} holds a control character`);
    if (/\bundefined\b(?! variable)|\[object Object\]|NaN/.test(text) && name === "concise")
      problems.push(`${name} shows what is no text`);
    if (["json", "sarif", "gitlab"].includes(name)) JSON.parse(text);
    if (name === "github" && !/^(::(error|warning|notice) .*\n)*$/.test(text))
      problems.push("github holds a line that is no annotation");
  }
  return problems;
}

function judgeFixes(fs: FileSystem, lint: (fs: FileSystem) => Report): string[] {
  const { refused, converged } = runFixes({ fs, lint, safeties: new Set(["safe", "scaffold", "unsafe"]) });
  const problems = refused.map(({ rule, subject }) => `the fix of ${rule} for ${subject} breaks a file`);
  return converged ? problems : [...problems, "fixes do not come to an end"];
}

function judgeExpression({ expression }: Case): string[] {
  if (expression === undefined) return [];
  const session = createSession({ fs: new MemoryFileSystem(new Map([[`${root}/x.nix`, "1"]])) });
  const value = session.evaluateText(expression, `${root}/e.nix`);
  for (const print of [showJson, showStrict, show]) print(force(value));
  return [];
}

function judgeCalendars({ calendars = [] }: Case): string[] {
  const read = calendars
    .map((text) => parseCalendar(text))
    .filter((calendar): calendar is Calendar => !("kind" in calendar && calendar.kind === "error"));
  const problems: string[] = [];
  const schedules = read.map((calendar): Schedule => {
    const again = parseCalendar(normalizeCalendar(calendar));
    if ("kind" in again && again.kind === "error") problems.push(`${normalizeCalendar(calendar)} is not read back`);
    nextElapse(calendar, Date.UTC(2026, 0) * 1000, "Europe/Berlin");
    return { calendars: [calendar], zone: "UTC", randomizedDelay: 0, accuracy: MINUTE, budget: HOUR };
  });
  for (const schedule of schedules) everElapses(schedule);
  const [first, second] = schedules;
  if (first && second) firstOverlap(first, second);
  return problems;
}
