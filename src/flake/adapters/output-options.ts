// Options of flakes whose outputs are modules: what several frameworks declare in one shape.

export const outputOptions = `
lib:
let
  inherit (lib) mkOption types;
  attrsOf = type: mkOption { type = types.lazyAttrsOf type; default = { }; };
in
{
  inherit attrsOf;
  raw = default: mkOption { type = types.raw; inherit default; };
  rawAttrs = attrsOf types.raw;
  # By system, and then by name.
  bySystem = attrsOf (types.lazyAttrsOf types.raw);
  modules = attrsOf types.deferredModule;
  open = mkOption { type = types.submodule { freeformType = types.lazyAttrsOf types.raw; }; default = { }; };
}
`;
