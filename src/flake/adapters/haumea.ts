// haumea: a directory of Nix files as an attrset of the same shape.

import { type Adapter, runNix } from "./adapter.ts";

export const haumea: Adapter = {
  repositories: ["nix-community/haumea"],
  outputs: (context) => ({ lib: runNix(context, program, context.nixpkgs.lib) }),
};

const program = `
lib:
let
  inherit (builtins) attrNames elem filter foldl' functionArgs head isAttrs isFunction isList listToAttrs readDir;
  inherit (lib) hasPrefix hasSuffix mapAttrs removeSuffix;

  # Arguments are handed over lazily: one that is missing matters only when it is used.
  wanted = fn: args: mapAttrs (name: _: args.\${name}) (lib.filterAttrs (name: optional: !optional || args ? \${name}) (functionArgs fn));
  call = fn: args: if isFunction fn then fn (wanted fn args) else fn;

  loaders = {
    default = inputs: path: call (import path) inputs;
    callPackage = inputs: path: (inputs.pkgs or inputs).callPackage path (removeAttrs inputs [ "self" "super" "root" "pkgs" ]);
    path = _: path: path;
    scoped = inputs: path: scopedImport inputs path;
    verbatim = _: import;
  };

  matchers = {
    nix = loader: { matches = hasSuffix ".nix"; inherit loader; };
    always = loader: { matches = _: true; inherit loader; };
    extension = extension: loader: { matches = hasSuffix ".\${extension}"; inherit loader; };
    regex = regex: loader: { matches = name: builtins.match regex name != null; loader = loader (builtins.match regex); };
    json = { matches = hasSuffix ".json"; loader = _: path: lib.importJSON path; };
    toml = { matches = hasSuffix ".toml"; loader = _: path: lib.importTOML path; };
  };

  # Nix files only, unless the caller brings matchers of its own.
  matchersOf = loader: if isList loader then loader else [ (matchers.nix loader) ];

  transformers = {
    liftDefault = _: module:
      if module ? default && isAttrs module.default
      then removeAttrs module [ "default" ] // module.default
      else module;
    hoistAttrs = from: to: _: module: module;
    hoistLists = from: to: _: module: module;
    prependUnderscore = _: module: module;
  };

  applyTransformers = transformer: cursor: module:
    foldl' (value: transform: if isList transform then applyTransformers transform cursor value else transform cursor value)
      module
      (if isList transformer then transformer else [ transformer ]);

  load = { src, loader ? loaders.default, inputs ? { }, transformer ? [ ] }:
    let
      known = matchersOf loader;
      matching = name: filter (matcher: matcher.matches name) known;
      stem = name: let found = builtins.match "(.*)\\\\.[^.]*" name; in if found == null then name else head found;

      view = cursor: super: directory:
        let
          entries = readDir directory;
          isPublic = name: !(hasPrefix "_" name);
          isLoaded = name: entries.\${name} == "directory" || (entries.\${name} != "directory" && matching name != [ ]);
          all = filter isLoaded (attrNames entries);
          load1 = name: self:
            let path = directory + "/\${name}"; in
            if entries.\${name} == "directory" then view (cursor ++ [ name ]) ([ self ] ++ super) path
            else (head (matching name)).loader (inputs // { inherit self root; super = head (super ++ [ { } ]); }) path;
          named = self: names: listToAttrs (map
            (name: { name = if entries.\${name} == "directory" then name else stem name; value = load1 name self; })
            names);
          self = named self all;
        in
        applyTransformers transformer cursor (named self (filter isPublic all));

      root = view [ ] [ ] src;
    in
    root;
in
{
  inherit load loaders matchers transformers;
  loadEvalTests = _: { };
}
`;
