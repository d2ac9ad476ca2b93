// The systems that nixpkgs knows, and what follows from the processor and kernel in their names.

export interface Platform {
  readonly cpu: string;
  readonly vendor: string;
  readonly kernel: string;
  readonly abi: string;
}

export interface Cpu {
  readonly family: string;
  readonly bits: number;
  readonly bigEndian?: boolean;
}

export const cpus: Readonly<Record<string, Cpu>> = {
  aarch64: { family: "arm", bits: 64 },
  aarch64_be: { family: "arm", bits: 64, bigEndian: true },
  arc: { family: "arc", bits: 32 },
  arm: { family: "arm", bits: 32 },
  armv5tel: { family: "arm", bits: 32 },
  armv6l: { family: "arm", bits: 32 },
  armv7a: { family: "arm", bits: 32 },
  armv7l: { family: "arm", bits: 32 },
  avr: { family: "avr", bits: 8 },
  i686: { family: "x86", bits: 32 },
  javascript: { family: "javascript", bits: 32 },
  loongarch64: { family: "loongarch", bits: 64 },
  m68k: { family: "m68k", bits: 32, bigEndian: true },
  microblaze: { family: "microblaze", bits: 32, bigEndian: true },
  microblazeel: { family: "microblaze", bits: 32 },
  mips: { family: "mips", bits: 32, bigEndian: true },
  mips64: { family: "mips", bits: 64, bigEndian: true },
  mips64el: { family: "mips", bits: 64 },
  mipsel: { family: "mips", bits: 32 },
  mmix: { family: "mmix", bits: 64, bigEndian: true },
  msp430: { family: "msp430", bits: 16 },
  or1k: { family: "or1k", bits: 32, bigEndian: true },
  powerpc: { family: "power", bits: 32, bigEndian: true },
  powerpc64: { family: "power", bits: 64, bigEndian: true },
  powerpc64le: { family: "power", bits: 64 },
  powerpcle: { family: "power", bits: 32 },
  riscv32: { family: "riscv", bits: 32 },
  riscv64: { family: "riscv", bits: 64 },
  rx: { family: "rx", bits: 32 },
  s390: { family: "s390", bits: 32, bigEndian: true },
  s390x: { family: "s390", bits: 64, bigEndian: true },
  sh4: { family: "sh", bits: 32 },
  vc4: { family: "vc4", bits: 32 },
  wasm32: { family: "wasm", bits: 32 },
  wasm64: { family: "wasm", bits: 64 },
  x86_64: { family: "x86", bits: 64 },
};

/** Processors by kernel: together the system doubles of nixpkgs. */
const cpusOfKernel: Readonly<Record<string, string>> = {
  cygwin: "i686 x86_64",
  darwin: "x86_64 aarch64",
  freebsd: "i686 x86_64 aarch64",
  genode: "aarch64 i686 x86_64",
  solaris: "x86_64",
  ghcjs: "javascript",
  linux:
    "aarch64 arc armv5tel armv6l armv7a armv7l i686 loongarch64 m68k sh4 microblaze microblazeel mips mips64 mips64el " +
    "mipsel powerpc powerpc64 powerpc64le riscv32 riscv64 s390 s390x x86_64",
  mmixware: "mmix",
  netbsd: "aarch64 armv6l armv7a armv7l i686 m68k mipsel powerpc riscv32 riscv64 x86_64",
  none:
    "aarch64_be aarch64 arm armv6l avr i686 microblaze microblazeel mips mips64 msp430 or1k m68k powerpc powerpcle " +
    "riscv32 riscv64 rx s390 s390x vc4 x86_64",
  openbsd: "i686 x86_64",
  redox: "x86_64",
  wasi: "wasm64 wasm32",
  windows: "aarch64 x86_64 i686",
  uefi: "aarch64 x86_64",
};

export const doubles: readonly string[] = Object.entries(cpusOfKernel).flatMap(([kernel, names]) =>
  names.split(" ").map((cpu) => `${cpu}-${kernel}`),
);

const hardFloat = new Set(["armv6l", "armv7a", "armv7l"]);

/** The platform of a double (`x86_64-linux`) or a longer name (`aarch64-unknown-linux-musl`); undefined: unheard of. */
export function parsePlatform(name: string): Platform | undefined {
  const [cpu = "", ...others] = name.split("-");
  if (cpus[cpu] === undefined) return undefined;
  const kernelAt = others.findIndex((part) => cpusOfKernel[part] !== undefined || part.startsWith("darwin"));
  const kernel = others[kernelAt];
  if (kernel === undefined) return undefined;
  const isWindows = kernel === "windows";
  const plainVendor = kernel === "darwin" ? "apple" : isWindows || kernel === "cygwin" ? "pc" : "unknown";
  const vendor = kernelAt > 0 ? (others[0] ?? plainVendor) : plainVendor;
  return { cpu, vendor, kernel, abi: others[kernelAt + 1] ?? defaultAbi(cpu, kernel) };
}

function defaultAbi(cpu: string, kernel: string): string {
  if (kernel === "windows") return "msvc";
  if (kernel !== "linux") return "unknown";
  if (cpus[cpu]?.family === "arm" && cpus[cpu]?.bits === 32) return hardFloat.has(cpu) ? "gnueabihf" : "gnueabi";
  return cpu === "powerpc64" ? "gnuabielfv2" : cpu.startsWith("mips64") ? "gnuabi64" : "gnu";
}

/** `isLinux`, `isx86_64` and so on. */
export function predicatesOf({ cpu, kernel, abi }: Platform): Readonly<Record<string, boolean>> {
  const { family, bits, bigEndian = false } = cpus[cpu] ?? { family: "", bits: 64 };
  const is = (of: string, width?: number) => family === of && (width === undefined || bits === width);
  const isBsd = kernel === "freebsd" || kernel === "netbsd" || kernel === "openbsd";
  const unix = isBsd || ["linux", "darwin", "cygwin", "solaris", "redox"].includes(kernel);
  return {
    is16bit: bits === 16,
    is32bit: bits === 32,
    is64bit: bits === 64,
    is32Bit: bits === 32,
    is64Bit: bits === 64,
    isLittleEndian: !bigEndian,
    isBigEndian: bigEndian,
    isx86: is("x86"),
    isx86_32: is("x86", 32),
    isx86_64: is("x86", 64),
    isi686: cpu === "i686",
    isAarch: is("arm"),
    isAarch32: is("arm", 32),
    isAarch64: is("arm", 64),
    isArmv7: cpu.startsWith("armv7"),
    isArmv8: is("arm", 64),
    isRiscV: is("riscv"),
    isRiscV32: is("riscv", 32),
    isRiscV64: is("riscv", 64),
    isPower: is("power"),
    isPower64: is("power", 64),
    isMips: is("mips"),
    isMips32: is("mips", 32),
    isMips64: is("mips", 64),
    isS390: is("s390"),
    isS390x: is("s390", 64),
    isLoongArch64: is("loongarch", 64),
    isMicroBlaze: is("microblaze"),
    isM68k: is("m68k"),
    isArc: is("arc"),
    isSh4: cpu === "sh4",
    isRx: is("rx"),
    isVc4: is("vc4"),
    isOr1k: is("or1k"),
    isMmix: is("mmix"),
    isAvr: is("avr"),
    isMsp430: is("msp430"),
    isJavaScript: is("javascript"),
    isGhcjs: kernel === "ghcjs",
    isWasm: is("wasm"),
    isWasi: kernel === "wasi",
    isLinux: kernel === "linux",
    isDarwin: kernel === "darwin",
    isMacOS: kernel === "darwin",
    isiOS: false,
    isFreeBSD: kernel === "freebsd",
    isNetBSD: kernel === "netbsd",
    isOpenBSD: kernel === "openbsd",
    isBSD: isBsd,
    isUnix: unix,
    isSunOS: kernel === "solaris",
    isGenode: kernel === "genode",
    isRedox: kernel === "redox",
    isWindows: kernel === "windows",
    isCygwin: kernel === "cygwin",
    isMinGW: kernel === "windows" && abi === "gnu",
    isMsvc: kernel === "windows" && abi === "msvc",
    isNone: kernel === "none",
    isUefi: kernel === "uefi",
    isGnu: abi.startsWith("gnu") && kernel === "linux",
    isMusl: abi.startsWith("musl"),
    isAndroid: abi.startsWith("android"),
    isUClibc: abi.startsWith("uclibc"),
    isStatic: kernel === "wasi" || kernel === "redox",
    isEfi: ["x86", "riscv", "loongarch"].includes(family) || is("arm"),
  };
}
