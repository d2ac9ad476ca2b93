// Parses UTF-16 text with tree-sitter and writes the tree, in preorder, into one array of 32-bit words, so that
// JavaScript reads a whole file with one call. One unit with the runtime: the place of a syntax error is internal to it.

#include "lib.c"
#include "tree_sitter/api.h"

const TSLanguage *tree_sitter_nix(void);

// A node is four words: kind and symbol, start, end (UTF-16 offsets), index of the word after its subtree.
enum { NODE_WORDS = 4, COMMENT_WORDS = 2, ERROR_WORDS = 2 };
// Flags of a symbol beside its kind: children are dropped; the node is dropped and its children stand in its place.
enum { LEAF = 0x80, TRANSPARENT = 0x40, KIND = 0x3f };
// Kinds 0 to 2 are the shim's own. A dropped symbol is an anonymous token: it has no children.
enum { DROPPED, ERROR_KIND, COMMENT_KIND };
enum { MAX_ERRORS = 32 };

typedef Array(uint32_t) Words;

static TSParser *parser;
static uint8_t kind_of_symbol[1024];
static uint16_t *input;
static uint32_t input_capacity;
static Words nodes, comments, errors;
static uint32_t result[8];

__attribute__((export_name("initialize"))) uint8_t *initialize(void) {
  parser = ts_parser_new();
  ts_parser_set_language(parser, tree_sitter_nix());
  return kind_of_symbol;
}

__attribute__((export_name("symbol_name"))) const char *symbol_name(uint32_t symbol) {
  return symbol < ts_language_symbol_count(tree_sitter_nix()) ? ts_language_symbol_name(tree_sitter_nix(), symbol) : NULL;
}

// Named symbols are rules, the others are tokens as written in the grammar: `inherit` is both.
__attribute__((export_name("symbol_is_named"))) bool symbol_is_named(uint32_t symbol) {
  return ts_language_symbol_type(tree_sitter_nix(), symbol) == TSSymbolTypeRegular;
}

// Room for that many UTF-16 units.
__attribute__((export_name("reserve_input"))) uint16_t *reserve_input(uint32_t units) {
  if (units > input_capacity) {
    free(input);
    input_capacity = units * 2;
    input = malloc(input_capacity * sizeof(uint16_t));
  }
  return input;
}

static uint8_t kind_of(TSNode node, bool tree_has_error) {
  TSSymbol symbol = ts_node_symbol(node);
  if (symbol == ts_builtin_sym_error || (tree_has_error && ts_node_is_missing(node))) return ERROR_KIND | LEAF;
  return kind_of_symbol[symbol & 1023];
}

static void write_comment(TSNode node) {
  array_push(&comments, ts_node_start_byte(node) / 2);
  array_push(&comments, ts_node_end_byte(node) / 2);
}

static void write_node(TSNode node, uint8_t kind) {
  array_reserve(&nodes, nodes.size + NODE_WORDS);
  uint32_t *words = nodes.contents + nodes.size;
  words[0] = (kind & KIND) | (uint32_t)ts_node_symbol(node) << 8;
  words[1] = ts_node_start_byte(node) / 2;
  words[2] = ts_node_end_byte(node) / 2;
  words[3] = nodes.size + NODE_WORDS;
  nodes.size += NODE_WORDS;
}

// Subtrees of leaves are still walked for comments when they hold errors; `silent` is how deep the walk is in one.
static void flatten(TSNode root) {
  TSTreeCursor cursor = ts_tree_cursor_new(root);
  Words open = array_new();
  uint32_t silent = 0;
  const uint32_t not_written = UINT32_MAX;
  const bool has_error = ts_node_has_error(root);
  for (;;) {
    TSNode node = ts_tree_cursor_current_node(&cursor);
    uint8_t kind = kind_of(node, has_error);
    uint32_t written = not_written;
    if ((kind & KIND) == COMMENT_KIND) {
      write_comment(node);
    } else if (kind != DROPPED && !(kind & TRANSPARENT) && !silent) {
      written = nodes.size;
      write_node(node, kind);
    }
    bool is_leaf = (kind & LEAF) || kind == DROPPED;
    bool descend = !is_leaf || (has_error && ts_node_has_error(node));
    if (descend && ts_tree_cursor_goto_first_child(&cursor)) {
      array_push(&open, written);
      array_push(&open, silent);
      if (is_leaf) silent = 1;
      continue;
    }
    while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
      if (!ts_tree_cursor_goto_parent(&cursor)) {
        array_delete(&open);
        ts_tree_cursor_delete(&cursor);
        return;
      }
      silent = array_pop(&open);
      written = array_pop(&open);
      if (written != not_written) nodes.contents[written + 3] = nodes.size;
    }
  }
}

// The runtime reports syntax errors only through its log: "process version:N" precedes each "detect_error".
static void log_error(void *payload, TSLogType type, const char *message) {
  static uint32_t version;
  static const char process[] = "process version:";
  (void)payload;
  if (type != TSLogTypeParse) return;
  if (strncmp(message, process, sizeof process - 1) == 0) {
    version = (uint32_t)atoi(message + sizeof process - 1);
  } else if (strcmp(message, "detect_error") == 0 && errors.size < MAX_ERRORS * ERROR_WORDS) {
    array_push(&errors, ts_stack_position(parser->stack, version).bytes / 2);
    array_push(&errors, ts_stack_state(parser->stack, version));
  }
}

static TSTree *parse_input(uint32_t units) {
  return ts_parser_parse_string_encoding(parser, NULL, (const char *)input, units * 2, TSInputEncodingUTF16);
}

static void find_errors(uint32_t units) {
  ts_parser_set_logger(parser, (TSLogger){.payload = NULL, .log = log_error});
  ts_tree_delete(parse_input(units));
  ts_parser_set_logger(parser, (TSLogger){.payload = NULL, .log = NULL});
}

// Parses the first `units` of the input. The result holds address and word count of nodes, comments and errors.
__attribute__((export_name("parse"))) uint32_t *parse(uint32_t units) {
  nodes.size = comments.size = errors.size = 0;
  TSTree *tree = parse_input(units);
  TSNode root = ts_tree_root_node(tree);
  flatten(root);
  bool has_error = ts_node_has_error(root);
  ts_tree_delete(tree);
  if (has_error) find_errors(units);
  result[0] = (uint32_t)nodes.contents, result[1] = nodes.size;
  result[2] = (uint32_t)comments.contents, result[3] = comments.size;
  result[4] = (uint32_t)errors.contents, result[5] = errors.size;
  result[6] = has_error;
  return result;
}

// Whether the grammar accepts the symbol in a parse state: what an error message may say is expected.
__attribute__((export_name("accepts"))) bool accepts(uint32_t state, uint32_t symbol) {
  return ts_language_lookup(tree_sitter_nix(), (TSStateId)state, (TSSymbol)symbol) != 0;
}
