// Is this state saved by anything? Covered, uncovered, or undecided with the reasons. One job that covers decides it,
// whatever is unknown about the others.

import { type Answer, all, any, no, not, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import { PartialString } from "../eval/value.ts";
import type { Dump } from "./dumps.ts";
import { excludes } from "./exclude.ts";
import type { Job, JobList } from "./jobs.ts";
import { doubtOf, type Located, type Text, type TextList } from "./known.ts";
import type { State } from "./service-state.ts";
import type { Service } from "./services.ts";
import {
  containsPath,
  isRemote,
  livePath,
  type Mount,
  mountOf,
  namesOf,
  normalisePath,
  type PathAliases,
  remoteMachine,
} from "./state-paths.ts";

/** What there is on a host to cover state with. */
export interface Savers {
  readonly jobs: JobList;
  readonly dumps: readonly Dump[];
  readonly aliases: PathAliases;
  readonly mounts: readonly Mount[];
  /** What the units of the host run: one of them may snapshot or mount what a job then reads. */
  readonly scripts: () => readonly string[];
  /** Reasons that hold for all state of the host: unread modules with options of their own about backups. */
  readonly doubts: readonly Unknown[];
}

/** Whether some job or dump covers the state. `role` names the file that has to define the job itself. */
export function isCovered(state: State, service: Service | null, savers: Savers, role: string | null = null): Answer {
  const jobs = savers.jobs.jobs.filter((job) => role === null || job.files.has(role));
  const dumps = savers.dumps.filter((dump) => role === null || dump.files.has(role));
  const own = { ...savers, jobs: { ...savers.jobs, jobs }, dumps };
  const answers = [
    ...jobs.map((job) => coversState(job, state, own)),
    ...dumps.map((dump) => dumpCovers(dump, state, { service, savers: own })),
  ];
  const doubts = [...savers.doubts, savers.jobs.rest, savers.aliases.unread].filter((reason) => reason !== null);
  return any([...answers, keptElsewhere(state.path, savers.mounts), ...doubts.map((reason) => undecided(reason))]);
}

export function coversState(job: Job, { path, database, isPrivate }: State, savers: Savers): Answer {
  if (path !== null) return coversPath(job, path, { savers, isPrivate });
  const files = database ? serverFiles[database.engine] : undefined;
  return files === undefined ? no : coversPath(job, { text: files, span: null }, { savers, isPrivate: false });
}

/** Where the servers keep the databases of others, unless told otherwise. */
const serverFiles: Readonly<Record<string, string>> = { postgresql: "/var/lib/postgresql", mysql: "/var/lib/mysql" };

interface Where {
  readonly savers: Savers;
  readonly isPrivate: boolean;
}

export function coversPath(job: Job, path: Located, { savers, isPrivate }: Where): Answer {
  if (typeof path.text !== "string")
    return job.paths.items.some((item) => item.text === "/") ? job.certain : doubtful(path.text);
  const names = namesOf(path.text, savers.aliases);
  const answers = [
    ...job.paths.items.map((item) => savesThrough(job, item.text, { names, savers, isPrivate })),
    ...job.paths.possible.map((item) => weaken(savesThrough(job, item.text, { names, savers, isPrivate }), item)),
  ];
  if (job.paths.rest) answers.push(undecided(job.paths.rest));
  return all([any(answers), job.certain]);
}

function doubtful(text: Text): Answer {
  const reason = doubtOf(text);
  return reason ? undecided(reason) : no;
}

/** What is only possibly in a list decides nothing. */
function weaken(answer: Answer, { span }: Located): Answer {
  return answer.kind === "yes"
    ? undecided(new Unknown("input", "this path is only backed up on a condition that is not known", span))
    : answer;
}

interface Wanted extends Where {
  /** All names of the state's path, its own first. */
  readonly names: readonly string[];
}

function savesThrough(job: Job, path: Text, wanted: Wanted): Answer {
  if (path instanceof Unknown) return undecided(path);
  if (path instanceof PartialString) return mayContain(path, wanted.names);
  const named = livePath(path);
  const own = snapshotted(job, named, wanted.savers.mounts);
  if (own === null) return no;
  const inside = wanted.names.some((name) => own !== name && containsPath(name, own));
  const through = wanted.names.filter((name) => containsPath(own, name) && isMet(name, own, wanted.isPrivate));
  if (through.length > 0) return all([not(isExcluded(job, through)), crossesMounts(job, own, through, wanted)]);
  if (inside) return not(excludes(job.exclude, path));
  return own === named ? isSnapshotOf(job, named, wanted) : no;
}

/**
 * Whether a job that walks down from `root` meets the files by this name: /var/lib/x of a DynamicUser service is only
 * a symlink to /var/lib/private/x, which the others do not have unless the job names it.
 */
export function isMet(name: string, root: string, isPrivate: boolean): boolean {
  if (name === root) return true;
  if (name.startsWith("/var/lib/private/")) return isPrivate || root.startsWith("/var/lib/private/");
  return !isPrivate || !name.startsWith("/var/lib/");
}

/** Excluded by every name under which the job meets it. */
function isExcluded(job: Job, names: readonly string[]): Answer {
  return all(names.map((name) => excludes(job.exclude, name)));
}

function crossesMounts(job: Job, root: string, names: readonly string[], { savers }: Wanted): Answer {
  if (!job.oneFileSystem) return yes;
  const mount = mountOf(root, savers.mounts)?.path;
  const isSame = names.some((name) => mountOf(name, savers.mounts)?.path === mount);
  return isSame ? yes : no;
}

/** `/persist/${x}`: what comes before the hole tells whether it can be the state's path. */
function mayContain(path: PartialString, names: readonly string[]): Answer {
  const { prefix, suffix, hole } = path;
  if (names.some((name) => suffix.endsWith(name) || suffix.includes(`${name}/`))) return yes;
  const isPossible = names.some((name) => name.startsWith(prefix) || `${prefix}/`.startsWith(`${name}/`));
  return isPossible ? undecided(hole) : no;
}

const subvolumeSnapshot = /\bsubvolume\s+snapshot\s+(?:-\w+\s+)*["']?(\/[^\s"']*)["']?\s+["']?(\/[^\s"']+)["']?/g;

/**
 * What a path below a snapshot that the job makes itself was before: `/a/x` of `btrfs subvolume snapshot /a /b` is
 * `/b/x`. Null for what a snapshot leaves out, since it ends where another file system is mounted.
 */
function snapshotted(job: Job, path: string, mounts: readonly Mount[]): string | null {
  for (const [, from = "", to = ""] of job.prepare.text.matchAll(subvolumeSnapshot)) {
    const [source, target] = [normalisePath(from), normalisePath(to)];
    if (!containsPath(target, path)) continue;
    const live = normalisePath(source + path.slice(target.length));
    return mountOf(live, mounts)?.path === mountOf(source, mounts)?.path ? live : null;
  }
  return path;
}

/** `/mnt/snapshot/var/lib/x`, where a script mounts or snapshots the file system below `/mnt/snapshot`. */
function isSnapshotOf(job: Job, path: string, { names, savers: { scripts } }: Wanted): Answer {
  const suffix = names.flatMap(selfAndParents).find((name) => path !== name && path.endsWith(name));
  const root = suffix === undefined ? path : path.slice(0, -suffix.length);
  const isMade = [job.prepare.text, ...scripts()].some((text) => mountsAt(text, root));
  if (suffix !== undefined && (isMade || /snap/i.test(root))) return yes;
  if (suffix === undefined && !isMade) return no;
  return undecided(new Unknown("unsupported", `what is mounted at \`${root}\` is not known`, job.span));
}

function mountsAt(text: string, root: string): boolean {
  const isHere =
    text.includes(`${root} `) || text.includes(`${root}\n`) || text.includes(`${root}/`) || text.endsWith(root);
  return isHere && /\b(?:mount|snapshot|lvcreate)\b/.test(text);
}

/** `/var/lib/x`, `/var/lib`: one name alone says too little. */
function selfAndParents(path: string): readonly string[] {
  const names = path.split("/").slice(1);
  return names
    .map((_, index) => `/${names.slice(0, names.length - index).join("/")}`)
    .slice(0, Math.max(names.length - 1, 1));
}

interface DumpContext {
  readonly service: Service | null;
  readonly savers: Savers;
}

function dumpCovers(dump: Dump, state: State, { service, savers }: DumpContext): Answer {
  const isOf = any([dumpsService(dump, service), dumpsDatabase(dump, state), dumpsFiles(dump, state, savers)]);
  return isOf.kind === "no" ? no : all([isOf, dump.certain, any([isKept(dump, savers), isOnOtherDisk(dump, savers)])]);
}

/** A dump on another file system of the host outlives the disk of the database, and not the host. */
function isOnOtherDisk({ location, engine }: Dump, { mounts }: Savers): Answer {
  if (typeof location?.text !== "string") return no;
  const mount = mountOf(location.text, mounts);
  const own = mountOf(serverFiles[engine] ?? "/var/lib", mounts);
  if (mount === undefined || mount.path === "/" || mount.path === own?.path || isRemote(mount)) return no;
  const message = `the dump is on another file system of this host, \`${mount.path}\``;
  return undecided(new Unknown("unsupported", message, location.span));
}

function dumpsService(dump: Dump, service: Service | null): Answer {
  return dump.service !== null && dump.service === service?.option ? yes : no;
}

export function dumpsDatabase({ engine, databases, service }: Dump, { database }: State): Answer {
  if (service !== null || database === null || database.engine !== engine) return no;
  if (databases === "all") return yes;
  // A server counts as saved when anything of it is: which databases are missing is another question.
  if (database.name === null) return databases.items.length > 0 ? yes : doubtOfRest(databases);
  return databases.items.some((item) => item.text === database.name) ? yes : doubtOfRest(databases);
}

function doubtOfRest(list: TextList): Answer {
  const reason = list.rest ?? list.items.map((item) => doubtOf(item.text)).find((doubt) => doubt !== null);
  return reason ? undecided(reason) : no;
}

/** A copy of an SQLite file inside the state is a chosen subset of it. */
function dumpsFiles({ engine, databases }: Dump, { path }: State, { aliases }: Savers): Answer {
  if (engine !== "sqlite" || databases === "all" || typeof path?.text !== "string") return no;
  const names = namesOf(path.text, aliases);
  const isInside = databases.items.some(
    ({ text }) => typeof text === "string" && names.some((name) => containsPath(name, text)),
  );
  return isInside ? yes : doubtOfRest(databases);
}

/** A dump is kept when a job covers it, another machine holds it, or it goes straight into a backup. */
export function isKept({ location }: Dump, savers: Savers): Answer {
  if (location === null) return yes;
  if (typeof location.text !== "string") return doubtful(location.text);
  if (isRemote(mountOf(location.text, savers.mounts))) return yes;
  const answers = savers.jobs.jobs.map((job) => coversPath(job, location, { savers, isPrivate: false }));
  return any(savers.jobs.rest ? [...answers, undecided(savers.jobs.rest)] : answers);
}

/** State on a mount of another machine is that machine's to save. */
function keptElsewhere(path: Located | null, mounts: readonly Mount[]): Answer {
  if (typeof path?.text !== "string") return no;
  const mount = mountOf(path.text, mounts);
  if (!isRemote(mount)) return no;
  const machine = remoteMachine(mount) ?? "another machine";
  return undecided(
    new Unknown("unsupported", `the files are on \`${machine}\`, which is not part of this host`, path.span),
  );
}
