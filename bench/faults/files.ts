// Faults of the flake itself: imports of what is not there, assertions that fail, two values for one option, comments
// that allow what they should not.

import type { Edit } from "../../src/edit/edit.ts";
import { Unknown } from "../../src/eval/unknown.ts";
import type { FleetHost } from "../../src/fleet/fleet.ts";
import type { Span } from "../../src/source/span.ts";
import type { Run } from "../run-flake.ts";
import { type Fault, filesOf } from "./kinds.ts";
import type { Places } from "./places.ts";

/** Where a module of the host says something of it, and no function that makes hosts. */
function placeOf({ host }: FleetHost): Span | null {
  const options = ["networking.hostName", "system.stateVersion", "time.timeZone", "services.openssh.enable"];
  const definitions = options.flatMap((option) => host.option(option.split(".")).definitions);
  const own = definitions.find(
    ({ span, module }) => span?.file === module.file && !/\/(flake|lib\/.*)\.nix$|\/flake(-parts)?\//.test(module.file),
  );
  return own?.span ?? null;
}

function* modulesIn(
  run: Run,
  places: Places,
  text: string,
): Iterable<{ readonly host: FleetHost; readonly edits: readonly Edit[] }> {
  for (const host of run.fleet.hosts) {
    const edits = host.kind === "host" ? places.insertModule(placeOf(host), text) : null;
    if (edits) yield { host, edits };
  }
}

function pathBeside(edits: readonly Edit[], name: string): string {
  const [file = ""] = filesOf(edits);
  return `${file.slice(0, file.lastIndexOf("/"))}/${name}`;
}

export function* plantMissingImport(run: Run, places: Places): Iterable<Fault> {
  const { root } = run.flake.files;
  for (const { edits } of modulesIn(run, places, "imports = [ ./planted-and-absent.nix ];")) {
    const path = pathBeside(edits, "planted-and-absent.nix");
    yield { edits, subjects: [path.slice(root.length + 1)], files: filesOf(edits) };
  }
}

export function* plantUntrackedImport(run: Run, places: Places): Iterable<Fault> {
  const { root } = run.flake.files;
  for (const { edits } of modulesIn(run, places, "imports = [ ./planted-untracked.nix ];")) {
    const path = pathBeside(edits, "planted-untracked.nix");
    const newFiles = new Map([[path, "{ }\n"]]);
    yield { edits, newFiles, subjects: [path.slice(root.length + 1)], files: filesOf(edits) };
  }
}

export function* plantFailedAssertion(run: Run, places: Places): Iterable<Fault> {
  const text = 'assertions = [ { assertion = 1 + 1 == 3; message = "planted"; } ];';
  for (const { edits } of modulesIn(run, places, text))
    yield { edits, subjects: ["assertions"], files: filesOf(edits) };
}

/** Two names for one host, of one priority. */
export function* plantConflict(run: Run, places: Places): Iterable<Fault> {
  for (const { host, edits } of modulesIn(run, places, 'networking.hostName = "planted";')) {
    const name = host.host.option(["networking", "hostName"]);
    const [definition] = name.definitions;
    if (definition?.priority !== 100 || name.value instanceof Unknown) continue;
    const files = definition.span ? [definition.span.file] : [];
    yield { edits, subjects: ["networking.hostName"], files: [...filesOf(edits), ...files] };
  }
}

function* commentIn(run: Run, comment: string, subjects: readonly string[]): Iterable<Fault> {
  for (const host of run.fleet.hosts) {
    const place = placeOf(host);
    const text = place ? run.flake.files.parsed.get(place.file)?.source.text : undefined;
    if (place === null || text === undefined) continue;
    const start = text.lastIndexOf("\n", place.start) + 1;
    const edits = [{ span: { file: place.file, start, end: start }, text: `# nixlint: ${comment}\n` }];
    yield { edits, subjects, files: filesOf(edits) };
  }
}

export function* plantUnknownRule(run: Run): Iterable<Fault> {
  yield* commentIn(run, "allow service-without-backups -- planted", ["service-without-backups"]);
}

export function* plantIdleSuppression(run: Run): Iterable<Fault> {
  yield* commentIn(run, "allow empty-backup-job -- planted", ["empty-backup-job"]);
}

export function* plantExpired(run: Run): Iterable<Fault> {
  yield* commentIn(run, "allow empty-backup-job -- planted until=2020-01-01", ["empty-backup-job"]);
}
