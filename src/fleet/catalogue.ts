// The catalogue of NixOS services as data: what each keeps, as whom it runs, and how the options are called that move it.

import catalogueJson from "../../data/nixos-services.json" with { type: "json" };

export type StateClass = "essential" | "regenerable" | "cache";

/** One directory or file of a service. */
export interface CatalogueState {
  /** The default; null when there is none. `<name>` is the instance. */
  readonly path: string | null;
  /** The option that moves it; null when none does. */
  readonly option: string | null;
  readonly class?: StateClass;
  /** The option holds a name below this directory. */
  readonly relativeTo?: string;
  /** Other defaults by `system.stateVersion`: `{ "<24.11": … }`. */
  readonly dirByStateVersion?: Readonly<Record<string, string>>;
  /** The option that holds the version, where it is not `system.stateVersion`. */
  readonly stateVersionOption?: string;
  readonly unverified?: boolean;
}

export interface CatalogueService {
  readonly option: string;
  readonly units: readonly string[];
  readonly user: string | null;
  readonly group: string | null;
  readonly userOption: string | null;
  readonly groupOption: string | null;
  readonly dynamicUser: boolean;
  readonly state: readonly CatalogueState[];
  readonly database: string | null;
  readonly class: StateClass;
  /** The engine that the program itself uses inside its state. */
  readonly databaseUpstream?: string | null;
  readonly live_copy_safe: boolean | null;
  readonly dirByStateVersion?: Readonly<Record<string, string>>;
  readonly defaults: Readonly<Record<string, unknown>>;
}

export interface CatalogueExporter {
  readonly option: string;
  readonly port: number | null;
  readonly unit: string;
  readonly user?: string | null;
  readonly group?: string | null;
  /** Options whose file systemd hands over, so that anybody may own it. */
  readonly secretsViaCredentials?: readonly string[];
  readonly defaults: Readonly<Record<string, unknown>>;
}

interface Facts {
  readonly _exporters: Readonly<Record<string, CatalogueExporter>>;
  readonly [service: string]: unknown;
}

// The shape of the file is checked by test/fleet/catalogue.test.ts; its inferred type is a union of 161 shapes.
const facts = catalogueJson as unknown as Facts;

/** Services by name, without the tables whose names start with an underscore. */
export const catalogue: ReadonlyMap<string, CatalogueService> = new Map(serviceEntries());

function serviceEntries(): readonly [string, CatalogueService][] {
  const { _exporters, ...others } = facts;
  const services = Object.entries(others).filter(([name]) => !name.startsWith("_"));
  // See above: the shape is checked by a test.
  return services as [string, CatalogueService][];
}

export const exporterFacts: ReadonlyMap<string, CatalogueExporter> = new Map(Object.entries(facts._exporters));

/** Units that belong to a service of the catalogue; instances are patterns. */
const catalogueUnits = [...catalogue.values()].flatMap((service) =>
  service.units.map((unit) => new RegExp(`^${unit.replace(/[.+()]/g, "\\$&").replaceAll("<name>", ".*")}$`)),
);

export function isCatalogueUnit(unit: string): boolean {
  return catalogueUnits.some((pattern) => pattern.test(unit));
}

/**
 * Judgements that differ from the file's, by default path or by the option that moves it. Host keys are made anew, a
 * backup target holds what others have, and a directory that receives dumps or uploads in transit is not state.
 */
const classByPath: ReadonlyMap<string, StateClass> = new Map([
  // Postfix holds mail for a while; where it is kept for good is said by the programs that serve it.
  ["/var/lib/postfix", "regenerable"],
  ["/var/spool/mail", "regenerable"],
  // Zones come from the configuration or from a primary.
  ["/var/lib/knot", "regenerable"],
  // The passwords of shares are set anew; what is shared lies elsewhere.
  ["/var/lib/samba", "regenerable"],
  ["/var/lib/samba/private", "regenerable"],
  // Messages on their way; users and topics are settings.
  ["/var/lib/ntfy-sh", "regenerable"],
  ["/var/lib/ntfy-sh/user.db", "regenerable"],
]);

const classByOption: ReadonlyMap<string, StateClass> = new Map([
  // What is synchronised is on the other devices too, and a device that lost its identity is paired again.
  ["services.syncthing.dataDir", "regenerable"],
  ["services.syncthing.configDir", "regenerable"],
  ["services.openssh.hostKeys", "regenerable"],
  ["services.restic.server.dataDir", "regenerable"],
  ["services.paperless.consumptionDir", "cache"],
  ["services.forgejo.dump.backupDir", "cache"],
  ["services.gitea.dump.backupDir", "cache"],
  ["services.vaultwarden.backupDir", "cache"],
  ["services.hydra.gcRootsDir", "cache"],
  ["services.minio.certificatesDir", "regenerable"],
]);

/** Settings that make a service's state anew: by the service, the option, and the value it needs (null: any). */
const declaredBy: ReadonlyMap<string, { readonly option: string; readonly value: boolean | null }> = new Map([
  ["services.grafana", { option: "services.grafana.provision.dashboards.settings", value: null }],
  ["services.adguardhome", { option: "services.adguardhome.mutableSettings", value: false }],
]);

export function declaringOption({ option }: CatalogueService) {
  return declaredBy.get(option);
}

/** Services of which a database is all: on a server, their own directory holds nothing that has to be saved. */
const databaseOnly: ReadonlySet<string> = new Set([
  "services.authelia.instances.<name>",
  "services.autobrr",
  "services.bazarr",
  "services.freshrss",
  "services.gotify",
  "services.grafana",
  "services.headscale",
  "services.healthchecks",
  "services.lidarr",
  "services.lldap",
  "services.mautrix-signal",
  "services.mautrix-telegram",
  "services.mautrix-whatsapp",
  "services.prowlarr",
  "services.radarr",
  "services.readarr",
  "services.seerr",
  "services.soju",
  "services.sonarr",
  "services.uptime-kuma",
  "services.wakapi",
  "services.woodpecker-server",
]);

export function keepsOnlyDatabase({ option }: CatalogueService): boolean {
  return databaseOnly.has(option);
}

export function stateClass(service: CatalogueService, state: CatalogueState): StateClass {
  const byOption = state.option === null ? undefined : classByOption.get(state.option);
  const byPath = state.path === null ? undefined : classByPath.get(state.path);
  return byOption ?? byPath ?? state.class ?? service.class;
}
