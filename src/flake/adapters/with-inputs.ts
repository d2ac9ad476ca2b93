// with-inputs: pinned sources as the inputs of a flake's outputs. Follows vic/with-inputs bb9e848 (2026-02), and the
// later form in which the settings are a function of the inputs.

import { argument, define } from "../../eval/native.ts";
import { force } from "../../eval/thunk.ts";
import { Attrs } from "../../eval/value.ts";
import { knownSourceOf } from "../../nixpkgs/known-source.ts";
import { opaqueInput } from "../input-values.ts";
import { type Adapter, runNix } from "./adapter.ts";

export const withInputs: Adapter = {
  repositories: ["vic/with-inputs", "denful/with-inputs"],
  outputs: () => ({}),
  importPath: (context, path) => (/^(\/default\.nix)?$/.test(path) ? runNix(context, program, flakeOf) : undefined),
};

/** The flake that a pinned source is; one that is not known may hold anything. */
const flakeOf = define("flakeOf", 2, (args) => {
  const name = force(argument(args, 0));
  const source = force(argument(args, 1));
  const known = knownSourceOf(source);
  if (known?.path === "") return known.flake;
  return typeof name === "string" && source instanceof Attrs
    ? opaqueInput({ name, repository: undefined, locked: undefined, inputs: new Attrs(new Map()) })
    : source;
});

const program = `
flakeOf: sources: inputs:
let
  inherit (builtins) all attrNames elem foldl' isAttrs isFunction isString filter head mapAttrs pathExists split tail;

  at = path:
    let parts = filter isString (split "/" path); in
    foldl' (input: name: input.inputs.\${name} or { }) (resolved.\${head parts} or { }) (tail parts);

  # \`follows\`, settings of a source's own inputs, a directory of ours, or the input itself.
  isSettings = given: isAttrs given && all (name: elem name [ "follows" "inputs" ]) (attrNames given);
  resolve = name: given:
    let value = if isFunction given && sources ? \${name} then given (sources.\${name}) else given; in
    if isAttrs value && value ? follows then (if value.follows == "" then { } else at value.follows)
    else if isSettings value then pinned.\${name} or { }
    else if isAttrs value && value ? outPath && !(value ? _type) then flakeAt value
    else value;

  flakeAt = source:
    let
      file = source.outPath + "/flake.nix";
      flake = import file;
      own = mapAttrs (name: _: resolved.\${name} or { }) (flake.inputs or { });
      self = source // flake.outputs (own // { inherit self; }) // { _type = "flake"; inputs = own; };
    in
    if pathExists file then self else source;

  pinned = mapAttrs flakeOf (removeAttrs sources [ "__functor" ]);
  given = if isFunction inputs then inputs resolved else inputs;
  resolved = pinned // mapAttrs resolve given;
in
resolved // {
  __functor = _: outputs:
    let
      all = resolved // { inherit self; };
      self = outputs all // { inputs = all; };
    in
    self;
}
`;
