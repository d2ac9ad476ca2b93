// Whether a platform is one of those that a package says it is for.

import { selectOrUndefined } from "../../eval/select.ts";
import { force } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attrs, attrsOf, emptyAttrs, type List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { matchAttrs } from "./attr-merging.ts";
import { not } from "./list-contents.ts";
import { list } from "./signature.ts";

/** A pattern is a system's name, or attrs that the platform (or its `parsed`) has to have. */
export function platformMatch(platform: Attrs, pattern: Value): boolean | Unknown {
  if (pattern instanceof Unknown) return pattern;
  if (typeof pattern === "string") {
    const system = selectOrUndefined(platform, "system");
    const known = system === undefined ? null : force(system);
    return known instanceof Unknown ? known : known === pattern;
  }
  if (!(pattern instanceof Attrs)) return false;
  return matchAttrs(pattern.lookup("parsed") ? pattern : attrsOf({ parsed: pattern }), platform);
}

export function availableOn(platform: Attrs, pkg: Value, at: Span | null): boolean | Unknown {
  const meta = force(selectOrUndefined(pkg, "meta") ?? emptyAttrs);
  const matches = (name: string, absent: boolean) => {
    const patterns = selectOrUndefined(meta, name);
    return patterns === undefined ? absent : anyMatches(platform, list.read(patterns, at));
  };
  const good = matches("platforms", true);
  if (good === false) return false;
  const bad = not(matches("badPlatforms", false));
  return bad === true ? good : bad;
}

function anyMatches(platform: Attrs, patterns: List | Unknown): boolean | Unknown {
  if (patterns instanceof Unknown) return patterns;
  let undecided = patterns.rest;
  for (const pattern of patterns.elements) {
    const matches = platformMatch(platform, force(pattern));
    if (matches === true) return true;
    if (matches instanceof Unknown) undecided ??= matches;
  }
  return undecided ?? false;
}
