/* A directory of a tree as a tree of its own. Inside the room only. */
#ifndef TN_SOURCE_SUBTREE_H
#define TN_SOURCE_SUBTREE_H

#include "base/tree.h"

/*
 * Takes the tree over in any case and replaces it by the one below path, as tn_tree_list
 * understands it; NULL and "" change nothing. Its errors name whole paths. On failure
 * *tree is NULL.
 */
int tn_subtree_enter(struct tn_tree **tree, const char *path,
    struct tn_error *err) TN_MUST_USE;

#endif
