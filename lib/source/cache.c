#include "source/cache.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "crypto/crypto.h"

/* libgit2 looks through all packs for each object that it is asked for. */
#define PACKS_MAX 50

static char *
joined(const char *a, const char *b)
{
	struct tn_str path = TN_STR_INIT;

	tn_str_addf(&path, "%s%s", a, b);
	return tn_str_take(&path);
}

void
tn_cache_init(struct tn_cache *cache, const char *root, const char *address)
{
	TN_CLEANUP(tn_str_done) struct tn_str base = TN_STR_INIT;
	char hash[TN_SHA256_HEX];

	tn_sha256_hex(tn_span(address), hash);
	tn_str_addf(&base, "%s/%s", root, hash);
	cache->path = joined(tn_str_text(&base), ".git");
	cache->lock_path = joined(tn_str_text(&base), ".lock");
	cache->lock = NULL;
}

void
tn_cache_done(struct tn_cache *cache)
{
	tn_file_unlock(tn_take(cache->lock));
	tn_free(tn_take(cache->path));
	tn_free(tn_take(cache->lock_path));
}

/*
 * Who can write there can leave a repository whose settings make git run a program of his
 * as us.
 */
static int
make_root(const char *root, struct tn_error *err)
{
	struct stat st;
	int r = tn_file_mkdirs(root, err);

	if (r < 0)
		return r;
	if (stat(root, &st) < 0)
		return tn_error_errno(err, errno, "cannot examine \"%s\"", root);
	if (st.st_uid == geteuid() && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return 0;
	r = tn_error_set(err, TN_E_INPUT,
	    "the cache directory \"%s\" can be written by others", root);
	tn_error_hint(err,
	    "make it a directory of yours with mode 0700, or set XDG_CACHE_HOME");
	return r;
}

int
tn_cache_lock(struct tn_cache *cache, struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *root = tn_strdup(cache->path);
	TN_CLEANUP(tn_str_done) struct tn_str note = TN_STR_INIT;
	int r;

	*strrchr(root, '/') = '\0';
	r = make_root(root, err);
	if (r < 0)
		return r;
	tn_str_addf(&note, "tenon, process %ld", (long)getpid());
	return tn_file_lock(cache->lock_path, tn_str_text(&note), &cache->lock, err);
}

bool
tn_cache_exists(const struct tn_cache *cache)
{
	return access(cache->path, F_OK) == 0;
}

static char *
mark_of(const struct tn_cache *cache)
{
	return joined(cache->path, "/tenon-fetching");
}

int
tn_cache_begin(struct tn_cache *cache, struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *mark = mark_of(cache);

	return tn_file_write(mark, 0600, tn_span(""), err);
}

void
tn_cache_end(struct tn_cache *cache)
{
	TN_CLEANUP(tn_freep) char *mark = mark_of(cache);

	/* Without a mark there is nothing to take away. */
	(void)unlink(mark);
}

static bool
has_many_packs(const struct tn_cache *cache)
{
	TN_CLEANUP(tn_freep) char *path = joined(cache->path, "/objects/pack");
	DIR *packs = opendir(path);
	const struct dirent *entry;
	size_t n = 0;

	if (packs == NULL)
		return false;
	while ((entry = readdir(packs)) != NULL)
		n += tn_text_ends(entry->d_name, ".pack") ? 1 : 0;
	(void)closedir(packs);
	return n > PACKS_MAX;
}

bool
tn_cache_is_worn(const struct tn_cache *cache)
{
	TN_CLEANUP(tn_freep) char *mark = mark_of(cache);

	return access(mark, F_OK) == 0 || has_many_packs(cache);
}

static int
remove_one(const char *path, const struct stat *st TN_UNUSED, int type TN_UNUSED,
    struct FTW *at TN_UNUSED)
{
	return remove(path);
}

int
tn_cache_remove(struct tn_cache *cache, struct tn_error *err)
{
	if (nftw(cache->path, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0 ||
	    errno == ENOENT)
		return 0;
	return tn_error_errno(err, errno, "cannot remove \"%s\"", cache->path);
}

char *
tn_cache_ref(const char *wanted)
{
	char hash[TN_SHA256_HEX];

	tn_sha256_hex(tn_span(wanted), hash);
	return joined("refs/tenon/", hash);
}
