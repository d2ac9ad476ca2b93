// Secrets that sops-nix and agenix put in place: what they are called, where they are, and who may read them.

import { type Answer, all, no, toAnswer, undecided } from "../eval/answer.ts";
import { pathOfText } from "../eval/coerce.ts";
import { force } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Value } from "../eval/value.ts";
import { firstPrivate, type Host } from "../nixpkgs/host.ts";
import type { AttrPath, Option } from "../nixpkgs/modules/definition.ts";
import type { Span } from "../source/span.ts";
import { catalogue } from "./catalogue.ts";
import {
  attrIn,
  doubtOf,
  entriesOf,
  flagOf,
  isUnset,
  knownText,
  type Located,
  readText,
  type Text,
  textIn,
  toText,
} from "./known.ts";
import { presenceOf } from "./presence.ts";
import { normalisePath } from "./state-paths.ts";

export interface Secret {
  /** The attr name; messages show the option. */
  readonly name: string;
  readonly manager: "sops" | "agenix";
  /** A template is a file of the flake's own text with secrets in it. */
  readonly kind: "secret" | "template";
  /** `sops.secrets."restic/password"`. */
  readonly option: string;
  /** The same as names. */
  readonly optionPath: AttrPath;
  readonly span: Span | null;
  /** Whether it is declared at all, which a condition may leave open. */
  readonly certain: Answer;
  /** Where it is to be found at run time. */
  readonly path: Text;
  readonly owner: Owner;
  readonly group: Owner;
  /** `0400`. */
  readonly mode: Text;
  readonly modeSpan: Span | null;
  readonly isWorldReadable: Answer;
  /** The encrypted file; null when the manager's default is not known. */
  readonly file: Text | null;
  /** The key in that file; null where the whole file is the secret, as always with agenix. */
  readonly key: Text | null;
  /** Decrypted before users are made, for their passwords. */
  readonly isEarly: Answer;
}

export interface Owner {
  readonly text: Text;
  /** Where it is set; null when it is the default. */
  readonly span: Span | null;
  /** The different names that it is given with one priority: more than one is a conflict. */
  readonly claims: readonly Located[];
  readonly hasConflict: Answer;
}

export interface SecretList {
  readonly secrets: readonly Secret[];
  /** Why there may be more, or other owners than those in sight. */
  readonly rest: Unknown | null;
}

interface Manager {
  readonly manager: Secret["manager"];
  readonly kind: Secret["kind"];
  readonly path: readonly string[];
  readonly directory: string;
}

const managers: readonly Manager[] = [
  { manager: "sops", kind: "secret", path: ["sops", "secrets"], directory: "/run/secrets" },
  { manager: "sops", kind: "template", path: ["sops", "templates"], directory: "/run/secrets/rendered" },
  { manager: "agenix", kind: "secret", path: ["age", "secrets"], directory: "/run/agenix" },
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
  const module = firstPrivate(host.unread);
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
  const early = flagOf(attrIn(value, ["neededForUsers"])?.value ?? false) ?? false;
  const mode = textIn(value, ["mode"]);
  const directory = early === true ? "/run/secrets-for-users" : manager.directory;
  const owner = readOwner(host.option([...option.path, "owner"]), unread);
  return {
    name,
    manager: manager.manager,
    kind: manager.kind,
    option: showOption([...manager.path, name]),
    optionPath: [...manager.path, name],
    span: option.span,
    certain: presenceOf(option),
    path: pathOf(value, `${directory}/${fileName}`),
    owner,
    group: readGroup(host, host.option([...option.path, "group"]), { owner, unread }),
    mode: mode?.text ?? "0400",
    modeSpan: mode?.span ?? null,
    isWorldReadable: isWorldReadable(mode?.text ?? "0400"),
    file: encryptedFile(host, manager, value),
    key: keyOf(manager, value, name),
    isEarly: toAnswer(early),
  };
}

/** sops-nix takes the whole file for formats without keys, and for an empty key. */
function keyOf({ manager, kind }: Manager, value: Value, name: string): Text | null {
  const format = knownText(textIn(value, ["format"]));
  if (manager === "agenix" || kind === "template" || /^(binary|dotenv|ini)$/.test(format ?? "")) return null;
  const key = textIn(value, ["key"])?.text ?? name;
  return key === "" ? null : key;
}

function encryptedFile(host: Host, { manager, kind }: Manager, value: Value): Text | null {
  if (kind === "template") return null;
  const file =
    manager === "agenix"
      ? (textIn(value, ["file"]) ?? textIn(value, ["rekeyFile"]))
      : (textIn(value, ["sopsFile"]) ?? readText(host.option(["sops", "defaultSopsFile"])));
  if (file === undefined) return null;
  // `"${self}/secrets/x.yaml"` is the file of this flake.
  return file.text instanceof Unknown ? file.text : (pathOfText(file.text) ?? file.text);
}

function pathOf(value: Value, fallback: string): Text {
  const set = textIn(value, ["path"])?.text;
  return typeof set === "string" ? normalisePath(set) : (set ?? fallback);
}

/** Null, "0", "root" and nothing at all are root; with an unread module around, nothing at all is unknown. */
function readOwner(option: Option, unread: Unknown | null): Owner {
  const { value, span } = option;
  if (value === null || value === "0" || isUnset(value)) return { text: unread ?? "root", span: null, ...noClaims };
  return { text: toText(value), span, ...claimsOf(option) };
}

const noClaims: Pick<Owner, "claims" | "hasConflict"> = { claims: [], hasConflict: no };

function claimsOf({ definitions }: Option): Pick<Owner, "claims" | "hasConflict"> {
  const claims = new Map<string, Located>();
  let claimDoubt: Unknown | null = null;
  for (const { value, span, certain } of definitions) {
    const text = toText(force(value));
    const doubt = doubtOf(text) ?? (certain ? null : new Unknown("unsupported", "a condition that is not known", span));
    if (doubt) claimDoubt ??= doubt;
    else if (!claims.has(text as string)) claims.set(text as string, { text, span });
  }
  const isOpen = definitions.length > 1 && claims.size < 2;
  const hasConflict = claimDoubt !== null && isOpen ? undecided(claimDoubt) : toAnswer(claims.size > 1);
  return { claims: [...claims.values()], hasConflict };
}

/** Whether it is root's, as every secret is by default. */
export function belongsToRoot({ owner, group }: Secret): Answer {
  return all(
    [owner, group].map(({ text }) => {
      const doubt = doubtOf(text);
      return doubt ? undecided(doubt) : toAnswer(text === "root");
    }),
  );
}

function isWorldReadable(mode: Text): Answer {
  const doubt = doubtOf(mode);
  return doubt ? undecided(doubt) : toAnswer((Number.parseInt(mode as string, 8) & 0o004) !== 0);
}

interface GroupSources {
  readonly owner: Owner;
  readonly unread: Unknown | null;
}

/** Without one of its own, the owner's primary group. */
function readGroup(host: Host, option: Option, { owner, unread }: GroupSources): Owner {
  const set = readOwner(option, unread);
  if (set.span !== null || set.text !== "root" || owner.text === "root") return set;
  if (typeof owner.text !== "string") return { text: owner.text, span: null, ...noClaims };
  return { text: primaryGroup(host, owner.text), span: null, ...noClaims };
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
