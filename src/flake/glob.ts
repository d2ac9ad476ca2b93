// Globs over paths relative to the flake, as in `roles/*.nix`.

/** `*` and `?` within a name, `**` across directories, `{a,b}`. A directory with a default.nix is named by that file. */
export function matchesGlob(glob: string, path: string): boolean {
  return expressionOf(glob).test(path);
}

const expressions = new Map<string, RegExp>();

function expressionOf(glob: string): RegExp {
  const known = expressions.get(glob);
  if (known) return known;
  const expression = new RegExp(`^${translate(glob.replace(/^\.\//, ""))}$`);
  expressions.set(glob, expression);
  return expression;
}

function translate(glob: string): string {
  const tokens = glob.match(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|\{/g) ?? [];
  return tokens.map(translateToken).join("");
}

function translateToken(token: string): string {
  if (token === "**/") return "(?:.*/)?";
  if (token === "**") return ".*";
  if (token === "*") return "[^/]*";
  if (token === "?") return "[^/]";
  if (token.startsWith("{") && token.endsWith("}")) {
    return `(?:${token.slice(1, -1).split(",").map(translate).join("|")})`;
  }
  return token.replace(/[.+^${}()|[\]\\]/g, "\\$&");
}
