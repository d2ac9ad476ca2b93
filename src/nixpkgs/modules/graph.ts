// `graph` of an evaluation: its modules as they import each other.

import { attrsOf, List, type Value } from "../../eval/value.ts";
import type { Collected, StructuredModule } from "./collect.ts";
import { nativeFile } from "./declaration.ts";

export function graphOf({ roots, isDisabled }: Collected): Value {
  const node = (module: StructuredModule): Value =>
    attrsOf({
      disabled: isDisabled(module),
      key: module.key,
      file: module.ref.file,
      imports: new List(module.imports.map(node)),
    });
  return new List(roots.filter(({ ref }) => ref.file !== nativeFile).map(node));
}
