// Units that people wrote themselves to run restic, borg, kopia or rclone. What their text says counts; what it does
// not say is undecided.

import { type Answer, no, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Option } from "../nixpkgs/modules/definition.ts";
import type { Span } from "../source/span.ts";
import { callOf, commandLines, endScript, type Script, startScript } from "./commands.ts";
import { definingFiles, emptyJob, type Job, type JobList } from "./jobs.ts";
import { attrIn, entriesOf, flagOf, type TextList, textIn } from "./known.ts";
import { presenceOf } from "./presence.ts";
import { normalisePath } from "./state-paths.ts";

/** A program, or a wrapper named after it (`rustic-nas`), and the subcommand with which it makes a backup. */
const programs: readonly { readonly call: RegExp; readonly verb: RegExp }[] = [
  { call: callOf("restic(?:-[\\w-]+)?"), verb: /\sbackup\b/ },
  { call: callOf("rustic(?:-[\\w-]+)?"), verb: /\sbackup\b/ },
  { call: callOf("borg(?:-[\\w-]+)?"), verb: /\screate\b/ },
  { call: callOf("borgmatic"), verb: /./ },
  { call: callOf("kopia(?:-[\\w-]+)?"), verb: /\bsnapshot\s+create\b/ },
  { call: callOf("rclone"), verb: /\s(sync|copy|copyto)\b/ },
  { call: callOf("rsync"), verb: /\s\// },
  { call: callOf("duplicity"), verb: /./ },
  { call: callOf("tarsnap"), verb: /\s-?c/ },
];

/** `taken` are the units of jobs that modules generate. */
export function unitJobs(host: Host, taken: ReadonlySet<string>): JobList {
  const { entries, rest } = entriesOf(host, ["systemd", "services"]);
  return { jobs: entries.flatMap(({ name, option }) => (taken.has(name) ? [] : unitJob(host, name, option))), rest };
}

/** Programs that copy: what they make is a backup to some people, and a deployment to others. */
const copiers = /\b(rclone|rsync)\b/;

function unitJob(host: Host, name: string, option: Option): readonly Job[] {
  if (name.startsWith("prometheus-") || flagOf(attrIn(option.value, ["enable"])?.value ?? true) === false) return [];
  const script = startScript(host, name);
  const commands = backupCommands(script.text);
  if (commands.length === 0) return unreadJob(name, option, script);
  return [
    {
      ...emptyJob,
      name,
      mechanism: commands.some((line) => !copiers.test(line)) ? "unit" : "copy",
      option: `systemd.services.${name}`,
      span: option.span,
      files: definingFiles(option),
      unit: name,
      certain: presenceOf(option),
      user: textIn(option.value, ["serviceConfig", "User"]) ?? { text: "root", span: null },
      group: textIn(option.value, ["serviceConfig", "Group"]) ?? null,
      paths: pathsOf(commands, script, option.span),
      pullsFrom: commands.flatMap((line) =>
        [...line.matchAll(/(?:^|\s)(?:\w+@)?([\w.-]+):\//g)].map(([, name = ""]) => name),
      ),
      repository: repositoryOf(option, script, option.span),
      prunes: saysIn(script, /\s(?:forget|prune)\b/),
      checks: saysIn(script, /\b(?:restic|rustic|borg)\S*\s(?:.*\s)?check\b/),
      prepare: script,
      commands: { text: `${script.text}\n${endScript(host, name).text}`, unread: script.unread },
      timer: {
        kind: "start-at",
        option: host.option(["systemd", "services", name, "startAt"]),
        fallback: null,
        persistent: false,
      },
    },
  ];
}

function saysIn({ text, unread }: Script, verb: RegExp): Answer {
  if (commandLines(text).some((line) => verb.test(line))) return yes;
  return unread ? undecided(unread) : no;
}

const backupName = /(?:^|-)(?:backup|backups|restic|rustic|borg|kopia)(?:-|$)/i;

/** A unit that is called a backup, and of whose script a part is not known: it may back up anything. */
function unreadJob(name: string, option: Option, { unread }: Script): readonly Job[] {
  if (unread === null || !backupName.test(name)) return [];
  const timer = { kind: "start-at", option: null, fallback: null, persistent: false } as const;
  return [
    {
      ...emptyJob,
      name,
      mechanism: "other",
      option: `systemd.services.${name}`,
      span: option.span,
      files: definingFiles(option),
      unit: name,
      certain: presenceOf(option),
      user: textIn(option.value, ["serviceConfig", "User"]) ?? { text: "root", span: null },
      paths: { items: [], possible: [], rest: unread },
      timer,
    },
  ];
}

export function backupCommands(text: string): readonly string[] {
  return commandLines(text).filter((line) => programs.some(({ call, verb }) => call.test(line) && verb.test(line)));
}

function pathsOf(commands: readonly string[], script: Script, span: Span | null): TextList {
  const { paths, isOpen } = sourcePaths(commands);
  const reason = new Unknown("unsupported", "which paths this unit backs up is only known when it runs", span);
  return {
    items: paths.map((text) => ({ text, span })),
    possible: [],
    rest: script.unread ?? (isOpen ? reason : null),
  };
}

/** Absolute paths that commands read. Variables, holes and lists from files leave it open. */
export function sourcePaths(commands: readonly string[]): {
  readonly paths: readonly string[];
  readonly isOpen: boolean;
} {
  // What is piped in is a dump: it has no path.
  const reading = commands.filter((line) => !line.includes("--stdin")).map(sourcesIn);
  const paths = reading.flatMap((line) =>
    [...line.matchAll(/(?:^|[\s"'=])(\/[^\s"'`;|&<>()$*{}\u2026]+)/g)].map(([, path = ""]) => normalisePath(path)),
  );
  const isOpen = reading.some((line) => /[$`*\u2026]|--files-from|--patterns-from|borgmatic|\s@/.test(line));
  return { paths, isOpen };
}

/** The words that name sources: no program, no values of flags that name none, no archive of borg's, no destination. */
function sourcesIn(line: string): string {
  const copy = copiers.test(line) ? line.split(/&&|\|\|?|;/).find((part) => copiers.test(part)) : undefined;
  const words = (copy ?? line)
    .replace(/\{[^{}\s]+\}\/bin\/\S+/g, " ")
    .replace(flagValues, " ")
    .replace(/\s\S*::\S*/g, " ");
  if (copy === undefined) return words;
  const sources = words
    .replace(/\d?[<>]+\s*\S*/g, " ")
    .trim()
    .split(/\s+/)
    .slice(0, -1);
  // What is fetched from another machine is nothing of this one.
  return sources.filter((word) => !/^["']?[^/\s]*:/.test(word)).join(" ");
}

const flagValues = new RegExp(
  `\\s--?(?:${[
    "exclude(?:-from|-file|-if-present|-larger-than)?|iexclude(?:-file)?|custom-ignorefile|i?glob(?:-file)?",
    "password-(?:file|command)|repository-file|repo|r|p|key-hint|config|cache-dir|cacert|o|option|remote-path|rsh|e",
    "host|H|tag|label|description|comment|time|timestamp|parent|group-by|as-path|log-file|compression|C",
    "limit-upload|limit-download|upload-ratelimit|retry-lock|lock-wait|pack-size|checkpoint-interval|timeout|bwlimit",
  ].join("|")})[= ](?:"[^"]*"|'[^']*'|\\S+)`,
  "g",
);

/** `-r X`, `--repo X`, or the unit's `RESTIC_REPOSITORY`. */
function repositoryOf(option: Option, script: Script, span: Span | null): Job["repository"] {
  for (const name of ["RESTIC_REPOSITORY", "BORG_REPO"]) {
    const set = textIn(option.value, ["environment", name]);
    if (set) return set;
  }
  const flag = /\s(?:-r|--repo)[ =]["']?([^\s"']+)/.exec(script.text)?.[1];
  const variable = /\b(?:RESTIC_REPOSITORY|BORG_REPO)=["']?([^\s"']+)/.exec(script.text)?.[1];
  const text = flag ?? variable;
  return text === undefined || /[$`\u2026]/.test(text) ? null : { text, span };
}
