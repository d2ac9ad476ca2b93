// Nobody learns any more that a job failed: everything that watches it is taken away.

import type { Edit } from "../../src/edit/edit.ts";
import type { FleetHost } from "../../src/fleet/fleet.ts";
import type { Job } from "../../src/fleet/jobs.ts";
import { type Watch, waysOfWatching } from "../../src/fleet/watching.ts";
import type { Span } from "../../src/source/span.ts";
import type { Run } from "../run-flake.ts";
import { type Fault, filesOf, joined } from "./kinds.ts";
import type { Places } from "./places.ts";

export function* plantUnwatched(run: Run, places: Places): Iterable<Fault> {
  for (const host of run.fleet.hosts)
    for (const job of host.watchable) {
      const ways = waysOfWatching.filter((way) => host.isWatched(job, [way]).kind !== "no");
      if (ways.length === 0 || host.isWatched(job, waysOfWatching).kind !== "yes") continue;
      const edits = joined(ways.map((way) => removeWay(way, { run, host, job, places })));
      if (edits === null || edits.length === 0) continue;
      const own = job.span ? [job.span.file] : [];
      yield { edits, subjects: [job.option], files: [...new Set([...own, ...filesOf(edits)])] };
    }
}

interface Watched {
  readonly run: Run;
  readonly host: FleetHost;
  readonly job: Job;
  readonly places: Places;
}

function removeWay(way: Watch, watched: Watched): readonly Edit[] | null {
  const spans = spansOf(way, watched);
  return spans.length === 0 ? null : joined(spans.map((span) => watched.places.remove(span)));
}

function spansOf(way: Watch, { run, host, job }: Watched): readonly Span[] {
  const unit = ["systemd", "services", job.unit];
  const spans = (paths: readonly (readonly string[])[]) =>
    paths.flatMap((path) => {
      const option = host.host.option(path);
      return option.isDefined ? option.definitions.flatMap(({ span }) => span ?? []).concat(option.span ?? []) : [];
    });
  if (way === "on-failure")
    return spans([
      [...unit, "onFailure"],
      [...unit, "unitConfig", "OnFailure"],
    ]);
  if (way === "heartbeat") return spans(commandsOf(job, unit));
  if (way === "exporter") return run.fleet.hosts.flatMap(({ exporters }) => exporters.flatMap(resticOnly));
  return [];
}

function resticOnly({ name, span }: { readonly name: string; readonly span: Span | null }): readonly Span[] {
  return name === "restic" && span ? [span] : [];
}

/** What runs besides the backup itself. */
function commandsOf({ option, mechanism }: Job, unit: readonly string[]): readonly (readonly string[])[] {
  const names = mechanism === "restic" ? ["backupCleanupCommand", "backupPrepareCommand"] : ["postHook", "preHook"];
  const own = mechanism === "unit" ? [] : names.map((name) => [...option.split("."), name]);
  const ends = ["postStop", "postStart", "preStart"].map((name) => [...unit, name]);
  return [...own, ...ends, [...unit, "serviceConfig", "ExecStopPost"], [...unit, "serviceConfig", "ExecStartPost"]];
}
