// `pkgs.stdenv` and the platform a set of packages is for.

import { applyAll } from "../eval/apply.ts";
import { define } from "../eval/native.ts";
import { force, lazily } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attr, Attrs, attrsOf, Builtin, Lambda, type Lazy, type Value } from "../eval/value.ts";
import { derivationFromArgs, makeDerivation } from "./derivation.ts";
import { callLib } from "./lib-access.ts";

const unknownStdenv = new Unknown("package", "the attrs of `stdenv`");

/** What holds on every NixOS host, also when its system is not known. */
const someLinux = attrsOf({
  isLinux: true,
  isDarwin: false,
  isWindows: false,
  isFreeBSD: false,
  isUnix: true,
});

/** `hostPlatform`: what `lib.systems.elaborate` says, else what any NixOS host is. */
export function platformOf(lib: Lazy, system: Lazy): Attrs {
  const known = force(system);
  const elaborated = typeof known === "string" ? callLib(lib, "systems.elaborate", known) : null;
  if (elaborated instanceof Attrs) return new Attrs(elaborated.entries, elaborated.rest ?? unknownPlatform(known));
  const entries = new Map(someLinux.entries);
  entries.set("system", new Attr(known));
  return new Attrs(entries, unknownPlatform(known));
}

function unknownPlatform(system: Value): Unknown {
  if (system instanceof Unknown) return system;
  return new Unknown("package", "an attr of the platform that only nixpkgs knows");
}

/** A standard environment; `stdenvNoCC`, `clangStdenv` and the like are no different from outside. */
export function createStdenv(platform: Lazy, system: Lazy): Attrs {
  const flags = ["isLinux", "isDarwin", "is64bit", "isx86_64", "isAarch64", "isAarch32", "isi686"];
  const entries: Record<string, Lazy> = {
    mkDerivation: builder("mkDerivation"),
    hostPlatform: platform,
    buildPlatform: platform,
    targetPlatform: platform,
    system,
    cc: makeDerivation({ label: "cc" }),
    shell: makeDerivation({ label: "bash" }),
  };
  for (const flag of flags) entries[flag] = lazily(() => readFlag(platform, flag));
  return new Attrs(attrsOf(entries).entries, unknownStdenv);
}

function readFlag(platform: Lazy, flag: string): Value {
  const known = force(platform);
  const attr = known instanceof Attrs ? known.lookup(flag) : undefined;
  return attr === undefined ? unknownStdenv : force(attr.value);
}

/** `buildGoModule { … }`: a derivation with the names its arguments give. */
export function builder(label: string): Builtin {
  return define(label, 1, ([args], at) => buildFrom(args ?? null, label, at));
}

function buildFrom(lazy: Lazy, label: string, at: Parameters<typeof applyAll>[2]): Value {
  const args = force(lazy);
  if (args instanceof Attrs) return derivationFromArgs(args, label);
  if (!(args instanceof Lambda || args instanceof Builtin)) return makeDerivation({ label });
  // `mkDerivation (finalAttrs: { … })` reads the derivation that it makes.
  const final = lazily(() => {
    const given = applyAll(args, [final], at);
    return given instanceof Attrs ? derivationFromArgs(given, label) : makeDerivation({ label });
  });
  return force(final);
}
