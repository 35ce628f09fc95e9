#include "source/source.h"

#include "base/mem.h"
#include "git/git.h"
#include "source/revision.h"

static int
open_revision(struct tn_source *source, const char *path, const char *rev,
    struct tn_error *err)
{
	struct tn_str label = TN_STR_INIT;
	int r = tn_revtree_open(path, rev, &source->tree, &source->commit, err);

	if (r < 0)
		return r;
	tn_str_addf(&label, "%s@%s", path, rev);
	source->label = tn_str_take(&label);
	return 0;
}

static void
note_worktree(struct tn_source *source, const char *path)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_str note = TN_STR_INIT;
	struct tn_git_worktree worktree;

	if (tn_git_worktree(path, &worktree, &err) < 0) {
		tn_str_add(&note, err.message);
		if (err.hint != NULL)
			tn_str_addf(&note, " (%s)", err.hint);
		source->note = tn_str_take(&note);
		return;
	}
	if (!worktree.found)
		return;
	source->dirty = worktree.dirty;
	if (worktree.commit[0] != '\0')
		source->commit = tn_strdup(worktree.commit);
}

static int
open_directory(struct tn_source *source, const char *path, struct tn_error *err)
{
	int r = tn_dirtree_open(path, &source->tree, err);

	if (r < 0)
		return r;
	source->label = tn_strdup(path);
	note_worktree(source, path);
	return 0;
}

int
tn_source_open(struct tn_source *source, const char *path, const char *rev,
    struct tn_error *err)
{
	*source = (struct tn_source){ .tree = NULL };
	return rev != NULL ? open_revision(source, path, rev, err)
			   : open_directory(source, path, err);
}

void
tn_source_done(struct tn_source *source)
{
	if (source == NULL)
		return;
	tn_tree_free(source->tree);
	tn_free(source->label);
	tn_free(source->commit);
	tn_free(source->note);
	*source = (struct tn_source){ .tree = NULL };
}
