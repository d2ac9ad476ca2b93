// How names and strings are written in Nix, for paths shown to people and for generated code.

const keywords = new Set(["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"]);

/** As a Nix string in double quotes; also valid JSON but for `\$`. */
export function quoteString(text: string): string {
  return JSON.stringify(text).replaceAll("$", "\\$");
}

/** As an attr name: bare when Nix lets it be. */
export function quoteIdentifier(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_'-]*$/.test(name) && !keywords.has(name) ? name : quoteString(name);
}
