#!/bin/sh
# Writes src/parser.c from grammar.js. Needed only when grammar.js changes; needs the tree-sitter CLI and Node.
# With CHROOT set, runs the CLI inside that Debian chroot (README.md says how to make one).
set -eu
cd "$(dirname "$0")"

work=${CHROOT:-}/tmp/nixlint-grammar
rm -rf "$work"
mkdir -p "$work/node_modules"
cp grammar.js "$work/"
cp -R node_modules/tree-sitter-nix "$work/node_modules/"

generate="cd /tmp/nixlint-grammar && HOME=/root tree-sitter generate --abi 14"
if [ -n "${CHROOT:-}" ]; then chroot "$CHROOT" /bin/sh -c "$generate"; else sh -c "$generate"; fi

mkdir -p src/tree_sitter
cp "$work/src/parser.c" src/parser.c
cp "$work/src/tree_sitter/parser.h" src/tree_sitter/parser.h
rm -rf "$work"
