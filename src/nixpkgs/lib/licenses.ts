// lib.licenses, lib.maintainers, lib.teams and lib.sourceTypes. The licenses that flakes name most are known; any other
// name is a license, maintainer or team of which only nixpkgs knows the rest.

import { expectBool } from "../../eval/native.ts";
import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force } from "../../eval/thunk.ts";
import { evalError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, type Lazy, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { contains } from "./list-contents.ts";
import { any, ask, bool, elements, known, list, native, set, string, tableOf } from "./signature.ts";

/** The name in nixpkgs and the identifier of SPDX (https://spdx.org/licenses/) of free licenses. */
const freeLicenses: readonly (readonly [string, string])[] = [
  ["afl3", "AFL-3.0"],
  ["agpl3Only", "AGPL-3.0-only"],
  ["agpl3Plus", "AGPL-3.0-or-later"],
  ["apple-psl20", "APSL-2.0"],
  ["artistic1", "Artistic-1.0"],
  ["artistic2", "Artistic-2.0"],
  ["asl20", "Apache-2.0"],
  ["blueOak100", "BlueOak-1.0.0"],
  ["boost", "BSL-1.0"],
  ["bsd0", "0BSD"],
  ["bsd1", "BSD-1-Clause"],
  ["bsd2", "BSD-2-Clause"],
  ["bsd2Patent", "BSD-2-Clause-Patent"],
  ["bsd3", "BSD-3-Clause"],
  ["bsd3Clear", "BSD-3-Clause-Clear"],
  ["bsdOriginal", "BSD-4-Clause"],
  ["cc-by-10", "CC-BY-1.0"],
  ["cc-by-20", "CC-BY-2.0"],
  ["cc-by-30", "CC-BY-3.0"],
  ["cc-by-40", "CC-BY-4.0"],
  ["cc-by-sa-20", "CC-BY-SA-2.0"],
  ["cc-by-sa-25", "CC-BY-SA-2.5"],
  ["cc-by-sa-30", "CC-BY-SA-3.0"],
  ["cc-by-sa-40", "CC-BY-SA-4.0"],
  ["cc0", "CC0-1.0"],
  ["cddl", "CDDL-1.0"],
  ["cecill20", "CECILL-2.0"],
  ["cecill21", "CECILL-2.1"],
  ["cpl10", "CPL-1.0"],
  ["curl", "curl"],
  ["epl10", "EPL-1.0"],
  ["epl20", "EPL-2.0"],
  ["eupl11", "EUPL-1.1"],
  ["eupl12", "EUPL-1.2"],
  ["fdl12Only", "GFDL-1.2-only"],
  ["fdl13Only", "GFDL-1.3-only"],
  ["fdl13Plus", "GFDL-1.3-or-later"],
  ["gpl1Only", "GPL-1.0-only"],
  ["gpl1Plus", "GPL-1.0-or-later"],
  ["gpl2Only", "GPL-2.0-only"],
  ["gpl2Plus", "GPL-2.0-or-later"],
  ["gpl3Only", "GPL-3.0-only"],
  ["gpl3Plus", "GPL-3.0-or-later"],
  ["hpnd", "HPND"],
  ["isc", "ISC"],
  ["lgpl2Only", "LGPL-2.0-only"],
  ["lgpl2Plus", "LGPL-2.0-or-later"],
  ["lgpl21Only", "LGPL-2.1-only"],
  ["lgpl21Plus", "LGPL-2.1-or-later"],
  ["lgpl3Only", "LGPL-3.0-only"],
  ["lgpl3Plus", "LGPL-3.0-or-later"],
  ["libpng", "Libpng"],
  ["llvm-exception", "LLVM-exception"],
  ["mit", "MIT"],
  ["mit0", "MIT-0"],
  ["mpl10", "MPL-1.0"],
  ["mpl11", "MPL-1.1"],
  ["mpl20", "MPL-2.0"],
  ["mspl", "MS-PL"],
  ["ncsa", "NCSA"],
  ["ofl", "OFL-1.1"],
  ["openssl", "OpenSSL"],
  ["osl3", "OSL-3.0"],
  ["php301", "PHP-3.01"],
  ["postgresql", "PostgreSQL"],
  ["psfl", "Python-2.0"],
  ["ruby", "Ruby"],
  ["sgi-b-20", "SGI-B-2.0"],
  ["sleepycat", "Sleepycat"],
  ["tcltk", "TCL"],
  ["unlicense", "Unlicense"],
  ["upl", "UPL-1.0"],
  ["vim", "Vim"],
  ["w3c", "W3C"],
  ["wtfpl", "WTFPL"],
  ["x11", "X11"],
  ["zlib", "Zlib"],
  ["zpl21", "ZPL-2.1"],
];

/** Licenses that are not free, with what may still be passed on, and those that have no SPDX identifier. */
const otherLicenses: Readonly<Record<string, LicenseFacts>> = {
  bsl11: { spdxId: "BUSL-1.1", free: false },
  "cc-by-nc-40": { spdxId: "CC-BY-NC-4.0", free: false },
  "cc-by-nc-sa-40": { spdxId: "CC-BY-NC-SA-4.0", free: false },
  "cc-by-nc-nd-40": { spdxId: "CC-BY-NC-ND-4.0", free: false },
  "cc-by-nd-40": { spdxId: "CC-BY-ND-4.0", free: false },
  elastic20: { spdxId: "Elastic-2.0", free: false },
  free: { fullName: "Unspecified free software license" },
  issl: { fullName: "Intel Simplified Software License", free: false },
  publicDomain: { fullName: "Public Domain" },
  sspl: { spdxId: "SSPL-1.0", free: false },
  unfree: { fullName: "Unfree", free: false },
  unfreeRedistributable: { fullName: "Unfree redistributable", free: false, redistributable: true },
  unfreeRedistributableFirmware: { fullName: "Unfree redistributable firmware", free: false, redistributable: true },
};

interface LicenseFacts {
  readonly spdxId?: string;
  readonly fullName?: string;
  readonly free?: boolean;
  readonly redistributable?: boolean;
}

const knownLicenses = new Map<string, Attrs>([
  ...freeLicenses.map(([name, spdxId]) => [name, licenseAttrs(name, { spdxId })] as const),
  ...Object.entries(otherLicenses).map(([name, facts]) => [name, licenseAttrs(name, facts)] as const),
]);

function licenseAttrs(shortName: string, facts: LicenseFacts): Attrs {
  const { spdxId, fullName, free = true, redistributable = free } = facts;
  const spdx = spdxId === undefined ? {} : { spdxId, url: `https://spdx.org/licenses/${spdxId}.html` };
  const name = fullName ?? new Unknown("nixpkgs-default", `the full name of the license \`${shortName}\``);
  const common = { shortName, fullName: name, deprecated: false, licenseType: "simple" };
  return attrsOf({ ...common, free, redistributable, ...spdx });
}

const bySpdxId = new Map<string, Attrs>();
for (const license of knownLicenses.values()) {
  const id = license.lookup("spdxId");
  if (id !== undefined) bySpdxId.set(String(id.value), license);
}

export const licensesBySpdxId = attrsOf(Object.fromEntries(bySpdxId));

/** The license with that SPDX identifier, in whatever case. */
export function licenseOf(id: string): Attrs | undefined {
  for (const [spdxId, license] of bySpdxId) if (spdxId.toLowerCase() === id.toLowerCase()) return license;
  return undefined;
}

const operators = tableOf([
  native("OR", [any], ([licenses]) => attrsOf({ licenseType: "compound", operator: "OR", licenses })),
  native("AND", [any], ([licenses]) => attrsOf({ licenseType: "compound", operator: "AND", licenses })),
  native("PLUS", [any], ([license]) => attrsOf({ licenseType: "plus", operator: "+", license })),
  native("WITH", [any, any], ([license, exception]) => {
    return attrsOf({ licenseType: "exception", operator: "WITH", license, exception });
  }),
]);

const questions = tableOf([
  native("isFree", [any], ([license], at) => holds(license, { test: named("free", at), permissive: true, at })),
  native("isRedistributable", [any], ([license], at) => {
    return holds(license, { test: named("redistributable", at), permissive: true, at });
  }),
  native("evaluateNamedProperty", [string, bool, any], ([name, permissive, license], at) => {
    return holds(license, { test: named(name, at), permissive, at });
  }),
  native("evaluateProperty", [any, bool, any], ([predicate, permissive, license], at) => {
    return holds(license, { test: (simple) => ask(predicate, [simple], at), permissive, at });
  }),
  native("containsLicenses", [list, any], ([wanted, license], at) => {
    return holds(license, { test: (simple) => contains(wanted, simple), permissive: false, at });
  }),
  native("toSPDX", [known], ([license], at) => toSpdx(license, at)),
]);

export const licenses = openSet(
  { ...Object.fromEntries(knownLicenses), ...operators, ...questions },
  "a license that only nixpkgs knows",
  (shortName) => ({ shortName, licenseType: "simple" }),
);

export const maintainers = openSet({}, "a maintainer that only nixpkgs knows", () => ({}));
export const teams = openSet({}, "a team that only nixpkgs knows", (shortName) => ({ shortName }));

const sourceTypeNames = ["fromSource", "binaryNativeCode", "binaryBytecode", "binaryFirmware", "obfuscatedCode"];

export const sourceTypes = attrsOf(
  Object.fromEntries(
    sourceTypeNames.map((shortName) => [shortName, attrsOf({ shortName, isSource: shortName === "fromSource" })]),
  ),
);

/** A set in which every name exists; what is not among the entries has only the attrs that `guess` gives. */
function openSet(
  entries: Readonly<Record<string, Lazy>>,
  what: string,
  guess: (name: string) => Readonly<Record<string, Lazy>>,
): Attrs {
  const rest = new Unknown("nixpkgs-default", what);
  const known = new Map(Object.entries(entries).map(([name, value]) => [name, new Attr(value)]));
  return new Attrs(known, rest, null, (name) => new Attrs(attrsOf(guess(name)).entries, rest));
}

interface Question {
  readonly test: (license: Lazy) => boolean | Unknown;
  /** Whether one license of a choice is enough and all of a conjunction are needed. */
  readonly permissive: boolean;
  readonly at: Span | null;
}

function named(name: string, at: Span | null): Question["test"] {
  return (license) => expectBool(selectAttr(force(license), name, at), at);
}

function holds(lazy: Lazy, question: Question): boolean | Unknown {
  const license = set.read(lazy, question.at);
  if (license instanceof Unknown) return license;
  const part = (name: string) => selectAttr(license, name, question.at);
  const type = force(part("licenseType"));
  if (type instanceof Unknown) return type;
  if (type === "simple") return question.test(license);
  if (type === "plus") return holds(part("license"), question);
  const isChoice = force(selectOrUndefined(license, "operator") ?? null) === "OR";
  const members =
    type === "exception" ? [part("license"), part("exception")] : elements.read(part("licenses"), question.at);
  if (members instanceof Unknown) return members;
  const oneIsEnough = type !== "exception" && isChoice === question.permissive;
  let undecided: Unknown | null = null;
  for (const member of members) {
    const answer = holds(member, question);
    if (answer === oneIsEnough) return answer;
    if (answer instanceof Unknown) undecided ??= answer;
  }
  return undecided ?? !oneIsEnough;
}

function toSpdx(license: Value, at: Span | null): Value {
  const part = (name: string) => force(selectAttr(license, name, at));
  const type = part("licenseType");
  if (type === "simple") return force(selectOrUndefined(license, "spdxId") ?? `LicenseRef-nixos-${part("shortName")}`);
  if (type === "plus") return joined([part("license")], "", "+", at);
  if (type === "exception") return joined([part("license"), part("exception")], " WITH ", "", at);
  if (type !== "compound") return type instanceof Unknown ? type : evalError("Unknown license type", at);
  const members = elements.read(part("licenses"), at);
  return members instanceof Unknown ? members : joined(members.map(force), ` ${part("operator")} `, "", at);
}

function joined(members: readonly Value[], separator: string, end: string, at: Span | null): Value {
  const texts: string[] = [];
  for (const member of members) {
    const text = toSpdx(member, at);
    if (typeof text !== "string") return text;
    const type = force(selectOrUndefined(member, "licenseType") ?? null);
    texts.push(type === "compound" || type === "exception" ? `(${text})` : text);
  }
  return texts.join(separator) + end;
}
