// Text from files and other people's Nix on its way to a terminal: control characters and anything that reorders or
// hides text become visible, so that no report can be rewritten by what it reports.

// C0 without tab and newline, DEL, C1, direction marks and overrides, line separators, and lone surrogates.
const invisible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what this is for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/** `ESC[31m` comes out as `\u{1b}[31m`. Newlines and tabs stay. */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** For a forge's log, whose runner takes orders anywhere in a line (`##[error]`); to people it reads the same. */
export function withoutOrders(text: string): string {
  return text.replaceAll("##[", "# #[").replace(/^(?=\s*::)/gm, "\\");
}

/** The same for what must stay on one line. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/\n/g, "\\n").replace(/\t/g, " ");
}

/** JSON keeps every character, escaped where a terminal would act on it. */
export function visibleJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(invisible, (character) => {
    if (character === "\r") return character;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  // A forge's runner would take what follows for an order.
  return text.replaceAll("##[", "##\\u005b");
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const zeroWidth = /^(?:\p{Mn}|\p{Me}|[\u200b-\u200d])$/u;

/** Columns that the text takes on a terminal, about as terminals see it. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += zeroWidth.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
