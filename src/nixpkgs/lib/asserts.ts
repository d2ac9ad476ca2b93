// lib.asserts: conditions with a message.

import { expectBool, expectList } from "../../eval/native.ts";
import { selectAttr } from "../../eval/select.ts";
import { force } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import type { Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { contains, filterList, not } from "./list-contents.ts";
import { showPretty } from "./pretty.ts";
import { any, type Functions, known, list, native, tableOf } from "./signature.ts";
import { messageOf } from "./trivial.ts";

export const asserts: Functions = tableOf([
  native("assertMsg", [any, any], ([condition, message], at) => {
    const holds = expectBool(condition, at);
    return holds === false ? thrownError(messageOf(message, at), at) : holds;
  }),
  native("assertOneOf", [any, known, list], ([name, value, allowed], at) => {
    const is = contains(allowed, value);
    return is === false ? notAmong(`${messageOf(name, at)} must be one of`, allowed, value, at) : is;
  }),
  native("assertEachOneOf", [any, list, list], ([name, values, allowed], at) => {
    const wrong = filterList(values, (value) => not(contains(allowed, value)));
    if (wrong instanceof Unknown) return wrong;
    if (wrong.elements.length === 0) return wrong.rest ?? true;
    return notAmong(`each element in ${messageOf(name, at)} must be one of`, allowed, values, at);
  }),
  native("checkAssertWarn", [any, any, any], ([assertions, , value], at) => {
    const all = expectList(assertions, at);
    if (all instanceof Unknown) return all;
    const messages: string[] = [];
    for (const element of all.elements) {
      const holds = expectBool(selectAttr(force(element), "assertion", at), at);
      if (holds instanceof Unknown && holds.reason === "error") return holds;
      if (holds === false) messages.push(`- ${messageOf(selectAttr(force(element), "message", at), at)}`);
    }
    return messages.length > 0 ? thrownError(`\nFailed assertions:\n${messages.join("\n")}`, at) : force(value);
  }),
]);

function notAmong(what: string, allowed: Value, value: Value, at: Span | null): Unknown {
  const [shown, given] = [messageOf(showPretty(allowed, at), at), messageOf(showPretty(value, at), at)];
  return thrownError(`${what} ${shown}, but is: ${given}`, at);
}
