// The options that nixlint declares itself because its rules live on them: backup jobs, secrets, units, users.
// Facts from `data/nixos-services.json`; every submodule stays open, since other versions have more options.

import { coerceToText, type Text } from "../../eval/coerce.ts";
import { argument, define } from "../../eval/native.ts";
import { hashHex } from "../../eval/store-hash.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { evalError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, emptyAttrs, emptyList, joinText, type Lazy, type Value } from "../../eval/value.ts";
import { callLib } from "../lib-access.ts";
import { nativeFile } from "../modules/declaration.ts";
import type { AttrPath } from "../modules/definition.ts";
import { option } from "../modules/internal-module.ts";
import { configTag } from "../modules/option-record.ts";
import type { OptionType } from "../modules/option-type.ts";
import { listOf, attrsOf as setOf } from "../modules/types/collections.ts";
import { anything, nullOr } from "../modules/types/combinators.ts";
import { nixType } from "../modules/types/nix-type.ts";
import { bool, raw, str } from "../modules/types/scalars.ts";
import { borgJob, resticJob } from "./job-options.ts";
import { unitUser } from "./known-units.ts";
import {
  lines,
  type Options,
  openSubmodule,
  read,
  settings,
  stringOrList,
  strings,
  unitOption,
} from "./open-submodule.ts";

const unitRelations = [
  "after",
  "before",
  "bindsTo",
  "conflicts",
  "onFailure",
  "onSuccess",
  "partOf",
  "requiredBy",
  "requires",
  "requisite",
  "upheldBy",
  "wantedBy",
  "wants",
] as const;

function unitOptions(): Options {
  return {
    enable: option(bool, true),
    unitConfig: option(settings, emptyAttrs),
    ...Object.fromEntries(unitRelations.map((name) => [name, option(strings, emptyList)])),
  };
}

const service = openSubmodule({
  ...unitOptions(),
  environment: option(setOf(raw), emptyAttrs),
  path: option(listOf(raw), emptyList),
  serviceConfig: option(settings, emptyAttrs),
  startAt: option(stringOrList, emptyList),
  ...Object.fromEntries(
    ["script", "preStart", "postStart", "preStop", "postStop", "reload"].map((name) => [name, option(lines, "")]),
  ),
});

const timer = openSubmodule({ ...unitOptions(), timerConfig: option(settings, emptyAttrs) });

const account = {
  enable: option(bool, true),
  isNormalUser: option(bool, false),
  isSystemUser: option(bool, false),
  extraGroups: option(strings, emptyList),
};

const user = openSubmodule(account, ({ name, config }) => {
  const isNormal = () => read(config, "isNormalUser") === true;
  return {
    name: option(str, name),
    group: option(
      str,
      lazily(() => (isNormal() ? "users" : "")),
    ),
    home: option(
      str,
      lazily(() => (isNormal() ? `/home/${String(read(config, "name"))}` : "/var/empty")),
    ),
  };
});

const group = openSubmodule({ members: option(strings, emptyList) }, ({ name }) => ({ name: option(str, name) }));

/** Owner and group as sops-nix sets them by default: nobody named, so root. */
const secretOwnership: Options = {
  owner: option(nullOr(str), null),
  group: option(nullOr(str), null),
  mode: option(str, "0400"),
  restartUnits: option(strings, emptyList),
  reloadUnits: option(strings, emptyList),
};

const ownSecret = { ...secretOwnership, neededForUsers: option(bool, false) };

function sopsSecret(root: Lazy): OptionType {
  const sops = (name: string) => read(read(root, "sops"), name);
  return openSubmodule(ownSecret, ({ name, config }) => {
    const below = () => (read(config, "neededForUsers") === true ? "/run/secrets-for-users" : "/run/secrets");
    return {
      name: option(str, name),
      key: option(str, name),
      format: option(
        str,
        lazily(() => sops("defaultSopsFormat")),
      ),
      path: option(
        str,
        lazily(() => `${below()}/${String(read(config, "name"))}`),
      ),
      sopsFile: option(
        anything,
        lazily(() => sops("defaultSopsFile")),
      ),
    };
  });
}

const sopsTemplate = openSubmodule({ ...secretOwnership, content: option(lines, "") }, ({ name, config }) => ({
  name: option(str, name),
  path: option(
    str,
    lazily(() => `/run/secrets/rendered/${String(read(config, "name"))}`),
  ),
}));

const agenixSecret = {
  file: option(anything, new Unknown("nixpkgs-default", "a secret of agenix without `file`")),
  mode: option(str, "0400"),
  owner: option(str, "0"),
  group: option(str, "0"),
};

const ageSecret = openSubmodule(agenixSecret, ({ name, config }) => ({
  name: option(str, name),
  path: option(
    str,
    lazily(() => `/run/agenix/${String(read(config, "name"))}`),
  ),
}));

/** A container; `volumes` are what it keeps. */
const container = openSubmodule({
  volumes: option(strings, emptyList),
  environment: option(setOf(anything), emptyAttrs),
  environmentFiles: option(listOf(raw), emptyList),
  user: option(nullOr(str), null),
  ports: option(strings, emptyList),
  extraOptions: option(strings, emptyList),
  dependsOn: option(strings, emptyList),
  cmd: option(strings, emptyList),
  autoStart: option(bool, true),
});

/** The host's names: the long one follows from the short one and the domain. */
function networking(root: Lazy): Options {
  const own = (name: string) => read(read(root, "networking"), name);
  const named = (domain: Value): Value => joinText([textOf(own("hostName")), ".", textOf(domain)]);
  return {
    hostName: option(str, "nixos"),
    domain: option(nullOr(str), null),
    fqdn: option(
      str,
      lazily(() => {
        const domain = own("domain");
        return domain === null ? evalError("`networking.fqdn` needs `networking.domain`") : named(domain);
      }),
    ),
    fqdnOrHostName: option(
      str,
      lazily(() => {
        const domain = own("domain");
        return domain === null ? own("hostName") : named(domain);
      }),
    ),
  };
}

/** What stands for a secret in the text of a template. Source: Mic92/sops-nix, `modules/sops/templates/default.nix`. */
function placeholders(secrets: Value): Value {
  if (!(secrets instanceof Attrs)) return secrets;
  const entries = [...secrets.entries.keys()].map((name): [string, Lazy] => [
    name,
    `<SOPS:${hashHex("sha256", name)}:PLACEHOLDER>`,
  ]);
  const { rest } = secrets;
  const optionPath = ["sops", "placeholder"];
  const more = rest && new Unknown(rest.reason, rest.message, rest.span, { optionPath });
  return new Attrs(attrsOf(Object.fromEntries(entries)).entries, more, { ...configTag, optionPath });
}

/** The platforms of the host: whoever names a system gets all that follows from the name. */
function nixpkgs(root: Lazy, lib: Lazy): Options {
  const apply = define("elaborate", 1, ([given]) => {
    const platform = force(given as Lazy);
    return platform instanceof Unknown ? platform : callLib(lib, "systems.elaborate", platform);
  });
  const platform = (fallback: Lazy) =>
    attrsOf({ _type: "option", type: nixType(unitOption), default: fallback, apply });
  return {
    hostPlatform: platform(new Unknown("nixpkgs-default", "the system of the host")),
    buildPlatform: platform(lazily(() => read(read(root, "nixpkgs"), "hostPlatform"))),
  };
}

function textOf(value: Value): Text {
  return coerceToText(value, null, { lenient: false, copyPaths: false });
}

/** An option whose entries somebody out of sight may add to; `who` says who, or null when nobody can. */
function openOption(type: OptionType, path: AttrPath, who: () => Unknown | null): Lazy {
  const apply = define("open", 1, ([given]) => {
    const set = force(given as Lazy);
    if (!(set instanceof Attrs)) return set;
    const rest = who();
    if (rest === null) return new Attrs(set.entries, set.rest, { ...(set.tag ?? configTag), optionPath: path });
    return new Attrs(set.entries, set.rest ?? rest, set.tag);
  });
  return attrsOf({ _type: "option", type: nixType(type), default: emptyAttrs, apply });
}

/** An option of secrets, to which modules that could not be read may add. */
function secretsOption(type: OptionType, path: AttrPath, unread: Unread): Lazy {
  return openOption(type, path, () => declaredUnread(path, unread));
}

/** What modules that could not be read may declare. */
function declaredUnread(path: AttrPath, unread: Unread): Unknown | null {
  const cause = unread();
  if (cause === null) return null;
  const message = `the input \`${cause.input ?? "unknown"}\` is not on disk and may declare it`;
  return new Unknown("input", message, cause.span, { optionPath: path, ...(cause.input && { input: cause.input }) });
}

/** Units of the flake; any other name may be one of a module of nixpkgs. */
function unitsOption(root: Lazy): Lazy {
  const path = ["systemd", "services"];
  const apply = define("units", 1, ([given]) => {
    const set = force(given as Lazy);
    if (!(set instanceof Attrs) || set.rest !== null) return set;
    const supply = (name: string) => set.lookup(name) ?? unitOfNixpkgs(root, [...path, name]);
    return new Attrs(() => set.entries, null, { ...(set.tag ?? configTag), optionPath: path }, supply);
  });
  return attrsOf({ _type: "option", type: nixType(setOf(service)), default: emptyAttrs, apply });
}

/** Of such a unit at most its user is known. */
function unitOfNixpkgs(root: Lazy, path: AttrPath): Attr {
  const [name = ""] = path.slice(-1);
  const unread = (...below: readonly string[]) =>
    new Unknown("nixpkgs-default", `nixpkgs declares the unit \`${name}\``, null, { optionPath: [...path, ...below] });
  const possible = (value: Lazy, ...below: readonly string[]) => new Attr(value, null, unread(...below));
  const known = unitUser(name);
  if (!known) return possible(unread());
  const user = lazily(() => (known.option === null ? known.user : (readAt(root, known.option) ?? known.user)));
  const settings = new Map([["User", possible(user, "serviceConfig", "User")]]);
  const parts = new Map([["serviceConfig", possible(new Attrs(settings, unread("serviceConfig")), "serviceConfig")]]);
  return possible(new Attrs(parts, unread()));
}

function readAt(root: Lazy, path: AttrPath): Value {
  return path.reduce((set, name) => read(set, name), force(root));
}

/** The accounts of the system and of its services, which modules of nixpkgs declare. */
function declaredByNixpkgs(kind: "users" | "groups"): Unknown {
  const message = `nixpkgs declares ${kind} for its services`;
  return new Unknown("nixpkgs-default", message, null, { optionPath: ["users", kind] });
}

/** Why a module of the host could not be read; null when all were. Only asked for once the modules are known. */
export type Unread = () => Unknown | null;

/** The module that declares all of them on a host. */
export function createFactsModule(unread: Unread): Lazy {
  return define("nixos-facts", 1, (args) => facts(args, unread));
}

function facts(args: readonly Lazy[], unread: Unread): Value {
  const root = lazily(() => read(argument(args, 0), "config"));
  const tree = {
    services: attrsOf({
      restic: attrsOf({ backups: option(setOf(resticJob), emptyAttrs) }),
      borgbackup: attrsOf({ jobs: option(setOf(borgJob), emptyAttrs) }),
    }),
    systemd: attrsOf({
      services: unitsOption(root),
      timers: option(setOf(timer), emptyAttrs),
      tmpfiles: attrsOf({ rules: option(strings, emptyList) }),
    }),
    users: attrsOf({
      users: openOption(setOf(user), ["users", "users"], () => declaredByNixpkgs("users")),
      groups: openOption(setOf(group), ["users", "groups"], () => declaredByNixpkgs("groups")),
    }),
    sops: attrsOf({
      secrets: secretsOption(setOf(sopsSecret(root)), ["sops", "secrets"], unread),
      templates: secretsOption(setOf(sopsTemplate), ["sops", "templates"], unread),
      placeholder: option(
        setOf(str),
        lazily(() => placeholders(read(read(root, "sops"), "secrets"))),
      ),
    }),
    age: attrsOf({ secrets: secretsOption(setOf(ageSecret), ["age", "secrets"], unread) }),
    virtualisation: attrsOf({
      "oci-containers": attrsOf({ containers: option(setOf(container), emptyAttrs) }),
    }),
    networking: attrsOf(networking(root)),
    nixpkgs: attrsOf(
      nixpkgs(
        root,
        lazily(() => read(argument(args, 0), "lib")),
      ),
    ),
    assertions: option(listOf(raw), emptyList),
    warnings: option(strings, emptyList),
  };
  return attrsOf({ _file: nativeFile, key: "nixos-facts", options: attrsOf(tree) });
}
