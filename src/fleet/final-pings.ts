// Heartbeats in commands that run whatever became of the backup, and that do not look at what became of it.

import { type Answer, all, no, toAnswer, undecided } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Value } from "../eval/value.ts";
import type { Span } from "../source/span.ts";
import { commandLines, readScript } from "./commands.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Job } from "./jobs.ts";
import { isUnset } from "./known.ts";

export interface FinalPing {
  readonly job: Job;
  /** The option that holds the command. */
  readonly option: string;
  readonly span: Span | null;
  /** Whether it says "alive" also after a failure. */
  readonly answer: Answer;
}

export function finalPings({ host, jobs }: FleetHost): readonly FinalPing[] {
  return jobs.flatMap((job) => {
    const unit = ["systemd", "services", job.unit];
    const places = [
      ...(job.mechanism === "restic" ? [[...job.option.split(".").slice(0, 3), job.name, "backupCleanupCommand"]] : []),
      ...(job.mechanism === "borg" ? [["services", "borgbackup", "jobs", job.name, "postHook"]] : []),
      [...unit, "postStop"],
      [...unit, "serviceConfig", "ExecStopPost"],
    ];
    return places.flatMap((path): readonly FinalPing[] => {
      const { value, span, isDefined } = host.option(path);
      if (value === null || isUnset(value) || (!isDefined && !(value instanceof Unknown) && value === "")) return [];
      return [{ job, option: path.join("."), span, answer: all([job.certain, pingsAlways(value)]) }];
    });
  });
}

/** Services that wait for a sign of life. */
const heartbeat =
  /\b(?:curl|wget|xh|https?ie|hc-ping|runitor)\b.*(?:hc-ping|healthchecks?|uptime|\/api\/push\/|heartbeat|\bping\b|deadmanssnitch|nosnch|cronitor|\bhc\b)/i;
/** Endpoints that say something else than "alive", and addresses that end in a status. */
const other = /\/(?:fail|start|log)\b|status=down|\/\$|\$\{?\w*(?:status|result|code|rc)\b/i;
/** What tells a script how the backup went. */
const result = /SERVICE_RESULT|EXIT_STATUS|EXIT_CODE|exitStatus|\$\?|is-failed|systemctl\s+(?:show|status)/;

function pingsAlways(value: Value): Answer {
  const { text, unread } = readScript(value);
  if (result.test(text)) return no;
  const pings = commandLines(text).some((line) => heartbeat.test(line) && !other.test(line));
  return pings || unread === null ? toAnswer(pings) : undecided(unread);
}
