// Checks nixos-services.json: the shape of every entry, and what must agree between its fields. Says which entry and field.

import { z } from "zod";

const commit = z.string().regex(/^[0-9a-f]{40}$/, "is not a full commit");
const moduleFile = z.string().regex(/^(?:[\w-]+\/[\w.-]+ )?[\w./-]+\.nix$/, "is not the path of a module");
const optionPath = z.string().regex(/^[a-z][\w<>-]*(?:\.[\w<>-]+)+$/i, "is not the path of an option");
const absolutePath = z.string().regex(/^\/[^\s]*$/, "is not an absolute path");
const account = z.string().regex(/^[a-z_][\w<>-]*$/i, "is not the name of a user or group");
const unitName = z.string().regex(/^[\w<>@:-]+$/, "is not the name of a unit without its suffix");
const port = z.int().min(1).max(65535);
const stateClass = z.enum(["essential", "regenerable", "cache"]);
const texts = z.array(z.string().min(1)).min(1);
const stateVersion = z.string().regex(/^<?\d\d\.\d\d$/, "is not a stateVersion such as 24.11 or <24.11");
const defaults = z.record(z.string(), z.json());

const state = z.strictObject({
  path: absolutePath.nullable(),
  option: optionPath.nullable(),
  class: stateClass.optional(),
  relativeTo: absolutePath.optional(),
  dirByStateVersion: z.record(stateVersion, absolutePath).optional(),
  stateVersionOption: optionPath.optional(),
  unverified: z.literal(true).optional(),
});

const service = z.strictObject({
  option: optionPath,
  units: z.array(unitName).min(1),
  user: account.nullable(),
  group: account.nullable(),
  userOption: optionPath.nullable(),
  groupOption: optionPath.nullable(),
  dynamicUser: z.boolean(),
  state: z.array(state),
  database: z.enum(["sqlite", "postgresql", "mysql", "mongodb", "influxdb", "redis"]).nullable(),
  class: stateClass,
  live_copy_safe: z.boolean().nullable(),
  ports: z.array(port).nullable(),
  defaults,
  source: moduleFile,
  commit,
  liveCopyBasis: z.enum(["module", "upstream"]).optional(),
  databaseUpstream: z.enum(["sqlite", "rocksdb"]).optional(),
  note: z.string().min(1).optional(),
  unverified: z.literal(true).optional(),
  unverifiedFields: texts.optional(),
  incompleteFields: texts.optional(),
  targets: z.array(unitName).min(1).optional(),
  sockets: z.array(unitName).min(1).optional(),
  optionFormerly: optionPath.optional(),
  renamedFrom: z.array(optionPath).min(1).optional(),
  versionByStateVersion: z.record(stateVersion, z.number()).optional(),
  dirByStateVersion: z.record(stateVersion, absolutePath).optional(),
});

const exporter = z.strictObject({
  option: optionPath,
  unit: unitName,
  port,
  user: account,
  group: account.nullable(),
  dynamicUser: z.boolean(),
  staticUserCreated: z.boolean(),
  defaults,
  source: moduleFile,
  commit,
  note: z.string().min(1).optional(),
  secretsViaCredentials: texts.optional(),
  /** Names of the exporter, not of options. */
  renamedFrom: texts.optional(),
});

const moduleOption = z.looseObject({ type: z.string().min(1) });

/** Backup mechanisms differ too much for one closed shape: what every one has, and no more. */
const backup = z.looseObject({
  option: optionPath,
  commit,
  source: moduleFile.optional(),
  options: z.record(z.string(), moduleOption).optional(),
  facts: texts.optional(),
  exists: z.boolean().optional(),
});

const other = z.looseObject({ source: moduleFile, commit, defaults, facts: texts.optional() });

const metaShape = z.strictObject({
  about: z.string().min(1),
  commits: z.record(commit, z.string().min(1)),
  fields: z.record(z.string().min(1), z.string().min(1)),
});

/** Everything else in the file is a service. */
const tables = z.looseObject({
  _meta: metaShape,
  _exporters: z.record(z.string(), exporter),
  _backup: z.record(z.string(), backup),
  _other: z.record(z.string(), other),
});

type Service = z.infer<typeof service>;
type Exporter = z.infer<typeof exporter>;
type State = z.infer<typeof state>;

/** One line per error, `entry.field: what is wrong`; empty when the file is sound. Never throws. */
export function checkServices(json: unknown): string[] {
  const parsed = tables.safeParse(json);
  if (!parsed.success) return describeErrors("", parsed.error);
  const { _meta, _exporters, _backup, _other, ...services } = parsed.data;
  const entries = [_exporters, _backup, _other].flatMap((table) => Object.entries(table));
  return [
    ...Object.entries(services).flatMap(([name, entry]) => checkService(name, entry, _meta)),
    ...Object.entries(_exporters).flatMap(([name, entry]) => checkExporter(name, entry)),
    ...entries.flatMap(([name, entry]) => checkCommit(name, entry.commit, _meta)),
    ...checkNames(Object.keys(services)),
  ];
}

function describeErrors(name: string, error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const path = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
    return `${`${name}${path}`.replace(/^\./, "")}: ${issue.message}`;
  });
}

function checkService(name: string, json: unknown, meta: z.infer<typeof metaShape>): string[] {
  const parsed = service.safeParse(json);
  if (!parsed.success) return describeErrors(name, parsed.error);
  const entry = parsed.data;
  const errors = [
    ...checkCommit(name, entry.commit, meta),
    ...checkInstances(name, entry),
    ...checkAccounts(name, entry),
  ];
  for (const [index, item] of entry.state.entries()) errors.push(...checkState(`${name}.state[${index}]`, item, entry));
  if ((entry.live_copy_safe === null) !== (entry.liveCopyBasis === undefined)) {
    errors.push(`${name}.liveCopyBasis: belongs to a live_copy_safe that is not null, and only to that`);
  }
  if ((entry.unverified === undefined) !== (entry.unverifiedFields === undefined)) {
    errors.push(`${name}.unverified: goes with unverifiedFields`);
  }
  for (const field of Object.keys(entry)) {
    if (!describedFields(meta).has(field)) errors.push(`${name}.${field}: is not described in _meta.fields`);
  }
  return errors;
}

function checkCommit(name: string, hash: string, meta: z.infer<typeof metaShape>): string[] {
  return hash in meta.commits ? [] : [`${name}.commit: is not among _meta.commits`];
}

/** `_meta.fields` may describe several fields in one line. */
function describedFields(meta: z.infer<typeof metaShape>): ReadonlySet<string> {
  const together = ["liveCopyBasis", "databaseUpstream"];
  return new Set([...Object.keys(meta.fields).flatMap((names) => names.split(",")), ...together]);
}

/** An instance has its name in its option and units. A single service may have units by name (workers, tunnels), but no user or state. */
function checkInstances(name: string, entry: Service): string[] {
  const plural = entry.option.endsWith(".<name>");
  const named = [entry.user ?? "", ...entry.state.map((item) => item.path ?? "")];
  if (!plural && named.some((text) => text.includes("<name>")))
    return [`${name}.option: has no instances, but other fields have`];
  if (plural && !entry.units.every((unit) => unit.includes("<name>")))
    return [`${name}.units: do not name the instance`];
  return [];
}

function checkAccounts(name: string, entry: Service): string[] {
  return (["user", "group"] as const).flatMap((kind) => {
    const option = entry[`${kind}Option`];
    const value = option === null ? undefined : entry.defaults[option];
    // A unit may set User alone; its group is then the user's, whatever the option says.
    const differs = value !== undefined && value !== entry[kind] && entry[kind] !== null;
    return differs
      ? [`${name}.${kind}: is ${entry[kind]}, but the default of ${option} is ${JSON.stringify(value)}`]
      : [];
  });
}

/** The path is what the literal default of its option makes of it. */
function checkState(at: string, item: State, entry: Service): string[] {
  const value = item.option === null ? undefined : entry.defaults[item.option];
  if (item.relativeTo !== undefined) {
    if (item.option === null) return [`${at}.relativeTo: has no option that it is about`];
    const path = `${item.relativeTo}/${String(value)}`;
    return item.path === path || value === undefined
      ? []
      : [`${at}.path: is ${item.path}, but its option makes it ${path}`];
  }
  if (typeof value !== "string" || !value.startsWith("/") || value === item.path) return [];
  return [`${at}.path: is ${item.path}, but the default of ${item.option} is ${value}`];
}

function checkExporter(name: string, entry: Exporter): string[] {
  const expected = { option: `services.prometheus.exporters.${name}`, unit: `prometheus-${name}-exporter` };
  const errors: string[] = [];
  if (entry.option !== expected.option) errors.push(`${name}.option: is not ${expected.option}`);
  if (entry.unit !== expected.unit) errors.push(`${name}.unit: is not ${expected.unit}`);
  const value = entry.defaults[`${entry.option}.port`];
  if (value !== entry.port) errors.push(`${name}.port: is ${entry.port}, but the default is ${JSON.stringify(value)}`);
  return errors;
}

function checkNames(names: readonly string[]): string[] {
  return names.flatMap((name, index) => {
    const before = names[index - 1];
    return before !== undefined && before > name
      ? [`${name}: stands behind ${before}, entries are sorted by name`]
      : [];
  });
}
