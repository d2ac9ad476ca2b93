// State that a job would save and that its own exclude patterns swallow.

import { defineRule, excludedStates, fixBy, groupByPlace, showPath, showState, when } from "../src/rule.ts";

/** The element of a list that says the pattern and nothing else. */
function isLiteral(text: string | null, item: Parameters<typeof showPath>[0]): boolean {
  const pattern = /^"(?:--exclude=)?([^"*?[\]{}$\\]+)"$/.exec(text ?? "")?.[1];
  return pattern !== undefined && pattern === showPath(item);
}

export default defineRule({
  id: "excluded-state",
  summary: "an exclude pattern that swallows what a service keeps",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host, { edit }) {
    for (const { members, first, span, answer } of groupByPlace(excludedStates(host))) {
      const { service, state, job, item } = first;
      const swallowed = [...new Set(members.map((member) => member.service.name))].length;
      const more = swallowed > 1 ? ` and ${swallowed - 1} more` : "";
      const isOnly = span !== null && members.every(({ isOwn }) => isOwn) && isLiteral(edit.textOf(span), first.item);
      yield* when(answer, {
        subject: job.option,
        also: members.map((member) => member.job.option),
        at: host.place(span),
        message: `\`${showPath(item)}\` is excluded and swallows ${showState(state)} of \`${service.name}\`${more}`,
        ...(isOnly ? fixBy(`save \`${showPath(first.item)}\` too`, "unsafe", edit.remove(span)) : {}),
      });
    }
  },
});
