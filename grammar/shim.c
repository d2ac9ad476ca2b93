// Parses UTF-16 text with tree-sitter and writes the tree, in preorder, into one array of 32-bit words, so that
// JavaScript reads a whole file with one call. One unit with the runtime: its public cursor costs as much as a
// quarter of the parsing, and the place of a syntax error is internal to it.

#include "arena.h"
#include "lib.c"
#include "tree_sitter/api.h"

const TSLanguage *tree_sitter_nix(void);

// A node is four words: kind, start, end (UTF-16 offsets), index of the word after its subtree.
enum { NODE_WORDS = 4 };
// A symbol's kind, and the flag that its children are dropped. Symbols of kind 0 have their children in their place.
enum { LEAF = 0x80, KIND = 0x7f };
// The kinds that the shim knows; the others come from src/syntax/flat-tree.ts.
enum { NO_KIND, ERROR_KIND, COMMENT_KIND };
enum { MAX_SYMBOLS = 512, MAX_AWAITED = 31 };

typedef struct {
  uint32_t *contents;
  uint32_t size, capacity;
} Words;

static uint8_t kind_of_symbol[MAX_SYMBOLS];
// The tokens that an error message may name as missing, or that make that pointless; the first is the end of the text.
static TSSymbol awaited[MAX_AWAITED];
static uint32_t awaited_count = 1;
static Words input, nodes, comments, first_error;
static TSParser *parser;

// Outside the arena: these outlive the parse.
static uint32_t *words_add(Words *words, uint32_t count) {
  if (words->size + count > words->capacity) {
    words->capacity = (words->size + count) * 2;
    words->contents = realloc(words->contents, words->capacity * sizeof(uint32_t));
    if (!words->contents) abort();
  }
  words->size += count;
  return words->contents + words->size - count;
}

// To be filled with a kind per symbol.
__attribute__((export_name("initialize"))) uint8_t *initialize(void) {
  ts_set_allocator(arena_malloc, arena_calloc, arena_realloc, arena_free);
  return kind_of_symbol;
}

__attribute__((export_name("symbol_name"))) const char *symbol_name(uint32_t symbol) {
  const TSLanguage *language = tree_sitter_nix();
  bool exists = symbol < ts_language_symbol_count(language) && symbol < MAX_SYMBOLS;
  return exists ? ts_language_symbol_name(language, symbol) : NULL;
}

// Named symbols are rules, the others are tokens as written in the grammar: `inherit` is both.
__attribute__((export_name("symbol_is_named"))) bool symbol_is_named(uint32_t symbol) {
  return ts_language_symbol_type(tree_sitter_nix(), symbol) == TSSymbolTypeRegular;
}

__attribute__((export_name("await_symbol"))) void await_symbol(uint32_t symbol) {
  if (awaited_count < MAX_AWAITED) awaited[awaited_count++] = (TSSymbol)symbol;
}

// Room for that many UTF-16 units.
__attribute__((export_name("reserve_input"))) uint32_t *reserve_input(uint32_t units) {
  input.size = 0;
  return words_add(&input, units / 2 + 1);
}

static uint8_t kind_of(Subtree node) {
  TSSymbol symbol = ts_subtree_symbol(node);
  if (symbol == ts_builtin_sym_error || ts_subtree_missing(node)) return ERROR_KIND | LEAF;
  return symbol < MAX_SYMBOLS ? kind_of_symbol[symbol] : NO_KIND;
}

typedef struct {
  Subtree node;
  uint32_t next_child, position, written;
  bool silent;
} Open;

typedef Array(Open) OpenStack;

static const uint32_t not_written = UINT32_MAX;

// Writes a node that starts, without its padding, at a byte; pushes it when it has children to write.
static void enter(OpenStack *open, Subtree node, uint32_t start, bool silent) {
  uint8_t kind = kind_of(node);
  uint32_t written = not_written;
  uint32_t end = start + ts_subtree_size(node).bytes;
  if (kind == (COMMENT_KIND | LEAF)) {
    uint32_t *words = words_add(&comments, 2);
    words[0] = start / 2, words[1] = end / 2;
    return;
  }
  if (kind != NO_KIND && !silent) {
    written = nodes.size;
    uint32_t *words = words_add(&nodes, NODE_WORDS);
    words[0] = kind & KIND, words[1] = start / 2, words[2] = end / 2, words[3] = nodes.size;
  }
  // Of a broken leaf, the comments inside are still of interest.
  bool is_leaf = kind & LEAF;
  if (ts_subtree_child_count(node) == 0 || (is_leaf && ts_subtree_error_cost(node) == 0)) return;
  Open entry = {.node = node, .position = start, .written = written, .silent = silent || is_leaf};
  array_push(open, entry);
}

static void flatten(Subtree root) {
  OpenStack open = array_new();
  enter(&open, root, ts_subtree_padding(root).bytes, false);
  while (open.size > 0) {
    Open *parent = array_back(&open);
    if (parent->next_child == ts_subtree_child_count(parent->node)) {
      if (parent->written != not_written) nodes.contents[parent->written + 3] = nodes.size;
      open.size--;
      continue;
    }
    Subtree child = ts_subtree_children(parent->node)[parent->next_child];
    // A node starts where its first child starts: that child's padding is the node's own.
    uint32_t start = parent->position + (parent->next_child > 0 ? ts_subtree_padding(child).bytes : 0);
    parent->position = start + ts_subtree_size(child).bytes;
    parent->next_child++;
    enter(&open, child, start, parent->silent);
  }
}

// Takes the children of a reduction off the stack, and the comments among them.
static StackNode *below(StackNode *top, uint32_t children) {
  while (children > 0 && top->link_count > 0) {
    Subtree subtree = top->links[0].subtree;
    if (!subtree.ptr || !ts_subtree_extra(subtree)) children--;
    top = top->links[0].node;
  }
  return top;
}

// Whether the symbol could come next: a parse table alone cannot tell, for its states stand for many contexts. So the
// reductions before the symbol is shifted are followed; each pops at least one state and pushes one.
static bool is_expected(StackNode *top, TSSymbol symbol) {
  const TSLanguage *language = tree_sitter_nix();
  TSStateId state = top->state;
  for (uint32_t pushed = 0;; pushed = 1) {
    TableEntry entry;
    ts_language_table_entry(language, state, symbol, &entry);
    if (entry.action_count == 0) return false;
    // A conflict ends with the shift, if there is one.
    TSParseAction action = entry.actions[entry.action_count - 1];
    if (action.type == TSParseActionTypeAccept) return true;
    if (action.type == TSParseActionTypeShift) return !action.shift.extra;
    if (action.type != TSParseActionTypeReduce || action.reduce.child_count == 0) return false;
    top = below(top, action.reduce.child_count - pushed);
    state = ts_language_next_state(language, top->state, action.reduce.symbol);
  }
}

static uint32_t expected_tokens(StackNode *top) {
  uint32_t expected = 0;
  for (uint32_t index = 0; index < awaited_count; index++) {
    if (is_expected(top, awaited[index])) expected |= 1u << index;
  }
  return expected;
}

// The runtime reports syntax errors only through its log: "process version:N" precedes each "detect_error". The first
// one is where Nix stops; what follows depends on how the parser recovers.
static void log_error(void *payload, TSLogType type, const char *message) {
  static uint32_t version;
  static const char process[] = "process version:";
  (void)payload;
  if (type != TSLogTypeParse) return;
  if (strncmp(message, process, sizeof process - 1) == 0) {
    version = (uint32_t)atoi(message + sizeof process - 1);
  } else if (strcmp(message, "detect_error") == 0 && first_error.size == 0) {
    uint32_t *words = words_add(&first_error, 2);
    words[0] = ts_stack_position(parser->stack, version).bytes / 2;
    words[1] = expected_tokens(array_get(&parser->stack->heads, version)->node);
  }
}

static TSTree *parse_input(uint32_t units, TSLogger logger) {
  parser = ts_parser_new();
  ts_parser_set_language(parser, tree_sitter_nix());
  ts_parser_set_logger(parser, logger);
  const char *text = (const char *)input.contents;
  return ts_parser_parse_string_encoding(parser, NULL, text, units * 2, TSInputEncodingUTF16);
}

// Parses the first `units` of the input. The result holds address and word count of nodes, comments and error.
__attribute__((export_name("parse"))) uint32_t *parse(uint32_t units) {
  static uint32_t result[7];
  nodes.size = comments.size = first_error.size = 0;
  arena_reset();
  Subtree root = parse_input(units, (TSLogger){0})->root;
  flatten(root);
  bool has_error = ts_subtree_error_cost(root) > 0;
  if (has_error) parse_input(units, (TSLogger){.log = log_error});
  const Words *parts[] = {&nodes, &comments, &first_error};
  for (uint32_t part = 0; part < 3; part++) {
    result[part * 2] = (uint32_t)parts[part]->contents;
    result[part * 2 + 1] = parts[part]->size;
  }
  result[6] = has_error;
  return result;
}
