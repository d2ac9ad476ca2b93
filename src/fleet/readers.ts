// Who may read a file: by owner, group and mode, by capabilities, as root.

import { type Answer, all, any, no, not, toAnswer, undecided, yes } from "../eval/answer.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Job, JobFile } from "./jobs.ts";
import { doubtOf, entriesOf, joinLists, readTexts, showText, type Text, type TextList, textsIn } from "./known.ts";
import { primaryGroup, type Secret } from "./secrets.ts";

export interface Reader {
  readonly user: Text;
  readonly groups: TextList;
  /** Reads every file whatever its mode (CAP_DAC_READ_SEARCH, ambient). */
  readonly readsAll: boolean;
  /** As `readsAll`, for restic itself but not for the programs it starts. */
  readonly resticReadsAll: boolean;
}

/** What reads, as far as systemd knows it. */
export type ReadingUnit = Pick<Job, "unit" | "user" | "group">;

export function readerOf(host: Host, job: ReadingUnit): Reader {
  const unit = host.option(["systemd", "services", job.unit]).value;
  const ambient = textsIn(unit, ["serviceConfig", "AmbientCapabilities"]);
  return {
    user: job.user.text,
    groups: groupsOf(host, job, textsIn(unit, ["serviceConfig", "SupplementaryGroups"])),
    readsAll: ambient.items.some((item) => showText(item.text).includes("CAP_DAC_READ_SEARCH")),
    resticReadsAll: hasResticWrapper(host),
  };
}

/** `security.wrappers.restic.capabilities = "cap_dac_read_search=+ep"` */
function hasResticWrapper(host: Host): boolean {
  const { entries } = entriesOf(host, ["security", "wrappers"]);
  return entries.some(
    ({ name, option }) =>
      name.includes("restic") &&
      textsIn(option.value, ["capabilities"]).items.some((item) => /cap_dac_read_search/i.test(showText(item.text))),
  );
}

/** The unit's group or the user's, and those the user is a member of. */
function groupsOf(host: Host, job: ReadingUnit, supplementary: TextList): TextList {
  const user = job.user.text;
  if (typeof user !== "string") return { items: [], possible: [], rest: doubtOf(user) };
  const primary = job.group?.text ?? primaryGroup(host, user);
  const extra = readTexts(host.option(["users", "users", user, "extraGroups"]));
  const { entries } = entriesOf(host, ["users", "groups"]);
  const memberOf = entries.filter(({ option }) =>
    textsIn(option.value, ["members"]).items.some((item) => item.text === user),
  );
  const own = [{ text: primary, span: null }, ...memberOf.map(({ name }) => ({ text: name, span: null }))];
  return joinLists([{ items: own, possible: [], rest: null }, supplementary, extra]);
}

/** Whether the unit can read its file, which is a secret; `role` says what for, in a job of restic. */
export function canRead(reader: Reader, secret: Secret, role: JobFile["role"] | null = null): Answer {
  // restic starts ssh as a program of its own, which file capabilities of restic do not reach.
  if (reader.readsAll || (reader.resticReadsAll && role !== null && role !== "SSH key")) return yes;
  const { mode } = secret;
  if (typeof mode !== "string") return any([isText(reader.user, "root"), undecidedBy(mode)]);
  const bits = Number.parseInt(mode, 8);
  if ((bits & 0o444) === 0o444) return yes;
  const isOwner = isSameText(reader.user, secret.owner.text);
  const isInGroup = isMember(reader.groups, secret.group.text);
  // As the kernel does: the bits of the first of the three that fits, and of no other.
  return any([
    isText(reader.user, "root"),
    all([isOwner, toAnswer((bits & 0o400) !== 0)]),
    all([not(isOwner), isInGroup, toAnswer((bits & 0o040) !== 0)]),
    all([not(isOwner), not(isInGroup), toAnswer((bits & 0o004) !== 0)]),
  ]);
}

function isMember(groups: TextList, group: Text): Answer {
  const answers = [...groups.items, ...groups.possible].map((item) => isSameText(item.text, group));
  return any(groups.rest ? [...answers, undecided(groups.rest)] : answers);
}

export function isSameText(a: Text, b: Text): Answer {
  if (typeof a === "string" && typeof b === "string") return toAnswer(a === b);
  const reason = doubtOf(a) ?? doubtOf(b);
  return reason ? undecided(reason) : no;
}

function isText(text: Text, wanted: string): Answer {
  return isSameText(text, wanted);
}

function undecidedBy(text: Text): Answer {
  const reason = doubtOf(text);
  return reason ? undecided(reason) : no;
}
