// `lib` for a session: the native functions with the session's builtins and the module system on top.

import { positionOf } from "../eval/positions.ts";
import { selectAttr } from "../eval/select.ts";
import type { Session } from "../eval/session.ts";
import { force, lazily } from "../eval/thunk.ts";
import { Attrs, type Lazy } from "../eval/value.ts";
import { createLib } from "./lib/index.ts";
import { createModuleLibrary } from "./modules/library.ts";

export function libOfSession(session: Session): Lazy {
  return lazily(() => {
    const builtins = force(session.builtins);
    if (!(builtins instanceof Attrs)) throw new Error("`builtins` is not a set");
    const match = selectAttr(builtins, "match", null);
    const importFile = session.importFile.bind(session);
    return createLib({
      builtins,
      modules: (lib) =>
        createModuleLibrary({ lib, match, importFile, positionOf: (span) => positionOf(session, span) }),
    });
  });
}
