// The tokens that a regular expression cannot describe: stretches of text in strings, and paths. Follows the rules
// of Nix's flex lexer, so that escapes, `$$`, `''$` and `a//b` end a token exactly where they do in Nix.

#include "tree_sitter/parser.h"

// No file system takes a longer name. Without a bound, `1+1+1+…` would be read to its end for every number in it.
enum { MAX_NAME = 255 };

enum TokenType { STRING_TEXT, INDENTED_STRING_TEXT, PATH_START, PATH_TEXT };

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

static void advance_unless_end(TSLexer *lexer) {
  if (!lexer->eof(lexer)) advance(lexer);
}

// Up to the closing quote or `${`, escapes included. A `$` takes the character after it along: `$${` interpolates nothing.
static bool scan_string_text(TSLexer *lexer) {
  lexer->result_symbol = STRING_TEXT;
  for (bool has_content = false;; has_content = true) {
    lexer->mark_end(lexer);
    if (lexer->eof(lexer) || lexer->lookahead == '"') return has_content;
    if (lexer->lookahead == '$') {
      advance(lexer);
      if (lexer->lookahead == '{') return has_content;
      if (lexer->lookahead != '"' && lexer->lookahead != '\\') advance_unless_end(lexer);
    } else {
      if (lexer->lookahead == '\\') advance(lexer);
      advance_unless_end(lexer);
    }
  }
}

// Up to the closing `''` or `${`; the escapes are `''$`, `'''` and `''\` with the character after it.
static bool scan_indented_string_text(TSLexer *lexer) {
  lexer->result_symbol = INDENTED_STRING_TEXT;
  for (bool has_content = false;; has_content = true) {
    lexer->mark_end(lexer);
    if (lexer->eof(lexer)) return has_content;
    if (lexer->lookahead == '$') {
      advance(lexer);
      if (lexer->lookahead == '{') return has_content;
      if (lexer->lookahead != '\'') advance_unless_end(lexer);
    } else if (lexer->lookahead == '\'') {
      advance(lexer);
      if (lexer->lookahead != '\'') continue;
      advance(lexer);
      if (lexer->lookahead == '\\') {
        advance(lexer);
      } else if (lexer->lookahead != '$' && lexer->lookahead != '\'') {
        return has_content;
      }
      advance_unless_end(lexer);
    } else {
      advance(lexer);
    }
  }
}

static bool is_path_char(int32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+' ||
         c == '_' || c == '.';
}

static void advance_path(TSLexer *lexer) {
  while (is_path_char(lexer->lookahead) || lexer->lookahead == '/') advance(lexer);
  lexer->mark_end(lexer);
}

// `a/b`, `./a`, `/a`, `~/a`, or one of these up to a `${` right after the slash. `a//b` is an update, `a / b` a division.
static bool scan_path_start(TSLexer *lexer) {
  lexer->result_symbol = PATH_START;
  while (lexer->lookahead == ' ' || lexer->lookahead == '\n' || lexer->lookahead == '\r' || lexer->lookahead == '\t') {
    lexer->advance(lexer, true);
  }
  if (lexer->lookahead == '~') {
    advance(lexer);
  } else {
    for (int length = 0; is_path_char(lexer->lookahead) && length < MAX_NAME; length++) advance(lexer);
  }
  if (lexer->lookahead != '/') return false;
  advance(lexer);
  if (is_path_char(lexer->lookahead)) {
    advance_path(lexer);
    return true;
  }
  if (lexer->lookahead != '$') return false;
  lexer->mark_end(lexer);
  advance(lexer);
  return lexer->lookahead == '{';
}

static bool scan_path_text(TSLexer *lexer) {
  lexer->result_symbol = PATH_TEXT;
  advance_path(lexer);
  return true;
}

void *tree_sitter_nix_external_scanner_create(void) { return NULL; }

bool tree_sitter_nix_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  // Everything is valid only while the parser recovers from an error: text there would swallow good code.
  if (valid[STRING_TEXT] && valid[INDENTED_STRING_TEXT]) return false;
  if (valid[STRING_TEXT]) return scan_string_text(lexer);
  if (valid[INDENTED_STRING_TEXT]) return scan_indented_string_text(lexer);
  // Only directly after an interpolation: after a blank, a new path starts.
  if (valid[PATH_TEXT] && (is_path_char(lexer->lookahead) || lexer->lookahead == '/')) return scan_path_text(lexer);
  return valid[PATH_START] && scan_path_start(lexer);
}

unsigned tree_sitter_nix_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload, (void)buffer;
  return 0;
}

void tree_sitter_nix_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload, (void)buffer, (void)length;
}

void tree_sitter_nix_external_scanner_destroy(void *payload) { (void)payload; }
