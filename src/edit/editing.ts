// The questions that rules ask when they offer a fix: from a place or an option to edits, or null when there is no
// edit of which it is sure that it does what is meant and nothing else.

import type { FlakeFiles } from "../flake/files.ts";
import type { ScheduledUnit } from "../fleet/clashes.ts";
import type { Dump } from "../fleet/dumps.ts";
import type { Fleet, FleetHost } from "../fleet/fleet.ts";
import type { Job } from "../fleet/jobs.ts";
import type { Secret } from "../fleet/secrets.ts";
import type { State } from "../fleet/service-state.ts";
import type { Service } from "../fleet/services.ts";
import type { AttrPath } from "../nixpkgs/modules/definition.ts";
import type { Span } from "../source/span.ts";
import type { Change, Fix } from "./edit.ts";
import { parseAttrPath } from "./nix-text.ts";
import { extendOption, setOption } from "./options.ts";
import { scaffoldBackup, scaffoldCarrying } from "./scaffold/backup.ts";
import { readsAlone } from "./scaffold/mentions.ts";
import type { Unwatched } from "./scaffold/monitor.ts";
import { reschedule } from "./scaffold/reschedule.ts";
import type { ScaffoldContext, Scaffolded } from "./scaffold/scaffold.ts";
import { scaffoldWatch } from "./scaffold/watch.ts";
import { writtenIndex } from "./scaffold/written-index.ts";
import { Writing } from "./writing.ts";

/** Names, or as the model writes them: `services.restic.backups."a b"`. */
export type OptionPath = AttrPath | string;

/**
 * All Nix is written from the first column, two blanks a level; it is put into the layout of the file. Paths of files
 * are absolute, as in spans.
 */
export interface Editing {
  /** Gives an option the value: where it is defined, when one plain binding does; beside its siblings when none does. */
  setOption(host: FleetHost, path: OptionPath, nix: string): Change;
  /** Takes the one plain binding of an option away. */
  removeOption(host: FleetHost, path: OptionPath): Change;
  /** Adds an element to a list option, or defines it with that one. */
  extendOption(host: FleetHost, path: OptionPath, element: string): Change;
  /** A new definition in the module around `near`, beside what is most like it; null when the option is defined there. */
  define(near: Span, path: OptionPath, nix: string): Change;
  /** A binding of that name after the one that stands there, in its set: `x.Persistent` beside `x.OnCalendar`. */
  addBeside(at: Span, name: string, nix: string): Change;
  /** Replaces the value of the binding (or the expression) that stands there. `mkForce` and the like stay. */
  setValue(at: Span, nix: string): Change;
  /** Adds an element to the list that is the value of the binding (or the expression) that stands there. */
  extend(at: Span, element: string): Change;
  /** Takes away the binding, the list's element, the comment or the table of TOML that stands there, with its comments. */
  remove(at: Span): Change;
  /** Replaces exactly the characters of the span. */
  replace(at: Span, text: string): Change;
  /** Lets the module around `near` import the file. */
  addImport(near: Span, target: string): Change;
  /** A new file; null when there is one, or when it would be outside of the flake. */
  create(path: string, text: string): Change;
  /** The backup job of a service that has none, as the flake writes its others. */
  backUp(host: FleetHost, service: Service, states: readonly State[]): Offer;
  /** Has a dump saved by the job of its host that is there for such things. */
  carry(host: FleetHost, dump: Dump): Offer;
  /** Lets a unit of the host run at the calendar, where its own schedule is written in so many words. */
  reschedule(host: FleetHost, unit: ScheduledUnit, calendar: string): Change;
  /**
   * Has the job watched in an accepted way as its siblings are: by the module that watches theirs, or by the same
   * `onFailure`. Where nothing is watched: by a new role.
   */
  watch(host: FleetHost, unwatched: Unwatched): Offer;
  /** Whether nothing in the flake speaks of a secret but its declaration and the job. */
  readsAlone(host: FleetHost, job: Job, secret: Secret): boolean;
  /** The text as written; null when the file has no text. */
  textOf(at: Span): string | null;
}

/** A fix that is looked for when somebody wants it; to spread into a finding. */
export interface Offer {
  readonly offer: () => Fix | undefined;
}

export function createEditing(files: FlakeFiles, fleet: Fleet): Editing {
  const writing = new Writing(files, fleet);
  const scaffolds = (): ScaffoldContext => ({
    files,
    fs: files.fs,
    fleet,
    writing,
    index: writtenIndex(files, writing),
  });
  return {
    setOption: (host, path, nix) => setOption(writing, host, { path: namesOf(path), nix }),
    removeOption(host, path) {
      const at = writing.plainBinding(host.host.option(namesOf(path)), namesOf(path));
      return at === null ? null : writing.remove(at);
    },
    extendOption: (host, path, element) => extendOption(writing, host, { path: namesOf(path), element }),
    define: (near, path, nix) => writing.define(near, namesOf(path), nix),
    addBeside: (at, name, nix) => writing.addBeside(at, name, nix),
    setValue: (at, nix) => writing.setValue(at, nix),
    extend: (at, element) => writing.extend(at, element),
    remove: (at) => writing.remove(at),
    replace: (at, text) => (writing.tree(at.file) ? { edits: [{ span: at, text }] } : null),
    addImport: (near, target) => writing.addImport(near, target),
    create: (path, text) => writing.create(path, text),
    reschedule: (host, unit, calendar) => reschedule(scaffolds(), host, { unit, calendar }),
    watch: (host, unwatched) => ({ offer: () => fixOf(scaffoldWatch(scaffolds(), host, unwatched)) }),
    readsAlone: (host, job, secret) => readsAlone(scaffolds(), host, { job, secret }),
    backUp: (host, service, states) => ({
      offer: () => fixOf(scaffoldBackup(scaffolds(), host, { service, states })),
    }),
    carry: (host, dump) => ({ offer: () => fixOf(scaffoldCarrying(scaffolds(), host, dump)) }),
    textOf: (at) => writing.tree(at.file)?.source.text.slice(at.start, at.end) ?? null,
  };
}

function fixOf(made: Scaffolded | null): Fix | undefined {
  if (made === null || made.change === null) return undefined;
  return { title: made.title, safety: "scaffold", ...made.change, commands: made.commands };
}

function namesOf(path: OptionPath): AttrPath {
  return typeof path === "string" ? (parseAttrPath(path) ?? []) : path;
}
