// Names of secrets that are put together: which secrets they may name.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import { expect, test } from "vitest";
import { sourceTexts } from "../../src/fleet/source-texts.ts";
import { parseText } from "../syntax/parse-text.ts";

test.each([
  ["config.sops.secrets.${host}.path", "sops", "any"],
  ['config.sops.secrets."${host}-token".path', "sops", ".*-token"],
  ['config.age.secrets."restic/${host}.key".path', "age", "restic/.*\\.key"],
  ['config.sops.secrets."${map."a"}-token".path', "sops", "any"],
  ["with config.sops; secrets.${host}", "either", "any"],
  ["let secrets = config.sops.secrets; in secrets.${host}", "either", "any"],
  ["let secrets = import ./keys.nix; in secrets.${host}", "nothing", "any"],
  ["lib.mapAttrs f config.age.secrets", "age", "any"],
  ["config.sops.secrets.token.path", "nothing", "any"],
])("%s", (text, set, pattern) => {
  const { computedNames } = sourceTexts(
    () => [parseText(text)],
    () => [],
  );
  const expected = {
    set: set === "either" ? null : set,
    pattern: pattern === "any" ? /./ : new RegExp(`^${pattern}$`),
  };
  expect(computedNames).toEqual(set === "nothing" ? [] : [expected]);
});
