// Whether output is coloured: `--color` decides, then NO_COLOR and FORCE_COLOR, then whether a terminal is there.

import type { Io } from "./io.ts";

export type ColorChoice = "auto" | "always" | "never";

export function usesColor(choice: ColorChoice, { env, stdoutIsTerminal }: Io): boolean {
  if (choice !== "auto") return choice === "always";
  // no-color.org: any value but the empty one counts.
  if ((env.NO_COLOR ?? "") !== "") return false;
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== "0" && force !== "false";
  return stdoutIsTerminal && env.TERM !== "dumb";
}
