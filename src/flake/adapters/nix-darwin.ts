// nix-darwin: macOS machines, which are no hosts of a fleet of NixOS. Follows the outputs of nix-darwin 25.11.

import { define } from "../../eval/native.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf } from "../../eval/value.ts";
import { moduleOutputs } from "../input-values.ts";
import type { Adapter } from "./adapter.ts";

export const nixDarwin: Adapter = {
  repositories: ["nix-darwin/nix-darwin", "lnl7/nix-darwin"],
  outputs: (_context, { name }) => {
    const config = new Unknown("input", "the configuration of a macOS machine", null, { input: name });
    const system = new Attrs(new Map([["class", new Attr("darwin")]]), config);
    return { ...moduleOutputs(name), lib: attrsOf({ darwinSystem: define("darwinSystem", 1, () => system) }) };
  },
};
