// `--format text`: for people at a terminal. Header, code frame, related places, what to do, where to read more.

import { Chalk, type ChalkInstance } from "chalk";
import type { UnresolvedHost } from "../flake/flake.ts";
import type { Diagnostic, Note, Report, Severity, UndecidedResult } from "../lint/finding.ts";
import type { Span } from "../source/span.ts";
import { codeFrame, type FrameLine } from "./frame.ts";
import { displayPath, showAssumption, showBecause, showPlace, showReason } from "./place.ts";
import type { ReportOptions } from "./reporter.ts";
import { staleLine, statistics, summaryLine } from "./summary.ts";
import { visibleLine } from "./visible.ts";

interface Style {
  readonly report: Report;
  readonly paint: ChalkInstance;
}

export function reportText(report: Report, options: ReportOptions): string {
  const style: Style = { report, paint: new Chalk({ level: options.color ? 1 : 0 }) };
  const blocks = report.diagnostics.map((diagnostic) => diagnosticBlock(diagnostic, style));
  blocks.push(...fixedBlocks(style));
  if (options.verbose) blocks.push(...verboseBlocks(style));
  if (options.statistics && report.diagnostics.length > 0) blocks.push(statistics(report));
  blocks.push(...report.unresolved.map((host) => unresolvedBlock(host, style)));
  const brokenLines = report.broken.map(({ path, why }) => brokenLine(path, why, style));
  if (brokenLines.length > 0) blocks.push(brokenLines);
  if (!options.quiet) blocks.push(closingLines(style, options));
  return blocks.map((lines) => lines.map((line) => `${line}\n`).join("")).join("\n");
}

function diagnosticBlock(diagnostic: Diagnostic, style: Style): string[] {
  const { paint } = style;
  const { severity, rule, message, at, hosts, fix } = diagnostic;
  const lines = [
    `${paintSeverity(paint, severity)(`${severity}[${rule}]`)}${paint.bold(`: ${visibleLine(message)}`)}`,
    ...placeLines(at, { style, color: paintSeverity(paint, severity) }),
    ...(diagnostic.notes ?? []).flatMap((note) => noteLines(note, style)),
  ];
  if (hosts.length > 0) lines.push(detail(style, "hosts", hosts.join(", ")));
  if (fix !== undefined) lines.push(detail(style, "fix", `${fix.title}${fix.safety === "unsafe" ? " (unsafe)" : ""}`));
  lines.push(detail(style, "help", `nixlint explain ${rule}`));
  return lines;
}

/** What was mended, and what its author has to do now. */
function fixedBlocks({ report, paint }: Style): string[][] {
  const fixed = report.fixed ?? [];
  const lines = fixed.map(({ rule, subject, at, fix }) => {
    const what = `: ${displayPath(report, at.file)}: \`${subject}\`: ${fix?.title ?? ""}`;
    return `${paint.green.bold(`fixed[${rule}]`)}${visibleLine(what)}`;
  });
  const commands = [...new Set(fixed.flatMap(({ fix }) => fix?.commands ?? []))];
  const todo = commands.length === 0 ? [] : [paint.bold("to do:"), ...commands.map((line) => `  ${visibleLine(line)}`)];
  return [lines, todo].filter((block) => block.length > 0);
}

interface Marking {
  readonly style: Style;
  readonly color: ChalkInstance;
}

function placeLines(span: Span, { style, color }: Marking): string[] {
  const { report, paint } = style;
  const place = `  ${paint.blue("-->")} ${visibleLine(showPlace(report, span))}`;
  const source = report.sources.get(span.file);
  if (source === undefined || !isCode(span.file)) return [place];
  const frame = codeFrame(source, span);
  const width = Math.max(...frame.map(({ number }) => String(number ?? "").length));
  return [place, gutter(paint, width, null), ...frame.map((line) => codeLine(line, width, { style, color }))];
}

/** The text of other files is never shown: they are where secrets live. */
function isCode(path: string): boolean {
  return path.endsWith(".nix") || path.endsWith("nixlint.toml");
}

function codeLine({ number, text }: FrameLine, width: number, { style, color }: Marking): string {
  const shown = number === null ? color(text) : text;
  return text === "" ? gutter(style.paint, width, number) : `${gutter(style.paint, width, number)} ${shown}`;
}

function gutter(paint: ChalkInstance, width: number, number: number | null): string {
  return paint.blue(` ${String(number ?? "").padStart(width)} |`);
}

function noteLines({ message, at }: Note, style: Style): string[] {
  const { paint } = style;
  const header = `${paint.cyan("note")}: ${visibleLine(message)}`;
  return at === null ? [header] : [header, ...placeLines(at, { style, color: paint.cyan })];
}

function detail({ paint }: Style, label: string, text: string): string {
  return `  ${paint.blue("=")} ${paint.bold(label)}: ${visibleLine(text)}`;
}

function paintSeverity(paint: ChalkInstance, severity: Severity): ChalkInstance {
  if (severity === "error") return paint.red.bold;
  return severity === "warning" ? paint.yellow.bold : paint.cyan.bold;
}

function verboseBlocks(style: Style): string[][] {
  const { report } = style;
  const suppressed = report.suppressed.map(
    ({ diagnostic, reason }) => `${settledLine("suppressed", diagnostic, style)} -- ${visibleLine(reason)}`,
  );
  const baselined = report.baselined.map((diagnostic) => settledLine("baselined", diagnostic, style));
  const stale = report.staleBaseline.map((entry) => visibleLine(staleLine(entry)));
  const skipped = report.skipped.map(
    ({ path, why }) => `skipped: ${visibleLine(`${displayPath(report, path)}: ${why}`)}`,
  );
  const assumed = report.assumptions.map((assumption) => visibleLine(showAssumption(report, assumption)));
  const blocks = [
    ...report.undecided.map((result) => undecidedBlock(result, style)),
    suppressed,
    baselined,
    stale,
    skipped,
    assumed,
  ];
  return blocks.filter((lines) => lines.length > 0);
}

function undecidedBlock({ rule, subject, at, reasons, hosts = [] }: UndecidedResult, style: Style): string[] {
  const { report, paint } = style;
  const lines = [`${paint.magenta.bold(`undecided[${rule}]`)}${paint.bold(`: \`${visibleLine(subject)}\``)}`];
  if (at !== null) lines.push(`  ${paint.blue("-->")} ${visibleLine(showPlace(report, at))}`);
  for (const reason of reasons) {
    lines.push(detail(style, "because", showBecause(report, reason)));
  }
  if (hosts.length > 0) lines.push(detail(style, "hosts", hosts.join(", ")));
  return lines;
}

function settledLine(how: string, { rule, at, message, hosts }: Diagnostic, { report }: Style): string {
  const about = hosts.length === 0 ? "" : ` [${hosts.join(", ")}]`;
  return visibleLine(`${how}[${rule}]: ${showPlace(report, at)}: ${message}${about}`);
}

function unresolvedBlock({ name, why }: UnresolvedHost, style: Style): string[] {
  const { paint } = style;
  const lines = [`${paint.magenta.bold("not checked")}${paint.bold(`: host \`${visibleLine(name)}\``)}`];
  if (why.span !== null) lines.push(...placeLines(why.span, { style, color: paint.magenta }));
  lines.push(detail(style, "because", showReason(style.report, why)));
  return lines;
}

function brokenLine(path: string, why: string, { report, paint }: Style): string {
  const what = visibleLine(`\`${displayPath(report, path)}\` ${why}, so nothing that needs it was checked`);
  return `${paint.red.bold("broken")}: ${what}`;
}

function closingLines({ report, paint }: Style, { verbose }: ReportOptions): string[] {
  const lines = [paint.bold(summaryLine(report))];
  if (!verbose && report.undecided.length > 0) lines.push(paint.dim("`-v` says what is undecided and why"));
  if (report.staleBaseline.length > 0) lines.push(paint.dim("`nixlint baseline prune` drops what is stale"));
  return lines;
}
