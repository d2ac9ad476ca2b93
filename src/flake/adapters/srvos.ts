// srvos: profiles for servers. Those that set up a machine define neither state nor backups nor secrets; its roles are
// unread. Follows nix-community/srvos as of 2025-11.

import { Unknown } from "../../eval/unknown.ts";
import { Attrs } from "../../eval/value.ts";
import { knownModule } from "../../nixpkgs/known-source.ts";
import type { Adapter } from "./adapter.ts";

const machineOnly =
  /^(common|server|desktop|hardware-.*|mixins-(terminfo|systemd-boot|mdns|tracing|trusted-nix-caches|nix-experimental|latest-zfs-kernel|cloud-init|nginx|telegraf))$/;

export const srvos: Adapter = {
  repositories: ["nix-community/srvos", "numtide/srvos"],
  outputs: (_context, { name }) => {
    const unread = (what: string) => new Unknown("input", `${what} of the input \`${name}\``, null, { input: name });
    const supply = (module: string) =>
      machineOnly.test(module) ? knownModule(`srvos:${module}`) : unread(`the module \`${module}\``);
    const modules = new Attrs(new Map(), unread("the names of modules"), null, supply);
    return {
      nixosModules: modules,
      modules: new Attrs(new Map(), unread("the kinds of modules"), null, () => modules),
    };
  },
  importPath: (_context, path) => (path.startsWith("/shared/common/") ? knownModule(`srvos:${path}`) : undefined),
};
