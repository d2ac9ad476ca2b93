// `services.restic.backups.<name>` as jobs.

import { type Answer, any, no, toAnswer, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import { PartialString, type Value } from "../eval/value.ts";
import { derivationOfHole, textOfDerivation } from "../nixpkgs/derivation.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Option } from "../nixpkgs/modules/definition.ts";
import { joinScripts, readScript } from "./commands.ts";
import { definingFiles, emptyJob, type Job, type JobFile, type JobList, madeAt } from "./jobs.ts";
import {
  attrIn,
  doubtOf,
  entriesOf,
  flagOf,
  joinLists,
  type Located,
  noTexts,
  showText,
  type TextList,
  textIn,
  textsIn,
} from "./known.ts";
import { presenceOf } from "./presence.ts";
import { sshKeysFor } from "./ssh-config.ts";

const path = ["services", "restic", "backups"];

export function resticJobs(host: Host): JobList {
  const { entries, rest } = entriesOf(host, path);
  return { jobs: entries.map(({ name, option }) => resticJob(host, name, option)), rest };
}

function resticJob(host: Host, name: string, option: Option): Job {
  const { value } = option;
  const read = (attr: string) => {
    const found = textIn(value, [attr]);
    return found && { ...found, span: found.span ?? host.option([...path, name, attr]).span };
  };
  const paths = backedUpPaths(value);
  const pruneOpts = textsIn(value, ["pruneOpts"]);
  const extra = joinLists([textsIn(value, ["extraBackupArgs"]), textsIn(value, ["extraOptions"])]);
  const unit = `restic-backups-${name}`;
  const user = read("user") ?? { text: "root", span: null };
  const repository = read("repository") ?? null;
  const prepare = readScript(attrIn(value, ["backupPrepareCommand"])?.value ?? null);
  return {
    ...emptyJob,
    name,
    mechanism: "restic",
    option: `services.restic.backups.${name}`,
    span: madeAt(option) ?? attrIn(value, ["repository"])?.span ?? null,
    files: definingFiles(
      option,
      [...paths.items, ...paths.possible].map((item) => item.span),
    ),
    unit,
    certain: presenceOf(option),
    user,
    group: textIn(host.option(["systemd", "services", unit]).value, ["serviceConfig", "Group"]) ?? null,
    paths,
    exclude: joinLists([textsIn(value, ["exclude"]), excludesOf(extra)]),
    oneFileSystem: extra.items.some((item) => /(^|\s)(-x|--one-file-system)(\s|$)/.test(showText(item.text))),
    repository,
    secretFiles: secretFiles(host, { read, user, repository, extra }),
    prunes: isNotEmpty(pruneOpts),
    pruneOpts,
    checks: checksOf(value),
    backsUp: backsUp(value),
    prepare,
    commands: joinScripts([prepare, readScript(attrIn(value, ["backupCleanupCommand"])?.value ?? null)]),
    timer: { kind: "timer-config", option: host.option([...path, name, "timerConfig"]) },
  };
}

/** `paths`, `command` and what only runs will tell. */
function backedUpPaths(value: Value): TextList {
  const dynamic = attrIn(value, ["dynamicFilesFrom"]);
  const command = textsIn(value, ["command"]);
  const lists = [textsIn(value, ["paths"])];
  if (dynamic && dynamic.value !== null) lists.push(ranAtRunTime("`dynamicFilesFrom`", dynamic.span));
  if (command.items.length > 0) lists.push(ranAtRunTime("`command`", command.items[0]?.span ?? null));
  return joinLists(lists);
}

function ranAtRunTime(what: string, span: Located["span"]): TextList {
  return { ...noTexts, rest: new Unknown("impure", `the files are chosen by ${what} when the backup runs`, span) };
}

function isNotEmpty({ items, possible, rest }: TextList): Answer {
  if (items.length > 0) return yes;
  const [maybe] = possible;
  if (rest === null && maybe === undefined) return no;
  return undecided(
    rest ?? new Unknown("input", "it is only there on a condition that is not known", maybe?.span ?? null),
  );
}

/** Of what only the run tells, it is enough that it is asked. */
function backsUp(value: Value): Answer {
  const dynamic = attrIn(value, ["dynamicFilesFrom"])?.value ?? null;
  const chosen = dynamic instanceof Unknown ? undecided(dynamic) : toAnswer(dynamic !== null);
  return any([isNotEmpty(textsIn(value, ["paths"])), isNotEmpty(textsIn(value, ["command"])), chosen]);
}

/** `runCheck`, which follows from `checkOpts` unless somebody sets it. */
function checksOf(value: Value): Answer {
  const set = flagOf(attrIn(value, ["runCheck"])?.value ?? null);
  return set === undefined ? isNotEmpty(textsIn(value, ["checkOpts"])) : toAnswer(set);
}

/** `--exclude=X`, `--iexclude=X`, and the patterns of a file that the flake writes. */
function excludesOf(args: TextList): TextList {
  return joinLists(
    [...args.items, ...args.possible].map((arg) =>
      /--i?exclude-file/.test(showText(arg.text)) ? excludeFile(arg) : excludeFlags(arg),
    ),
  );
}

function excludeFlags({ text, span }: Located): TextList {
  const patterns = [...showText(text).matchAll(/(?:--i?exclude[= ]|(?:^|\s)-e )("[^"]*"|'[^']*'|\S+)/g)];
  return {
    ...noTexts,
    items: patterns.map(([, pattern = ""]) => ({ text: pattern.replace(/^["']|["']$/g, ""), span })),
  };
}

/** `--exclude-file=${pkgs.writeText "excludes" ''…''}` */
function excludeFile({ text, span }: Located): TextList {
  const derivation = text instanceof PartialString ? derivationOfHole(text.hole) : undefined;
  const written = derivation && textOfDerivation(derivation);
  if (written === undefined) {
    return {
      ...noTexts,
      rest: doubtOf(text) ?? new Unknown("unsupported", "the file of `--exclude-file` is not read", span),
    };
  }
  const patterns = showText(written)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  return { ...noTexts, items: patterns.map((pattern) => ({ text: pattern, span })), rest: doubtOf(written) };
}

interface FileSources {
  readonly read: (attr: string) => Located | undefined;
  readonly user: Located;
  readonly repository: Located | null;
  readonly extra: TextList;
}

/** What the job's own user reads. `environmentFile` is read by systemd. */
function secretFiles(host: Host, { read, user, repository, extra }: FileSources): readonly JobFile[] {
  const named = (role: JobFile["role"], attr: string): JobFile[] => {
    const path = read(attr);
    return path ? [{ role, path }] : [];
  };
  const inOptions = extra.items.flatMap(({ text, span }) =>
    [...showText(text).matchAll(/(?:^|[\s'"])-i\s+["']?([^\s'"]+)/g)].map(([, key = ""]) => ({ text: key, span })),
  );
  const keys = inOptions.length > 0 ? inOptions : sshKeysFor(host, repository, user);
  return [
    ...named("password", "passwordFile"),
    ...named("repository", "repositoryFile"),
    ...named("rclone configuration", "rcloneConfigFile"),
    ...keys.map((path): JobFile => ({ role: "SSH key", path })),
  ];
}
