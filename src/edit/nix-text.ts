// Writes Nix: names, strings, lists and sets as nixfmt leaves them, from the first column.

const identifier = /^[A-Za-z_][A-Za-z0-9_'-]*$/;
const keywords = new Set("if then else let in rec with assert inherit or".split(" "));

/** `a."b c".d` */
export function showAttrPath(path: readonly string[]): string {
  return path.map(showAttrName).join(".");
}

export function showAttrName(name: string): string {
  return identifier.test(name) && !keywords.has(name) ? name : showString(name);
}

const pathPart = /(?:"((?:[^"\\]|\\.)*)"|([^".]+))(?:\.|$)/y;

/** What `showAttrPath` wrote; null when it is no attrpath. */
export function parseAttrPath(text: string): string[] | null {
  const names: string[] = [];
  pathPart.lastIndex = 0;
  while (pathPart.lastIndex < text.length) {
    const match = pathPart.exec(text);
    if (match === null) return null;
    names.push(match[1]?.replace(/\\(.)/g, "$1") ?? match[2] ?? "");
  }
  return names;
}

/** A quoted string that means the text, whatever is in it. */
export function showString(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, "\\$&")
    .replaceAll("${", "\\${")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}

/** Elements are Nix. nixfmt puts each on a line of its own when there are more than one. */
export function showList(elements: readonly string[]): string {
  if (elements.length === 0) return "[ ]";
  const [only] = elements;
  if (elements.length === 1 && only !== undefined && !only.includes("\n")) return `[ ${only} ]`;
  return `[\n${elements.map((element) => `${indentLines(element)}\n`).join("")}]`;
}

/** Attrpaths and their values, both Nix. */
export function showSet(bindings: readonly (readonly [path: string, nix: string])[]): string {
  if (bindings.length === 0) return "{ }";
  return `{\n${bindings.map(([path, nix]) => `${indentLines(`${path} = ${nix};`)}\n`).join("")}}`;
}

function indentLines(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
