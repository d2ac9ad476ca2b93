// What in `pkgs` writes files: `writeText` and its kin keep the text they were given, since scripts and configuration
// files say what a host does.

import { define } from "../eval/native.ts";
import { force, lazily } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attrs, attrsOf, type Builtin, joinText, type Lazy, List, type Value } from "../eval/value.ts";
import { derivationFromArgs, isDerivation, labelOf, makeDerivation, textOf, textOfDerivation } from "./derivation.ts";
import { renderToml } from "./formats.ts";
import { callLib } from "./lib-access.ts";

const unknownWriter = new Unknown("package", "a writer that only nixpkgs knows");

/** The writers at the top of `pkgs`. */
export function createWriters(lib: Lazy): ReadonlyMap<string, Lazy> {
  return new Map<string, Lazy>([
    ["writeText", writer("writeText", "file")],
    ["writeScript", writer("writeScript", "file")],
    ["writeShellScript", writer("writeShellScript", "file")],
    ["writeScriptBin", writer("writeScriptBin", "program")],
    ["writeShellScriptBin", writer("writeShellScriptBin", "program")],
    ["writeTextDir", define("writeTextDir", 2, ([path, text]) => writeDir(path ?? "", text ?? ""))],
    ["writeTextFile", define("writeTextFile", 1, ([args]) => writeFile(args ?? null, "destination"))],
    ["writeShellApplication", define("writeShellApplication", 1, ([args]) => writeApplication(args ?? null))],
    ["concatText", define("concatText", 2, ([name, files]) => concatText(name ?? "", files ?? null))],
    ["concatScript", define("concatScript", 2, ([name, files]) => concatText(name ?? "", files ?? null))],
    ["writers", namedWriters(lib)],
    ...["runCommand", "runCommandLocal", "runCommandCC", "runCommandNoCC", "runCommandWith"].map(runner),
    ...["linkFarm", "linkFarmFromDrvs", "replaceVars", "replaceVarsWith"].map(naming),
    ...["symlinkJoin", "buildEnv", "substituteAll", "substitute", "makeDesktopItem"].map(joiner),
  ]);
}

/** `write… name text`; a program stands in `bin/`. */
function writer(label: string, kind: "file" | "program"): Builtin {
  return define(label, 2, ([name, text]) => written(labelOf(name ?? "", label), text ?? "", kind));
}

function written(name: string, text: Lazy, kind: "file" | "program"): Attrs {
  if (kind === "file") return makeDerivation({ label: name, name, text });
  return makeDerivation({ label: name, name, text, file: `/bin/${name}`, mainProgram: name });
}

function writeDir(path: Lazy, text: Lazy): Attrs {
  const file = labelOf(path, "file");
  return makeDerivation({ label: file.split("/").at(-1) ?? file, text, file: `/${file}` });
}

function writeFile(lazy: Lazy, destination: string): Value {
  const args = force(lazy);
  if (!(args instanceof Attrs)) return makeDerivation({ label: "file" });
  const label = labelOf(args.lookup("name")?.value ?? "", "file");
  const file = labelOf(args.lookup(destination)?.value ?? "", "");
  return makeDerivation({ label, name: label, text: args.lookup("text")?.value ?? "", file });
}

function writeApplication(lazy: Lazy): Value {
  const args = force(lazy);
  if (!(args instanceof Attrs)) return makeDerivation({ label: "application" });
  return written(labelOf(args.lookup("name")?.value ?? "", "application"), args.lookup("text")?.value ?? "", "program");
}

function concatText(name: Lazy, files: Lazy): Attrs {
  const label = labelOf(name, "text");
  const text = lazily(() => {
    const list = force(files);
    if (!(list instanceof List) || list.rest) return unknownWriter;
    return joinText(list.elements.map((file) => textOfFile(force(file))));
  });
  return makeDerivation({ label, name: label, text });
}

function textOfFile(file: Value) {
  const text = file instanceof Attrs ? textOfDerivation(file) : undefined;
  return text ?? unknownWriter;
}

/** `runCommand name env script`: what comes out is only known to a build. */
function runner(label: string): [string, Lazy] {
  if (label === "runCommandWith") {
    return [label, define(label, 2, ([args]) => named(args ?? null, label))];
  }
  return [label, define(label, 3, ([name, env]) => ranCommand(labelOf(name ?? "", label), env ?? null))];
}

function ranCommand(label: string, env: Lazy): Attrs {
  const args = force(env);
  const derivation = args instanceof Attrs ? derivationFromArgs(args, label) : undefined;
  return makeDerivation({ label, name: label, ...(derivation ? { attrs: withoutName(derivation) } : {}) });
}

function withoutName(derivation: Attrs) {
  const attrs = new Map(derivation.entries);
  for (const own of ["name", "pname", "type", "outPath", "drvPath", "out"]) attrs.delete(own);
  return attrs;
}

/** `linkFarm name entries`, `replaceVars ./file { … }`. */
function naming(label: string): [string, Lazy] {
  return [label, define(label, 2, ([name]) => makeDerivation({ label: labelOf(name ?? "", label) }))];
}

/** `symlinkJoin { name; paths; … }`. */
function joiner(label: string): [string, Lazy] {
  return [label, define(label, 1, ([args]) => named(args ?? null, label))];
}

function named(lazy: Lazy, label: string): Attrs {
  const args = force(lazy);
  return args instanceof Attrs ? derivationFromArgs(args, label) : makeDerivation({ label });
}

/** `pkgs.writers.write<Language>[Bin] name [options] text`, and the ones that render a value. */
function namedWriters(lib: Lazy): Attrs {
  const renderers: Record<string, (value: Lazy) => Value> = {
    writeJSON: (value) => callLib(lib, "generators.toJSON", attrsOf({}), value),
    writeYAML: (value) => callLib(lib, "generators.toYAML", attrsOf({}), value),
    writeTOML: (value) => renderToml(lib, value),
  };
  return new Attrs(new Map(), unknownWriter, null, (name) => {
    const render = renderers[name];
    if (render) return define(name, 2, ([file, value]) => rendered(file ?? "", () => render(value ?? null)));
    const kind = name.endsWith("Bin") ? "program" : "file";
    if (!/^write[A-Z]/.test(name)) return undefined;
    return define(name, 2, ([file, text]) => writeLanguage(labelOf(file ?? "", name), text ?? "", kind));
  });
}

function rendered(name: Lazy, render: () => Value): Attrs {
  const label = labelOf(name, "file");
  return makeDerivation({ label, name: label, text: lazily(render) });
}

function writeLanguage(name: string, optionsOrText: Lazy, kind: "file" | "program"): Value {
  const label = name.split("/").at(-1) ?? name;
  const given = force(optionsOrText);
  if (!(given instanceof Attrs) || isDerivation(given)) return written(label, textOf(given), kind);
  return define("text", 1, ([text]) => written(label, text ?? "", kind));
}
