// What starts a job besides a timer of its own: other units that want it, scripts and rules that name it.

import { type Answer, any, no, toAnswer, undecided, yes } from "../eval/answer.ts";
import type { Host } from "../nixpkgs/host.ts";
import { unitScript } from "./commands.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Job } from "./jobs.ts";
import { doubtOf, entriesOf, joinLists, readTexts, showText, type TextList, textIn, textsIn } from "./known.ts";
import { timingOf } from "./schedules.ts";

/** How one unit has another started, as NixOS and as the unit file spell it. */
const pulls = ["wants", "requires", "bindsTo", "requisite", "upholds", "onSuccess", "onFailure"];
const pulledBy = ["wantedBy", "requiredBy", "upheldBy"];

/** Whether something in the configuration starts the job. */
export function isStarted({ host }: FleetHost, job: Job): Answer {
  const timing = timingOf(host, job.unit, job.timer);
  if (timing !== null) {
    const { items, possible, rest } = timing.calendar;
    const doubt = rest ?? possible.map(({ text }) => doubtOf(text)).find((reason) => reason !== null);
    return timing.monotonic || items.length > 0 ? yes : doubt ? undecided(doubt) : no;
  }
  const own = host.option(["systemd", "services", job.unit]).value;
  const answers = [
    ...pulledBy.map((key) => isNotEmpty(textsIn(own, [key]))),
    ...["services", "timers", "targets", "paths", "sockets"].map((kind) => isPulled(host, kind, job.unit)),
    names(readTexts(host.option(["services", "udev", "extraRules"])), job.unit),
  ];
  return any(answers);
}

function isPulled(host: Host, kind: string, unit: string): Answer {
  const { entries, rest } = entriesOf(host, ["systemd", kind]);
  const answers = entries.map(({ name, option }) => {
    if (kind === "services" && name === unit) return no;
    const lists = pulls.flatMap((key) => [
      textsIn(option.value, [key]),
      textsIn(option.value, ["unitConfig", `${key.charAt(0).toUpperCase()}${key.slice(1)}`]),
    ]);
    const triggered = textIn(option.value, [`${kind.replace(/s$/, "")}Config`, "Unit"]);
    const script = kind === "services" ? unitScript(host, name).text : "";
    const list = joinLists([...lists, ...(triggered ? [{ items: [triggered], possible: [], rest: null }] : [])]);
    return any([names(list, unit), toAnswer(script.includes(unit))]);
  });
  return any(rest ? [...answers, undecided(rest)] : answers);
}

function names({ items, possible, rest }: TextList, unit: string): Answer {
  if ([...items, ...possible].some(({ text }) => showText(text).includes(unit))) return yes;
  return rest ? undecided(rest) : no;
}

function isNotEmpty({ items, rest }: TextList): Answer {
  return items.length > 0 ? yes : rest ? undecided(rest) : no;
}
