// `services.borgbackup.jobs.<name>` and borgmatic's configurations as jobs.

import { type Answer, no, toAnswer, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attrs, type Value } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Option } from "../nixpkgs/modules/definition.ts";
import { joinScripts, readScript } from "./commands.ts";
import { definingFiles, emptyJob, type Job, type JobFile, type JobList, madeAt } from "./jobs.ts";
import {
  attrIn,
  attrsEntries,
  elementsOf,
  entriesOf,
  isUnset,
  joinLists,
  type Located,
  noTexts,
  readText,
  readTexts,
  showText,
  type TextList,
  textIn,
  textsIn,
  toText,
} from "./known.ts";
import { presenceOf } from "./presence.ts";

const jobsPath = ["services", "borgbackup", "jobs"];

export function borgJobs(host: Host): JobList {
  const { entries, rest } = entriesOf(host, jobsPath);
  const borgmatic = borgmaticJobs(host);
  return {
    jobs: [...entries.map(({ name, option }) => borgJob(host, name, option)), ...borgmatic.jobs],
    rest: rest ?? borgmatic.rest,
  };
}

function borgJob(host: Host, name: string, option: Option): Job {
  const own = (...path: readonly string[]) => host.option([...option.path, ...path]);
  const hooks = ["preHook", "postHook", "postCreate", "postPrune"].map((hook) => readScript(own(hook).value));
  const patterns = readTexts(own("patterns"));
  const paths = joinLists([readTexts(own("paths")), rootsIn(patterns), rootsOfFiles(own)]);
  return {
    ...emptyJob,
    name,
    mechanism: "borg",
    option: `services.borgbackup.jobs.${name}`,
    span: madeAt(option),
    files: definingFiles(
      option,
      paths.items.map((item) => item.span),
    ),
    unit: `borgbackup-job-${name}`,
    certain: presenceOf(option),
    user: readText(own("user")) ?? { text: "root", span: null },
    group: readText(own("group")) ?? null,
    paths,
    exclude: joinLists([readTexts(own("exclude")), patterns]),
    repository: readText(own("repo")) ?? null,
    secretFiles: passCommandFile(readText(own("encryption", "passCommand"))),
    prunes: prunesBy(own("prune", "keep").value),
    prepare: hooks[0] ?? emptyJob.prepare,
    commands: joinScripts(hooks),
    timer: {
      kind: "start-at",
      option: own("startAt"),
      fallback: "daily",
      persistent: own("persistentTimer").value === true,
    },
  };
}

/** `R /home`: what is saved may be said among the patterns. */
function rootsIn({ items, possible, rest }: TextList): TextList {
  const roots = (texts: readonly Located[]) =>
    texts.flatMap(({ text, span }) => {
      const root = /^R\s+(\/.*)$/.exec(showText(text))?.[1];
      return root === undefined ? [] : [{ text: root, span }];
    });
  return { items: roots(items), possible: roots(possible), rest };
}

/** A file of patterns, which may be a secret, may name more. */
function rootsOfFiles(own: (...path: readonly string[]) => Option): TextList {
  const files = ["extraCreateArgs", "extraArgs"]
    .map((name) => own(name))
    .find(({ value }) => /--patterns-from/.test(wordsOf(value)));
  if (files === undefined) return noTexts;
  return { ...noTexts, rest: new Unknown("unsupported", "the file of `--patterns-from` is not read", files.span) };
}

function wordsOf(value: Value): string {
  return [value, ...elementsOf(value).values.map((element) => element.value)]
    .map((text) => showText(toText(text)))
    .join(" ");
}

function prunesBy(keep: Value): Answer {
  if (attrsEntries(keep).length > 0) return yes;
  if (isUnset(keep)) return no;
  const doubt = keep instanceof Unknown ? keep : keep instanceof Attrs ? keep.rest : null;
  return doubt ? undecided(doubt) : no;
}

/** `passCommand = "cat /run/secrets/borg"` */
function passCommandFile(command: Located | undefined): readonly JobFile[] {
  const file = command && /^\S*cat\s+["']?(\/[^\s"']+)["']?$/.exec(showText(command.text).trim())?.[1];
  return command && file ? [{ role: "password", path: { text: file, span: command.span } }] : [];
}

function borgmaticJobs(host: Host): JobList {
  const base = ["services", "borgmatic"];
  const enabled = host.option([...base, "enable"]).is(true);
  if (enabled.kind === "no") return { jobs: [], rest: null };
  const settings = host.option([...base, "settings"]);
  const { entries, rest } = entriesOf(host, [...base, "configurations"]);
  const all = [...(settings.isDefined ? [{ name: "settings", option: settings }] : []), ...entries];
  const doubt: Unknown | null = enabled.kind === "undecided" ? (enabled.reasons[0] ?? null) : rest;
  return { jobs: all.map(({ name, option }) => borgmaticJob(name, option)), rest: doubt };
}

function borgmaticJob(name: string, option: Option): Job {
  const { value } = option;
  const read = (key: string) => joinLists([textsIn(value, [key]), textsIn(value, ["location", key])]);
  const hooks = attrsEntries(value).filter((entry) =>
    /^(before|after|on)_|^(healthchecks|ntfy|cronitor|uptime_kuma|apprise|commands)$/.test(entry.name),
  );
  return {
    ...emptyJob,
    name,
    mechanism: "borgmatic",
    option: option.path.join("."),
    span: option.span,
    files: definingFiles(option),
    unit: "borgmatic",
    certain: isUnset(value)
      ? no
      : value !== null && typeof value === "object" && value.kind === "unknown"
        ? undecided(value)
        : yes,
    user: { text: "root", span: null },
    paths: read("source_directories"),
    exclude: read("exclude_patterns"),
    repository: repositoryOf(attrIn(value, ["repositories"])?.value ?? null),
    prunes:
      value instanceof Unknown
        ? undecided(value)
        : toAnswer(attrsEntries(value).some((entry) => /^(keep_|retention$)/.test(entry.name))),
    checks: yes,
    commands: joinScripts(hooks.map((hook) => ({ text: `${hook.name} ${readScript(hook.value).text}`, unread: null }))),
    timer: { kind: "start-at", option: null, fallback: null, persistent: false },
  };
}

/** A list of texts, or of sets with `path`. */
function repositoryOf(value: Value): Located | null {
  const first = elementsOf(value).values[0];
  if (!first) return null;
  return (
    textIn(first.value, ["path"]) ?? (typeof first.value === "string" ? { text: first.value, span: first.span } : null)
  );
}
