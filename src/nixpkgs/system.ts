// `nixosSystem` and `eval-config.nix`: the arguments of a system to its configuration, and from there to a `Host`.

import { createBudget } from "../eval/budget.ts";
import { define } from "../eval/native.ts";
import { force, lazily } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import {
  Attr,
  Attrs,
  attrsOf,
  Builtin,
  emptyAttrs,
  emptyList,
  type Lazy,
  List,
  type Tag,
  type Value,
} from "../eval/value.ts";
import type { Span } from "../source/span.ts";
import { createFactsModule } from "./facts/declarations.ts";
import { isKnownLevel, knownDefault } from "./facts/known-defaults.ts";
import type { Host, UnreadModule } from "./host.ts";
import type { UnreadDefinitions } from "./modules/collect.ts";
import type { AttrPath, Option } from "./modules/definition.ts";
import { evalModules, extendInput, type ModuleEvaluation, type ModulesInput } from "./modules/evaluate.ts";
import type { ImportFile } from "./modules/load-module.ts";
import { attrAt, optionFromAttr } from "./modules/option-record.ts";
import { followDefinition } from "./modules/properties.ts";
import { withLib } from "./modules/special-args.ts";
import { systemFunctions } from "./system-functions.ts";

export interface SystemInput {
  readonly importFile: ImportFile;
  /** `import nixpkgs { system; overlays; config; }`. */
  readonly createPackages: (args: Attrs) => Attrs;
  /** `"${nixpkgs}/nixos/modules"`. */
  readonly modulesPath: Lazy;
  /** The file that modules written inline belong to: `flake.nix`. */
  readonly file: string;
}

/** The tag of what `nixosSystem` returns. */
export interface SystemTag extends Tag {
  readonly kind: "nixos-system";
  readonly evaluation: ModuleEvaluation;
}

/** By the `extendModules` of each system, which survives `nixosSystem { … } // { … }`. */
const tagOfExtend = new WeakMap<object, SystemTag>();

/** The system behind a value, also when attrs were added to what `nixosSystem` returned. */
export function systemTagOf(value: Value): SystemTag | undefined {
  if (!(value instanceof Attrs)) return undefined;
  if (isSystem(value)) return value.tag;
  const extend = value.entries.get("extendModules")?.value;
  return extend instanceof Builtin ? tagOfExtend.get(extend) : undefined;
}

export function isSystem(value: Value): value is Attrs & { readonly tag: SystemTag } {
  return value instanceof Attrs && value.tag?.kind === "nixos-system";
}

/** `nixosSystem { modules; specialArgs; system; pkgs; … }` with the `lib` it was called from. */
export function evaluateSystem(input: SystemInput, args: Attrs, lib: Lazy): Value {
  const read = (name: string) => args.lookup(name)?.value;
  const specialArgs = force(read("specialArgs") ?? emptyAttrs);
  const evaluation: ModulesInput = {
    modules: [nixpkgsModule(input, args)],
    laterModules: () => [...listed(read("modules")), ...listed(read("extraModules"))],
    specialArgs: systemArgs(input, specialArgs, read("lib") ?? lib),
    undeclared: "freeform",
    freeform: { knownDefault, isKnownLevel },
    // Packages that somebody out of sight made are packages all the same.
    standIn: (name, config) => (name === "pkgs" ? lazily(() => packagesOf(input, args, config)) : undefined),
    importFile: input.importFile,
    file: input.file,
    class: "nixos",
  };
  return systemValue(evaluation);
}

function listed(lazy: Lazy | undefined): readonly Lazy[] {
  if (lazy === undefined) return [];
  const list = force(lazy);
  if (list instanceof List) return list.rest === null ? list.elements : [...list.elements, ...list.possible, list.rest];
  return [list];
}

/** Special args of every system; an unknown set of them leaves every other argument unknown. */
function systemArgs(input: SystemInput, given: Value, lib: Lazy): Attrs {
  const set = given instanceof Attrs ? given : new Attrs(new Map(), given instanceof Unknown ? given : null);
  const entries = new Map([["modulesPath", new Attr(input.modulesPath)], ...set.entries]);
  return withLib(set.withEntries(entries), lib);
}

/** What nixpkgs' own modules say of packages: `pkgs` follows the system, overlays and config of the host. */
function nixpkgsModule(input: SystemInput, args: Attrs): Lazy {
  return define("nixpkgs", 1, ([given]) => {
    const config = lazily(() => valueAt(force(given as Lazy), ["config"]));
    const own = args.lookup("pkgs")?.value ?? null;
    const fromOption = lazily(() => known(valueAt(force(config), ["nixpkgs", "pkgs"]), null));
    const packages = lazily(() => force(own) ?? force(fromOption) ?? packagesOf(input, args, config));
    return attrsOf({
      _file: "<native>",
      key: "nixpkgs",
      config: attrsOf({ _module: attrsOf({ args: attrsOf({ pkgs: packages, utils: systemFunctions }) }) }),
    });
  });
}

function packagesOf(input: SystemInput, args: Attrs, config: Lazy): Attrs {
  const fromConfig = (path: AttrPath, fallback: Lazy) => lazily(() => known(valueAt(force(config), path), fallback));
  return input.createPackages(
    attrsOf({
      system: lazily(() => platform(force(config), args)),
      overlays: fromConfig(["nixpkgs", "overlays"], emptyList),
      config: fromConfig(["nixpkgs", "config"], emptyAttrs),
    }),
  );
}

function known(value: Value, fallback: Lazy): Value {
  return value instanceof Unknown ? force(fallback) : value;
}

function valueAt(root: Value, path: AttrPath): Value {
  const { attr, parent } = attrAt(root, path);
  if (attr !== undefined) return force(attr.value);
  if (parent instanceof Unknown) return parent;
  return (parent instanceof Attrs ? parent.rest : null) ?? new Unknown("nixpkgs-default", `\`${path.join(".")}\``);
}

/** `nixpkgs.hostPlatform` or `nixpkgs.system` of the host, else the `system` it was called with. */
function platform(config: Value, args: Attrs): Value {
  for (const path of [
    ["nixpkgs", "hostPlatform"],
    ["nixpkgs", "hostPlatform", "system"],
    ["nixpkgs", "system"],
    ["nixpkgs", "localSystem", "system"],
  ]) {
    const value = valueAt(config, path);
    if (typeof value === "string") return value;
  }
  const given = args.lookup("system");
  const system = given === undefined ? null : force(given.value);
  return system === null ? new Unknown("nixpkgs-default", "the system of the host") : system;
}

/** What `nixosSystem` returns, `extendModules` included. */
function systemValue(input: ModulesInput): Attrs {
  const mayDeclare = ({ cause }: UnreadDefinitions) => cause.reason === "input" && !cause.isPublished;
  const facts = createFactsModule(() => evaluation.unread.find(mayDeclare)?.cause ?? null);
  const evaluation: ModuleEvaluation = evalModules({ ...input, modules: [facts, ...input.modules] });
  const own = evaluation.value;
  const extend = define("extendModules", 1, ([more]) => systemValue(extendInput(input, force(more as Lazy))));
  const argument = (name: string) => lazily(() => valueAt(evaluation.moduleConfig, ["_module", "args", name]));
  const entries = new Map(own.entries);
  entries.set("extendModules", new Attr(extend));
  entries.set("pkgs", new Attr(argument("pkgs")));
  entries.set("lib", new Attr(input.specialArgs.lookup("lib")?.value ?? null));
  const tag: SystemTag = { kind: "nixos-system", evaluation };
  tagOfExtend.set(extend, tag);
  return new Attrs(entries, null, tag);
}

/** The host behind a system, under its name in `nixosConfigurations`. */
export function hostOf(tag: SystemTag, name: string, span: Span | null, kind: Host["kind"] = "host"): Host {
  const { evaluation } = tag;
  const asked = new Map<string, Option>();
  const option = (path: AttrPath): Option => {
    const key = path.join("\0");
    let found = asked.get(key);
    if (found === undefined) {
      const { attr, parent } = attrAt(evaluation.config, path);
      found = optionFromAttr(path, attr, () => undefinedValue(parent, path));
      asked.set(key, found);
    }
    return found;
  };
  return {
    name,
    kind,
    get span() {
      return span ?? ownModulePlace(evaluation);
    },
    get system() {
      const system = platform(evaluation.moduleConfig, emptyAttrs);
      const args = valueAt(evaluation.moduleConfig, ["_module", "args", "pkgs", "system"]);
      return typeof system === "string" ? system : typeof args === "string" ? args : null;
    },
    budget: createBudget(),
    get config() {
      return evaluation.config;
    },
    get modules() {
      return evaluation.modules;
    },
    get unread() {
      return evaluation.unread.map(toUnread);
    },
    get undeclared() {
      return evaluation.unmatched().map(({ value }) => followDefinition(value).path);
    },
    option,
    children: (path) => childrenOf(option(path)),
  };
}

/** The first module that is a file, for a host that a framework puts together. */
function ownModulePlace({ modules }: ModuleEvaluation): Span | null {
  const file = modules.map((module) => module.file).find((path) => /^\/[^,]*(?<!\/flake)\.nix$/.test(path));
  return file === undefined ? null : { file, start: 0, end: 1 };
}

function undefinedValue(parent: Value, path: AttrPath): Value {
  if (parent instanceof Unknown) return parent;
  if (parent instanceof Attrs && parent.rest !== null) return parent.rest;
  return new Unknown("nixpkgs-default", `\`${path.join(".")}\` is not defined`, null, { optionPath: path });
}

function toUnread({ cause, importedAt }: UnreadDefinitions): UnreadModule {
  return { input: cause.input ?? cause.message, importedAt, cause };
}

function childrenOf(option: Option): ReturnType<Host["children"]> {
  const set = option.value;
  if (!(set instanceof Attrs)) return { options: [], rest: set instanceof Unknown ? set : null };
  const options = [...set.entries].map(([name, attr]) =>
    optionFromAttr([...option.path, name], attr, () => new Unknown("nixpkgs-default", `\`${name}\``)),
  );
  return { options, rest: set.rest };
}
