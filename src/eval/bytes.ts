// Nix strings are bytes. Text is converted to one character per byte where that shows: offsets, lengths, regular
// expressions.

import { Unknown } from "./unknown.ts";
import { PartialString } from "./value.ts";

/** Text in which every character is a byte of UTF-8. */
export type ByteString = string;

export function toBytes(text: string): ByteString {
  return isAscii(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

/** The text of bytes. Bytes that are no UTF-8 (half a character) leave the whole a hole. */
export function fromBytes(bytes: ByteString): string | PartialString {
  if (isAscii(bytes)) return bytes;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, "latin1"));
  } catch {
    return new PartialString([new Unknown("unsupported", "text that is not valid UTF-8")]);
  }
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
