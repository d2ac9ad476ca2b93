// Secrets in the wrong hands or none: in the store, undeclared, without a key in their file, of an owner nobody makes,
// readable by all, too late for a user's password.

import type { Edit } from "../../src/edit/edit.ts";
import type { FleetHost } from "../../src/fleet/fleet.ts";
import type { Secret } from "../../src/fleet/secrets.ts";
import type { Run } from "../run-flake.ts";
import { type Fault, filesOf, joined } from "./kinds.ts";
import type { Places } from "./places.ts";
import { faultOf, resticSites, setJobOption } from "./places-of-jobs.ts";

interface Kept {
  readonly host: FleetHost;
  readonly secret: Secret;
}

/** Declared in the flake's own files, by the host itself. */
function* secretsOf(run: Run): Iterable<Kept> {
  for (const host of run.fleet.hosts)
    for (const secret of host.secrets)
      if (secret.kind === "secret" && secret.certain.kind === "yes" && secret.span !== null) yield { host, secret };
}

/** Another attr of the secret: in its set, or beside `sops.secrets.x.owner = …`. */
function setAttr({ span }: Secret, places: Places, text: string): readonly Edit[] | null {
  const inside = places.insertInto(span, text);
  if (inside !== null) return inside;
  const path = span ? places.textAt(span) : undefined;
  return path !== undefined && /\.\w+$/.test(path) ? places.insertBeside(span, text) : null;
}

function* faultAt(kept: Kept, edits: readonly Edit[] | null, more: readonly string[] = []): Iterable<Fault> {
  const { secret } = kept;
  if (edits === null) return;
  const files = [secret.span, secret.owner.span, secret.modeSpan].flatMap((span) => (span ? [span.file] : []));
  yield { edits, subjects: [secret.option, ...more], files: [...new Set([...files, ...filesOf(edits)])] };
}

export function* plantStoredPassword(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places)) {
    const edits = setJobOption(site, "passwordFile", 'builtins.toFile "password" "correcthorse"');
    for (const fault of faultOf(site, edits))
      yield { ...fault, subjects: fault.subjects.flatMap((option) => [option, `${option}.passwordFile`]) };
  }
}

export function* plantReadAtEval(run: Run, places: Places): Iterable<Fault> {
  for (const { secret } of secretsOf(run)) {
    const { path } = secret;
    if (typeof path !== "string") continue;
    const text = `environment.etc."planted".text = builtins.readFile ${JSON.stringify(path)};`;
    const edits = places.insertModule(secret.span, text);
    if (edits) yield { edits, subjects: [path], files: filesOf(edits) };
  }
}

/** Of those that jobs read by `config.sops.secrets.x.path`. */
export function* plantUndeclared(run: Run, places: Places): Iterable<Fault> {
  for (const host of run.fleet.hosts)
    for (const { secret, file, job } of host.secretReads) {
      if (secret === null || host.host.unread.length > 0) continue;
      const uses = filesWith(run, `${secret.option}.path`);
      const edits = uses.length > 0 ? places.remove(secret.span) : null;
      const files = [...uses, ...[file.path.span, job.span].flatMap((span) => (span ? [span.file] : []))];
      for (const fault of faultAt({ host, secret }, edits)) yield { ...fault, files: [...fault.files, ...files] };
    }
}

function filesWith(run: Run, text: string): readonly string[] {
  return [...run.flake.files.parsed].flatMap(([path, { source }]) => (source.text.includes(text) ? [path] : []));
}

export function* plantMissingKey(run: Run, places: Places): Iterable<Fault> {
  for (const host of run.fleet.hosts)
    for (const { secret, hasKey } of host.vault.sources)
      if (hasKey.kind === "yes" && secret.key !== null)
        yield* faultAt({ host, secret }, setAttr(secret, places, 'key = "planted-and-absent";'));
}

export function* plantStrangeOwner(run: Run, places: Places): Iterable<Fault> {
  for (const { host, secret } of secretsOf(run)) {
    if (host.host.unread.length > 0) continue;
    const { span } = secret.owner;
    const edits = span
      ? places.setValue(span, '"planted-nobody"')
      : setAttr(secret, places, 'owner = "planted-nobody";');
    yield* faultAt({ host, secret }, edits);
  }
}

export function* plantTwoOwners(run: Run, places: Places): Iterable<Fault> {
  for (const { host, secret } of secretsOf(run)) {
    if (secret.owner.span === null || secret.owner.text === "planted") continue;
    const edits = places.insertModule(secret.owner.span, `${secret.option}.owner = "planted";`);
    yield* faultAt({ host, secret }, edits);
  }
}

export function* plantOpenMode(run: Run, places: Places): Iterable<Fault> {
  for (const { host, secret } of secretsOf(run)) {
    const edits = secret.modeSpan
      ? places.setValue(secret.modeSpan, '"0444"')
      : setAttr(secret, places, 'mode = "0444";');
    if (secret.isWorldReadable.kind === "no") yield* faultAt({ host, secret }, edits);
  }
}

export function* plantTooLate(run: Run, places: Places): Iterable<Fault> {
  for (const host of run.fleet.hosts)
    for (const { option, secret, span } of host.vault.passwords) {
      if (secret.kind === "unknown" || secret.isEarly.kind !== "yes" || secret.manager !== "sops") continue;
      const early = host.host.option([...secret.optionPath, "neededForUsers"]);
      const edits = early.isDefined ? places.remove(early.span) : null;
      const more = span ? [span.file] : [];
      for (const fault of faultAt({ host, secret }, edits, [option]))
        yield { ...fault, files: [...fault.files, ...more] };
    }
}

export function* plantStrayPlaceholder(run: Run, places: Places): Iterable<Fault> {
  for (const { host, secret } of secretsOf(run)) {
    if (secret.manager !== "sops" || secret.span === null) continue;
    const reference = secret.option.replace(/^sops\.secrets/, "config.sops.placeholder");
    const text = `imports = [ ({ config, ... }: { environment.etc."planted".text = "password=\${${reference}}"; }) ];`;
    const edits = places.insertModule(secret.span, text);
    if (edits && host.kind === "host")
      yield { edits, subjects: ["environment.etc.planted.text", "environment.etc.planted"], files: filesOf(edits) };
  }
}

export function* plantUnusedSecret(run: Run, places: Places): Iterable<Fault> {
  for (const { host, secret } of secretsOf(run)) {
    if (host.kind !== "host" || host.host.unread.length > 0) continue;
    const isSops = secret.manager === "sops";
    const name = "planted-and-forgotten";
    const text = isSops ? `sops.secrets.${name} = { };` : `age.secrets.${name}.file = ./planted.age;`;
    const edits = places.insertModule(secret.span, text);
    const option = `${isSops ? "sops" : "age"}.secrets.${name}`;
    if (edits) yield { edits, subjects: [option], files: filesOf(edits) };
  }
}

/** A unit that runs as its own user, of whose secret somebody else becomes the owner. */
export function* plantUnreadable(run: Run, places: Places): Iterable<Fault> {
  for (const host of run.fleet.hosts)
    for (const { option, user, secret, canRead, span } of host.vault.unitReads) {
      if (canRead.kind !== "yes" || user.text === "root" || typeof user.text !== "string") continue;
      const owner = secret.owner.span
        ? places.setValue(secret.owner.span, '"nobody"')
        : setAttr(secret, places, 'owner = "nobody";');
      const group = host.host.option([...secret.optionPath, "group"]);
      const edits = joined([owner, ...(group.isDefined ? [places.remove(group.span)] : [])]);
      const more = [span, user.span].flatMap((one) => (one ? [one.file] : []));
      for (const fault of faultAt({ host, secret }, edits, [option]))
        yield { ...fault, files: [...fault.files, ...more] };
    }
}

/** Somebody decrypted it to look at it, and committed. */
export function* plantPlainText(run: Run): Iterable<Fault> {
  const { root, fs } = run.flake.files;
  for (const { path, config } of run.fleet.sops.governed) {
    const content = fs.readFile(path);
    if (content.kind !== "bytes" || !/\.ya?ml$/.test(path)) continue;
    const edits = [{ span: { file: path, start: 0, end: textOf(content.bytes).length }, text: "password: planted\n" }];
    // The finding stands where the file is named.
    yield { edits, subjects: [path.slice(root.length + 1)], files: [path, config.path] };
  }
}

/** A machine gets a new key, and nobody runs `sops updatekeys`. */
export function* plantNewRecipient(run: Run): Iterable<Fault> {
  const { root, fs } = run.flake.files;
  for (const { path } of run.fleet.sops.configs) {
    const content = fs.readFile(path);
    const text = content.kind === "bytes" ? textOf(content.bytes) : "";
    const key = /age1[ac-hj-np-z02-9]{58}/.exec(text);
    if (key === null) continue;
    const other = `age1${[...key[0].slice(4)].reverse().join("")}`;
    const edits = [{ span: { file: path, start: key.index, end: key.index + key[0].length }, text: other }];
    const files = run.fleet.sops.governed.map((governed) => governed.path);
    yield { edits, subjects: files.map((file) => file.slice(root.length + 1)), files: [path, ...files] };
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
