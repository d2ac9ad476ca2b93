// The users and groups of a host: those that configuration declares, that services bring along, that every NixOS has.

import { type Answer, no, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import { catalogue, exporterFacts } from "./catalogue.ts";
import { doubtOf, entriesOf, flagOf, type Text } from "./known.ts";
import type { Service } from "./services.ts";

export type Account = "user" | "group";

/** On every NixOS, by `nixos/modules/misc/ids.nix` and the modules that every host has. */
const everywhere: Readonly<Record<Account, ReadonlySet<string>>> = {
  user: new Set(
    "root nobody messagebus systemd-network systemd-resolve systemd-timesync systemd-coredump systemd-oom sshd polkituser nscd avahi lp rtkit".split(
      " ",
    ),
  ),
  group: new Set(
    "root wheel users nogroup nobody keys disk kmem tty floppy uucp lp cdrom tape audio video dialout render input sgx shadow adm utmp kvm messagebus systemd-journal systemd-network systemd-resolve systemd-timesync sshd polkituser nixbld".split(
      " ",
    ),
  ),
};

export interface AccountSources {
  readonly host: Host;
  readonly services: readonly Service[];
}

/** Whether something on the host creates the account. */
export function createsAccount(sources: AccountSources, kind: Account, name: Text): Answer {
  const doubt = doubtOf(name);
  return doubt ? undecided(doubt) : createsNamed(sources, kind, name as string);
}

function createsNamed({ host, services }: AccountSources, kind: Account, name: string): Answer {
  if (everywhere[kind].has(name) || /^(nixbld\d+|\d+)$/.test(name)) return yes;
  const { entries, rest } = entriesOf(host, ["users", kind === "user" ? "users" : "groups"]);
  if (entries.some((entry) => entry.name === name || host.option([...entry.option.path, "name"]).value === name))
    return yes;
  const ofService = services.find((service) => (kind === "user" ? service.user : service.group)?.text === name);
  if (ofService !== undefined) return isStatic(ofService) ? yes : dynamic(name, ofService);
  if (isExporter(host, kind, name)) return yes;
  if (rest) return undecided(rest);
  return otherSource(host, name);
}

/** Users of units with DynamicUser exist while the unit runs, unless the module makes them as well. */
function isStatic({ name, kind }: Service): boolean {
  return kind !== "catalogue" || !(catalogue.get(name)?.dynamicUser ?? false);
}

function dynamic(name: string, service: Service): Answer {
  return undecided(
    new Unknown("nixpkgs-default", `\`${name}\` is the dynamic user of \`${service.name}\``, service.cause),
  );
}

function isExporter(host: Host, kind: Account, name: string): boolean {
  return [...exporterFacts.values()].some(
    (facts) => facts[kind] === name && flagOf(host.option([...facts.option.split("."), "enable"]).value) === true,
  );
}

/** Modules outside of the catalogue make users too, mostly by the names they have themselves. */
function otherSource(host: Host, name: string): Answer {
  const [unread] = host.unread;
  if (unread) {
    return undecided(
      new Unknown(
        "input",
        `a module of the unread input \`${unread.input}\` may create \`${name}\``,
        unread.importedAt,
      ),
    );
  }
  for (const root of ["services", "programs", "virtualisation", "security"]) {
    for (const { name: module, option } of entriesOf(host, [root]).entries) {
      if (
        catalogue.has(module) ||
        !isRelated(module, name) ||
        flagOf(host.option([...option.path, "enable"]).value) === false
      )
        continue;
      return undecided(new Unknown("nixpkgs-default", `\`${root}.${module}\` may create \`${name}\``, option.span));
    }
  }
  return no;
}

/** `matrix-synapse` and `matrix`, `gitlab-runner` and `gitlab_runner`. */
function isRelated(module: string, name: string): boolean {
  const [a, b] = [module, name].map((text) => text.toLowerCase().replace(/[^a-z0-9]/g, ""));
  return (
    a !== undefined &&
    b !== undefined &&
    (a.includes(b) || b.includes(a) || (a.length > 3 && a.slice(0, 4) === b.slice(0, 4)))
  );
}
