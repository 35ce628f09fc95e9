/*
 * A set of files by path, read only: what a project is loaded from. A directory and a git
 * revision implement it (room source), and so does a table in memory, here.
 *
 * Paths are relative, with "/" and without ".", "..", empty parts, backslash or NUL;
 * tn_tree_path_check says what is wrong with another one. Reading is bounded.
 */
#ifndef TN_BASE_TREE_H
#define TN_BASE_TREE_H

#include "base/defs.h"
#include "base/error.h"
#include "base/str.h"

#define TN_TREE_FILE_MAX    ((size_t)16 << 20)
#define TN_TREE_ENTRIES_MAX ((size_t)10000)

struct tn_tree;

enum tn_tree_kind {
	TN_TREE_FILE,
	TN_TREE_DIRECTORY,
	TN_TREE_LINK,
	TN_TREE_OTHER /* a device, a socket; a submodule */
};

struct tn_tree_entry {
	char *name; /* any bytes but "/" and NUL; it may be no UTF-8 */
	enum tn_tree_kind kind;
};

struct tn_tree_list {
	struct tn_tree_entry *items;
	size_t n, cap;
};

struct tn_tree_ops {
	/*
	 * Appends the file's bytes to out. TN_E_NOT_FOUND when there is none;
	 * TN_E_INPUT when it is a link or no regular file, or leaves the tree; TN_E_LIMIT
	 * when it is larger than max.
	 */
	int (*read)(struct tn_tree *tree, const char *path, size_t max,
	    struct tn_str *out, struct tn_error *err);
	/* Adds the entries of a directory with tn_tree_list_add, in any order. */
	int (*list)(struct tn_tree *tree, const char *path, struct tn_tree_list *out,
	    struct tn_error *err);
	void (*free)(struct tn_tree *tree);
};

struct tn_tree {
	const struct tn_tree_ops *ops;
};

int tn_tree_read(struct tn_tree *tree, const char *path, size_t max, struct tn_str *out,
    struct tn_error *err) TN_MUST_USE;
/*
 * The entries of a directory, sorted by the bytes of their names; "" is the top. What git
 * keeps for itself (".git") is left out. TN_E_NOT_FOUND when there is no such directory;
 * TN_E_INPUT when it is a file or a link; TN_E_LIMIT for more than TN_TREE_ENTRIES_MAX
 * entries. *out is empty on failure.
 */
int tn_tree_list(struct tn_tree *tree, const char *path, struct tn_tree_list *out,
    struct tn_error *err) TN_MUST_USE;
void tn_tree_list_done(struct tn_tree_list *list);
/* For those who implement a tree. Copies the name; ".git" is passed over. */
int tn_tree_list_add(struct tn_tree_list *list, struct tn_span name,
    enum tn_tree_kind kind, struct tn_error *err) TN_MUST_USE;

void tn_tree_free(struct tn_tree *tree);
TN_DEFINE_FREEP(tn_tree, tn_tree_free)

/*
 * Joins a path written in a file (base "actions/x.yaml", written "../code/a.js"
 * gives "code/a.js") and refuses what is absolute or leaves the tree, without looking at
 * files. *out is on the heap.
 */
int tn_tree_resolve(const char *base_file, const char *written, char **out,
    struct tn_error *err) TN_MUST_USE;
int tn_tree_path_check(const char *path, struct tn_error *err) TN_MUST_USE;

/* In memory. put copies and replaces; NULL bytes remove the file. */
struct tn_tree *tn_memtree_new(void);
void tn_memtree_put(struct tn_tree *memtree, const char *path, const char *bytes,
    size_t len);

#endif
