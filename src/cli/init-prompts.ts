// The questions of `nixlint init`, at a terminal.

import { confirm, isCancel, multiselect, text } from "@clack/prompts";
import { type Part, partNames } from "./init-plan.ts";

/** Each answers null when the person wants no more. */
export interface Prompts {
  parts(detected: ReadonlySet<Part>): Promise<ReadonlySet<Part> | null>;
  /** The address of nixlint's repository; null when it is left out. */
  repository(): Promise<string | null>;
  /** Whether a file that exists is changed: added to, or written over. */
  change(path: string, addsTo: boolean): Promise<boolean | null>;
}

export const askPrompts: Prompts = {
  async parts(detected) {
    const answer = await multiselect<Part>({
      message: "What shall nixlint write?",
      options: Object.entries(partNames).map(([value, label]) => ({ value: value as Part, label })),
      initialValues: [...detected],
      required: true,
    });
    return isCancel(answer) ? null : new Set(answer);
  },
  async repository() {
    const answer = await text({
      message: "The address of nixlint's repository, for hooks and jobs to fetch it from",
      placeholder: "leave it empty to fill it in later",
    });
    return isCancel(answer) || (answer ?? "").trim() === "" ? null : answer.trim();
  },
  async change(path, addsTo) {
    const message = addsTo ? `${path} exists. Add nixlint to it?` : `${path} exists. Write over it?`;
    const answer = await confirm({ message, initialValue: addsTo });
    return isCancel(answer) ? null : answer;
  },
};
