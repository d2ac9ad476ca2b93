// Memory for one parse: allocating bumps a pointer, nothing is freed, and the next parse starts over. tree-sitter
// allocates and frees a node per token, so this saves about a sixth of its time.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_CHUNK = 1 << 20, ARENA_ALIGN = 8, ARENA_HEADER = 8, ARENA_LARGEST = 32 << 20, ARENA_KEPT = 64 << 20 };

typedef struct ArenaChunk {
  struct ArenaChunk *next;
  size_t capacity;
} ArenaChunk;

static ArenaChunk *arena_first, *arena_current;
static size_t arena_used;

static char *arena_bytes(ArenaChunk *chunk) { return (char *)chunk + sizeof(ArenaChunk); }

// Gives back what an unusually large file needed.
static void arena_reset(void) {
  size_t kept = 0;
  for (ArenaChunk **link = &arena_first; *link;) {
    ArenaChunk *chunk = *link;
    kept += chunk->capacity;
    if (kept <= ARENA_KEPT) {
      link = &chunk->next;
    } else {
      *link = chunk->next;
      free(chunk);
    }
  }
  arena_current = arena_first;
  arena_used = 0;
}

static void arena_next_chunk(size_t size) {
  ArenaChunk **link = arena_current ? &arena_current->next : &arena_first;
  if (!*link || (*link)->capacity < size) {
    // Doubling: growing the module's memory is dear.
    size_t capacity = arena_current ? arena_current->capacity * 2 : ARENA_CHUNK;
    if (capacity < size) capacity = size;
    if (capacity > ARENA_LARGEST && size <= ARENA_LARGEST) capacity = ARENA_LARGEST;
    ArenaChunk *chunk = malloc(sizeof(ArenaChunk) + capacity);
    if (!chunk) abort();
    *chunk = (ArenaChunk){.next = *link, .capacity = capacity};
    *link = chunk;
  }
  arena_current = *link;
  arena_used = 0;
}

// A header before each block holds its size, for realloc.
static void *arena_malloc(size_t size) {
  size_t block = ARENA_HEADER + ((size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1));
  if (!arena_current || arena_used + block > arena_current->capacity) arena_next_chunk(block);
  char *start = arena_bytes(arena_current) + arena_used;
  arena_used += block;
  *(size_t *)start = size;
  return start + ARENA_HEADER;
}

static void *arena_calloc(size_t count, size_t size) { return memset(arena_malloc(count * size), 0, count * size); }

static void *arena_realloc(void *old, size_t size) {
  if (!old) return arena_malloc(size);
  size_t old_size = *(size_t *)((char *)old - ARENA_HEADER);
  if (size <= old_size) return old;
  return memcpy(arena_malloc(size), old, old_size);
}

static void arena_free(void *block) { (void)block; }
