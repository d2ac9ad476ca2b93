// Random homelabs: the shapes in which people write their backups, some services saved and some not, a few slips, and
// files laid out as different people lay theirs out. Every name and path is made up here.

import * as fc from "fast-check";
import { flakeOf } from "./fixed-flake.ts";

/** What a service of the catalogue keeps. */
const catalogue = {
  radicale: "/var/lib/radicale/collections",
  "node-red": "/var/lib/node-red",
  "home-assistant": "/var/lib/hass",
  mosquitto: "/var/lib/mosquitto",
  couchdb: "/var/lib/couchdb",
  audiobookshelf: "/var/lib/audiobookshelf",
  zigbee2mqtt: "/var/lib/zigbee2mqtt",
} as const;
type ServiceName = keyof typeof catalogue;
const names = Object.keys(catalogue) as ServiceName[];

const shapes = ["own option", "plain", "helper", "central", "feeder"] as const;
export type Shape = (typeof shapes)[number];

interface Layout {
  readonly unit: "  " | "    " | "\t";
  readonly endOfLine: "\n" | "\r\n";
  readonly comments: boolean;
  /** `a.b.c = …` instead of sets in sets. */
  readonly dotted: boolean;
  readonly finalNewline: boolean;
}

export interface Homelab {
  readonly shape: Shape;
  readonly saved: readonly ServiceName[];
  readonly unsaved: readonly ServiceName[];
  readonly layout: Layout;
  readonly secrets: "sops" | "file";
  /** An unsaved service in the file of a saved one, not in one of its own. */
  readonly sharesFile: boolean;
  readonly slips: readonly Slip[];
}

type Slip = "stale comment" | "no persistent" | "no retention";

const layout = fc.record<Layout>({
  unit: fc.constantFrom("  ", "    ", "\t"),
  endOfLine: fc.constantFrom("\n", "\n", "\r\n"),
  comments: fc.boolean(),
  dotted: fc.boolean(),
  finalNewline: fc.boolean(),
});

export const homelabs: fc.Arbitrary<Homelab> = fc
  .record({
    shape: fc.constantFrom(...shapes),
    order: fc.shuffledSubarray(names, { minLength: 3, maxLength: 5 }),
    unsavedCount: fc.integer({ min: 1, max: 2 }),
    layout,
    secrets: fc.constantFrom("sops" as const, "file" as const),
    sharesFile: fc.boolean(),
    slips: fc.subarray<Slip>(["stale comment", "no persistent", "no retention"]),
  })
  .map(({ order, unsavedCount, ...rest }) => ({
    ...rest,
    saved: order.slice(unsavedCount),
    unsaved: order.slice(0, unsavedCount),
  }));

/** Lines of a module: the level of each, and its text. */
type Line = readonly [level: number, text: string];

/** The files of the flake, by path below its root. */
export function filesOf(homelab: Homelab): Record<string, string> {
  const { shape, saved, unsaved, sharesFile } = homelab;
  const isOneFile = shape === "helper" || shape === "central";
  const roles = new Map<string, Line[]>();
  for (const name of saved) roles.set(name, savedLines(name, homelab));
  for (const [index, name] of unsaved.entries()) {
    const host = sharesFile ? saved[index % saved.length] : undefined;
    if (host !== undefined) roles.get(host)?.push([0, ""], ...enableLines(name, homelab));
    else roles.set(name, enableLines(name, homelab));
  }
  const modules = [...roles.keys()].map((name) => `./roles/${name}.nix`);
  const files: Record<string, string> = {
    "flake.nix": flakeOf({ nas: [...modules, ...(isOneFile ? ["./backup.nix"] : [])], spare: ["./spare.nix"] }),
    "spare.nix": "{\n  services.openssh.enable = true;\n}\n",
    "secrets/backup.yaml": "sops:\n  age: []\n",
  };
  for (const [name, lines] of roles) files[`roles/${name}.nix`] = moduleText(lines, homelab, importsOf(shape));
  if (shape === "own option") files["modules/backup.nix"] = ownModule;
  if (shape === "feeder") files["modules/backup.nix"] = feederModule;
  if (shape === "helper") files["backup.nix"] = helperFile(homelab);
  if (shape === "central") files["backup.nix"] = centralFile(homelab);
  return files;
}

function importsOf(shape: Shape): readonly string[] {
  return shape === "own option" || shape === "feeder" ? ["../modules/backup.nix"] : [];
}

function enableLines(name: ServiceName, { layout: { dotted, comments }, slips }: Homelab): Line[] {
  const lines: Line[] = comments ? [[0, `# ${name} is for the family.`]] : [];
  if (slips.includes("stale comment")) lines.push([0, "# nixlint: allow missing-import -- there was one"]);
  if (dotted) lines.push([0, `services.${name}.enable = true;${comments ? " # since last year" : ""}`]);
  else lines.push([0, `services.${name} = {`], [1, "enable = true;"], [0, "};"]);
  return lines;
}

function savedLines(name: ServiceName, homelab: Homelab): Line[] {
  const { shape, secrets } = homelab;
  const own = enableLines(name, homelab);
  if (shape === "feeder") return [...own, [0, `my.backup.paths = [ "${catalogue[name]}" ];`]];
  if (shape === "helper" || shape === "central") return own;
  const secret: Line[] =
    secrets === "sops"
      ? [
          [0, `sops.secrets."restic-${name}".sopsFile = ../secrets/backup.yaml;`],
          [0, ""],
        ]
      : [];
  return [...own, [0, ""], ...secret, ...jobLines(name, homelab)];
}

function jobLines(name: ServiceName, { shape, secrets, layout: { dotted }, slips }: Homelab): Line[] {
  const path = shape === "own option" ? `my.backup.jobs.${name}` : `services.restic.backups.${name}`;
  const password = secrets === "sops" ? `config.sops.secrets."restic-${name}".path` : '"/etc/restic"';
  const bindings: (readonly [string, string])[] = [
    ["paths", `[ "${catalogue[name]}" ]`],
    ["passwordFile", password],
  ];
  if (shape === "plain") {
    bindings.unshift(["repository", `"sftp:backup@nas:${name}"`]);
    if (!slips.includes("no retention")) bindings.push(["pruneOpts", '[ "--keep-daily 7" ]']);
    if (slips.includes("no persistent")) bindings.push(["timerConfig.OnCalendar", '"03:00"']);
  }
  if (dotted) return bindings.map(([attr, value]) => [0, `${path}.${attr} = ${value};`] as const);
  return [[0, `${path} = {`], ...bindings.map(([attr, value]) => [1, `${attr} = ${value};`] as const), [0, "};"]];
}

function moduleText(lines: readonly Line[], homelab: Homelab, imports: readonly string[]): string {
  const needsConfig = homelab.secrets === "sops" || lines.some(([, text]) => text.includes("config."));
  const head: Line[] =
    imports.length > 0
      ? [
          [0, `imports = [ ${imports.join(" ")} ];`],
          [0, ""],
        ]
      : [];
  return laidOut([needsConfig ? "{ config, ... }:" : "{ ... }:", "{"], [...head, ...lines], homelab.layout);
}

function laidOut(start: readonly string[], lines: readonly Line[], { unit, endOfLine, finalNewline }: Layout): string {
  const body = lines.map(([level, text]) => (text === "" ? "" : unit.repeat(level + 1) + text));
  return [...start, ...body, "}", ...(finalNewline ? [""] : [])].join(endOfLine);
}

/** Jobs as values of one function, in a list. */
function helperFile({ saved, layout }: Homelab): string {
  const calls = saved.map((name): Line => [2, `(backup "${name}" [ "${catalogue[name]}" ])`]);
  const start = [
    "{ lib, ... }:",
    "let",
    `${layout.unit}backup = name: paths: {`,
    `${layout.unit}${layout.unit}\${name} = { inherit paths; repository = "sftp:backup@nas:\${name}"; passwordFile = "/etc/restic"; };`,
    `${layout.unit}};`,
    "in",
    "{",
  ];
  return laidOut(
    start,
    [[0, "services.restic.backups = lib.mkMerge ["], ...calls.map(([, text]): Line => [1, text]), [0, "];"]],
    layout,
  );
}

function centralFile({ saved, layout }: Homelab): string {
  const lines: Line[] = [
    [0, "services.restic.backups.nas = {"],
    [1, 'repository = "sftp:backup@nas:all";'],
    [1, 'passwordFile = "/etc/restic";'],
    [1, "paths = ["],
    ...saved.map((name): Line => [2, `"${catalogue[name]}"${layout.comments ? ` # of ${name}` : ""}`]),
    [1, "];"],
    [0, "};"],
  ];
  return laidOut(["{", ...[]], lines, layout);
}

const ownModule = `{ config, lib, ... }:
{
  options.my.backup.jobs = lib.mkOption {
    default = { };
    type = lib.types.attrsOf (
      lib.types.submodule {
        options = {
          paths = lib.mkOption { type = lib.types.listOf lib.types.str; };
          passwordFile = lib.mkOption { type = lib.types.str; };
          backupPrepareCommand = lib.mkOption {
            type = lib.types.nullOr lib.types.str;
            default = null;
          };
        };
      }
    );
  };
  config.services.restic.backups = lib.mapAttrs (name: job: {
    repository = "sftp:backup@nas:\${name}";
    inherit (job) paths passwordFile backupPrepareCommand;
  }) config.my.backup.jobs;
}
`;

const feederModule = `{ config, lib, ... }:
{
  options.my.backup.paths = lib.mkOption {
    type = lib.types.listOf lib.types.str;
    default = [ ];
  };
  config.services.restic.backups.all = {
    repository = "sftp:backup@nas:all";
    passwordFile = "/etc/restic";
    paths = config.my.backup.paths;
  };
}
`;

export function statePath(name: ServiceName): string {
  return catalogue[name];
}
