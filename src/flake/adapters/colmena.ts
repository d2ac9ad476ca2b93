// colmena: a hive of nodes, each a NixOS system with the hive's defaults.

import { force } from "../../eval/thunk.ts";
import { Attrs, type Lazy, type Value } from "../../eval/value.ts";
import { knownModule } from "../../nixpkgs/known-source.ts";
import type { FlakeContext } from "../context.ts";
import { type Adapter, runNix } from "./adapter.ts";

export const colmena: Adapter = {
  repositories: ["zhaofengli/colmena"],
  outputs: (context) => ({
    lib: new Attrs(new Map(), null, null, (name) => (name === "makeHive" ? makeHive(context) : undefined)),
    nixosModules: new Attrs(new Map(), null, null, (name) => knownModule(`colmena:${name}`)),
  }),
  hostOutputs: { colmenaHive: nodesOfHive, colmena: nodesOfHive },
};

function makeHive(context: FlakeContext): Value {
  return runNix(context, program, context.nixpkgs.lib);
}

/** The nodes of a flake's \`colmena\` output, or of a \`colmenaHive\`, which has them already. */
function nodesOfHive(context: FlakeContext, hive: Lazy): Value {
  const value = force(hive);
  const known = value instanceof Attrs ? value.entries.get("nodes") : undefined;
  if (known !== undefined) return force(known.value);
  const made = runNix(context, program, context.nixpkgs.lib, hive);
  const nodes = made instanceof Attrs ? made.lookup("nodes") : undefined;
  return nodes === undefined ? made : force(nodes.value);
}

const program = `
lib: hive:
let
  meta = hive.meta or hive.network or { };
  names = builtins.attrNames (removeAttrs hive [ "meta" "network" "defaults" "registry" "__schema" ]);

  # Packages, or the path or function that gives them.
  pkgsOf = given: if builtins.isFunction given then given { } else if builtins.isAttrs given then given else import given { };

  node = name:
    let given = meta.nodeNixpkgs.\${name} or meta.nixpkgs or null; in
    lib.nixosSystem ({
      modules = [
        hive.defaults or { }
        hive.\${name}
        { networking.hostName = lib.mkDefault name; }
      ];
      specialArgs = { inherit name nodes; } // (meta.specialArgs or { }) // (meta.nodeSpecialArgs.\${name} or { });
    } // (if given == null then { } else { pkgs = pkgsOf given; }));

  nodes = lib.genAttrs names node;
in
{
  inherit nodes;
  __schema = "v0";
}
`;
