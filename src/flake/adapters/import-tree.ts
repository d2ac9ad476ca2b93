// import-tree: a directory as one module that imports every Nix file below it, with filters.

import type { Value } from "../../eval/value.ts";
import type { FlakeContext } from "../context.ts";
import { type Adapter, outputsOf, runNix } from "./adapter.ts";

export const importTree: Adapter = {
  repositories: ["vic/import-tree", "denful/import-tree"],
  outputs: (context) => outputsOf(runTree(context)),
  importPath: (context, path) => (/^(\/default\.nix)?$/.test(path) ? runTree(context) : undefined),
};

function runTree(context: FlakeContext): Value {
  return runNix(context, program, context.nixpkgs.lib);
}

const program = `
lib:
let
  inherit (builtins) attrNames concatMap isAttrs isList isPath isString pathExists readDir;

  # Every file below a directory, with its path relative to it.
  walk = directory: below:
    let entries = readDir directory; in
    concatMap
      (name:
        let at = { path = directory + "/\${name}"; relative = "\${below}/\${name}"; }; in
        if entries.\${name} == "directory" then walk at.path at.relative else [ at ])
      (attrNames entries);

  isPathLike = value: isPath value || isString value || (isAttrs value && value ? outPath);
  isDirectory = path: pathExists (path + "/.");

  filesOf = accept: value:
    if isList value then concatMap (filesOf accept) value
    else if isAttrs value && value ? __importTree then value.files
    else if !isPathLike value then [ value ]
    else if isDirectory value then map (file: file.path) (lib.filter (file: accept file.relative) (walk value ""))
    else [ value ];

  isPlainNix = relative: lib.hasSuffix ".nix" relative && !(lib.hasInfix "/_" relative);

  make = state:
    let
      accept = relative: state.initial relative && lib.all (filter: filter relative) state.filters;
      leafs = value: state.pipe (map state.map (filesOf accept [ state.paths value ]));
      filtered = filter: make (state // { filters = state.filters ++ [ filter ]; });
      matches = regex: relative: builtins.match regex relative != null;
      self = {
        __functor = _: value: { imports = map state.map (filesOf accept [ state.paths value ]); };
        __importTree = true;
        filter = filtered;
        filterNot = f: filtered (relative: !(f relative));
        match = regex: filtered (matches regex);
        matchNot = regex: filtered (relative: !(matches regex relative));
        map = f: make (state // { map = value: f (state.map value); });
        initFilter = f: make (state // { initial = f; });
        addPath = path: make (state // { paths = state.paths ++ [ path ]; });
        withLib = _: self;
        pipeTo = f: make (state // { pipe = f; });
        leafs = leafs;
        files = leafs [ ];
        result = { imports = leafs [ ]; };
        new = make initial;
        addAPI = api: self // lib.mapAttrs (_: f: f self) api;
      };
    in
    self;

  initial = { initial = isPlainNix; filters = [ ]; map = value: value; paths = [ ]; pipe = files: files; };
in
make initial
`;
