// Builtins between values and JSON, TOML and XML.

import type { Span } from "../../source/span.ts";
import { toJson } from "../json-writer.ts";
import { argument, define, expectString } from "../native.ts";
import { Unknown } from "../unknown.ts";
import type { Builtin, Value } from "../value.ts";
import { parseJson } from "./json-reader.ts";
import { parseToml } from "./toml.ts";
import { toXml } from "./xml.ts";

function defineReader(name: string, read: (text: string, at: Span | null) => Value): Builtin {
  return define(name, 1, (args, at) => {
    const text = expectString(argument(args, 0), at);
    return text instanceof Unknown ? text : read(text, at);
  });
}

export const dataBuiltins: readonly Builtin[] = [
  defineReader("fromJSON", parseJson),
  defineReader("fromTOML", parseToml),
  define("toJSON", 1, (args, at) => toJson(argument(args, 0), at)),
  define("toXML", 1, (args) => toXml(argument(args, 0))),
];
