#include "source/revision.h"

#include "base/mem.h"
#include "git/git.h"

struct revtree {
	struct tn_tree tree;
	struct tn_git *git;
};

static int
rev_read(struct tn_tree *tree, const char *path, size_t max, struct tn_str *out,
    struct tn_error *err)
{
	struct revtree *rev = (struct revtree *)tree;

	return tn_git_read(rev->git, path, max, out, err);
}

static int
rev_list(struct tn_tree *tree, const char *path, struct tn_tree_list *out,
    struct tn_error *err)
{
	struct revtree *rev = (struct revtree *)tree;

	return tn_git_list(rev->git, path, out, err);
}

static void
rev_free(struct tn_tree *tree)
{
	struct revtree *rev = (struct revtree *)tree;

	tn_git_close(rev->git);
	tn_free(rev);
}

static const struct tn_tree_ops rev_ops = {
	.read = rev_read,
	.list = rev_list,
	.free = rev_free,
};

int
tn_revtree_open(const char *path, const char *rev, const struct tn_git_names *names,
    struct tn_tree **out, char **commit_out, struct tn_error *err)
{
	struct tn_git *git = NULL;
	struct revtree *tree;
	int r = names != NULL ? tn_git_open_as(path, rev, names, &git, err)
			      : tn_git_open(path, rev, &git, err);

	if (r < 0)
		return r;
	tree = tn_new(struct revtree);
	tree->tree.ops = &rev_ops;
	tree->git = git;
	*commit_out = tn_strdup(tn_git_commit(git));
	*out = &tree->tree;
	return 0;
}
