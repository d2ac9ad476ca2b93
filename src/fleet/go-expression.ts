// Regular expressions in Go's syntax (sops, Prometheus) as JavaScript's. Go's take time in proportion to the text and
// JavaScript's need not: those that could take for ever, or more memory than there is, are not read.

/** Go and JavaScript agree in what names and paths need, but for flags at the start. Null: not understood. */
export function readGoExpression(text: string, isWhole = false): RegExp | null {
  const [, flags = "", source = text] = /^\(\?([is]+)\)(.*)$/s.exec(text) ?? [];
  if (!isTame(source, flags.includes("i"))) return null;
  try {
    return new RegExp(isWhole ? `^(?:${source})$` : source, flags);
  } catch {
    return null;
  }
}

const longest = 1000;
/** Copies that counts like `{2,9}` may make of what they count, in all. */
const mostCopies = 1000;
/** So many the engine makes when it has to match without going back (`--enable-experimental-regexp-engine…`). */
const mostSteadyCopies = 16;

/** Look-around and references are not Go's either. Letters of either case are always matched with going back. */
function isTame(source: string, anyCase: boolean): boolean {
  if (source.length > longest || /\(\?<?[=!]|\\[1-9k]/.test(source)) return false;
  const plain = source.replace(/\\./gs, "a").replace(/\[\^?\]?[^\]]*\]/g, "a");
  const copies = [...plain.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].reduce(
    (product, [, least = "", most = ""]) => product * (Number(most || least) + 1),
    1,
  );
  const repetitions = plain.match(/[*+?}]/g)?.length ?? 0;
  if (copies > mostCopies) return false;
  return (copies <= mostSteadyCopies && !anyCase) || (repetitions <= 2 && !/[*+?}][^)]*\)[*+?{]/.test(plain));
}
