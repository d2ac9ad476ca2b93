#!/usr/bin/env bash
# The action's first step: checks, writes SARIF, and notes the exit code, so that the upload comes before the failure.
# Paths and arguments come one a line through the environment: nothing of them is ever read as shell.
set -euo pipefail

program="$GITHUB_ACTION_PATH/dist/nixlint.mjs"
if [ ! -f "$program" ]; then
  # A branch has no bundle; a release's tag does.
  (cd "$GITHUB_ACTION_PATH" && npm ci --silent)
fi

lines() {
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line="${line%$'\r'}"
    [ -z "${line//[[:space:]]/}" ] || printf '%s\0' "$line"
  done <<<"$1"
}
mapfile -d '' -t paths < <(lines "$NIXLINT_PATHS")
mapfile -d '' -t arguments < <(lines "$NIXLINT_ARGS")

sarif="$RUNNER_TEMP/nixlint.sarif"
rm -f "$sarif"
code=0
node "$program" check "${arguments[@]}" --format sarif --output-file "$sarif" -- "${paths[@]}" || code=$?
{
  echo "sarif=$sarif"
  echo "exit-code=$code"
} >>"$GITHUB_OUTPUT"
