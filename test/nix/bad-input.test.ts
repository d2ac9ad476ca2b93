// Everything that may be set wrong in the reference flake is answered by one clear sentence, in nixlint's own
// evaluation as in real Nix (which `npm run test:nixpkgs` asks).
import { expect, test } from "vitest";
import { badInputs } from "./bad-input.ts";
import { evaluateOption, flakeWith } from "./own-evaluation.ts";
import type { HostName } from "./real-nix.ts";

test.each(badInputs)("$name", ({ host, module, message }) => {
  const flake = flakeWith(host, module);
  expect(refusal(host, flake).replace(/\s+/g, " ")).toMatch(message);
});

test("without any of them, nothing is refused", () => {
  expect(refusal("ha-01", flakeWith("ha-01", "{ }")).replace(/\s+/g, " ")).toBe("");
});

/** The error, or the messages of the assertions that do not hold. */
function refusal(host: HostName, flake: string): string {
  try {
    for (const option of ["mares.backup.restic.jobs", "sops.secrets"]) evaluateOption(host, option, flake);
    const assertions = evaluateOption(host, "assertions", flake) as readonly Assertion[];
    return assertions
      .filter(refuses)
      .map(({ message }) => message)
      .join("\n");
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface Assertion {
  readonly assertion: unknown;
  readonly message: string;
}

/** Which accounts there are is known to nixpkgs alone; that a user nobody has heard of exists is then not known. */
function refuses({ assertion, message }: Assertion): boolean {
  const isOpen = typeof assertion === "string" && assertion.includes("nixpkgs declares");
  return isOpen ? message.includes('"homeassistant"') : assertion !== true;
}
