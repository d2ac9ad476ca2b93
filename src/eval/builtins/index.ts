// All builtins put together: the value of `builtins`, and the outermost scope of every file.

import { globalNames } from "../globals.ts";
import type { Session } from "../session.ts";
import { Unknown } from "../unknown.ts";
import { Attr, Attrs, type Builtin, emptyList, type Lazy } from "../value.ts";
import { attrPositionBuiltins, attrsBuiltins } from "./attrs.ts";
import { contextBuiltins } from "./context.ts";
import { controlBuiltins } from "./control.ts";
import { copyBuiltins } from "./copies.ts";
import { dataBuiltins } from "./data.ts";
import { derivationBuiltins } from "./derivation.ts";
import { fileBuiltins } from "./files.ts";
import { flakeBuiltins } from "./flakes.ts";
import { hashBuiltins } from "./hashing.ts";
import { impureBuiltins } from "./impure.ts";
import { listBuiltins } from "./lists.ts";
import { numberBuiltins } from "./numbers.ts";
import { pathBuiltins } from "./paths.ts";
import { regexBuiltins } from "./regex.ts";
import { closureBuiltins } from "./sort.ts";
import { stringBuiltins } from "./strings.ts";
import { valueBuiltins } from "./values.ts";
import { versionBuiltins } from "./versions.ts";

/** The version of Nix whose behaviour is followed; what `builtins.nixVersion` says. */
const nixVersion = "2.34.8";

const pureBuiltins: readonly Builtin[] = [
  ...attrsBuiltins,
  ...listBuiltins,
  ...closureBuiltins,
  ...stringBuiltins,
  ...regexBuiltins,
  ...numberBuiltins,
  ...valueBuiltins,
  ...controlBuiltins,
  ...pathBuiltins,
  ...dataBuiltins,
  ...versionBuiltins,
  ...hashBuiltins,
  ...contextBuiltins,
];

/** Those that read files, ask where a value was written, or look at the world outside. */
function sessionBuiltins(session: Session): readonly Builtin[] {
  return [
    ...attrPositionBuiltins(session),
    ...fileBuiltins(session),
    ...copyBuiltins(session),
    ...derivationBuiltins(session),
    ...flakeBuiltins(session),
    ...impureBuiltins(session),
  ];
}

export interface Builtins {
  readonly value: Attrs;
  /** A slot for every global name. */
  readonly globals: Lazy[];
}

/** `system` is null where evaluation is pure: then `currentSystem` is not known. */
export function createBuiltins(session: Session, system: string | null): Builtins {
  const entries = new Map<string, Attr>();
  const add = (name: string, value: Lazy) => entries.set(name, new Attr(value));
  for (const builtin of [...pureBuiltins, ...sessionBuiltins(session)]) add(builtin.name, builtin);
  add("true", true);
  add("false", false);
  add("null", null);
  add("currentSystem", system ?? new Unknown("impure", "the system that evaluates"));
  add("currentTime", new Unknown("impure", "the current time"));
  add("langVersion", 6n);
  add("nixPath", emptyList);
  add("nixVersion", nixVersion);
  add("storeDir", "/nix/store");
  const value: Attrs = new Attrs(entries);
  add("builtins", value);
  return {
    value,
    globals: globalNames.map((name) => globalValue(value, name)),
  };
}

function globalValue(builtins: Attrs, name: string): Lazy {
  const attr = builtins.entries.get(name) ?? builtins.entries.get(name.replace(/^__/, ""));
  if (attr === undefined) throw new Error(`the global ${name} is not a builtin`);
  return attr.value;
}
