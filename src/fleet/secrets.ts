// Secrets that sops-nix and agenix put in place: what they are called, where they are, and who may read them.

import { Unknown } from "../eval/unknown.ts";
import type { Value } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Option } from "../nixpkgs/modules/definition.ts";
import type { Span } from "../source/span.ts";
import { catalogue } from "./catalogue.ts";
import { attrIn, entriesOf, isUnset, knownText, readText, type Text, textIn, toText } from "./known.ts";
import { normalisePath } from "./state-paths.ts";

export interface Secret {
  /** The attr name; messages show the option. */
  readonly name: string;
  readonly manager: "sops" | "agenix";
  /** `sops.secrets."restic/password"`. */
  readonly option: string;
  readonly span: Span | null;
  /** Where it is to be found at run time. */
  readonly path: Text;
  readonly owner: Owner;
  readonly group: Owner;
  /** `0400`. */
  readonly mode: Text;
  /** The encrypted file; null when the manager's default is not known. */
  readonly file: Text | null;
  /** The key in that file; for agenix, which has one secret per file, null. */
  readonly key: Text | null;
}

export interface Owner {
  readonly text: Text;
  /** Where it is set; null when it is the default. */
  readonly span: Span | null;
}

export interface SecretList {
  readonly secrets: readonly Secret[];
  /** Why there may be more, or other owners than those in sight. */
  readonly rest: Unknown | null;
}

interface Manager {
  readonly manager: Secret["manager"];
  readonly path: readonly string[];
  readonly directory: string;
}

const managers: readonly Manager[] = [
  { manager: "sops", path: ["sops", "secrets"], directory: "/run/secrets" },
  { manager: "sops", path: ["sops", "templates"], directory: "/run/secrets/rendered" },
  { manager: "agenix", path: ["age", "secrets"], directory: "/run/agenix" },
];

export function readSecrets(host: Host): SecretList {
  const unread = unreadSecrets(host);
  const lists = managers.map((manager) => {
    const { entries, rest } = entriesOf(host, manager.path);
    return { secrets: entries.map(({ name, option }) => readSecret(host, manager, { name, option, unread })), rest };
  });
  return {
    secrets: lists.flatMap((list) => list.secrets),
    rest: lists.find((list) => list.rest !== null)?.rest ?? unread,
  };
}

/** A module that is not read may declare any secret, and give any secret another owner. */
function unreadSecrets(host: Host): Unknown | null {
  const [module] = host.unread;
  if (!module) return null;
  return new Unknown(
    "input",
    `a module of the unread input \`${module.input}\` may declare secrets`,
    module.importedAt,
  );
}

interface Declared {
  readonly name: string;
  readonly option: Option;
  readonly unread: Unknown | null;
}

function readSecret(host: Host, manager: Manager, { name, option, unread }: Declared): Secret {
  const { value } = option;
  const fileName = knownText(textIn(value, ["name"])) ?? name;
  const isEarly = attrIn(value, ["neededForUsers"])?.value === true;
  const directory = isEarly ? "/run/secrets-for-users" : manager.directory;
  const owner = readOwner(host.option([...option.path, "owner"]), unread);
  return {
    name,
    manager: manager.manager,
    option: showOption([...manager.path, name]),
    span: option.span,
    path: pathOf(value, `${directory}/${fileName}`),
    owner,
    group: readGroup(host, host.option([...option.path, "group"]), { owner, unread }),
    mode: textIn(value, ["mode"])?.text ?? "0400",
    file: encryptedFile(host, manager, value),
    key: manager.manager === "agenix" ? null : (textIn(value, ["key"])?.text ?? name),
  };
}

function encryptedFile(host: Host, { manager }: Manager, value: Value): Text | null {
  if (manager === "agenix") return (textIn(value, ["file"]) ?? textIn(value, ["rekeyFile"]))?.text ?? null;
  return (textIn(value, ["sopsFile"]) ?? readText(host.option(["sops", "defaultSopsFile"])))?.text ?? null;
}

function pathOf(value: Value, fallback: string): Text {
  const set = textIn(value, ["path"])?.text;
  return typeof set === "string" ? normalisePath(set) : (set ?? fallback);
}

/** Null, "0", "root" and nothing at all are root; with an unread module around, nothing at all is unknown. */
function readOwner(option: Option, unread: Unknown | null): Owner {
  const { value, span } = option;
  if (value === null || value === "0" || isUnset(value)) return { text: unread ?? "root", span: null };
  return { text: toText(value), span };
}

interface GroupSources {
  readonly owner: Owner;
  readonly unread: Unknown | null;
}

/** Without one of its own, the owner's primary group. */
function readGroup(host: Host, option: Option, { owner, unread }: GroupSources): Owner {
  const set = readOwner(option, unread);
  if (set.span !== null || set.text !== "root" || owner.text === "root") return set;
  if (typeof owner.text !== "string") return { text: owner.text, span: null };
  return { text: primaryGroup(host, owner.text), span: null };
}

/** The user's primary group: by `users.users`, else the one that a service of the catalogue gives it. */
export function primaryGroup(host: Host, user: string): Text {
  if (user === "root") return "root";
  if (user === "nobody") return "nogroup";
  const group = host.option(["users", "users", user, "group"]);
  if (typeof group.value === "string" && group.value !== "") return group.value;
  if (group.value instanceof Unknown && !isUnset(group.value)) return group.value;
  const service = [...catalogue.values()].find((entry) => entry.user === user && entry.group !== null);
  return (
    service?.group ?? new Unknown("nixpkgs-default", `the primary group of \`${user}\` is not declared`, group.span)
  );
}

/** As people write it: names that are no identifiers in quotes. */
export function showOption(path: readonly string[]): string {
  return path.map((name) => (/^[A-Za-z_][\w'-]*$/.test(name) ? name : JSON.stringify(name))).join(".");
}

/** The secret at a path; "unknown" when it may be one that is not in sight; null when it is none. */
export function secretAt(path: Text, { secrets, rest }: SecretList): Secret | Unknown | null {
  if (path instanceof Unknown) return secretNamedBy(path, secrets) ?? path;
  if (typeof path !== "string") return path.hole;
  const wanted = normalisePath(path);
  const found = secrets.find((secret) => secret.path === wanted);
  if (found) return found;
  const doubtful = secrets.find((secret) => typeof secret.path !== "string");
  if (doubtful && isSecretPath(wanted)) return doubtful.path instanceof Unknown ? doubtful.path : null;
  return isSecretPath(wanted) ? rest : null;
}

function isSecretPath(path: string): boolean {
  return /^\/run\/(secrets|agenix)/.test(path);
}

/** `config.sops.secrets.x.path` of a set that is not known keeps its option path. */
function secretNamedBy({ optionPath }: Unknown, secrets: readonly Secret[]): Secret | null {
  if (optionPath === null || optionPath.at(-1) !== "path") return null;
  const option = showOption(optionPath.slice(0, -1));
  return secrets.find((secret) => secret.option === option) ?? null;
}
