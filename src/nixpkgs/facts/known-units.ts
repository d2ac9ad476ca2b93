// The units that modules of nixpkgs declare, as far as `data/nixos-services.json` names them, and whom they run as.

import dataJson from "../../../data/nixos-services.json" with { type: "json" };

/** What the data file holds of a service, as far as units are concerned. */
interface Facts {
  readonly option?: string;
  readonly units?: readonly string[];
  readonly user?: string | null;
  readonly userOption?: string | null;
  readonly dynamicUser?: boolean;
}

/** The user of a unit, and the option that may say another. */
export interface UnitUser {
  readonly user: string;
  readonly option: readonly string[] | null;
}

let users: ReadonlyMap<string, UnitUser | null> | null = null;

/** Undefined for a unit that the data does not name, null for one of which it does not say whom it runs as. */
export function unitUser(unit: string): UnitUser | null | undefined {
  users ??= new Map(allFacts().flatMap(([name, facts]) => unitsOf(name, facts)));
  return users.get(unit);
}

function allFacts(): readonly (readonly [string, Facts])[] {
  const { _other, ...services } = dataJson as unknown as Readonly<Record<string, Facts>>;
  const own = Object.entries(services).filter(([name]) => !name.startsWith("_"));
  return [...Object.entries((_other ?? {}) as Readonly<Record<string, Facts>>), ...own];
}

/** Of several units, the one that is called like the service runs as its user. */
function unitsOf(
  name: string,
  { option, units = [], user, userOption, dynamicUser }: Facts,
): [string, UnitUser | null][] {
  const main = units.length === 1 ? units[0] : (option ?? name).split(".").at(-1);
  const known = user && !dynamicUser ? { user, option: userOption?.split(".") ?? null } : null;
  return units.filter((unit) => !unit.includes("<")).map((unit) => [unit, unit === main ? known : null]);
}
