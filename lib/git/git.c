#include "git/git.h"

#include <git2.h>
#include <string.h>

#include "base/mem.h"
#include "base/tree.h"
#include "git/repo.h"

struct tn_git {
	git_repository *repo;
	git_tree *root;
	char *path;
	char *rev;
	char commit[TN_GIT_ID_SIZE];
};

static void
name_repository(const struct tn_git *git, struct tn_error *err)
{
	tn_error_context(err, "git repository \"%s\"", git->path);
}

/* Reads a tree whose size was looked at before. */
static int
lookup_tree(git_repository *repo, const git_oid *id, git_tree **out, struct tn_error *err)
{
	int r = tn_repo_expect(repo, id, GIT_OBJECT_TREE, TN_REPO_TREE_MAX, err);

	if (r < 0)
		return r;
	if (git_tree_lookup(out, repo, id) < 0)
		return tn_repo_error(err, TN_E_INPUT, "cannot read tree %s",
		    git_oid_tostr_s(id));
	return 0;
}

static int
open_commit(struct tn_git *git, const git_oid *id, struct tn_error *err)
{
	git_commit *commit = NULL;
	int r;

	if (git_commit_lookup(&commit, git->repo, id) < 0)
		return tn_repo_error(err, TN_E_INPUT, "cannot read commit %s",
		    git_oid_tostr_s(id));
	git_oid_tostr(git->commit, sizeof(git->commit), id);
	r = lookup_tree(git->repo, git_commit_tree_id(commit), &git->root, err);
	git_commit_free(commit);
	return r;
}

static int
open_revision(struct tn_git *git, const char *rev, struct tn_error *err)
{
	git_oid id;
	int r = tn_repo_resolve(git->repo, rev, git->rev, &id, err);

	if (r == 0)
		r = open_commit(git, &id, err);
	if (r < 0)
		name_repository(git, err);
	return r;
}

int
tn_git_open_as(const char *path, const char *rev, const struct tn_git_names *names,
    struct tn_git **out, struct tn_error *err)
{
	TN_CLEANUP(tn_git_closep) struct tn_git *git = tn_new(struct tn_git);
	int r;

	git->path = tn_strdup(names->path);
	git->rev = tn_strdup(names->rev);
	r = tn_repo_open(path, false, &git->repo, err);
	if (r < 0)
		return r;
	r = open_revision(git, rev, err);
	if (r < 0)
		return r;
	*out = tn_take(git);
	return 0;
}

int
tn_git_open(const char *path, const char *rev, struct tn_git **out, struct tn_error *err)
{
	const struct tn_git_names names = {
		.path = path,
		.rev = rev != NULL ? rev : "HEAD",
	};

	return tn_git_open_as(path, names.rev, &names, out, err);
}

void
tn_git_close(struct tn_git *git)
{
	if (git == NULL)
		return;
	git_tree_free(git->root);
	git_repository_free(git->repo);
	tn_free(git->path);
	tn_free(git->rev);
	tn_free(git);
}

const char *
tn_git_commit(const struct tn_git *git)
{
	return git->commit;
}

/* --- Reading --- */

/* What a path is followed for: a file to read, or a directory to list. */
enum aim { FILE_AIM, DIRECTORY_AIM };

static int
nothing_there(const struct tn_git *git, enum aim aim, const char *path,
    struct tn_error *err)
{
	return tn_error_set(err, TN_E_NOT_FOUND,
	    "there is no %s \"%s\" at revision \"%s\" of \"%s\"",
	    aim == FILE_AIM ? "file" : "directory", path, git->rev, git->path);
}

/* What stands at the first len bytes of path is of a kind that is not read. */
static int
refuse(const struct tn_git *git, const char *path, size_t len, const char *kind,
    const char *hint, struct tn_error *err)
{
	int r = tn_error_set(err, TN_E_INPUT,
	    "\"%.*s\" is %s at revision \"%s\" of \"%s\"", (int)len, path, kind, git->rev,
	    git->path);

	tn_error_hint(err, "%s", hint);
	return r;
}

static int
check_mode(const struct tn_git *git, enum aim aim, git_filemode_t mode, const char *path,
    size_t len, struct tn_error *err)
{
	bool last = path[len] == '\0';

	switch (mode) {
	case GIT_FILEMODE_TREE:
		return !last || aim == DIRECTORY_AIM
		    ? 0
		    : refuse(git, path, len, "a directory", "name a file in it", err);
	case GIT_FILEMODE_BLOB:
	case GIT_FILEMODE_BLOB_EXECUTABLE:
		if (!last)
			return nothing_there(git, aim, path, err);
		return aim == FILE_AIM ? 0
				       : refuse(git, path, len, "a file",
					     "name the directory it is in", err);
	case GIT_FILEMODE_LINK:
		return refuse(git, path, len, "a link",
		    "links are not followed; put the file itself there", err);
	case GIT_FILEMODE_COMMIT:
		return refuse(git, path, len, "a submodule",
		    "submodules are not followed; put the files themselves there", err);
	case GIT_FILEMODE_UNREADABLE:
		break;
	}
	return refuse(git, path, len, "of an unknown kind",
	    "\"git fsck\" says what is wrong with the repository", err);
}

/* The entry of a tree that stands at path[from … to-1], checked for its kind. */
static int
enter(struct tn_git *git, enum aim aim, const git_tree *tree, const char *path,
    size_t from, size_t to, git_oid *id_out, struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *name = tn_strndup(path + from, to - from);
	const git_tree_entry *entry = git_tree_entry_byname(tree, name);

	if (entry == NULL)
		return nothing_there(git, aim, path, err);
	git_oid_cpy(id_out, git_tree_entry_id(entry));
	return check_mode(git, aim, git_tree_entry_filemode(entry), path, to, err);
}

static void
tree_freep(git_tree **tree)
{
	git_tree_free(*tree);
}

/* The object at path, which is of the kind that was aimed at. */
static int
follow(struct tn_git *git, enum aim aim, const char *path, git_oid *id_out,
    struct tn_error *err)
{
	TN_CLEANUP(tree_freep) git_tree *tree = NULL;
	size_t from = 0;

	for (;;) {
		size_t to = from + strcspn(path + from, "/");
		git_tree *next = NULL;
		int r;

		r = enter(git, aim, tree != NULL ? tree : git->root, path, from, to,
		    id_out, err);
		if (r < 0 || path[to] == '\0')
			return r;
		r = lookup_tree(git->repo, id_out, &next, err);
		if (r < 0) {
			name_repository(git, err);
			return r;
		}
		git_tree_free(tree);
		tree = next;
		from = to + 1;
	}
}

static int
read_blob(struct tn_git *git, const git_oid *id, struct tn_str *out, struct tn_error *err)
{
	git_odb_object *object = NULL;
	git_odb *odb = NULL;
	int r = git_repository_odb(&odb, git->repo);

	if (r == 0)
		r = git_odb_read(&object, odb, id);
	git_odb_free(odb);
	if (r < 0)
		return tn_repo_error(err, TN_E_INPUT, "cannot read object %s",
		    git_oid_tostr_s(id));
	tn_str_add_bytes(out, git_odb_object_data(object), git_odb_object_size(object));
	git_odb_object_free(object);
	return tn_str_overflowed(out) ? tn_error_set(err, TN_E_LIMIT, "too many bytes")
				      : 0;
}

static int
read_bounded(struct tn_git *git, const git_oid *id, const char *path, size_t max,
    struct tn_str *out, struct tn_error *err)
{
	size_t size;
	int type;
	int r = tn_repo_header(git->repo, id, &type, &size, err);

	if (r == 0 && size > max)
		return tn_error_set(err, TN_E_LIMIT,
		    "file \"%s\" has %zu bytes; %zu are allowed", path, size, max);
	if (r == 0)
		r = tn_repo_expect(git->repo, id, GIT_OBJECT_BLOB, max, err);
	if (r == 0)
		r = read_blob(git, id, out, err);
	if (r < 0)
		name_repository(git, err);
	return r;
}

int
tn_git_read(struct tn_git *git, const char *path, size_t max, struct tn_str *out,
    struct tn_error *err)
{
	git_oid id;
	int r = tn_tree_path_check(path, err);

	if (r == 0)
		r = follow(git, FILE_AIM, path, &id, err);
	return r < 0 ? r : read_bounded(git, &id, path, max, out, err);
}

/* --- Listing --- */

static enum tn_tree_kind
kind_of(git_filemode_t mode)
{
	switch (mode) {
	case GIT_FILEMODE_TREE:
		return TN_TREE_DIRECTORY;
	case GIT_FILEMODE_BLOB:
	case GIT_FILEMODE_BLOB_EXECUTABLE:
		return TN_TREE_FILE;
	case GIT_FILEMODE_LINK:
		return TN_TREE_LINK;
	case GIT_FILEMODE_COMMIT:
	case GIT_FILEMODE_UNREADABLE:
		break;
	}
	return TN_TREE_OTHER;
}

/* Git writes no other names, but whoever makes a tree by hand can. */
static bool
is_name(const char *name)
{
	return *name != '\0' && strchr(name, '/') == NULL && !tn_text_equal(name, ".") &&
	    !tn_text_equal(name, "..");
}

static int
list_tree(const struct tn_git *git, const git_tree *tree, struct tn_tree_list *out,
    struct tn_error *err)
{
	int r = 0;

	for (size_t i = 0; i < git_tree_entrycount(tree) && r == 0; i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
		const char *name = git_tree_entry_name(entry);

		if (!is_name(name)) {
			r = tn_error_set(err, TN_E_INPUT,
			    "tree %s has an entry that no file can be called: \"%s\"",
			    git_oid_tostr_s(git_tree_id(tree)), name);
			name_repository(git, err);
			return r;
		}
		r = tn_tree_list_add(out, tn_span(name),
		    kind_of(git_tree_entry_filemode(entry)), err);
	}
	return r;
}

int
tn_git_list(struct tn_git *git, const char *path, struct tn_tree_list *out,
    struct tn_error *err)
{
	TN_CLEANUP(tree_freep) git_tree *tree = NULL;
	git_oid id;
	int r;

	if (*path == '\0')
		return list_tree(git, git->root, out, err);
	r = tn_tree_path_check(path, err);
	if (r == 0)
		r = follow(git, DIRECTORY_AIM, path, &id, err);
	if (r < 0)
		return r;
	r = lookup_tree(git->repo, &id, &tree, err);
	if (r < 0) {
		name_repository(git, err);
		return r;
	}
	return list_tree(git, tree, out, err);
}
