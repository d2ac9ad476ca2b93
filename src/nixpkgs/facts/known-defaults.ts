// Defaults of options that nobody in sight declares, as far as `data/nixos-services.json` knows them.

import dataJson from "../../../data/nixos-services.json" with { type: "json" };
import { coerceToText } from "../../eval/coerce.ts";
import { lazily } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { attrsOf, joinText, type Lazy, List, type Value } from "../../eval/value.ts";
import type { AttrPath } from "../modules/definition.ts";

/** What the data file holds of an entry, as far as defaults are concerned. */
interface Facts {
  readonly option?: string;
  readonly defaults?: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, { readonly default?: unknown; readonly defaultText?: string }>>;
}

type FactTable = Readonly<Record<string, Facts>>;

// The import is typed by its literal contents; the shape is validated by the test of the data.
const data = dataJson as unknown as FactTable & {
  readonly _other: FactTable;
  readonly _backup: FactTable;
  readonly _exporters: FactTable;
};

/** A path below what another option of the service says: `repositoryRoot` lies in `stateDir`. */
interface Below {
  readonly base: string;
  readonly rest: string;
}

interface KnownDefaults {
  readonly values: ReadonlyMap<string, unknown>;
  readonly below: ReadonlyMap<string, Below>;
  /** Every strict prefix of a path with a default. */
  readonly levels: ReadonlySet<string>;
}

let table: KnownDefaults | null = null;

function knownDefaults(): KnownDefaults {
  table ??= buildTable();
  return table;
}

function buildTable(): KnownDefaults {
  const values = new Map<string, unknown>();
  const below = new Map<string, Below>();
  const levels = new Set<string>();
  for (const [name, facts] of [
    ...Object.entries(data).filter(([key]) => !key.startsWith("_")),
    ...Object.entries(data._other),
    ...Object.entries(data._backup),
    ...Object.entries(data._exporters),
  ]) {
    const defaults = defaultsOf(name, facts);
    for (const [path, value] of defaults) {
      const base = sameAs(value) ?? baseOf(path, value, defaults);
      if (path.includes("<") || (isDescribed(value) && !base)) continue;
      values.set(path, value);
      if (base) below.set(path, base);
      const parts = path.split(".");
      for (let length = 1; length < parts.length; length++) levels.add(parts.slice(0, length).join("."));
    }
  }
  return { values, below, levels };
}

/** `= services.nextcloud.home`: the default is the value of that option. */
function sameAs(value: unknown): Below | undefined {
  const base = typeof value === "string" ? /^= ((?:services|programs)\.[\w.-]+)$/.exec(value)?.[1] : undefined;
  return base === undefined ? undefined : { base, rest: "" };
}

const directoryOption = /\.(stateDir|dataDir|home|workDir|configDir|user_home)$/;

/** The directory option of the same service whose default is above the value. */
function baseOf(path: string, value: unknown, defaults: readonly (readonly [string, unknown])[]): Below | undefined {
  if (typeof value !== "string") return undefined;
  for (const [base, directory] of defaults) {
    if (base === path || typeof directory !== "string" || !directoryOption.test(base)) continue;
    if (directory.startsWith("/") && value.startsWith(`${directory}/`)) {
      return { base, rest: value.slice(directory.length) };
    }
  }
  return undefined;
}

/** Option paths with their defaults; names in the data are relative to the entry unless they start with a root. */
function defaultsOf(name: string, facts: Facts): (readonly [string, unknown])[] {
  const base = facts.option ?? name;
  const absolute = (path: string) => (path.startsWith(`${base}.`) || rootPattern.test(path) ? path : `${base}.${path}`);
  const described = Object.entries(facts.options ?? {}).filter(
    ([, option]) => "default" in option && option.defaultText === undefined,
  );
  return [
    ...Object.entries(facts.defaults ?? {}).map(
      ([path, value]) => [path === base ? path : absolute(path), value] as const,
    ),
    ...described.map(([path, option]) => [absolute(path), option.default] as const),
  ];
}

const rootPattern = /^(services|programs|networking|time|system|nix|virtualisation|security|sops|age|users)\./;

/** A default given in words (`= enable`, `<no default>`) rather than as a value. */
function isDescribed(value: unknown): boolean {
  return typeof value === "string" && (value.startsWith("= ") || value.includes("<"));
}

/** JSON as a Nix value. */
export function fromJson(value: unknown): Lazy {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return new List(value.map(fromJson));
  if (typeof value !== "object") return null;
  return attrsOf(Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fromJson(item)])));
}

/** Sets whose entries are submodules with an `enable` that is on unless somebody turns it off. */
const enabledEntries = [/^environment\.etc\.[^.]+$/, /^services\.nginx\.virtualHosts\.[^.]+$/];

/** Below these, `<name>.enable` is off unless somebody turns it on: the assumption every report names. */
const disabledByDefault = /^(services|programs|services\.prometheus\.exporters|hardware|virtualisation)$/;

/**
 * The default of an undeclared, undefined option; undefined when it is not known. `read` gives the value of another
 * option, since a default may lie below a directory that the flake moves.
 */
export function knownDefault(path: AttrPath, read: (path: AttrPath) => Value): Lazy | undefined {
  const joined = path.join(".");
  const { values, below } = knownDefaults();
  const base = below.get(joined);
  if (base) return lazily(() => rebased(base, read(base.base.split("."))));
  const known = values.get(joined);
  if (known !== undefined) return fromJson(known);
  if (path.at(-1) !== "enable") return undefined;
  if (enabledEntries.some((pattern) => pattern.test(path.slice(0, -1).join(".")))) return true;
  return disabledByDefault.test(path.slice(0, -2).join(".")) ? false : undefined;
}

function rebased({ rest }: Below, directory: Value): Value {
  const text = coerceToText(directory, null, { lenient: false, copyPaths: false });
  return text instanceof Unknown ? text : joinText([text, rest]);
}

/** Whether something below the path has a known default. */
export function isKnownLevel(path: AttrPath): boolean {
  const joined = path.join(".");
  if (knownDefaults().levels.has(joined)) return true;
  return disabledByDefault.test(joined) || disabledByDefault.test(path.slice(0, -1).join("."));
}
