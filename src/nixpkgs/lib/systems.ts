// lib.systems and lib.platforms: the names of systems, and what a platform is like as far as its name says.

import { equalLazies } from "../../eval/equality.ts";
import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attrs, attrsOf, emptyList, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { cpus, doubles, type Platform, parsePlatform, predicatesOf } from "./platform-table.ts";
import { any, type Functions, known, native, notImplemented, set, tableOf } from "./signature.ts";

/** The systems for which the flake of nixpkgs has packages. */
const flakeExposed = [
  "x86_64-linux",
  "aarch64-linux",
  "x86_64-darwin",
  "armv6l-linux",
  "armv7l-linux",
  "i686-linux",
  "aarch64-darwin",
  "powerpc64le-linux",
  "riscv64-linux",
  "x86_64-freebsd",
];

/** The lists of `lib.platforms`, by the predicate that chooses them. */
const selections: Readonly<Record<string, string>> = {
  arm: "isAarch32",
  armv7: "isArmv7",
  aarch: "isAarch",
  aarch64: "isAarch64",
  x86: "isx86",
  i686: "isi686",
  x86_64: "isx86_64",
  microblaze: "isMicroBlaze",
  mips: "isMips",
  mmix: "isMmix",
  power: "isPower",
  riscv: "isRiscV",
  riscv32: "isRiscV32",
  riscv64: "isRiscV64",
  rx: "isRx",
  vc4: "isVc4",
  or1k: "isOr1k",
  m68k: "isM68k",
  arc: "isArc",
  sh4: "isSh4",
  s390: "isS390",
  s390x: "isS390x",
  loongarch64: "isLoongArch64",
  js: "isJavaScript",
  bigEndian: "isBigEndian",
  littleEndian: "isLittleEndian",
  cygwin: "isCygwin",
  darwin: "isDarwin",
  freebsd: "isFreeBSD",
  gnu: "isGnu",
  illumos: "isSunOS",
  linux: "isLinux",
  netbsd: "isNetBSD",
  openbsd: "isOpenBSD",
  unix: "isUnix",
  wasi: "isWasi",
  redox: "isRedox",
  windows: "isWindows",
  genode: "isGenode",
  uefi: "isUefi",
  embedded: "isNone",
};

/** `lib.platforms`, which is `lib.systems.doubles`. */
export const platforms = new Attrs(() => {
  const chosen = Object.entries(selections).map(([name, predicate]) => [name, doublesWhere(predicate)]);
  return attrsOf({ all: new List(doubles), none: emptyList, ...Object.fromEntries(chosen) }).entries;
});

export const systems: Functions = {
  doubles: platforms,
  flakeExposed: new List(flakeExposed),
  functionNames: new List(["canExecute", "emulator", "emulatorAvailable", "staticEmulatorAvailable"]),
  ...tableOf([
    native("elaborate", [known], ([system], at) => elaborate(system, at)),
    native("systemToAttrs", [known], ([system]) => (system instanceof Attrs ? system : attrsOf({ system }))),
    native("equals", [set, set], ([a, b], at) => {
      const config = (platform: Attrs) => selectAttr(platform, "config", at);
      return equalLazies(config(a), config(b));
    }),
  ]),
  ...notImplemented("lib.systems", ["architectures", "examples", "inspect", "parse", "platforms"]),
};

function doublesWhere(predicate: string): List {
  return new List(
    doubles.filter((double) => {
      const platform = parsePlatform(double);
      return platform !== undefined && predicatesOf(platform)[predicate] === true;
    }),
  );
}

function elaborate(system: Value, at: Span | null): Value {
  const given = system instanceof Attrs ? system : attrsOf({ system });
  const name = force(selectOrUndefined(given, "config") ?? selectAttr(given, "system", at));
  if (name instanceof Unknown) return name;
  const rest = new Unknown("nixpkgs-default", `an attr of the platform \`${String(name)}\` that only nixpkgs knows`);
  const platform = typeof name === "string" ? parsePlatform(name) : undefined;
  const known = platform === undefined ? { system: name } : platformAttrs(platform);
  return new Attrs(new Map([...attrsOf(known).entries, ...given.entries, ...pinned(known)]), rest);
}

/** What elaborating settles, whatever the caller wrote. */
function pinned(platform: Readonly<Record<string, Lazy>>) {
  const settled = Object.entries(platform).filter(([name]) => ["system", "config", "parsed"].includes(name));
  return attrsOf(Object.fromEntries(settled)).entries;
}

function platformAttrs(platform: Platform): Readonly<Record<string, Lazy>> {
  const { cpu, vendor, kernel, abi } = platform;
  const is = predicatesOf(platform);
  const { family, bits, bigEndian = false } = cpus[cpu] ?? { family: cpu, bits: 64 };
  const darwinArch = cpu === "aarch64" ? "arm64" : cpu;
  const significantByte = attrsOf({ name: bigEndian ? "bigEndian" : "littleEndian" });
  return {
    ...is,
    system: `${cpu}-${kernel}`,
    config: [kernel === "darwin" ? darwinArch : cpu, vendor, kernel, ...(abi === "unknown" ? [] : [abi])].join("-"),
    parsed: attrsOf({
      _type: "system",
      cpu: attrsOf({ _type: "cpu-type", name: cpu, bits: BigInt(bits), family, significantByte }),
      vendor: attrsOf({ _type: "vendor", name: vendor }),
      kernel: attrsOf({ _type: "kernel", name: kernel }),
      abi: attrsOf({ _type: "abi", name: abi }),
    }),
    libc: libcOf(is),
    linuxArch: linuxArchOf(cpu, family, bits),
    qemuArch: bits === 32 ? (qemuArchs[family] ?? cpu) : cpu,
    efiArch: efiArchs[cpu] ?? cpu,
    darwinArch,
    uname: attrsOf({ system: kernel === "linux" ? "Linux" : kernel === "darwin" ? "Darwin" : kernel, processor: cpu }),
    hasSharedLibraries: is.isStatic === false && kernel !== "none",
    extensions: attrsOf({
      executable: is.isWindows ? ".exe" : "",
      sharedLibrary: is.isDarwin ? ".dylib" : is.isWindows ? ".dll" : ".so",
      staticLibrary: is.isWindows ? ".lib" : ".a",
    }),
    go: attrsOf({ GOARCH: goArchs[cpu] ?? null, GOOS: kernel }),
    node: attrsOf({ arch: nodeArchs[cpu] ?? null, platform: kernel }),
    canExecute: native("canExecute", [any], ([other], at) => {
      return equalLazies(selectAttr(force(other), "system", at), `${cpu}-${kernel}`);
    }),
  };
}

const qemuArchs: Readonly<Record<string, string>> = { x86: "i386", arm: "arm" };
const efiArchs: Readonly<Record<string, string>> = {
  i686: "ia32",
  x86_64: "x64",
  aarch64: "aa64",
  armv7l: "arm",
  armv6l: "arm",
};
const nodeArchs: Readonly<Record<string, string>> = {
  x86_64: "x64",
  i686: "ia32",
  aarch64: "arm64",
  armv7l: "arm",
  armv6l: "arm",
  riscv64: "riscv64",
};
const goArchs: Readonly<Record<string, string>> = {
  aarch64: "arm64",
  armv5tel: "arm",
  armv6l: "arm",
  armv7l: "arm",
  i686: "386",
  loongarch64: "loong64",
  powerpc64le: "ppc64le",
  riscv64: "riscv64",
  s390x: "s390x",
  x86_64: "amd64",
};

function libcOf(is: Readonly<Record<string, boolean>>): Lazy {
  if (is.isDarwin) return "libSystem";
  if (is.isMusl) return "musl";
  if (is.isLinux) return is.isAndroid ? "bionic" : "glibc";
  return new Unknown("nixpkgs-default", "the C library of the platform");
}

function linuxArchOf(cpu: string, family: string, bits: number): string {
  if (family === "arm") return bits === 64 ? "arm64" : "arm";
  if (family === "x86") return bits === 64 ? "x86_64" : "i386";
  return family === "power" ? "powerpc" : ["riscv", "mips", "s390", "loongarch"].includes(family) ? family : cpu;
}
