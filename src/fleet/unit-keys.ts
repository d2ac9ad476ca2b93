// Keys of unit sections that systemd does not know: it ignores them, and says so only in its journal.

import keysJson from "../../data/systemd-unit-keys.json" with { type: "json" };
import { type Answer, undecided } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attrs, type Value } from "../eval/value.ts";
import type { Span } from "../source/span.ts";
import type { FleetHost } from "./fleet-host.ts";
import { attrsEntries, entriesOf, isUnset } from "./known.ts";
import { presenceOf } from "./presence.ts";
import { isOneSlip } from "./slips.ts";

type Section = "Unit" | "Service" | "Timer";

const knownKeys: Readonly<Record<Section, ReadonlySet<string>>> = {
  Unit: new Set(keysJson.Unit),
  Service: new Set(keysJson.Service),
  Timer: new Set(keysJson.Timer),
};

export interface IgnoredKey {
  /** `systemd.services.backup.serviceConfig.Usr`. */
  readonly option: string;
  readonly key: string;
  readonly section: Section;
  /** What was meant: a key of the same section, or the section that has the key. */
  readonly meant: { readonly key: string; readonly section: Section };
  readonly span: Span | null;
  readonly answer: Answer;
}

interface Settings {
  readonly option: string;
  readonly section: Section;
  readonly value: Value;
  readonly span: Span | null;
  readonly certain: Answer;
}

/** Those of which it is clear what was meant; a key nobody knows may be one of a newer systemd. */
export function ignoredKeys({ host, jobs }: FleetHost): readonly IgnoredKey[] {
  const units = (kind: string, own: Section) =>
    entriesOf(host, ["systemd", kind]).entries.flatMap(({ option }) => [
      settingsOf(option.path, "Unit", host.option([...option.path, "unitConfig"]), presenceOf(option)),
      settingsOf(option.path, own, host.option([...option.path, `${own.toLowerCase()}Config`]), presenceOf(option)),
    ]);
  const ofJobs = jobs.flatMap(({ timer, certain }) =>
    timer.kind === "timer-config" && timer.option.isDefined
      ? [settingsOf(timer.option.path.slice(0, -1), "Timer", timer.option, certain)]
      : [],
  );
  return [...units("services", "Service"), ...units("timers", "Timer"), ...ofJobs].flatMap(keysOf);
}

function settingsOf(
  path: readonly string[],
  section: Section,
  { value, span }: { readonly value: Value; readonly span: Span | null },
  certain: Answer,
): Settings {
  return { option: `${path.join(".")}.${section.toLowerCase()}Config`, section, value, span, certain };
}

function keysOf({ option, section, value, span, certain }: Settings): readonly IgnoredKey[] {
  if (!(value instanceof Attrs) || isUnset(value)) return [];
  return attrsEntries(value).flatMap((entry): readonly IgnoredKey[] => {
    const meant = meantBy(entry.name, section);
    if (meant === null || entry.value === null) return [];
    // What is not known may be null, and then nothing is written into the unit.
    const answer = entry.value instanceof Unknown ? undecided(entry.value) : certain;
    return [{ option: `${option}.${entry.name}`, key: entry.name, section, meant, span: entry.span ?? span, answer }];
  });
}

/** Null for a key that is known, that is an extension (`X-…`), or of which nobody can say what it should be. */
function meantBy(key: string, section: Section): IgnoredKey["meant"] | null {
  if (knownKeys[section].has(key) || /^(X-|-)/.test(key)) return null;
  const closest = closestKey(key, knownKeys[section]);
  if (closest !== null) return { key: closest, section };
  const other = (["Unit", "Service", "Timer"] as const).find((name) => knownKeys[name].has(key));
  return other === undefined ? null : { key, section: other };
}

/** Another case, or one letter more, less or other in a name that is long enough for that to be a slip. */
function closestKey(key: string, known: ReadonlySet<string>): string | null {
  const lower = key.toLowerCase();
  for (const name of known) if (name.toLowerCase() === lower) return name;
  if (key.length < 5) return null;
  for (const name of known) if (isOneSlip(lower, name.toLowerCase())) return name;
  return null;
}
