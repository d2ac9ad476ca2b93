// Containers as services: what they keep is in the volumes they write to.

import type { Value } from "../eval/value.ts";
import type { Option } from "../nixpkgs/modules/definition.ts";
import { attrIn, entriesOf, flagOf, type Located, textIn, textsIn } from "./known.ts";
import { presenceOf } from "./presence.ts";
import { essentialPath, type State } from "./service-state.ts";
import { placeOf, type Service, type ServiceContext } from "./services.ts";
import { normalisePath } from "./state-paths.ts";
import { isHelper } from "./unit-services.ts";

/** Where services keep what is theirs alone. Elsewhere are media, shares and other people's files. */
const stateRoots = /^\/(var\/lib|srv|opt)\/./;

/** Where podman keeps named volumes of root, and docker all of them. */
const volumeRoots: Readonly<Record<string, string>> = {
  podman: "/var/lib/containers/storage/volumes",
  docker: "/var/lib/docker/volumes",
};

export function containerServices(context: ServiceContext): readonly Service[] {
  return [
    ...containersOf(context, ["virtualisation", "oci-containers", "containers"], ["volumes"]),
    ...containersOf(context, ["virtualisation", "quadlet", "containers"], ["containerConfig", "volumes"]),
  ];
}

function containersOf(
  context: ServiceContext,
  path: readonly string[],
  volumes: readonly string[],
): readonly Service[] {
  const { entries } = entriesOf(context.host, path);
  return entries.flatMap(({ name, option }) => containerService(context, name, { option, volumes }));
}

interface Container {
  readonly option: Option;
  readonly volumes: readonly string[];
}

function containerService(context: ServiceContext, name: string, { option, volumes }: Container): readonly Service[] {
  const { value } = option;
  const isOff = ["enable", "autoStart"].some((flag) => flagOf(attrIn(value, [flag])?.value ?? true) === false);
  if (isOff) return [];
  const root = volumeRoot(context);
  const state = textsIn(value, volumes).items.flatMap((item) => volumeState(item, root));
  return [
    {
      name,
      kind: "container",
      option: option.path.join("."),
      units: [unitName(value, name, context)],
      user: textIn(value, ["user"]) ?? null,
      group: null,
      state,
      essentialState: isHelper(name) ? [] : state,
      enabled: presenceOf(option),
      ...placeOf(option, context),
    },
  ];
}

function volumeRoot(context: ServiceContext): string {
  return volumeRoots[backendOf(context)] ?? "";
}

function backendOf({ host }: ServiceContext): string {
  return host.option(["virtualisation", "oci-containers", "backend"]).value === "docker" ? "docker" : "podman";
}

function unitName(value: Value, name: string, context: ServiceContext): string {
  const set = textIn(value, ["serviceName"])?.text;
  return typeof set === "string" ? set : `${backendOf(context)}-${name}`;
}

/** By what the volume is called, or by where it is mounted. */
function isCache(source: string, target: string): boolean {
  return (
    /cache|huggingface/i.test(source.slice(source.lastIndexOf("/") + 1)) ||
    /(?:^\/(?:var\/)?tmp|cache)(?:\/|$)/i.test(target)
  );
}

/** `source:target:options`; what is mounted read-only belongs to somebody else. */
function volumeState({ text, span }: Located, root: string): readonly State[] {
  if (typeof text !== "string") return [];
  const [source = "", target, options = ""] = text.split(":");
  if (target === undefined || options.split(",").includes("ro") || isCache(source, target)) return [];
  const path = source.startsWith("/") ? normalisePath(source) : `${root}/${source}/_data`;
  return stateRoots.test(path) ? [essentialPath({ text: path, span })] : [];
}
