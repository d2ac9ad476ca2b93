// Does a job know the key of the machine that it sends its data to?

import { type Answer, all, any, no, not, toAnswer, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Span } from "../source/span.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Job } from "./jobs.ts";
import { doubtOf, entriesOf, isUnset, type Located, readTexts, showText, textIn, textsIn } from "./known.ts";
import { type SshHost, sshHostOf } from "./repository.ts";
import { matchesPattern, readSshConfig, sshSettings } from "./ssh-config.ts";

export interface SshJob {
  readonly job: Job;
  readonly target: SshHost;
  readonly span: Span | null;
}

export interface UnknownHostKey extends SshJob {
  readonly answer: Answer;
}

export interface UncheckedHostKey extends SshJob {
  readonly answer: Answer;
}

function sshJobs({ host, jobs }: FleetHost): readonly SshJob[] {
  return jobs.flatMap((job): readonly SshJob[] => {
    const target = /^(restic|borg)$/.test(job.mechanism) ? sshHostOf(host, job.repository) : null;
    return target === null ? [] : [{ job, target, span: job.repository?.span ?? job.span }];
  });
}

/** Jobs that reach a machine of which the configuration names no key, and does not say where one is. */
export function unknownHostKeys(host: FleetHost): readonly UnknownHostKey[] {
  const doubtful = host.jobs.flatMap((job): readonly UnknownHostKey[] => {
    const doubt = /^(restic|borg)$/.test(job.mechanism) && job.repository ? doubtOf(job.repository.text) : null;
    const mayBeSsh = doubt !== null && /^(?:sftp:|ssh:|\u2026)/.test(showText(job.repository?.text ?? ""));
    if (!mayBeSsh) return [];
    const target = { alias: "", name: "", port: "" };
    return [{ job, target, span: job.repository?.span ?? job.span, answer: all([job.certain, undecided(doubt)]) }];
  });
  const known = sshJobs(host).map((ssh) => {
    const isKnown = any([hasKey(host.host, ssh.target), hasOwnWay(host.host, ssh)]);
    return { ...ssh, answer: all([ssh.job.certain, not(isKnown)]) };
  });
  return [...known, ...doubtful];
}

/** Jobs that take whatever answers for the machine. */
export function uncheckedHostKeys(host: FleetHost): readonly UncheckedHostKey[] {
  const config = configDoubt(host.host);
  return sshJobs(host).map((ssh) => {
    const off = settingsFor(host.host, ssh).find(({ text }) =>
      /stricthostkeychecking[\s=]+["']?(?:no|off)\b/i.test(showText(text)),
    );
    const doubt = config ?? doubtOfArguments(host.host, ssh);
    const answer = off ? yes : doubt ? undecided(doubt) : no;
    return { ...ssh, span: off?.span ?? ssh.span, answer: all([ssh.job.certain, answer]) };
  });
}

/** Why it is not known how the job itself calls ssh. */
function doubtOfArguments(host: Host, { job }: SshJob): Unknown | null {
  const { value } = host.option(job.option.split(".").slice(0, 3).concat(job.name));
  const shell = textIn(value, ["environment", "BORG_RSH"]);
  return textsIn(value, ["extraOptions"]).rest ?? (shell ? doubtOf(shell.text) : null);
}

function configDoubt(host: Host): Unknown | null {
  const { value } = host.option(["programs", "ssh", "extraConfig"]);
  return value instanceof Unknown && !isUnset(value) ? value : null;
}

/** `programs.ssh.knownHosts`, by all names that ssh looks under. */
function hasKey(host: Host, { alias, name, port }: SshHost): Answer {
  // The second is what the option was called before.
  const lists = ["programs.ssh", "services.openssh"].map((base) => entriesOf(host, [...base.split("."), "knownHosts"]));
  const entries = lists.flatMap((list) => list.entries);
  const rest = lists.find((list) => list.rest !== null)?.rest ?? null;
  const wanted = [alias, name, `[${name}]:${port}`, `[${alias}]:${port}`].map((text) => text.toLowerCase());
  const answers = entries.map(({ name: entry, option }) => {
    const named = ["hostNames", "extraHostNames"].map((key) => textsIn(option.value, [key]));
    const given = named.flatMap(({ items, possible }) => [...items, ...possible].map(({ text }) => text));
    // The job's own command may name another port.
    const plain = [entry, ...given.map(showText)].map((text) => text.toLowerCase().replace(/^\[(.+)\]:\d+$/, "$1"));
    if (plain.some((pattern) => wanted.some((text) => matchesPattern(pattern, text)))) return yes;
    const open = given.map(doubtOf).find((reason) => reason !== null);
    const doubt = named.find((list) => list.rest !== null)?.rest ?? open;
    return doubt ? undecided(doubt) : no;
  });
  return any(rest ? [...answers, undecided(rest)] : answers);
}

/** Another file of keys, keys in the DNS, a setting that accepts the first one, or a script that fetches it. */
function hasOwnWay(host: Host, ssh: SshJob): Answer {
  const isSet = settingsFor(host, ssh).some(({ text }) =>
    /knownhosts|stricthostkeychecking[\s=]+["']?(?:no|off|accept-new)|verifyhostkeydns[\s=]+["']?yes/i.test(
      showText(text),
    ),
  );
  const files = readTexts(host.option(["programs", "ssh", "knownHostsFiles"]));
  const etc = entriesOf(host, ["environment", "etc"]).entries.some(({ name }) => name.includes("known_hosts"));
  const config = configDoubt(host);
  return any([
    toAnswer(isSet || etc || files.items.length > 0 || /known_hosts|ssh-keyscan/.test(ssh.job.prepare.text)),
    files.rest ? undecided(files.rest) : no,
    config ? undecided(config) : no,
  ]);
}

/** What ssh is told for this machine: blocks of its configuration, and the options of the job. */
function settingsFor(host: Host, { job, target }: SshJob): readonly Located[] {
  const blocks = readSshConfig(host);
  const keys = [
    "stricthostkeychecking",
    "userknownhostsfile",
    "globalknownhostsfile",
    "verifyhostkeydns",
    "knownhostscommand",
  ];
  const ofConfig = keys.flatMap((key) => {
    const [first] = sshSettings(blocks, { alias: target.alias, user: null, key });
    return first ? [{ text: `${key} ${first.text}`, span: first.span }] : [];
  });
  const { value } = host.option(job.option.split(".").slice(0, 3).concat(job.name));
  const { items, possible } = textsIn(value, ["extraOptions"]);
  const shell = textIn(value, ["environment", "BORG_RSH"]);
  return [...ofConfig, ...items, ...possible, ...(shell ? [shell] : [])];
}
