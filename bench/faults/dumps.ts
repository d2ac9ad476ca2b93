// Dumps that do not do what they are there for: a database that is in none, files where no job looks.

import { readTexts } from "../../src/fleet/known.ts";
import type { Run } from "../run-flake.ts";
import { type Fault, filesOf } from "./kinds.ts";
import type { Places } from "./places.ts";

/** A database of a server whose dumps name theirs. */
export function* plantForgottenDatabase(run: Run, places: Places): Iterable<Fault> {
  for (const { host, dumps } of run.fleet.hosts)
    for (const { option, engine, databases } of dumps) {
      if (!/^services\.(postgresql|mysql)Backup$/.test(option) || databases === "all") continue;
      const subject = `services.${engine}.ensureDatabases`;
      const edits = places.appendTo(host.option(subject.split(".")).span, '"planted"');
      if (edits) yield { edits, subjects: [subject], files: filesOf(edits) };
    }
}

/** One that the server is told to have and no service is known by, for a service loses its backup. */
export function* plantDroppedDatabase(run: Run, places: Places): Iterable<Fault> {
  for (const host of run.fleet.hosts)
    for (const { option, engine, databases } of host.dumps) {
      if (!/^services\.(postgresql|mysql)Backup$/.test(option) || databases === "all") continue;
      const wanted = host.services.flatMap(({ state }) => state.flatMap(({ database }) => database?.name ?? []));
      const subject = `services.${engine}.ensureDatabases`;
      const ensured = readTexts(host.host.option(subject.split("."))).items;
      for (const { text, span } of databases.items) {
        const place = ensured.find((other) => other.text === text);
        if (databases.items.length < 2 || span === null || !places.isElement(span) || !place) continue;
        const edits = wanted.includes(String(text)) ? null : places.remove(span);
        if (edits === null) continue;
        yield { edits, subjects: [subject], files: [...filesOf(edits), ...(place.span ? [place.span.file] : [])] };
      }
    }
}

/** Where they go is in no job any more. */
export function* plantMovedDump(run: Run, places: Places): Iterable<Fault> {
  for (const host of run.fleet.hosts)
    for (const dump of host.dumps) {
      if (!/^services\.(postgresql|mysql)Backup$/.test(dump.option) || host.isLost(dump).kind !== "no") continue;
      // Where somebody asks for the place, the job may follow.
      const isAskedFor = [...run.flake.files.parsed.values()].some(({ source }) =>
        /Backup\.location\b/.test(source.text),
      );
      if (isAskedFor) continue;
      const base = dump.option.split(".");
      const location = host.host.option([...base, "location"]);
      const edits = location.isDefined
        ? places.setValue(location.span, '"/planted/dumps"')
        : places.insertBeside(host.host.option([...base, "enable"]).span, 'location = "/planted/dumps";');
      if (edits === null) continue;
      const files = [...filesOf(edits), ...(dump.span ? [dump.span.file] : [])];
      yield { edits, subjects: [dump.option], files };
    }
}
