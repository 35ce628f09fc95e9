#include "source/subtree.h"

#include "base/mem.h"

struct subtree {
	struct tn_tree tree;
	struct tn_tree *whole;
	char *path;
};

static char *
whole_path(const struct subtree *sub, const char *path)
{
	struct tn_str whole = TN_STR_INIT;

	tn_str_addf(&whole, *path != '\0' ? "%s/%s" : "%s%s", sub->path, path);
	return tn_str_take(&whole);
}

static int
sub_read(struct tn_tree *tree, const char *path, size_t max, struct tn_str *out,
    struct tn_error *err)
{
	struct subtree *sub = (struct subtree *)tree;
	TN_CLEANUP(tn_freep) char *whole = whole_path(sub, path);

	return tn_tree_read(sub->whole, whole, max, out, err);
}

static int
sub_list(struct tn_tree *tree, const char *path, struct tn_tree_list *out,
    struct tn_error *err)
{
	struct subtree *sub = (struct subtree *)tree;
	TN_CLEANUP(tn_freep) char *whole = whole_path(sub, path);

	return tn_tree_list(sub->whole, whole, out, err);
}

static void
sub_free(struct tn_tree *tree)
{
	struct subtree *sub = (struct subtree *)tree;

	tn_tree_free(sub->whole);
	tn_free(sub->path);
	tn_free(sub);
}

static const struct tn_tree_ops sub_ops = {
	.read = sub_read,
	.list = sub_list,
	.free = sub_free,
};

/* Full of files is still a directory. */
static int
check_directory(struct tn_tree *tree, const char *path, struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	struct tn_tree_list list;
	int r = tn_tree_list(tree, path, &list, &why);

	tn_tree_list_done(&list);
	if (r == 0 || r == -TN_E_LIMIT)
		return 0;
	tn_error_hint(&why, "name the directory that tenon.yaml is in");
	tn_error_move(err, &why);
	return r;
}

int
tn_subtree_enter(struct tn_tree **tree, const char *path, struct tn_error *err)
{
	TN_CLEANUP(tn_tree_freep) struct tn_tree *whole = tn_take(*tree);
	struct subtree *sub;
	int r;

	if (path == NULL || *path == '\0') {
		*tree = tn_take(whole);
		return 0;
	}
	r = check_directory(whole, path, err);
	if (r < 0)
		return r;
	sub = tn_new(struct subtree);
	sub->tree.ops = &sub_ops;
	sub->whole = tn_take(whole);
	sub->path = tn_strdup(path);
	*tree = &sub->tree;
	return 0;
}
