// What is most often not known over many flakes: undecided results by rule and by reason, unknown values of jobs by
// reason. Names in reasons are left out, so that one mechanism that is missing is one line.

export type Counts = Readonly<Record<string, number>>;

interface Doubts {
  /** By `rule: reason`. */
  readonly undecided: Counts;
  /** By `value: reason`. */
  readonly unknown: Counts;
}

const shown = 25;

export function renderRanking(flakes: readonly Doubts[]): string {
  const undecided = flakes.map((flake) => flake.undecided);
  return [
    ...section(
      "undecided by rule",
      ranked(undecided, (key) => key.replace(/:.*/s, "")),
    ),
    ...section("undecided by reason", ranked(undecided, reasonOf)),
    ...section(
      "unknown values of jobs",
      ranked(
        flakes.map((flake) => flake.unknown),
        withoutNames,
      ),
    ),
  ].join("");
}

function reasonOf(key: string): string {
  return withoutNames(key.slice(key.indexOf(": ") + 2));
}

function withoutNames(text: string): string {
  return text.replace(/`[^`]*`/g, "`…`");
}

/** The most frequent first; among equals by name. */
function ranked(all: readonly Counts[], group: (key: string) => string): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const counts of all) {
    for (const [key, count] of Object.entries(counts)) sums.set(group(key), (sums.get(group(key)) ?? 0) + count);
  }
  return [...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

function section(title: string, rows: readonly (readonly [string, number])[]): string[] {
  const total = rows.reduce((sum, [, count]) => sum + count, 0);
  const more = rows.length > shown ? [`  and ${rows.length - shown} more\n`] : [];
  return [`${title}: ${total}\n`, ...rows.slice(0, shown).map(([name, count]) => `  ${count} × ${name}\n`), ...more];
}
