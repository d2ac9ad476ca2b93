// The pages of the rules, as files beside the program: `rules/` in the repository, `dist/rules/` when bundled.

import { existsSync, readFileSync } from "node:fs";

const places = ["./rules/", "../../rules/"];

/** The Markdown of a rule's page. */
export function rulePage(id: string): string {
  for (const place of places) {
    const url = new URL(`${place}${id}.md`, import.meta.url);
    if (existsSync(url)) return readFileSync(url, "utf8");
  }
  throw new Error(`the page of ${id} is not installed`);
}
