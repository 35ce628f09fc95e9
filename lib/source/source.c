#include "source/source.h"

#include "base/mem.h"
#include "git/git.h"
#include "source/build.h"
#include "source/location.h"
#include "source/revision.h"
#include "source/subtree.h"

/* "a//b/" and "./a" are what people write; *out is NULL for the top. */
static int
clean_path(const char *below, const char *path, char **out, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str joined = TN_STR_INIT;

	*out = NULL;
	tn_str_add(&joined, below);
	if (path != NULL && joined.len > 0)
		tn_str_add_char(&joined, '/');
	tn_str_add(&joined, path);
	while (joined.len > 0 && joined.ptr[joined.len - 1] == '/')
		joined.ptr[--joined.len] = '\0';
	if (joined.len == 0 || tn_text_equal(joined.ptr, "."))
		return 0;
	return tn_tree_resolve(NULL, joined.ptr, out, err);
}

void
tn_source_label(struct tn_source *source, const char *where, const char *ref,
    const char *path)
{
	struct tn_str label = TN_STR_INIT;

	tn_str_add(&label, where);
	if (ref != NULL)
		tn_str_addf(&label, "@%s", ref);
	if (path != NULL)
		tn_str_addf(&label, ref != NULL ? ":%s" : "/%s", path);
	source->label = tn_str_take(&label);
}

int
tn_source_enter(struct tn_source *source, const char *path, struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *clean = NULL;
	int r = clean_path(NULL, path, &clean, err);

	return r < 0 ? r : tn_subtree_enter(&source->tree, clean, err);
}

static int
open_revision(struct tn_source *source, const struct tn_source_request *request,
    const char *where, struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *repository = NULL;
	TN_CLEANUP(tn_freep) char *below = NULL;
	TN_CLEANUP(tn_freep) char *path = NULL;
	int r = tn_git_find(where, &repository, &below, err);

	if (r == 0)
		r = clean_path(below, request->path, &path, err);
	if (r == 0)
		r = tn_revtree_open(repository, request->ref, NULL, &source->tree,
		    &source->commit, err);
	if (r == 0)
		r = tn_subtree_enter(&source->tree, path, err);
	if (r == 0)
		tn_source_label(source, where, request->ref, request->path);
	return r;
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
open_directory(struct tn_source *source, const struct tn_source_request *request,
    const char *where, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str directory = TN_STR_INIT;
	TN_CLEANUP(tn_freep) char *path = NULL;
	int r = tn_dirtree_open(where, &source->tree, err);

	if (r == 0)
		r = clean_path(NULL, request->path, &path, err);
	if (r == 0)
		r = tn_subtree_enter(&source->tree, path, err);
	if (r < 0)
		return r;
	tn_source_label(source, where, NULL, request->path);
	tn_str_addf(&directory, "%s/%s", where, path != NULL ? path : ".");
	note_worktree(source, tn_str_text(&directory));
	return 0;
}

int
tn_source_open(struct tn_source *source, const struct tn_source_request *request,
    struct tn_error *err)
{
	const char *where = request->where != NULL ? request->where : ".";
	struct tn_location location;
	int r = tn_location_parse(where, &location, err);

	*source = (struct tn_source){ .tree = NULL };
	if (r < 0)
		return r;
	if (location.remote)
		return tn_error_set(err, TN_E_INPUT,
		    "the source is a URL, where a path is needed");
	r = request->ref != NULL ? open_revision(source, request, where, err)
				 : open_directory(source, request, where, err);
	if (r < 0)
		tn_source_done(source);
	return r;
}

bool
tn_source_is_remote(const char *where)
{
	struct tn_location location;

	return where != NULL && tn_location_parse(where, &location, NULL) == 0 &&
	    location.remote;
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
