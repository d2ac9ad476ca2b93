// Asks real Nix for the values of the reference flake, with the modules of a nixpkgs and a sops-nix on disk.
// Never touches a store: evaluation alone needs none.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Another Nix than the one in PATH. */
export const nixInstantiate = process.env.NIX_INSTANTIATE ?? "nix-instantiate";

export interface Sources {
  readonly nixpkgs: string;
  readonly sopsNix: string;
}

export interface Evaluated {
  /** Null when Nix gave an error; `error` then says which. */
  readonly values: Golden | null;
  readonly error: string;
}

/** What values.nix gives, as far as tests look into it. */
export interface Golden {
  readonly environment: { readonly etc: Readonly<Record<string, { readonly text: string }>> };
  readonly failedAssertions: readonly string[];
  readonly systemd: {
    readonly services: Readonly<Record<string, GoldenService>>;
    readonly units: Readonly<Record<string, string>>;
  };
  readonly services: { readonly restic: { readonly backups: Readonly<Record<string, GoldenBackup>> } };
  readonly programs: { readonly ssh: { readonly extraConfig: string; readonly knownHosts: string } };
  readonly sops: { readonly secrets: Readonly<Record<string, GoldenSecret>> };
  readonly wrappers: Readonly<Record<string, string>>;
}

export interface GoldenService {
  readonly environment: Readonly<Record<string, string | null>>;
  readonly preStart: string;
  readonly postStop: string;
  readonly serviceConfig: Readonly<Record<string, string | boolean | readonly string[]>>;
}

export interface GoldenBackup {
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly passwordFile: string;
  readonly repository: string;
  readonly user: string;
}

export interface GoldenSecret {
  readonly key: string;
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
}

export const hosts = ["ha-01", "scrypted-01", "db-01"] as const;
export type HostName = (typeof hosts)[number];

/** All services on one host, which the exporter's assertion forbids and the backups do not. */
export const threeServices = {
  name: "three-services",
  host: "ha-01",
  extra: `{ pkgs, ... }: {
    imports = [ (FLAKE + "/roles/scrypted.nix") (FLAKE + "/roles/postgres.nix") ];
    disabledModules = [ (FLAKE + "/roles/monitoring-restic.nix") ];
    mares.services.scrypted.package = pkgs.nodejs;
  }`,
} as const;

export interface Configuration {
  readonly name: string;
  readonly host: HostName;
  readonly extra: string;
}

export const configurations: readonly Configuration[] = [
  ...hosts.map((host) => ({ name: host, host, extra: "{ }" })),
  threeServices,
];

export function readGolden(name: string): Golden {
  return JSON.parse(readFileSync(join(import.meta.dirname, `golden/${name}.json`), "utf8"));
}

/** `extra` is Nix source: one more module, in which `FLAKE` stands for the flake's directory. */
export function evaluateHost(host: HostName, { nixpkgs, sopsNix }: Sources, extra = "{ }"): Evaluated {
  const flake = join(process.cwd(), "nix");
  const module = extra.replaceAll("FLAKE", flake);
  const args = ["nixpkgs", nixpkgs, "sops-nix", sopsNix, "flake", flake];
  const paths = [0, 2, 4].flatMap((at) => ["--arg", args[at] ?? "", `/. + ${JSON.stringify(args[at + 1])}`]);
  const { status, stdout, stderr } = spawnSync(
    nixInstantiate,
    ["--eval", "--strict", "--json", ...paths, "--argstr", "host", host, "--arg", "extra", module, valuesFile()],
    { encoding: "utf8", maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NIX_REMOTE: "dummy://", NIX_PATH: "" } },
  );
  if (status !== 0) return { values: null, error: stderr };
  return { values: JSON.parse(withoutHashes(stdout)), error: "" };
}

function valuesFile(): string {
  return join(process.cwd(), "test/nix/golden/values.nix");
}

/** Store paths by package alone: hashes and versions change with every nixpkgs. */
export function withoutHashes(text: string): string {
  return text.replace(
    /\/nix\/store\/[0-9a-z]{32}-([\w+?=-]*?(?:\.[a-z]+)?)(?:-\d[\w.+]*)?(?=[/\s":\\]|$)/g,
    "/nix/store/$1",
  );
}
