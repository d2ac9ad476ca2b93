// Databases that the flake creates, and dumps that it describes without switching them on.

import { type Answer, all, any, not, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Span } from "../source/span.ts";
import { coversState, dumpsDatabase } from "./coverage.ts";
import type { FleetHost } from "./fleet-host.ts";
import { isUnset, readTexts, showText } from "./known.ts";
import type { State } from "./service-state.ts";

export interface UndumpedDatabase {
  readonly name: string;
  readonly engine: "postgresql" | "mysql";
  readonly span: Span | null;
  /** The list of a module that leaves it out; null when it is a script that does. */
  readonly list: string | null;
  readonly answer: Answer;
}

/** Databases of `ensureDatabases` that no dump names while others are dumped, and no job copies with the server. */
export function undumpedDatabases({ host, dumps, savers }: FleetHost): readonly UndumpedDatabase[] {
  return (["postgresql", "mysql"] as const).flatMap((engine) => {
    const own = dumps.filter((dump) => dump.engine === engine && dump.service === null);
    const { items, rest } = readTexts(host.option(["services", engine, "ensureDatabases"]));
    if (own.length === 0) return [];
    const module = own.find((dump) => dump.option === `services.${engine}Backup`);
    const list = module === undefined ? null : `${module.option}.databases`;
    const known = items.map(({ text, span }): UndumpedDatabase => {
      const name = showText(text);
      const state: State = {
        path: null,
        database: { engine, name },
        class: "essential",
        isPrivate: false,
        movedBy: null,
      };
      const dumped = own.map((dump) => dumpsDatabase(dump, state));
      const copied = savers.jobs.jobs.map((job) => coversState(job, state, savers));
      const doubt = typeof text === "string" ? [] : [undecided(text instanceof Unknown ? text : text.hole)];
      const exists = any(own.map((dump) => dump.certain));
      return { name, engine, span, list, answer: all([...doubt, exists, not(any([...dumped, ...copied]))]) };
    });
    return rest === null ? known : [...known, { name: "", engine, span: rest.span, list, answer: undecided(rest) }];
  });
}

export interface UnusedDump {
  /** `services.postgresqlBackup`. */
  readonly option: string;
  readonly span: Span | null;
  readonly answer: Answer;
}

/** A dump whose databases, place or time are set, and whose `enable` is not. */
export function unusedDumps({ host }: FleetHost): readonly UnusedDump[] {
  return (["postgresqlBackup", "mysqlBackup"] as const).flatMap((name): readonly UnusedDump[] => {
    const base = ["services", name];
    const whole = host.option(base);
    if (whole.value instanceof Unknown && !isUnset(whole.value))
      return [{ option: base.join("."), span: whole.span, answer: undecided(whole.value) }];
    const enable = host.option([...base, "enable"]);
    if (enable.definitions.length > 0 || enable.span !== null) return [];
    const set = ["databases", "location", "startAt", "calendar", "backupAll"]
      .map((attr) => host.option([...base, attr]))
      .find((option) => option.isDefined && option.span !== null);
    if (set === undefined) return [];
    const [module] = host.unread;
    const doubt =
      module && new Unknown("input", `the unread input \`${module.input}\` may enable it`, module.importedAt);
    return [{ option: base.join("."), span: whole.span ?? set.span, answer: doubt ? undecided(doubt) : yes }];
  });
}
