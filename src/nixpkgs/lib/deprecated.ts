// lib.misc: what nixpkgs keeps for old code, the small lib.kernel and lib.fetchers, and names that are gone from nixpkgs
// but not from flakes.

import { operate } from "../../eval/operators.ts";
import { selectOrUndefined } from "../../eval/select.ts";
import { force } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attrs, attrsOf, emptyAttrs, emptyList, type Lazy, List, type Value } from "../../eval/value.ts";
import { withAttr } from "./attr-entries.ts";
import {
  any,
  type CallBuiltin,
  call,
  elements,
  type Functions,
  known,
  native,
  notImplemented,
  set,
  string,
  tableOf,
} from "./signature.ts";

const fakeSha256 = "0".repeat(64);

export const misc: Functions = {
  fakeHash: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  fakeSha256,
  fakeSha512: "0".repeat(128),
  mergeAttrBy: new Unknown("unsupported", "`lib.mergeAttrBy` is not implemented"),
  ...tableOf([
    native("maybeEnv", [any, any], ([, fallback]) => force(fallback)),
    native("maybeAttr", [string, any, known], ([name, fallback, attrs]) =>
      force(selectOrUndefined(attrs, name) ?? fallback),
    ),
    native("maybeAttrNullable", [string, any, known], ([name, fallback, attrs]) => {
      return force(selectOrUndefined(attrs, name) ?? fallback);
    }),
    native("ifEnable", [known, known], ([condition, value]) => (condition === true ? value : emptyLike(value))),
    native("nvs", [string, any], ([name, value]) => attrsOf({ [name]: value })),
    native("setAttr", [set, string, any], ([attrs, name, value]) => withAttr(attrs, name, value)),
    native("mergeAttrsNoOverride", [any, any, any], ([, a, b], at) => operate("//", force(a), force(b), at)),
    native("defaultMerge", [any, any], ([a, b], at) => {
      const top = force(b);
      return operate("//", force(a), top instanceof Attrs ? top : call(top, [a], at), at);
    }),
    native("closePropagation", [elements], ([packages]) => new List(packages, closure)),
    native("nixType", [known], ([value]) =>
      value instanceof Attrs ? "attrs" : value instanceof List ? "list" : "string",
    ),
  ]),
  ...notImplemented("lib.misc", [
    "checkFlag",
    "checkReqs",
    "closePropagationFast",
    "closePropagationSlow",
    "condConcat",
    "defaultMergeArg",
    "foldArgs",
    "getValue",
    "innerClosePropagation",
    "innerModifySumArgs",
    "lazyGenericClosure",
    "mergeAttrByFunc",
    "mergeAttrsByFuncDefaults",
    "mergeAttrsByFuncDefaultsClean",
    "mergeAttrsConcatenateValues",
    "mergeAttrsWithFunc",
    "modifySumArgs",
    "setAttrMerge",
    "uniqList",
    "uniqListExt",
  ]),
};

const closure = new Unknown("package", "what packages propagate");

function emptyLike(value: Value): Value {
  if (value instanceof List) return emptyList;
  if (value instanceof Attrs) return emptyAttrs;
  return typeof value === "boolean" ? false : null;
}

export const fetchers: Functions = {
  proxyImpureEnvVars: new List([
    ...["http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"],
    ...["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY", "NIX_SSL_CERT_FILE"],
  ]),
  ...notImplemented("lib.fetchers", ["normalizeHash", "withNormalizedHash"]),
};

/** Answers for the options of a kernel configuration. `mkIf` comes from the module system. */
export function kernel(callBuiltin: CallBuiltin, mkIf: Lazy): Functions {
  const answer = (tristate: string | null) => attrsOf({ tristate, optional: false });
  const isAtLeast = (version: Lazy, than: Lazy, at: Parameters<CallBuiltin>[2]): Value => {
    const order = callBuiltin("compareVersions", [version, than], at);
    return typeof order === "bigint" ? order >= 0n : order;
  };
  const not = (value: Value): Value => (typeof value === "boolean" ? !value : value);
  return {
    yes: answer("y"),
    no: answer("n"),
    module: answer("m"),
    unset: answer(null),
    ...tableOf([
      native("option", [set], ([value]) => withAttr(value, "optional", true)),
      native("freeform", [any], ([freeform]) => attrsOf({ freeform, optional: false })),
      native("whenHelpers", [any], ([version]) =>
        attrsOf(
          tableOf([
            native("whenAtLeast", [any], ([low], at) => call(mkIf, [isAtLeast(version, low, at)], at)),
            native("whenOlder", [any], ([high], at) => call(mkIf, [not(isAtLeast(version, high, at))], at)),
            native("whenBetween", [any, any], ([low, high], at) => {
              const [from, until] = [isAtLeast(version, low, at), not(isAtLeast(version, high, at))];
              return call(mkIf, [from === true ? until : from], at);
            }),
          ]),
        ),
      ),
    ]),
  };
}
