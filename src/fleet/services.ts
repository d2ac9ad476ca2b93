// The services of a host: those of the catalogue that are enabled, the flake's own units, containers, and what
// `nixlint.toml` adds. Each knows what it keeps, as whom it runs, and who chose it.

import type { Answer } from "../eval/answer.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { AttrPath, Definition, Option } from "../nixpkgs/modules/definition.ts";
import type { Span } from "../source/span.ts";
import { type CatalogueService, catalogue } from "./catalogue.ts";
import { causeOf } from "./cause.ts";
import { containerServices } from "./container-services.ts";
import type { FleetHost } from "./fleet-host.ts";
import { entriesOf, isUnset, type Located, readText } from "./known.ts";
import { presenceOf } from "./presence.ts";
import { catalogueState, configuredState, type State } from "./service-state.ts";
import type { FleetSettings, ServiceSettings } from "./settings.ts";
import { unitServices } from "./unit-services.ts";

export interface Service {
  /** `home-assistant`; with the instance when there are several, `redis.servers.queue`. */
  readonly name: string;
  readonly kind: "catalogue" | "unit" | "container" | "configured";
  /** `services.home-assistant`. */
  readonly option: string;
  /** Units it consists of, without `.service`. */
  readonly units: readonly string[];
  /** Null when nothing says so: DynamicUser without a name. */
  readonly user: Located | null;
  readonly group: Located | null;
  /** Everything it keeps. */
  readonly state: readonly State[];
  /** What cannot be made anew; in the strict profile also what can. */
  readonly essentialState: readonly State[];
  /** Never "no": a service that is not enabled is not listed. */
  readonly enabled: Answer;
  /** Where it was chosen. */
  readonly cause: Span | null;
  /** The other definitions between the cause and the service. */
  readonly links: readonly Span[];
}

/** What reading services needs to know of the fleet. */
export interface ServiceContext {
  readonly host: Host;
  readonly settings: FleetSettings;
  readonly isChoice: (file: string) => boolean;
}

export function readServices(context: ServiceContext): readonly Service[] {
  const known = [...catalogue].flatMap(([name, entry]) => catalogueServices(context, name, entry));
  const own = [...unitServices(context), ...containerServices(context)];
  return [...known, ...own, ...configuredServices(context, [...known, ...own])].map((service) =>
    configure(service, context),
  );
}

function catalogueServices(context: ServiceContext, name: string, entry: CatalogueService): readonly Service[] {
  const path = entry.option.split(".");
  if (!entry.option.endsWith(".<name>")) return catalogueService(context, name, { entry, path, instance: null });
  const { entries } = entriesOf(context.host, path.slice(0, -1));
  return entries.flatMap(({ name: instance }) =>
    catalogueService(context, `${name}.${instance}`, { entry, path: [...path.slice(0, -1), instance], instance }),
  );
}

interface Instance {
  readonly entry: CatalogueService;
  readonly path: AttrPath;
  readonly instance: string | null;
}

function catalogueService(
  context: ServiceContext,
  name: string,
  { entry, path, instance }: Instance,
): readonly Service[] {
  const { host } = context;
  const enable = host.option([...path, "enable"]);
  const enabled = isUnset(enable.value) ? null : enable.is(true);
  if (enabled === null || enabled.kind === "no" || (enabled.kind === "undecided" && !isMentioned(host, path)))
    return [];
  const substitute = (text: string) => (instance === null ? text : text.replaceAll("<name>", instance));
  const state = catalogueState(host, entry, substitute);
  return [
    {
      name,
      kind: "catalogue",
      option: path.join("."),
      units: entry.units.map(substitute),
      user: readOwner(host, entry.userOption, entry.user, substitute),
      group: readOwner(host, entry.groupOption, entry.group, substitute),
      state,
      essentialState: essentialOf(state, context.settings),
      enabled,
      ...placeOf(enable, context),
    },
  ];
}

/** Whether anybody says the service's name; where a set may hold any names, as after a syntax error, it is not assumed. */
function isMentioned(host: Host, path: AttrPath): boolean {
  const options = [host.option([...path, "enable"]), host.option(path)];
  return options.some(({ definitions }) => definitions.some((definition) => definition.isNamed));
}

/** Where a service was chosen, by the option that brings it about. */
export function placeOf(option: Option, { host, isChoice }: ServiceContext): Pick<Service, "cause" | "links"> {
  const [definition] = option.definitions;
  const cause = causeOf(
    definition && (isFromElsewhere(definition) ? outerOf(host, option, definition) : definition),
    isChoice,
  );
  return { cause: cause?.at ?? option.span, links: cause?.links ?? [] };
}

/** `services.x = enabled { … }`: a function in another file wrote `enable = true`. */
function isFromElsewhere({ span, module }: Definition): boolean {
  return span !== null && module.file.startsWith("/") && span.file !== module.file;
}

/** The statement of the same module that the definition is part of. */
function outerOf(host: Host, { path }: Option, definition: Definition): Definition {
  for (let length = path.length - 1; length > 1; length--) {
    const { definitions } = host.option(path.slice(0, length));
    const outer = definitions.find(
      ({ span, module }) => span?.file === module.file && module.file === definition.module.file,
    );
    if (outer) return outer;
  }
  return definition;
}

function readOwner(
  host: Host,
  option: string | null,
  fallback: string | null,
  substitute: (text: string) => string,
): Located | null {
  const set = option === null ? undefined : readText(host.option(substitute(option).split(".")));
  return set ?? (fallback === null ? null : { text: substitute(fallback), span: null });
}

/** Drops caches, and what lies below another path of the same service: one cause, one finding. */
export function essentialOf(state: readonly State[], settings: FleetSettings): readonly State[] {
  const wanted = state.filter(
    (one) =>
      !isVolatile(one) && (one.class === "essential" || (one.class === "regenerable" && settings.profile === "strict")),
  );
  return wanted.filter((one, index) => !wanted.some((other, at) => at !== index && swallows(other, one, at < index)));
}

/** A key that a secret manager puts in place at each boot is kept in its encrypted file. */
function isVolatile({ path }: State): boolean {
  return typeof path?.text === "string" && path.text.startsWith("/run/");
}

function swallows(outer: State, inner: State, isEarlier: boolean): boolean {
  const [a, b] = [outer.path?.text, inner.path?.text];
  if (typeof a !== "string" || typeof b !== "string") return false;
  return b.startsWith(`${a}/`) || (a === b && isEarlier);
}

/** Services that `nixlint.toml` names and nothing else knows: a unit or an option of that name brings them about. */
function configuredServices(context: ServiceContext, known: readonly Service[]): readonly Service[] {
  return Object.entries(context.settings.services)
    .filter(([name, settings]) => !known.some((service) => isMeant(service, name, settings)))
    .flatMap(([name, settings]) => configuredService(context, name, settings));
}

/** What brings a service about, the surest first. */
function originsOf(name: string, { option, units = [name] }: ServiceSettings): readonly AttrPath[] {
  const base = option?.split(".") ?? ["services", ...name.split(".")];
  const options = option === undefined ? [] : [base];
  return [[...base, "enable"], ...options, ...units.map((unit) => ["systemd", "services", unit])];
}

/** Whether the host could have the service that `nixlint.toml` names, enabled or not. */
export function mayHave({ host, services }: FleetHost, name: string, settings: ServiceSettings): boolean {
  const [enable = [], ...others] = originsOf(name, settings);
  return (
    services.some((service) => isMeant(service, name, settings)) ||
    host.option(enable).hasKnownType ||
    [enable, ...others].some((path) => host.option(path).definitions.length > 0)
  );
}

function configuredService({ host, ...context }: ServiceContext, name: string, settings: ServiceSettings) {
  const { units = [name] } = settings;
  const [path = []] = originsOf(name, settings).filter((one) => host.option(one).definitions.length > 0);
  const option = host.option(path);
  const isSwitch = path.at(-1) === "enable";
  const enabled = isSwitch ? option.is(true) : presenceOf(option);
  if (path.length === 0 || !option.isDefined || enabled.kind === "no") return [];
  const service: Service = {
    name,
    kind: "configured",
    option: (isSwitch ? path.slice(0, -1) : path).join("."),
    units,
    user: null,
    group: null,
    state: [],
    essentialState: [],
    enabled,
    ...placeOf(option, { host, ...context }),
  };
  return [service];
}

function isMeant(service: Service, name: string, { option }: ServiceSettings): boolean {
  return service.name === name || service.option === option || service.units.includes(name);
}

/** `[services.<name>]` of `nixlint.toml` says better what is essential and who runs it. */
function configure(service: Service, { settings }: ServiceContext): Service {
  const found = Object.entries(settings.services).find(([name, given]) => isMeant(service, name, given))?.[1];
  if (!found) return service;
  const state = found.state === undefined ? service.state : configuredState(found.state);
  return {
    ...service,
    // What it keeps is then said by whoever wrote the file, and by no facts.
    kind: found.state === undefined ? service.kind : "configured",
    state,
    essentialState: found.state === undefined ? service.essentialState : state,
    units: found.units ?? service.units,
    user: found.user === undefined ? service.user : { text: found.user, span: null },
    group: found.group === undefined ? service.group : { text: found.group, span: null },
  };
}
