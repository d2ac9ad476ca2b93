// Paths of jobs that differ by a slip from a place that the host knows, and that nothing on the host accounts for.

import { type Answer, all, toAnswer, undecided } from "../eval/answer.ts";
import type { Span } from "../source/span.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Job } from "./jobs.ts";
import { entriesOf, knownText, readTexts, showText, textIn } from "./known.ts";
import { isOneSlip } from "./slips.ts";
import { containsPath, namesOf, normalisePath } from "./state-paths.ts";

export interface StrangePath {
  readonly job: Job;
  readonly path: string;
  /** What was meant. */
  readonly meant: string;
  readonly span: Span | null;
  readonly answer: Answer;
}

export function strangePaths(host: FleetHost): readonly StrangePath[] {
  const places = placesOf(host);
  return host.jobs.flatMap((job) => {
    const known = job.paths.items.flatMap(({ text, span }): readonly StrangePath[] => {
      const path = typeof text === "string" ? normalisePath(text) : "";
      const names = path.startsWith("/") ? namesOf(path, host.savers.aliases) : [];
      if (names.length === 0 || names.some((name) => isAccounted(name, places))) return [];
      const meant = places.find((place) => place.length > 8 && isOneSlip(place, path));
      return meant === undefined ? [] : [{ job, path, meant, span, answer: all([job.certain, toAnswer(true)]) }];
    });
    const { rest } = job.paths;
    const mayBe = rest !== null && places.length > 0;
    return mayBe ? [...known, { job, path: "", meant: "", span: rest.span, answer: undecided(rest) }] : known;
  });
}

function isAccounted(path: string, places: readonly string[]): boolean {
  return places.some((place) => containsPath(place, path) || containsPath(path, place));
}

/** Where services, dumps, users, mounts, rules of tmpfiles and units keep something. */
function placesOf({ host, services, dumps, savers }: FleetHost): readonly string[] {
  const states = services.flatMap(({ state }) => state.flatMap(({ path }) => (path ? [showText(path.text)] : [])));
  const homes = entriesOf(host, ["users", "users"]).entries.flatMap(({ name, option }) => {
    const home = knownText(textIn(option.value, ["home"])) ?? `/home/${name}`;
    return home === "/var/empty" ? [] : [home];
  });
  const rules = readTexts(host.option(["systemd", "tmpfiles", "rules"])).items.flatMap(({ text }) => {
    const [, path = ""] = showText(text).trim().split(/\s+/);
    return path.startsWith("/") ? [path] : [];
  });
  const units = entriesOf(host, ["systemd", "services"]).entries.flatMap(({ name, option }) => {
    const directories = knownText(textIn(option.value, ["serviceConfig", "StateDirectory"]))?.split(/\s+/) ?? [];
    return [`/var/lib/${name}`, ...directories.map((directory) => `/var/lib/${directory}`)];
  });
  const mounts = savers.mounts.map(({ path }) => path).filter((path) => path !== "/");
  const located = dumps.flatMap(({ location }) => (location ? [showText(location.text)] : []));
  const all = [...states, ...homes, ...rules, ...units, ...mounts, ...located];
  return [...new Set(all.filter((path) => path.startsWith("/")).map(normalisePath))].filter((path) => path !== "/");
}
