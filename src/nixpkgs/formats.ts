// `pkgs.formats.*`: the type of a settings option and the file generated from it, with its text where every value is
// known.

import { stringify } from "smol-toml";
import { define } from "../eval/native.ts";
import { force, lazily } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attrs, attrsOf, type Lazy, List, type Value } from "../eval/value.ts";
import { labelOf, makeDerivation } from "./derivation.ts";
import { callLib, readLib } from "./lib-access.ts";

const unknownFormat = new Unknown("package", "a part of `pkgs.formats` that only nixpkgs knows");

/** A format applied to its arguments: the option type, and the text of a value. */
interface Format {
  type(lib: Lazy, args: Attrs): Lazy;
  render(lib: Lazy, value: Lazy, args: Attrs): Value;
}

const jsonLike: Format = {
  type: (lib) => jsonType(lib, true),
  render: (lib, value) => callLib(lib, "generators.toJSON", attrsOf({}), value),
};

const toml: Format = {
  type: (lib) => jsonType(lib, false),
  render: (lib, value) => renderToml(lib, value),
};

const ini: Format = {
  type: (lib, args) => attrsType(lib, attrsType(lib, atomType(lib, args))),
  render: (lib, value, args) => callLib(lib, "generators.toINI", generatorArgs(args), value),
};

const iniWithGlobalSection: Format = {
  type: (lib) => readLib(lib, "types.attrs"),
  render: (lib, value, args) => callLib(lib, "generators.toINIWithGlobalSection", generatorArgs(args), value),
};

const keyValue: Format = {
  type: (lib, args) => attrsType(lib, atomType(lib, args)),
  render: (lib, value, args) => callLib(lib, "generators.toKeyValue", generatorArgs(args), value),
};

const gitIni: Format = {
  type: (lib) => attrsType(lib, attrsType(lib, readLib(lib, "types.anything"))),
  render: (lib, value) => callLib(lib, "generators.toGitINI", value),
};

const lua: Format = {
  type: (lib) => readLib(lib, "types.anything"),
  render: (lib, value) => callLib(lib, "generators.toLua", attrsOf({}), value),
};

/** Settings of any shape, in a syntax that is not rendered here. */
const opaque: Format = {
  type: (lib) => attrsType(lib, readLib(lib, "types.anything")),
  render: () => unknownFormat,
};

const formats: ReadonlyMap<string, Format> = new Map([
  ["json", jsonLike],
  ["yaml", jsonLike],
  ["yaml_1_1", jsonLike],
  ["yaml_1_2", jsonLike],
  ["toml", toml],
  ["ini", ini],
  ["iniWithGlobalSection", iniWithGlobalSection],
  ["keyValue", keyValue],
  ["gitIni", gitIni],
  ["lua", lua],
]);

export function createFormats(lib: Lazy): Attrs {
  return new Attrs(new Map(), unknownFormat, null, (name) => {
    const format = formats.get(name) ?? opaque;
    return define(`formats.${name}`, 1, ([args]) => applyFormat(lib, format, args ?? null));
  });
}

function applyFormat(lib: Lazy, format: Format, lazyArgs: Lazy): Attrs {
  const given = force(lazyArgs);
  const args = given instanceof Attrs ? given : attrsOf({});
  const generate = define("generate", 2, ([name, value]) => {
    const label = labelOf(name ?? "", "settings");
    const text = lazily(() => format.render(lib, value ?? null, args));
    return makeDerivation({ label, name: label, text });
  });
  const entries = attrsOf({ type: lazily(() => force(format.type(lib, args))), generate }).entries;
  return new Attrs(entries, unknownFormat);
}

/** What JSON can hold. A value may hold values of the same type. */
function jsonType(lib: Lazy, nullable: boolean): Lazy {
  const type: Lazy = lazily(() => {
    const scalars = ["bool", "int", "float", "str", "path"].map((name) => lazily(() => readLib(lib, `types.${name}`)));
    const nested = ["attrsOf", "listOf"].map((name) => lazily(() => callLib(lib, `types.${name}`, type)));
    const either = lazily(() => callLib(lib, "types.oneOf", new List([...scalars, ...nested])));
    return nullable ? callLib(lib, "types.nullOr", either) : force(either);
  });
  return type;
}

function attrsType(lib: Lazy, element: Lazy): Lazy {
  return lazily(() => callLib(lib, "types.attrsOf", element));
}

/** A scalar of an INI file; with `listsAsDuplicateKeys` or `listToValue` also lists of them. */
function atomType(lib: Lazy, args: Attrs): Lazy {
  return lazily(() => {
    const scalars = ["bool", "int", "float", "str"].map((name) => lazily(() => readLib(lib, `types.${name}`)));
    const atom = lazily(() => callLib(lib, "types.nullOr", callLib(lib, "types.oneOf", new List(scalars))));
    const lists = force(args.lookup("listsAsDuplicateKeys")?.value ?? false) === true || args.lookup("listToValue");
    if (!lists) return force(atom);
    return callLib(
      lib,
      "types.either",
      atom,
      lazily(() => callLib(lib, "types.listOf", atom)),
    );
  });
}

/** Of a format's arguments those that its generator takes. */
function generatorArgs(args: Attrs): Attrs {
  const known = ["listsAsDuplicateKeys", "mkKeyValue", "mkSectionName", "indent"];
  return new Attrs(new Map([...args.entries].filter(([name]) => known.includes(name))));
}

export function renderToml(lib: Lazy, value: Lazy): Value {
  const json = callLib(lib, "generators.toJSON", attrsOf({}), value);
  if (typeof json !== "string") return json;
  try {
    return stringify(JSON.parse(json));
  } catch {
    // TOML has no null, and a number may be out of its range.
    return unknownFormat;
  }
}
