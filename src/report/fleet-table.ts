// `nixlint fleet`: the same data as the JSON, as one table per noun for each host.

import type { ChalkInstance } from "chalk";
import type { JsonHost } from "./fleet-json.ts";
import type { JsonText, JsonUnknown } from "./fleet-values.ts";
import type { Location } from "./place.ts";
import { displayWidth, visibleLine } from "./visible.ts";

interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function fleetTable(hosts: readonly JsonHost[], paint: ChalkInstance): string {
  return hosts.map((host) => hostText(host, paint)).join("\n");
}

function hostText(host: JsonHost, paint: ChalkInstance): string {
  const unread = host.unreadInputs.length === 0 ? "" : `, unread inputs: ${host.unreadInputs.join(", ")}`;
  const header = `${paint.bold(visibleLine(host.name))} ${paint.dim(visibleLine(`(${host.system ?? "system unknown"}, ${host.modules.length} modules${unread})`))}`;
  const tables = tablesOf(host).filter(({ rows }) => rows.length > 0);
  return [header, ...tables.map((table) => tableText(table, paint)), ""].join("\n");
}

function tablesOf(host: JsonHost): Table[] {
  return [
    {
      title: "services",
      columns: ["name", "user", "state", "where"],
      rows: host.services.map((row) => [row.name, text(row.user), texts(row.stateDirs), place(row.location)]),
    },
    {
      title: "backup jobs",
      columns: ["name", "repository", "user", "paths", "schedule", "where"],
      rows: host.backupJobs.map((row) => [
        row.name,
        text(row.repository),
        text(row.user),
        texts(row.paths),
        row.schedule === null ? "–" : texts(row.schedule.calendar),
        place(row.location),
      ]),
    },
    {
      title: "dumps",
      columns: ["name", "databases", "directory", "schedule", "where"],
      rows: host.dumps.map((row) => [
        row.name,
        row.databases === "all" ? "all" : texts(row.databases),
        text(row.directory),
        row.schedule === null ? "–" : texts(row.schedule.calendar),
        place(row.location),
      ]),
    },
    {
      title: "secrets",
      columns: ["name", "owner", "group", "mode", "path", "where"],
      rows: host.secrets.map((row) => [
        row.name,
        text(row.owner),
        text(row.group),
        text(row.mode),
        text(row.path),
        place(row.location),
      ]),
    },
    {
      title: "timers",
      columns: ["unit", "calendar", "delay", "persistent", "next", "where"],
      rows: host.timers.map((row) => [
        row.unit,
        texts(row.calendar),
        text(row.randomizedDelay),
        row.persistent ? "yes" : "no",
        "unknown" in row.next ? text(row.next) : (row.next[0] ?? "never"),
        place(row.location),
      ]),
    },
    {
      title: "exporters",
      columns: ["name", "port", "where"],
      rows: host.exporters.map((row) => [
        row.name,
        typeof row.port === "number" ? String(row.port) : text(row.port),
        place(row.location),
      ]),
    },
    {
      title: "scrape targets",
      columns: ["targets", "where"],
      rows: host.scrapeTargets.map((row) => [row.targets.join(", "), place(row.location)]),
    },
    {
      title: "unknown",
      columns: ["what", "why", "where"],
      rows: host.unknown.map((row) => [row.path, row.reason, place(row.location)]),
    },
  ];
}

function text(value: JsonText | JsonUnknown): string {
  if (value === null) return "–";
  if (typeof value === "string") return value;
  return "partial" in value ? value.partial : "?";
}

function texts(values: readonly JsonText[]): string {
  return values.length === 0 ? "–" : values.map(text).join(", ");
}

function place(location: Location | null): string {
  return location === null ? "–" : `${location.path}:${location.start.line}`;
}

/** Long cells are not cut: `grep` must find what is in them. Only the last column is not padded. */
function tableText({ title, columns, rows }: Table, paint: ChalkInstance): string {
  const cells = rows.map((row) => row.map(visibleLine));
  const widths = columns.map((column, index) => {
    return Math.max(displayWidth(column), ...cells.map((row) => displayWidth(row[index] ?? "")));
  });
  const line = (row: readonly string[]) =>
    `    ${row
      .map((cell, index) => pad(cell, widths[index] ?? 0))
      .join("  ")
      .trimEnd()}`;
  return [`  ${paint.underline(title)}`, paint.dim(line(columns)), ...cells.map(line)].join("\n");
}

function pad(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(width - displayWidth(cell), 0));
}
