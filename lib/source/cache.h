/*
 * The bare repositories that git fetches into: one a URL, below a directory of the user's
 * own, each with a lock beside it. Inside the room only.
 */
#ifndef TN_SOURCE_CACHE_H
#define TN_SOURCE_CACHE_H

#include "base/error.h"

struct tn_file_lock;

struct tn_cache {
	char *path; /* of the bare repository */
	char *lock_path;
	struct tn_file_lock *lock; /* NULL: not held */
};

/* Where the cache of this address is; nothing is made. */
void tn_cache_init(struct tn_cache *cache, const char *root, const char *address);
/* Gives the lock back. */
void tn_cache_done(struct tn_cache *cache);

/* Makes the directories (mode 0700) and takes the lock; TN_E_LOCKED when it is taken. */
int tn_cache_lock(struct tn_cache *cache, struct tn_error *err) TN_MUST_USE;

/* Whether there is a repository, or something else in its place. */
bool tn_cache_exists(const struct tn_cache *cache);
/* A new one is better: a fetch into it was killed, or it has come to many packs. */
bool tn_cache_is_worn(const struct tn_cache *cache);
/*
 * Between these two a fetch is under way. One that is killed leaves its own locks behind,
 * with which no other gets anywhere.
 */
int tn_cache_begin(struct tn_cache *cache, struct tn_error *err) TN_MUST_USE;
void tn_cache_end(struct tn_cache *cache);
int tn_cache_remove(struct tn_cache *cache, struct tn_error *err) TN_MUST_USE;

/*
 * The name in the cache for what the other side calls `wanted` ("HEAD", "refs/heads/x",
 * an id): flat, so that "a" and "a/b" never stand in each other's way. On the heap.
 */
char *tn_cache_ref(const char *wanted);

#endif
