// What `nixlint init` writes: a configuration, hooks, and a job for each forge. The README shows the same texts.

import { version } from "./version.ts";

/** Until the person says where nixlint's repository is, its place is marked. */
export const unknownRepository = "<URL of this repository>";

export const configText = `# \`nixlint rules\` lists the rules, \`nixlint explain <rule>\` says why there is one.
profile = "recommended"

# Files that are roles, also those that no host imports yet.
roles = ["roles/*.nix"]
`;

/** Of \`.pre-commit-config.yaml\`; without an address the installed nixlint is called. */
export function preCommitEntry(repository: string | null): string {
  if (repository !== null) return `  - repo: ${repository}\n    rev: v${version}\n    hooks:\n      - id: nixlint\n`;
  return `  - repo: local
    hooks:
      - id: nixlint
        name: nixlint
        entry: nixlint check --hook
        language: system
        pass_filenames: false
        always_run: true
`;
}

export const gitHookText = "#!/bin/sh\nexec nixlint check --hook\n";

/** `owner/name` of an address on GitHub, where the action can be used. */
function actionName(repository: string): string | null {
  return /^https:\/\/github\.com\/([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(repository)?.[1] ?? null;
}

export function githubWorkflow(repository: string): string {
  const name = actionName(repository);
  const steps = name === null ? cloneStep(repository, "$RUNNER_TEMP") : `      - uses: ${name}@v${version}\n`;
  return `name: nixlint
on:
  push:
  pull_request:
permissions:
  contents: read
  security-events: write
jobs:
  nixlint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
${steps}`;
}

export function forgejoWorkflow(repository: string): string {
  return `name: nixlint
on: [push, pull_request]
jobs:
  nixlint:
    runs-on: docker
    container:
      image: node:22
    steps:
      - uses: actions/checkout@v4
${cloneStep(repository, "/tmp")}`;
}

function cloneStep(repository: string, place: string): string {
  return `      - run: |
          git clone --quiet --depth 1 --branch v${version} "${repository}" "${place}/nixlint"
          node "${place}/nixlint/dist/nixlint.mjs" check
`;
}

export function gitlabJob(repository: string): string {
  return `nixlint:
  image: node:22
  script:
    - git clone --quiet --depth 1 --branch v${version} "${repository}" /tmp/nixlint
    - node /tmp/nixlint/dist/nixlint.mjs check --format text --format gitlab --output-file gl-code-quality-report.json
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
`;
}

/** For a flake that has git-hooks.nix. */
export const gitHooksNixText = `pre-commit.settings.hooks.nixlint = {
  enable = true;
  name = "nixlint";
  entry = "\${inputs'.nixlint.packages.default}/bin/nixlint check --hook";
  pass_filenames = false;
  always_run = true;
};
`;
