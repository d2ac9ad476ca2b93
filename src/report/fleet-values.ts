// Values of the fleet model as JSON, and a record of everything among them that is not known.

import { Unknown } from "../eval/unknown.ts";
import { type Located, showPartial, type TextList } from "../fleet/known.ts";
import type { Span } from "../source/span.ts";
import { type Atlas, type Location, locate, showReason } from "./place.ts";

export interface JsonUnknown {
  readonly unknown: string;
}

export interface JsonPartial {
  readonly partial: string;
}

export type JsonText = string | null | JsonPartial | JsonUnknown;

export interface UnknownEntry {
  /** The option path, with the field of the model behind it. */
  readonly path: string;
  readonly reason: string;
  readonly location: Location | null;
}

/** Where values of one host are written down. */
export interface Ledger {
  readonly atlas: Atlas;
  readonly unknown: UnknownEntry[];
}

export function jsonText(ledger: Ledger, path: string, value: Located | null): JsonText {
  if (value === null) return null;
  const { text } = value;
  if (typeof text === "string") return withoutPassword(text);
  if (text instanceof Unknown) return jsonUnknown(ledger, path, text);
  jsonUnknown(ledger, path, text.hole);
  return { partial: withoutPassword(showPartial(text)) };
}

/** The known elements, those that may be in it, and at the end an unknown for what may still be there. */
export function jsonTexts(ledger: Ledger, path: string, list: TextList): JsonText[] {
  const texts = [...list.items, ...list.possible].map((item) => jsonText(ledger, path, item));
  return list.rest === null ? texts : [...texts, jsonUnknown(ledger, path, list.rest)];
}

export function jsonUnknown({ atlas, unknown }: Ledger, path: string, reason: Unknown): JsonUnknown {
  const message = showReason(atlas, reason);
  unknown.push({ path, reason: message, location: jsonLocation(atlas, reason.span) });
  return { unknown: message };
}

export function jsonLocation(atlas: Atlas, span: Span | null): Location | null {
  return span === null ? null : locate(atlas, span);
}

/** Repository URLs may carry credentials, and no report shows a secret. */
function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^/\s:@]*:)[^/\s@]*@/g, "$1***@");
}
