// `services.borgbackup.jobs.<name>` and borgmatic's configurations as jobs.

import { no, toAnswer, undecided, yes } from "../eval/answer.ts";
import type { Unknown } from "../eval/unknown.ts";
import type { Value } from "../eval/value.ts";
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
  showText,
  textIn,
  textsIn,
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
  const { value } = option;
  const hooks = ["preHook", "postHook", "postCreate", "postPrune"].map((hook) =>
    readScript(attrIn(value, [hook])?.value ?? null),
  );
  const paths = textsIn(value, ["paths"]);
  const keep = attrsEntries(attrIn(value, ["prune", "keep"])?.value ?? null);
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
    user: textIn(value, ["user"]) ?? { text: "root", span: null },
    group: textIn(value, ["group"]) ?? null,
    paths,
    exclude: joinLists([textsIn(value, ["exclude"]), textsIn(value, ["patterns"])]),
    repository: textIn(value, ["repo"]) ?? null,
    secretFiles: passCommandFile(textIn(value, ["encryption", "passCommand"])),
    prunes: keep.length > 0 ? yes : no,
    prepare: hooks[0] ?? emptyJob.prepare,
    commands: joinScripts(hooks),
    timer: {
      kind: "start-at",
      option: host.option([...jobsPath, name, "startAt"]),
      fallback: "daily",
      persistent: attrIn(value, ["persistentTimer"])?.value === true,
    },
  };
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
    prunes: toAnswer(attrsEntries(value).some((entry) => /^(keep_|retention$)/.test(entry.name))),
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
