// String contexts: what text refers to in the store. Text without one is a plain string; text with one is a string
// with holes, each of which knows the text that stands there (see `Unknown.contextText`). So whoever has no store, as
// a linter, sees holes, and whoever has one can read them; nothing is hashed before somebody does.

import type { Span } from "../source/span.ts";
import { evalError, isError, Unknown } from "./unknown.ts";
import { type Attrs, joinText, type NixPath, PartialString } from "./value.ts";

/**
 * What text refers to, as Nix writes it: `/nix/store/…` for a path, `!out!/nix/store/….drv` for an output,
 * `=/nix/store/….drv` for a derivation with all that it needs.
 */
export type Context = ReadonlySet<string>;

export interface KnownText {
  readonly text: string;
  readonly context: Context;
}

/** Text with its context, computed when it is first read. */
export class ContextText {
  private known: KnownText | Unknown | null = null;
  private readonly compute: () => KnownText | Unknown;

  constructor(compute: () => KnownText | Unknown) {
    this.compute = compute;
  }

  read(): KnownText | Unknown {
    this.known ??= this.compute();
    return this.known;
  }
}

const nothing: Context = new Set();

/** The whole text, its holes filled; the hole that cannot be, or the error met in filling one. */
export function readText(text: string | PartialString): KnownText | Unknown {
  if (typeof text === "string") return { text, context: nothing };
  for (const part of text.parts) if (part instanceof Unknown && part.contextText === null) return part;
  const context = new Set<string>();
  const pieces: string[] = [];
  for (const part of text.parts) {
    const known = part instanceof Unknown ? part.contextText?.read() : undefined;
    if (known instanceof Unknown) return known;
    pieces.push(typeof part === "string" ? part : (known?.text ?? ""));
    for (const reference of known?.context ?? []) context.add(reference);
  }
  const whole = joinText(pieces);
  return typeof whole === "string" ? { text: whole, context } : whole.hole;
}

/** The text alone where it is known: what is compared, measured, matched and shown. */
export function withoutContext(text: string | PartialString): string | PartialString | Unknown {
  if (typeof text === "string") return text;
  const known = readText(text);
  if (known instanceof Unknown) return isError(known) ? known : text;
  return known.text;
}

/** The text where it refers to nothing; what is not known of it, or the error of text that does refer to something. */
export function withoutReferences(text: PartialString, at: Span | null): string | Unknown {
  const known = readText(text);
  if (known instanceof Unknown) return known;
  const [reference] = known.context;
  if (reference === undefined) return known.text;
  return evalError(`the string \`${known.text}\` is not allowed to refer to the store path \`${reference}\``, at);
}

/** Known text as a value: a plain string when it refers to nothing. */
export function withContext({ text, context }: KnownText): string | PartialString {
  if (context.size === 0) return text;
  return new PartialString([contextHole("text that refers to the store", () => ({ text, context }))]);
}

/** A hole that knows what stands there; for the whole store path of something it names that. */
export function contextHole(message: string, compute: () => KnownText | Unknown, of?: Attrs | NixPath): Unknown {
  const contextText = new ContextText(compute);
  return new Unknown("package", message, null, of ? { contextText, storePathOf: of } : { contextText });
}

/** The hole that the store path of a known copy leaves. */
export function copyHole(name: string, find: () => string | Unknown, of?: NixPath): Unknown {
  const read = () => {
    const path = find();
    return path instanceof Unknown ? path : { text: path, context: new Set([path]) };
  };
  return contextHole(`the store path of \`${name}\``, read, of);
}

/** What a function makes of known text, the context kept; undefined where the text is not known. */
export function mapKnown(
  text: string | PartialString,
  change: (text: string) => string | PartialString | Unknown,
): string | PartialString | Unknown | undefined {
  if (typeof text === "string") return change(text);
  const known = readText(text);
  if (known instanceof Unknown) return isError(known) ? known : undefined;
  const changed = change(known.text);
  return changed instanceof Unknown ? changed : addContext(changed, known.context);
}

/** Text that refers to these as well. */
export function addContext(text: string | PartialString, context: Context): string | PartialString | Unknown {
  if (context.size === 0) return text;
  const known = readText(text);
  if (known instanceof Unknown) return isError(known) ? known : text;
  return withContext({ text: known.text, context: new Set([...known.context, ...context]) });
}

/** The known text of holes, too, as it is written inside something else. */
export function mapHole(hole: Unknown, change: (text: string) => string): Unknown {
  const { contextText } = hole;
  if (contextText === null) return hole;
  return contextHole(hole.message, () => {
    const known = contextText.read();
    return known instanceof Unknown ? known : { text: change(known.text), context: known.context };
  });
}
