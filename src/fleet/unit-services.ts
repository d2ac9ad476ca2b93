// Services that a flake makes itself: long-running units with a state directory of their own.

import type { Value } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Option } from "../nixpkgs/modules/definition.ts";
import { isCatalogueUnit } from "./catalogue.ts";
import { attrIn, entriesOf, flagOf, type Located, textIn, textsIn } from "./known.ts";
import { presenceOf } from "./presence.ts";
import { essentialPath, type State } from "./service-state.ts";
import { placeOf, type Service, type ServiceContext } from "./services.ts";
import { normalisePath } from "./state-paths.ts";

/** Units and containers that only help others: what they keep can be made anew. */
const helpers =
  /exporter|backup|restic|borg|dump|prometheus|init|setup|cache|proxy|tunnel|sync|update|cleanup|migrat|worker|runner|builder|agent|mcp|headless|browser|vnc|redis|valkey|memcached|solverr|tika|gotenberg/i;

export function isHelper(name: string): boolean {
  return helpers.test(name);
}

export function unitServices(context: ServiceContext): readonly Service[] {
  const { entries } = entriesOf(context.host, ["systemd", "services"]);
  return entries.flatMap(({ name, option }) => unitService(context, name, option));
}

function unitService(context: ServiceContext, name: string, option: Option): readonly Service[] {
  const { value } = option;
  if (!isLongRunning(context.host, name, value)) return [];
  const isPrivate = flagOf(attrIn(value, ["serviceConfig", "DynamicUser"])?.value ?? false) === true;
  const directories = textsIn(value, ["serviceConfig", "StateDirectory"]);
  const state = directories.items.flatMap((item) => stateDirectories(item, isPrivate));
  if (state.length === 0) return [];
  return [
    {
      name,
      kind: "unit",
      option: `systemd.services.${name}`,
      units: [name],
      user: textIn(value, ["serviceConfig", "User"]) ?? null,
      group: textIn(value, ["serviceConfig", "Group"]) ?? null,
      state,
      essentialState: isHelper(name) ? [] : state,
      enabled: presenceOf(option),
      ...placeOf(option, context),
    },
  ];
}

/** A unit of the flake that runs all the time: it starts something itself, and no timer starts it. */
function isLongRunning(host: Host, name: string, value: Value): boolean {
  if (isCatalogueUnit(name) || name.endsWith("@")) return false;
  if (flagOf(attrIn(value, ["enable"])?.value ?? true) === false) return false;
  const type = textIn(value, ["serviceConfig", "Type"])?.text;
  if (!saysWhatItRuns(host, name) || type === "oneshot") return false;
  return textsIn(value, ["startAt"]).items.length === 0 && !host.option(["systemd", "timers", name]).isDefined;
}

/** A unit of which the flake sets anything but the program is a module's, and what it keeps is that module's. */
function saysWhatItRuns(host: Host, name: string): boolean {
  const unit = ["systemd", "services", name];
  return host.option([...unit, "script"]).isDefined || host.option([...unit, "serviceConfig", "ExecStart"]).isDefined;
}

/** `StateDirectory = "a b/c"`; a name after a colon is a symlink. */
function stateDirectories(item: Located, isPrivate: boolean): readonly State[] {
  if (typeof item.text !== "string") return [];
  const names = item.text.split(/\s+/).filter((name) => name !== "" && !name.startsWith("/"));
  return names.map((name) => {
    const text = normalisePath(`/var/lib/${name.split(":")[0]}`);
    return essentialPath({ text, span: item.span }, isPrivate);
  });
}
