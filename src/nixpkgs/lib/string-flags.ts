// lib.strings: flags for configure scripts, CMake and Meson.

import { interpolate } from "../../eval/coerce.ts";
import { force } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { joinText, type Value } from "../../eval/value.ts";
import { any, bool, native, tableOf, text } from "./signature.ts";
import type { Text } from "./text-edges.ts";

const cmakeTypes = new Set(["BOOL", "FILEPATH", "PATH", "STRING", "INTERNAL", "LIST"]);

export const flagFunctions = tableOf([
  native("cmakeOptionType", [text, text, text], ([type, feature, value], at) => {
    const name = typeof type === "string" ? type.toUpperCase() : "STRING";
    if (!cmakeTypes.has(name)) return thrownError("assertion failed", at);
    return cmake(feature, typeof type === "string" ? name : type, value);
  }),
  native("cmakeBool", [text, bool], ([feature, flag]) => cmake(feature, "BOOL", flag ? "TRUE" : "FALSE")),
  native("cmakeFeature", [text, text], ([feature, value]) => cmake(feature, "STRING", value)),
  native("mesonOption", [text, text], ([feature, value]) => joinText(["-D", feature, "=", value])),
  native("mesonBool", [text, bool], ([feature, flag]) => joinText(["-D", feature, `=${flag}`])),
  native("mesonEnable", [text, bool], ([feature, flag]) => {
    return joinText(["-D", feature, flag ? "=enabled" : "=disabled"]);
  }),
  native("enableFeature", [bool, text], ([flag, feature]) => joinText([flag ? "--enable-" : "--disable-", feature])),
  native("withFeature", [bool, text], ([flag, feature]) => joinText([flag ? "--with-" : "--without-", feature])),
  native("enableFeatureAs", [bool, text, any], ([flag, feature, value], at) => {
    return flag ? assign("--enable-", feature, interpolate(force(value), at)) : joinText(["--disable-", feature]);
  }),
  native("withFeatureAs", [bool, text, any], ([flag, feature, value], at) => {
    return flag ? assign("--with-", feature, interpolate(force(value), at)) : joinText(["--without-", feature]);
  }),
]);

function cmake(feature: Text, type: Text, value: Text): Value {
  return joinText(["-D", feature, ":", type, "=", value]);
}

function assign(flag: string, feature: Text, value: Text | Unknown): Value {
  return value instanceof Unknown && value.reason === "error" ? value : joinText([flag, feature, "=", value]);
}
