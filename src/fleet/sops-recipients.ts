// Who can decrypt: the recipients that a creation rule or an encrypted file names. Public keys only.

export interface Recipient {
  readonly kind: "age" | "pgp";
  /** `age1…`, `ssh-ed25519 …`, or a fingerprint in upper case. */
  readonly id: string;
}

/** One recipient may be written as a list, or as a text with commas. */
export function recipientsOf(kind: Recipient["kind"], value: unknown): readonly Recipient[] {
  if (Array.isArray(value)) return value.flatMap((item) => recipientsOf(kind, item));
  if (typeof value !== "string") return [];
  const ids = value.split(",").map((id) => normalise(kind, id));
  return ids.filter((id) => id !== "").map((id) => ({ kind, id }));
}

/** The comment of an SSH key is no part of it; gpg prints fingerprints in groups of four. */
function normalise(kind: Recipient["kind"], id: string): string {
  if (kind === "pgp") return id.replace(/\s+|^0x/g, "").toUpperCase();
  return id.trim().split(/\s+/).slice(0, 2).join(" ");
}

/** A long key id names the key whose fingerprint ends with it. */
export function isSameRecipient(a: Recipient, b: Recipient): boolean {
  if (a.kind !== b.kind) return false;
  return a.id === b.id || (a.kind === "pgp" && (a.id.endsWith(b.id) || b.id.endsWith(a.id)));
}

/** Those of `wanted` that are not among `present`. */
export function missingFrom(present: readonly Recipient[], wanted: readonly Recipient[]): readonly Recipient[] {
  return wanted.filter((recipient) => !present.some((other) => isSameRecipient(recipient, other)));
}

/** `ha-01` and `age1htr9…`: by the names that `.sops.yaml` gives them, else shortened. */
export function showRecipients(
  { names }: { readonly names: ReadonlyMap<string, Recipient> },
  recipients: readonly Recipient[],
): string {
  const shown = recipients.map((recipient) => {
    const named = [...names].find(([, other]) => isSameRecipient(recipient, other))?.[0];
    return `\`${named ?? `${recipient.id.slice(0, 16)}…`}\``;
  });
  return shown.join(", ");
}
