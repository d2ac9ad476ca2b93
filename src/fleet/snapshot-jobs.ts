// Backups made by the file system: btrbk, syncoid and zrepl. They name subvolumes and datasets; mounts say which paths
// those are.

import { undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attrs, type Value } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Option } from "../nixpkgs/modules/definition.ts";
import { definingFiles, emptyJob, type Job, type JobList, type Mechanism } from "./jobs.ts";
import {
  attrIn,
  attrsEntries,
  doubtOf,
  elementsOf,
  entriesOf,
  joinLists,
  knownText,
  type Located,
  noTexts,
  readText,
  type TextList,
  textIn,
} from "./known.ts";
import { presenceOf } from "./presence.ts";
import { normalisePath, readMounts } from "./state-paths.ts";

export function snapshotJobs(host: Host): JobList {
  const lists = [btrbkJobs(host), syncoidJobs(host), zreplJobs(host), otherJobs(host)];
  return {
    jobs: lists.flatMap((list) => list.jobs),
    rest: lists.find((list) => list.rest !== null)?.rest ?? null,
  };
}

function snapshotJob(name: string, mechanism: Mechanism, option: Option): Omit<Job, "paths" | "unit" | "timer"> {
  return {
    ...emptyJob,
    name,
    mechanism,
    option: option.path.join("."),
    span: option.span,
    files: definingFiles(option),
    certain: presenceOf(option),
    user: { text: "root", span: null },
  };
}

/** Snapshots alone are no backup: an instance without a target is left out. */
function btrbkJobs(host: Host): JobList {
  const { entries, rest } = entriesOf(host, ["services", "btrbk", "instances"]);
  const jobs = entries.flatMap(({ name, option }): readonly Job[] => {
    const settings = attrIn(option.value, ["settings"])?.value ?? null;
    const isSnapshotOnly = attrIn(option.value, ["snapshotOnly"])?.value === true || !mentionsTarget(settings);
    if (isSnapshotOnly) return [];
    const timer = {
      kind: "start-at",
      option: host.option([...option.path, "onCalendar"]),
      fallback: "daily",
      persistent: true,
    } as const;
    return [{ ...snapshotJob(name, "btrbk", option), unit: `btrbk-${name}`, paths: subvolumes(host, settings), timer }];
  });
  return { jobs, rest };
}

function mentionsTarget(settings: Value, depth = 0): boolean {
  return attrsEntries(settings).some(
    (entry) => entry.name === "target" || (depth < 5 && mentionsTarget(entry.value, depth + 1)),
  );
}

/** `settings.volume."/mnt/pool".subvolume."@var"`: the volume's path joined, and the mounts of that subvolume. */
function subvolumes(host: Host, settings: Value): TextList {
  const mounts = readMounts(host);
  const items: Located[] = [];
  for (const volume of attrsEntries(attrIn(settings, ["volume"])?.value ?? null)) {
    const set = attrIn(volume.value, ["subvolume"])?.value ?? null;
    const names = typeof set === "string" ? [{ name: set, span: volume.span }] : attrsEntries(set);
    for (const { name, span } of names) {
      const mounted = mounts.filter((mount) => mount.options.some((option) => isSubvolume(option, name)));
      const paths = [normalisePath(`${volume.name}/${name}`), ...mounted.map((mount) => mount.path)];
      items.push(...paths.map((text) => ({ text, span })));
    }
  }
  const rest =
    items.length > 0 ? null : new Unknown("unsupported", "the subvolumes of this btrbk instance are not read");
  // Which paths a subvolume is mounted at may be decided by a module that is not read.
  return { items, possible: [], rest: rest ?? (mounts.length === 0 ? unreadMounts() : null) };
}

function isSubvolume(option: string, name: string): boolean {
  return option.startsWith("subvol=") && option.slice("subvol=".length).replace(/^\//, "") === name;
}

function unreadMounts(): Unknown {
  return new Unknown("unsupported", "no file system is declared that says where the data sets are mounted");
}

function syncoidJobs(host: Host): JobList {
  const base = ["services", "syncoid"];
  if (host.option([...base, "enable"]).is(true).kind === "no") return { jobs: [], rest: null };
  const { entries, rest } = entriesOf(host, [...base, "commands"]);
  const jobs = entries.map(({ name, option }): Job => {
    const source = textIn(option.value, ["source"]) ?? { text: name, span: option.span };
    const timer = {
      kind: "start-at",
      option: host.option([...base, "interval"]),
      fallback: "hourly",
      persistent: false,
    } as const;
    const unit = `syncoid-${name.replace(/[^a-zA-Z0-9_.-]+/g, "-")}`;
    const remote = /^(?:[\w-]+@)?([\w.-]+):/.exec(knownText(source) ?? "")?.[1];
    const paths = remote === undefined ? datasets(host, [source]) : noTexts;
    return {
      ...snapshotJob(name, "syncoid", option),
      unit,
      paths,
      pullsFrom: remote === undefined ? [] : [remote],
      timer,
    };
  });
  return { jobs, rest };
}

function zreplJobs(host: Host): JobList {
  const base = ["services", "zrepl"];
  const option = host.option([...base, "settings"]);
  if (host.option([...base, "enable"]).is(true).kind === "no" || !option.isDefined) return { jobs: [], rest: null };
  const { values, rest } = elementsOf(attrIn(option.value, ["jobs"])?.value ?? null);
  const senders = values.filter(({ value }) => /^(push|source)$/.test(knownText(textIn(value, ["type"])) ?? ""));
  const jobs = senders.map(({ value, span }): Job => {
    const name = knownText(textIn(value, ["name"])) ?? "zrepl";
    const systems = attrsEntries(attrIn(value, ["filesystems"])?.value ?? null).filter((entry) => entry.value === true);
    const sources = systems.map((entry) => ({ text: entry.name.replace(/<$/, ""), span: entry.span ?? span }));
    const timer = { kind: "start-at", option: null, fallback: null, persistent: false } as const;
    return { ...snapshotJob(name, "zrepl", option), unit: "zrepl", paths: datasets(host, sources), timer };
  });
  return { jobs, rest };
}

/** What znapzend copies: plans with a destination, of one data set or of those below it too. */
function znapzendPaths(host: Host): TextList {
  const { entries, rest } = entriesOf(host, ["services", "znapzend", "zetup"]);
  const lists = entries.flatMap(({ name, option: { value, span } }) => {
    const isOff = attrIn(value, ["enable"])?.value === false;
    const destinations = attrIn(value, ["destinations"])?.value ?? null;
    if (isOff || (attrsEntries(destinations).length === 0 && doubtIn(destinations) === null)) return [];
    const source = textIn(value, ["dataset"]) ?? { text: name, span };
    const children = attrIn(value, ["recursive"])?.value === true ? "with children" : "alone";
    return [datasets(host, [source], children)];
  });
  const { items, possible, rest: doubt } = joinLists(lists);
  return { items, possible, rest: rest ?? doubt };
}

function autoReplicationPaths(host: Host): TextList {
  const base = ["services", "zfs", "autoReplication"];
  const source = readText(host.option([...base, "localFilesystem"]));
  const children = host.option([...base, "recursive"]).value === false ? "alone" : "with children";
  return datasets(host, source ? [source] : [], children);
}

function doubtIn(value: Value): Unknown | null {
  return value instanceof Unknown ? value : value instanceof Attrs ? value.rest : null;
}

/** The paths at which ZFS data sets, and mostly those below them, are mounted. */
function datasets(
  host: Host,
  sources: readonly Located[],
  children: "with children" | "alone" = "with children",
): TextList {
  const mounts = readMounts(host).filter((mount) => mount.type === "zfs");
  const items = sources.flatMap(({ text, span }) => {
    if (typeof text !== "string") return [];
    const isBelow = (device: string | null) => children === "with children" && device?.startsWith(`${text}/`);
    const mounted = mounts.filter(({ device }) => device === text || isBelow(device));
    return mounted.map((mount) => ({ text: mount.path, span }));
  });
  const doubt = sources.map((source) => doubtOf(source.text)).find((reason) => reason !== null) ?? null;
  // Data sets also mount themselves, by a property that no configuration shows.
  return { ...noTexts, items, rest: doubt ?? (items.length === 0 ? unreadMounts() : null) };
}

/** Mechanisms that nothing else is known of than that they are on, and what they copy where that is read. */
const others: ReadonlyMap<string, ((host: Host) => TextList) | null> = new Map([
  ["duplicati", null],
  ["duplicity", null],
  ["rsnapshot", null],
  ["tarsnap", null],
  ["znapzend", znapzendPaths],
  ["bacula-fd", null],
  ["pgbackrest", null],
  ["kopia", null],
  ["autorestic", null],
  ["urbackup", null],
  ["proxmox-backup-client", null],
  ["zfs.autoReplication", autoReplicationPaths],
]);

function otherJobs(host: Host): JobList {
  const jobs = [...others].flatMap(([name, pathsOf]): readonly Job[] => {
    const enable = host.option(["services", ...name.split("."), "enable"]);
    const enabled = enable.is(true);
    if (!enable.isDefined || enabled.kind === "no") return [];
    const reason = new Unknown("unsupported", `what \`services.${name}\` backs up is not read`, enable.span);
    const timer = { kind: "start-at", option: null, fallback: null, persistent: false } as const;
    const certain = enabled.kind === "undecided" ? undecided(...enabled.reasons) : yes;
    return [
      {
        ...snapshotJob(name, "other", enable),
        certain,
        unit: name.replace(".", "-"),
        paths: pathsOf?.(host) ?? { ...noTexts, rest: reason },
        timer,
      },
    ];
  });
  return { jobs, rest: null };
}
