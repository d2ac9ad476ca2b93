// Random Nix: expressions of every kind that mostly mean nothing, modules that say something of backups, and flakes of
// such modules.

import type { Dice } from "./dice.ts";
import { oddText } from "./mutate.ts";

const names = [
  "a",
  "b",
  "x",
  "self",
  "config",
  "lib",
  "pkgs",
  "inputs",
  "options",
  "constructor",
  "__proto__",
  "toString",
  "__functor",
  "outPath",
];
const builtins = [
  ..."abort add all any attrNames attrValues baseNameOf bitAnd catAttrs ceil compareVersions concatLists concatMap".split(
    " ",
  ),
  ..."concatStringsSep deepSeq dirOf div elem elemAt filter filterSource findFile floor foldl' fromJSON fromTOML".split(
    " ",
  ),
  ..."functionArgs genList genericClosure getAttr getEnv groupBy hasAttr hashString head import intersectAttrs".split(
    " ",
  ),
  ..."isAttrs isFunction isString length lessThan listToAttrs map mapAttrs match mul parseDrvName partition path".split(
    " ",
  ),
  ..."pathExists readDir readFile removeAttrs replaceStrings seq sort split splitVersion storePath stringLength sub".split(
    " ",
  ),
  ..."substring tail throw toFile toJSON toPath toString toXML trace tryEval typeOf unsafeGetAttrPos zipAttrsWith".split(
    " ",
  ),
  ..."currentTime derivation fetchGit fetchTarball fetchTree fetchurl getFlake placeholder scopedImport toPath".split(
    " ",
  ),
  ..."appendContext getContext addErrorContext hashFile parseFlakeRef flakeRefToString unsafeDiscardStringContext".split(
    " ",
  ),
];
const operators = ["+", "-", "*", "/", "++", "//", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "->", "|>", "<|"];
const libFunctions = [
  ..."attrByPath concatMapStrings escapeShellArg fix genAttrs getExe hasPrefix imap0 mapAttrs' mkAfter mkBefore".split(
    " ",
  ),
  ..."mkDefault mkForce mkIf mkMerge mkOption mkOverride nameValuePair optional optionalAttrs optionals recursiveUpdate".split(
    " ",
  ),
  ..."splitString strings.toLower toInt toList types.attrsOf types.listOf types.submodule unique evalModules".split(
    " ",
  ),
];

export function randomText(dice: Dice): string {
  const text = dice.oneIn(3)
    ? oddText(dice)
    : dice.pick(["", "a", "/var/lib/x", "daily", "sftp:host:/x", "(a|b)*", "[[:alpha:]]+"]);
  return text.replace(/[\\"]|\$(?=\{)/g, "\\$&");
}

/** `depth` is how much deeper it may go. */
export function randomExpression(dice: Dice, depth: number): string {
  if (depth <= 0) return randomLeaf(dice);
  const inner = () => randomExpression(dice, depth - 1 - dice.below(2));
  switch (dice.below(16)) {
    case 0:
      return `{ ${randomBindings(dice, depth)} }`;
    case 1:
      return `rec { ${randomBindings(dice, depth)} }`;
    case 2:
      return `[ ${dice.some(4, () => `(${inner()})`).join(" ")} ]`;
    case 3:
      return `let ${randomBindings(dice, depth)} in ${inner()}`;
    case 4:
      return `(${randomParameter(dice, inner)}: ${inner()})`;
    case 5:
      return `((${inner()}) (${inner()}))`;
    case 6:
      return `(if ${inner()} then ${inner()} else ${inner()})`;
    case 7:
      return `(${inner()} ${dice.pick(operators)} ${inner()})`;
    case 8:
      return `(${inner()}).${randomName(dice, inner)}${dice.oneIn(2) ? ` or (${inner()})` : ""}`;
    case 9:
      return `((${inner()}) ? ${randomName(dice, inner)})`;
    case 10:
      return `(with (${inner()}); ${inner()})`;
    case 11:
      return `(assert ${inner()}; ${inner()})`;
    case 12:
      return `"${randomText(dice)}\${${inner()}}${randomText(dice)}"`;
    case 13:
      return `(builtins.${dice.pick(builtins)} ${dice.some(3, () => `(${inner()})`).join(" ")})`;
    case 14:
      return `(${dice.pick(["!", "-"])}${inner()})`;
    default:
      return `''\n  ${randomText(dice)}\${${inner()}}\n    ''`;
  }
}

function randomLeaf(dice: Dice): string {
  switch (dice.below(8)) {
    case 0:
      return String(dice.below(10));
    case 1:
      return dice.pick(["9223372036854775807", "1.5e300", "0.1", "-1", "1e-400"]);
    case 2:
      return `"${randomText(dice)}"`;
    case 3:
      return dice.pick(["./x.nix", "./.", "/etc/passwd", "../../x", "~/x", "<nixpkgs>", "./${x}.nix"]);
    case 4:
      return dice.pick(["true", "false", "null", "{ }", "[ ]", "builtins", "(x: x)"]);
    case 5:
      return `builtins.${dice.pick(builtins)}`;
    default:
      return dice.pick(names);
  }
}

function randomName(dice: Dice, inner: () => string): string {
  if (dice.oneIn(8)) return `\${${inner()}}`;
  return dice.oneIn(6) ? `"${randomText(dice)}"` : dice.pick(names.slice(0, 10));
}

function randomBindings(dice: Dice, depth: number): string {
  const inner = () => randomExpression(dice, depth - 1 - dice.below(2));
  const binding = () => {
    if (dice.oneIn(6)) return `inherit ${dice.oneIn(2) ? `(${inner()}) ` : ""}${dice.pick(names)};`;
    const path = [dice.pick(names), ...dice.some(2, () => randomName(dice, inner))].join(".");
    return `${path} = ${inner()};`;
  };
  return dice.some(4, binding).join(" ");
}

function randomParameter(dice: Dice, inner: () => string): string {
  if (dice.oneIn(2)) return dice.pick(["x", "a", "_"]);
  const formals = dice.some(3, () => `${dice.pick(names)}${dice.oneIn(3) ? ` ? ${inner()}` : ""}`);
  const list = `{ ${[...formals, ...(dice.oneIn(2) ? ["..."] : [])].join(", ")} }`;
  return dice.oneIn(4) ? `${list}@args` : list;
}

/** Options that the fleet model asks for. */
const optionPaths = [
  "services.restic.backups.x",
  "services.restic.backups.x.paths",
  "services.restic.backups.x.repository",
  "services.restic.backups.x.timerConfig",
  "services.restic.backups.x.timerConfig.OnCalendar",
  "services.restic.backups.x.pruneOpts",
  "services.restic.backups.x.exclude",
  "services.restic.backups.x.passwordFile",
  "services.restic.backups.x.user",
  "services.borgbackup.jobs.b",
  "services.postgresqlBackup",
  "services.postgresqlBackup.startAt",
  "services.postgresql.enable",
  "services.grafana.enable",
  "services.grafana.dataDir",
  "services.vaultwarden.enable",
  "services.constructor.enable",
  "services.prometheus.scrapeConfigs",
  "services.prometheus.exporters.restic",
  "sops.secrets.s",
  "sops.secrets.s.owner",
  "sops.defaultSopsFile",
  "age.secrets.t.file",
  "systemd.services.restic-backups-x",
  "systemd.services.u.script",
  "systemd.services.u.serviceConfig.ExecStart",
  "systemd.services.u.path",
  "systemd.timers.u.timerConfig",
  "systemd.tmpfiles.rules",
  "users.users.u",
  "users.users.u.uid",
  "fileSystems",
  "networking.hostName",
  "time.timeZone",
  "environment.etc.e.text",
  "virtualisation.oci-containers.containers.c",
  "containers.c.config",
  "home-manager.users.u",
  "assertions",
  "imports",
  "nixpkgs.overlays",
  "my.option",
  "_module.args",
];

const properties = [
  "mkDefault",
  "mkForce",
  "mkIf true",
  "mkIf (config ? x)",
  "mkMerge",
  "mkOverride 50",
  "mkAfter",
  "mkOrder 5",
];

export function randomModule(dice: Dice, imports: readonly string[]): string {
  const lines = dice.some(6, () => {
    const value = dice.oneIn(2) ? randomSetting(dice) : randomExpression(dice, 3);
    const wrapped = dice.oneIn(4) ? `lib.${dice.pick(properties)} (${value})` : value;
    return `  ${dice.pick(optionPaths)} = ${wrapped};`;
  });
  const imported = dice.some(2, () => dice.pick(imports)).map((name) => `./${name}`);
  const declared = dice.oneIn(4)
    ? `  options.my.option = lib.mkOption { type = ${randomType(dice, 2)}; default = ${randomExpression(dice, 1)}; };\n`
    : "";
  const body = `${declared}  imports = [ ${imported.join(" ")} ];\n${lines.join("\n")}`;
  const whole =
    declared === "" ? `{\n${body}\n}` : `{\n${declared}  imports = [ ];\n  config = {\n${lines.join("\n")}\n  };\n}`;
  return `{ config, lib, pkgs, ${dice.oneIn(3) ? "options, x, " : ""}... }:\n${whole}\n`;
}

/** What would be right for some option. */
function randomSetting(dice: Dice): string {
  return dice.pick([
    "true",
    `"${randomText(dice)}"`,
    `[ "${randomText(dice)}" "/var/lib" ]`,
    '{ OnCalendar = "daily"; Persistent = true; }',
    `{ OnCalendar = "${randomText(dice)}"; }`,
    '{ paths = [ "/var/lib" ]; repository = "sftp:x:/y"; passwordFile = config.sops.secrets.s.path; }',
    "{ enable = true; }",
    "{ owner = config.users.users.u.name; }",
    "config.networking.hostName",
    `config.${dice.pick(optionPaths)}`,
    `lib.${dice.pick(libFunctions)} ${randomExpression(dice, 1)}`,
    "map (x: x) (builtins.attrNames config.services)",
    "pkgs.writeShellScript \"s\" ''restic backup /var/lib''",
  ]);
}

function randomType(dice: Dice, depth: number): string {
  const leaf = dice.pick(["str", "int", "bool", "path", "anything", "raw", "lines", "package", "port", "unspecified"]);
  if (depth <= 0 || dice.oneIn(2)) return `lib.types.${leaf}`;
  const inner = randomType(dice, depth - 1);
  return dice.pick([
    `(lib.types.attrsOf ${inner})`,
    `(lib.types.listOf ${inner})`,
    `(lib.types.nullOr ${inner})`,
    `(lib.types.either ${inner} lib.types.int)`,
    `(lib.types.submodule { options.a = lib.mkOption { type = ${inner}; }; })`,
  ]);
}

export const moduleNames = ["m0.nix", "m1.nix", "m2.nix"];

/** Hosts come about in the ways that flakes have. */
export function randomFlake(dice: Dice): string {
  const host = `nixpkgs.lib.nixosSystem { ${dice.pick(["", 'system = "x86_64-linux";', "specialArgs = { inherit self; };"])} modules = [ ${moduleNames.map((name) => `./${name}`).join(" ")} ]; }`;
  const hosts = dice.pick([
    `{ wild = ${host}; }`,
    `nixpkgs.lib.genAttrs [ "wild" "${randomText(dice)}" ] (name: ${host})`,
    `builtins.mapAttrs (name: _: ${host}) (builtins.readDir ./.)`,
    `{ wild = ${host}; } // (${randomExpression(dice, 2)})`,
    `{ wild = ${host}; \${${randomExpression(dice, 1)}} = ${host}; }`,
    randomExpression(dice, 4),
  ]);
  const inputs = dice.some(
    3,
    () =>
      `  inputs.${dice.pick(names.slice(0, 6))}.url = "${dice.pick(["github:NixOS/nixpkgs", "path:./m0.nix", "path:..", "path:/", "git+file:///etc", randomText(dice)])}";\n`,
  );
  const more = dice.oneIn(3)
    ? `\n    ${dice.pick(["colmena", "nixosModules", "lib", "overlays", "packages"])} = ${randomExpression(dice, 3)};`
    : "";
  return `{\n${inputs.join("")}  outputs = { self, nixpkgs, ... }@inputs: {\n    nixosConfigurations = ${hosts};${more}\n  };\n}\n`;
}
