#include "git/repo.h"

#include <git2.h>
#include <git2/sys/repository.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/mem.h"
#include "git/packs.h"

/* libgit2 keeps what it has parsed up to this many bytes, over all repositories. */
#define CACHE_MAX ((ssize_t)16 << 20)

static void
buf_dispose(git_buf *buf)
{
	git_buf_dispose(buf);
}

static const char *
last_words(void)
{
	const git_error *last = git_error_last();

	return last != NULL && last->message != NULL ? last->message
						     : "libgit2 does not say why";
}

int
tn_repo_error(struct tn_error *err, enum tn_error_kind kind, const char *format, ...)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	va_list args;

	va_start(args, format);
	tn_str_addv(&text, format, args);
	va_end(args);
	return tn_error_set(err, kind, "%s: %s", tn_str_text(&text), last_words());
}

/*
 * Extensions that say how a repository is used and change nothing about reading what is
 * in it. What a partial clone left out is reported when it is asked for.
 */
static const char *extensions[] = { "partialclone", "preciousobjects", "worktreeconfig" };

static const int config_levels[] = {
	GIT_CONFIG_LEVEL_PROGRAMDATA,
	GIT_CONFIG_LEVEL_SYSTEM,
	GIT_CONFIG_LEVEL_XDG,
	GIT_CONFIG_LEVEL_GLOBAL,
};

static int
configure(void)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(config_levels); i++)
		if (git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, config_levels[i], "") < 0)
			return -1;
	if (git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
		TN_ARRAY_LEN(extensions)) < 0)
		return -1;
	if (git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1) < 0)
		return -1;
	if (git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1) < 0)
		return -1;
	return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, CACHE_MAX);
}

static int
setup(struct tn_error *err)
{
	static bool done;

	if (done)
		return 0;
	if (git_libgit2_init() < 0 || configure() < 0)
		return tn_repo_error(err, TN_E_SYSTEM, "cannot set up libgit2");
	done = true;
	return 0;
}

/* --- The object database --- */

static int
add_backends(git_odb *odb, const char *objects)
{
	git_odb_backend *backend;
	int r;

	r = git_odb_backend_loose(&backend, objects, -1, 0, 0, 0);
	if (r < 0)
		return r;
	r = git_odb_add_backend(odb, backend, 1);
	if (r < 0)
		return r;
	r = git_odb_backend_pack(&backend, objects);
	return r < 0 ? r : git_odb_add_backend(odb, backend, 2);
}

/* The one that libgit2 would make follows objects/info/alternates. */
static int
replace_odb(git_repository *repo, const char *objects)
{
	git_odb *odb = NULL;
	int r;

	r = git_odb_new(&odb);
	if (r < 0)
		return r;
	r = add_backends(odb, objects);
	if (r == 0)
		r = git_repository_set_odb(repo, odb);
	git_odb_free(odb);
	return r;
}

static int
open_objects(git_repository *repo, const char *path, struct tn_error *err)
{
	TN_CLEANUP(buf_dispose) git_buf objects = GIT_BUF_INIT;
	int r;

	if (git_repository_item_path(&objects, repo, GIT_REPOSITORY_ITEM_OBJECTS) < 0)
		return tn_repo_error(err, TN_E_SYSTEM,
		    "cannot find the objects of \"%s\"", path);
	r = tn_packs_check(objects.ptr, err);
	if (r == 0 && replace_odb(repo, objects.ptr) < 0)
		r = tn_repo_error(err, TN_E_SYSTEM, "cannot read the objects of \"%s\"",
		    path);
	return r;
}

bool
tn_repo_has_alternates(git_repository *repo)
{
	TN_CLEANUP(buf_dispose) git_buf objects = GIT_BUF_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	if (git_repository_item_path(&objects, repo, GIT_REPOSITORY_ITEM_OBJECTS) < 0)
		return false;
	tn_str_addf(&path, "%s/info/alternates", objects.ptr);
	return access(tn_str_text(&path), F_OK) == 0;
}

/* --- Opening --- */

static bool
config_says_sha256(const char *path, const char *file)
{
	TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
	TN_CLEANUP(buf_dispose) git_buf value = GIT_BUF_INIT;
	git_config *config = NULL;
	bool yes = false;

	tn_str_addf(&name, "%s/%s", path, file);
	if (git_config_open_ondisk(&config, tn_str_text(&name)) == 0 &&
	    git_config_get_string_buf(&value, config, "extensions.objectformat") == 0)
		yes = tn_text_equal(value.ptr, "sha256");
	git_config_free(config);
	return yes;
}

static int
not_found(const char *path, struct tn_error *err)
{
	TN_CLEANUP(buf_dispose) git_buf above = GIT_BUF_INIT;
	int r = tn_error_set(err, TN_E_INPUT, "there is no git repository at \"%s\"",
	    path);

	if (access(path, F_OK) < 0)
		tn_error_hint(err, "the path does not exist");
	else if (git_repository_discover(&above, path, 0, NULL) == 0)
		tn_error_hint(err, "the repository above it is \"%s\": name that one",
		    above.ptr);
	else
		tn_error_hint(err, "name a repository or the top of its work tree");
	return r;
}

/*
 * Version 1.5 of libgit2 looks up safe.directory for a repository of somebody
 * else, and when no configuration has that key, as here, it gives the code for
 * "not found" of that search.
 */
static bool
is_foreign(int code)
{
	const git_error *last = git_error_last();

	return code == GIT_EOWNER ||
	    (code == GIT_ENOTFOUND && last != NULL && last->klass == GIT_ERROR_CONFIG);
}

static int
open_error(const char *path, int code, struct tn_error *err)
{
	int r;

	if (is_foreign(code)) {
		r = tn_error_set(err, TN_E_INPUT,
		    "the git repository at \"%s\" belongs to another user", path);
		tn_error_hint(err,
		    "run tenon as its owner, or make a clone of your own and name that");
		return r;
	}
	if (code == GIT_ENOTFOUND)
		return not_found(path, err);
	r = tn_repo_error(err, TN_E_INPUT, "cannot open the git repository at \"%s\"",
	    path);
	if (config_says_sha256(path, ".git/config") ||
	    config_says_sha256(path, "config")) {
		tn_error_done(err);
		r = tn_error_set(err, TN_E_INPUT,
		    "the git repository at \"%s\" has SHA-256 ids, which libgit2 cannot read",
		    path);
		tn_error_hint(err, "use its files as a directory, without a revision");
	}
	return r;
}

int
tn_repo_open(const char *path, bool upwards, git_repository **out, struct tn_error *err)
{
	git_repository *repo = NULL;
	int r = setup(err);

	if (r < 0)
		return r;
	git_error_clear();
	r = git_repository_open_ext(&repo, path,
	    upwards ? 0 : GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);
	if (r == GIT_ENOTFOUND && upwards && !is_foreign(r)) {
		*out = NULL;
		return 0;
	}
	if (r < 0)
		return open_error(path, r, err);
	r = open_objects(repo, path, err);
	if (r < 0) {
		git_repository_free(repo);
		return r;
	}
	*out = repo;
	return 0;
}

/* --- Objects --- */

void
tn_repo_hint_missing(git_repository *repo, struct tn_error *err)
{
	if (tn_repo_has_alternates(repo))
		tn_error_hint(err,
		    "objects/info/alternates is not followed: run \"git repack -a -d\" there "
		    "and remove that file, or clone with --dissociate");
	else
		tn_error_hint(err,
		    "fetch it, or make a full clone if this one is partial; \"git fsck\" "
		    "says what else is missing");
}

static int
missing(git_repository *repo, const git_oid *id, struct tn_error *err)
{
	int r = tn_error_set(err, TN_E_INPUT, "object %s is missing",
	    git_oid_tostr_s(id));

	tn_repo_hint_missing(repo, err);
	return r;
}

int
tn_repo_header(git_repository *repo, const git_oid *id, int *type_out, size_t *size_out,
    struct tn_error *err)
{
	git_odb *odb = NULL;
	git_object_t type = GIT_OBJECT_INVALID;
	int r = git_repository_odb(&odb, repo);

	if (r == 0)
		r = git_odb_read_header(size_out, &type, odb, id);
	git_odb_free(odb);
	if (r == GIT_ENOTFOUND)
		return missing(repo, id, err);
	if (r < 0)
		return tn_repo_error(err, TN_E_INPUT, "cannot read object %s",
		    git_oid_tostr_s(id));
	*type_out = type;
	return 0;
}

int
tn_repo_expect(git_repository *repo, const git_oid *id, int type, size_t max,
    struct tn_error *err)
{
	size_t size = 0;
	int found = GIT_OBJECT_INVALID;
	int r = tn_repo_header(repo, id, &found, &size, err);

	if (r < 0)
		return r;
	if (found != type)
		return tn_error_set(err, TN_E_INPUT,
		    "object %s is a %s where a %s must be", git_oid_tostr_s(id),
		    git_object_type2string((git_object_t)found),
		    git_object_type2string((git_object_t)type));
	if (size > max)
		return tn_error_set(err, TN_E_LIMIT,
		    "%s %s has %zu bytes; %zu are allowed",
		    git_object_type2string((git_object_t)type), git_oid_tostr_s(id), size,
		    max);
	return 0;
}
