// The passwords of users that come from secrets, which have to be there before users are made.

import type { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Span } from "../source/span.ts";
import { attrIn, entriesOf, textIn } from "./known.ts";
import { type Secret, type SecretList, secretAt, showOption } from "./secrets.ts";

export interface PasswordSecret {
  readonly user: string;
  readonly option: string;
  /** Unknown when it may be one. */
  readonly secret: Secret | Unknown;
  readonly span: Span | null;
}

export function passwordSecrets(host: Host, secrets: SecretList): readonly PasswordSecret[] {
  return entriesOf(host, ["users", "users"]).entries.flatMap(({ name, option }) =>
    ["hashedPasswordFile", "passwordFile"].flatMap((attr): PasswordSecret[] => {
      const path = textIn(option.value, [attr]);
      const secret = path ? secretAt(path.text, secrets) : null;
      if (!path || secret === null) return [];
      const span = path.span ?? attrIn(option.value, [attr])?.span ?? option.span;
      return [{ user: name, option: showOption(["users", "users", name, attr]), secret, span }];
    }),
  );
}
