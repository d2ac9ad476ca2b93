// `lib`, put together: the sub-sets, what nixpkgs has of them at the top level, and `extend`.

import { Attr, Attrs, attrsOf, type Lazy } from "../../eval/value.ts";
import { asserts } from "./asserts.ts";
import { withAttr } from "./attr-entries.ts";
import { attrsets } from "./attrsets.ts";
import { cli } from "./cli.ts";
import { customisation } from "./customisation.ts";
import { debug } from "./debug.ts";
import { aliasFunctions, definitionFunctions } from "./definitions.ts";
import { fetchers, kernel, misc } from "./deprecated.ts";
import { derivations } from "./derivations.ts";
import { fileset } from "./fileset.ts";
import { filesystem } from "./filesystem.ts";
import { fixedPoints, makeExtensible } from "./fixed-points.ts";
import { generators } from "./generators.ts";
import { gvariant } from "./gvariant.ts";
import { licenses, maintainers, sourceTypes, teams } from "./licenses.ts";
import { lists } from "./lists.ts";
import { meta } from "./meta.ts";
import { network, networkFunctions } from "./network.ts";
import { optionFunctions } from "./options.ts";
import { paths } from "./paths.ts";
import { any, callerOf, type Functions, inherit, native, notImplemented, set } from "./signature.ts";
import { sources } from "./sources.ts";
import { strings } from "./strings.ts";
import { stringsWithDeps } from "./strings-with-deps.ts";
import { platforms, systems } from "./systems.ts";
import { topLevelNames } from "./top-level.ts";
import { trivial } from "./trivial.ts";
import { versions } from "./versions.ts";

/** What the module system contributes, made for the `lib` that its modules will see. */
export interface ModulePart {
  /** Entries of `lib.modules` and `lib.options`, by name; they are at the top level too. */
  readonly functions: Functions;
  /** `lib.types`. */
  readonly types: Attrs;
}

export interface LibParts {
  /** The value of `builtins`. */
  readonly builtins: Attrs;
  /** Called once per `lib`, that is once more for each that is extended. */
  readonly modules: (lib: Lazy) => ModulePart;
}

/** `lib` with `extend`, which gives another `lib` whose parts see what the overlay changed. */
export function createLib(parts: LibParts): Attrs {
  const shared = sharedParts(parts.builtins);
  const members = native("lib", [any], ([self]) => assemble(shared, parts, self));
  const lib = makeExtensible("extend", members, null);
  // The function above gives a set whatever it is given.
  return lib as Attrs;
}

type SubSets = Readonly<Record<string, Functions>>;

/** What does not depend on the final `lib`. */
function sharedParts(builtins: Attrs): SubSets {
  return {
    asserts,
    attrsets: attrsets(builtins),
    cli: cli(builtins),
    customisation: customisation(builtins),
    debug: debug(builtins),
    derivations,
    fetchers,
    fileset: fileset(builtins),
    filesystem: filesystem(builtins),
    fixedPoints,
    flakes: inherit(builtins, ["flakeRefToString", "parseFlakeRef"]),
    generators: generators(builtins),
    gvariant,
    lists: lists(builtins),
    meta: meta(builtins),
    misc,
    network,
    path: paths,
    sources: sources(builtins),
    strings: strings(builtins),
    stringsWithDeps: stringsWithDeps(builtins),
    systems,
    trivial: trivial(builtins),
    versions: versions(builtins),
  };
}

const data: Functions = { licenses, maintainers, platforms, sourceTypes, teams };

/** Names of `lib.modules` that the module part need not have. */
const moduleNames = [
  "applyModuleArgsIfFunction",
  "collectModules",
  "defaultOrderPriority",
  "defaultOverridePriority",
  "dischargeProperties",
  "doRename",
  "evalModules",
  "evalOptionValue",
  "filterOverrides",
  "filterOverrides'",
  "fixMergeModules",
  "fixupOptionType",
  "importApply",
  "importJSON",
  "importTOML",
  "mergeAttrDefinitionsWithPrio",
  "mergeDefinitions",
  "mergeModules",
  "mergeModules'",
  "mergeOptionDecls",
  "mkAliasOptionModuleMD",
  "mkChangedOptionModule",
  "mkDerivedConfig",
  "mkMergedOptionModule",
  "mkRemovedOptionModule",
  "pushDownProperties",
  "setDefaultModuleLocation",
  "sortProperties",
  "unifyModuleSyntax",
];

function assemble(shared: SubSets, { builtins, modules }: LibParts, self: Lazy): Attrs {
  const { functions, types } = modules(self);
  const options = { ...optionFunctions, ...functions };
  const moduleFunctions = {
    ...notImplemented("lib.modules", moduleNames),
    ...definitionFunctions,
    ...aliasFunctions(functions),
    ...functions,
  };
  const subSets: SubSets = {
    ...shared,
    kernel: kernel(callerOf(builtins), functions.mkIf ?? null),
    modules: moduleFunctions,
    options,
  };
  const entries = new Map<string, Attr>();
  const add = (all: Functions) => {
    for (const [name, value] of Object.entries(all)) entries.set(name, new Attr(value));
  };
  add(notImplemented("lib", topLevelNames));
  add(topLevelOf(builtins, subSets));
  add(networkFunctions);
  add(typeFunctions(types));
  for (const [name, members] of Object.entries(subSets)) add({ [name]: attrsWhenAsked(members) });
  add(data);
  add({ types });
  return new Attrs(entries);
}

/** Most flakes use a few functions of a few of them. */
function attrsWhenAsked(members: Functions): Attrs {
  return new Attrs(() => attrsOf(members).entries);
}

/** The members of sub-sets that stand at the top level as well; where several have the name, nixpkgs' choice. */
function topLevelOf(builtins: Attrs, subSets: SubSets): Functions {
  const chosen: Record<string, Lazy> = { ...inherit(builtins, plainBuiltins) };
  for (const name of [...reexported].reverse()) {
    const members = subSets[name] ?? {};
    const wanted = Object.entries(members).filter(([member]) => topLevel.has(member));
    Object.assign(chosen, Object.fromEntries(wanted));
  }
  // The one name where nixpkgs prefers the list function, though `strings` wins otherwise.
  if (subSets.lists?.replicate !== undefined) chosen.replicate = subSets.lists.replicate;
  // Under its old name.
  if (subSets.lists?.imap1 !== undefined) chosen.imap = subSets.lists.imap1;
  return chosen;
}

const topLevel = new Set(topLevelNames);

/** Sub-sets with members at the top level, the one whose members win first. */
const reexported = [
  "strings",
  "trivial",
  "fixedPoints",
  "attrsets",
  "stringsWithDeps",
  "customisation",
  "derivations",
  "generators",
  "meta",
  "filesystem",
  "modules",
  "options",
  "asserts",
  "debug",
  "misc",
  "versions",
  "flakes",
  "sources",
  "lists",
];

const plainBuiltins = [
  "convertHash",
  "fromJSON",
  "fromTOML",
  "getContext",
  "hasContext",
  "hashString",
  "parseDrvName",
  "placeholder",
  "toFile",
  "toJSON",
  "toString",
  "toXML",
  "tryEval",
];

function typeFunctions(types: Attrs): Functions {
  const setType = native("setType", [any, set], ([type, value]) => withAttr(value, "_type", type));
  const names = ["defaultFunctor", "defaultTypeMerge", "isOptionType", "isType", "mkOptionType"];
  return { setType, ...inherit(types, names) };
}
