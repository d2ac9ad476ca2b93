// Units of the flake that read secrets: which file, and as whom.

import type { Answer } from "../eval/answer.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Span } from "../source/span.ts";
import { readScript } from "./commands.ts";
import { attrIn, entriesOf, type Located, type Text, textIn, textsIn } from "./known.ts";
import { canRead, readerOf } from "./readers.ts";
import type { Secret, SecretList } from "./secrets.ts";

/** A unit that somebody wrote names a secret's path in what it runs. */
export interface UnitRead {
  /** `systemd.services.sync`. */
  readonly option: string;
  readonly user: Located;
  readonly secret: Secret;
  readonly canRead: Answer;
  readonly span: Span | null;
}

/** `taken` are the units of jobs, whose files have questions of their own. */
export function unitReads(host: Host, { secrets }: SecretList, taken: ReadonlySet<string>): readonly UnitRead[] {
  const { entries } = entriesOf(host, ["systemd", "services"]);
  return entries.flatMap(({ name, option }): UnitRead[] => {
    const user = textIn(option.value, ["serviceConfig", "User"]);
    if (taken.has(name) || user === undefined || user.text === "root") return [];
    const text = ownText(option.value);
    const group = textIn(option.value, ["serviceConfig", "Group"]) ?? null;
    const reader = readerOf(host, { unit: name, user, group });
    return secrets
      .filter((secret) => mentions(text, secret.path) && !isHandedOver(option.value, secret))
      .map((secret) => ({
        option: `systemd.services.${name}`,
        user,
        secret,
        canRead: canRead(reader, secret),
        span: option.span,
      }));
  });
}

/** What runs as the unit's own user: lines that start with `+` or `!` run as root. */
function ownText(unit: Parameters<typeof attrIn>[0]): string {
  const texts = [["script"], ["preStart"], ["serviceConfig", "ExecStart"]].map(
    (path) => readScript(attrIn(unit, path)?.value ?? null).text,
  );
  return texts.filter((text) => !/^[-@:]*[+!]/.test(text)).join("\n");
}

function mentions(text: string, path: Text): boolean {
  if (typeof path !== "string") return false;
  const at = text.indexOf(path);
  return at >= 0 && !/[\w.-]/.test(text.charAt(at + path.length));
}

/** systemd reads these itself, as root. */
function isHandedOver(unit: Parameters<typeof attrIn>[0], { path }: Secret): boolean {
  const given = ["LoadCredential", "LoadCredentialEncrypted", "EnvironmentFile"].flatMap(
    (name) => textsIn(unit, ["serviceConfig", name]).items,
  );
  return given.some(({ text }) => typeof text === "string" && typeof path === "string" && text.includes(path));
}
