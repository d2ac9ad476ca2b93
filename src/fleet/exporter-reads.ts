// The secrets that exporters read while they run, as the user they run as.

import { type Answer, undecided } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Span } from "../source/span.ts";
import { exporterFacts } from "./catalogue.ts";
import type { Exporter } from "./exporters.ts";
import { type Located, readText, type Text } from "./known.ts";
import { canRead, readerOf } from "./readers.ts";
import { type Secret, type SecretList, secretAt } from "./secrets.ts";
import { sshKeysFor } from "./ssh-config.ts";

export interface ExporterRead {
  readonly exporter: Exporter;
  /** `SSH key`, `passwordFile`. */
  readonly role: string;
  /** Null when it is not known which one it is, if any. */
  readonly secret: Secret | null;
  readonly user: Text;
  readonly canRead: Answer;
  readonly span: Span | null;
}

export function exporterReads(
  host: Host,
  exporters: readonly Exporter[],
  secrets: SecretList,
): readonly ExporterRead[] {
  return exporters.flatMap((exporter) => {
    const { user, group, unit } = exporter;
    if (user === null) return [];
    const reader = readerOf(host, { unit, user, group });
    return filesOf(host, exporter, user).flatMap(({ role, path }): ExporterRead[] => {
      const secret = secretAt(path.text, secrets);
      if (secret === null) return [];
      const base = { exporter, role, user: user.text, span: path.span };
      if (secret instanceof Unknown) return [{ ...base, secret: null, canRead: undecided(secret) }];
      return [{ ...base, secret, canRead: canRead(reader, secret) }];
    });
  });
}

interface ReadFile {
  readonly role: string;
  readonly path: Located;
}

/** What systemd does not hand over: files of the module's other options, and the key that ssh reads. */
function filesOf(host: Host, { name, option, repository }: Exporter, user: Located): readonly ReadFile[] {
  const facts = exporterFacts.get(name);
  if (facts?.option !== option) return [];
  const handedOver = facts.secretsViaCredentials ?? [];
  const options = Object.keys(facts.defaults)
    .map((path) => path.split(".").at(-1) ?? "")
    .filter((attr) => /(password|token|apiKey|secret|credentials)File$/i.test(attr) && !handedOver.includes(attr));
  const named = options.flatMap((attr): ReadFile[] => {
    const path = readText(host.option([...option.split("."), attr]));
    return path ? [{ role: `\`${attr}\``, path }] : [];
  });
  const keys = name === "restic" ? sshKeysFor(host, repository, user) : [];
  return [...named, ...keys.map((path) => ({ role: "SSH key", path }))];
}
