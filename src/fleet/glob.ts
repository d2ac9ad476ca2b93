// Globs over paths of the flake: `*` within a name, `**` across names, `?`, `{a,b}` and `[…]`.

/** Whether the path, relative to the flake's root, matches one of the globs. */
export function matchesGlobs(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => globToRegExp(glob).test(path));
}

const compiled = new Map<string, RegExp>();

export function globToRegExp(glob: string): RegExp {
  const known = compiled.get(glob);
  if (known) return known;
  const pieces = glob.match(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|\[[^\]]+\]|[^*?{[]+|[\s\S]/g) ?? [];
  const expression = new RegExp(`^${pieces.map(pieceToRegExp).join("")}$`);
  compiled.set(glob, expression);
  return expression;
}

function pieceToRegExp(piece: string): string {
  if (piece === "**/") return "(?:.*/)?";
  if (piece === "**") return ".*";
  if (piece === "*") return "[^/]*";
  if (piece === "?") return "[^/]";
  if (piece.length > 1 && piece.startsWith("{")) {
    return `(?:${piece.slice(1, -1).split(",").map(escapeText).join("|")})`;
  }
  if (piece.length > 1 && piece.startsWith("[")) return piece.replace(/^\[!/, "[^");
  return escapeText(piece);
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
