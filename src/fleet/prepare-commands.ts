// Prepare commands of restic jobs: NixOS runs them as a script of their own, which does not stop at the first failure.

import { type Answer, all, no, toAnswer, undecided } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import { PartialString } from "../eval/value.ts";
import type { Span } from "../source/span.ts";
import { showCommand } from "./commands.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Job } from "./jobs.ts";
import { isUnset, showText, toText } from "./known.ts";
import { type UncheckedStep, uncheckedStep } from "./shell-steps.ts";

export interface PrepareCommand {
  readonly job: Job;
  readonly span: Span | null;
  readonly step: UncheckedStep | null;
  /** Whether something in it may fail and the backup be made all the same. */
  readonly answer: Answer;
}

export function prepareCommands({ host, jobs }: FleetHost): readonly PrepareCommand[] {
  return jobs.flatMap((job): readonly PrepareCommand[] => {
    if (job.mechanism !== "restic") return [];
    const { value, span } = host.option(["services", "restic", "backups", job.name, "backupPrepareCommand"]);
    if (value === null || isUnset(value)) return [];
    if (value instanceof Unknown) return [{ job, span, step: null, answer: all([job.certain, undecided(value)]) }];
    const step = uncheckedStep(value instanceof PartialString ? showCommand(value) : showText(toText(value)));
    return [{ job, span, step, answer: all([job.certain, step === null ? no : toAnswer(true)]) }];
  });
}
