#include "git/repo.h"

#include <git2.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "git/git.h"

/* A tag of a tag of a tag: nobody needs more. */
#define TAGS_DEEP    8
#define NAMES_MAX    5000
#define SHORT_ID_MIN 7

/* Where a short name may stand. */
static const char *const places[] = { "refs/heads/", "refs/tags/", "refs/remotes/" };

/* --- The form --- */

static bool
is_printable(const char *rev)
{
	for (const char *at = rev; *at != '\0'; at++)
		if ((unsigned char)*at <= ' ' || *at == 0x7f)
			return false;
	return tn_utf8_valid(tn_span(rev));
}

int
tn_git_check_rev(const char *rev, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
	int valid = 0;
	int r = 0;

	tn_str_addf(&name, "refs/heads/%s", rev);
	if (strlen(rev) > TN_GIT_REV_MAX)
		return tn_error_set(err, TN_E_INPUT, "a revision is longer than %d bytes",
		    TN_GIT_REV_MAX);
	if (*rev == '\0')
		r = tn_error_set(err, TN_E_INPUT, "the revision is empty");
	else if (!is_printable(rev))
		r = tn_error_set(err, TN_E_INPUT,
		    "the revision has a character that no name of git can have");
	else if (*rev == '-' ||
	    git_reference_name_is_valid(&valid, tn_str_text(&name)) < 0 || !valid)
		r = tn_error_set(err, TN_E_INPUT,
		    "revision \"%s\" has not the form of a branch, a tag or a commit",
		    rev);
	if (r < 0)
		tn_error_hint(err,
		    "give a branch, a tag or a commit's id; expressions such as HEAD~1 are "
		    "not worked out here, but git rev-parse does that");
	return r;
}

/* --- What it means --- */

static int
type_error(const char *rev, int type, struct tn_error *err)
{
	int r = tn_error_set(err, TN_E_INPUT, "revision \"%s\" is a %s, not a commit",
	    rev, git_object_type2string((git_object_t)type));

	tn_error_hint(err, "give a branch, a tag of a commit, or a commit's id");
	return r;
}

/* One step from a tag to what it is a tag of. */
static int
target_of(git_repository *repo, git_oid *id, struct tn_error *err)
{
	git_tag *tag = NULL;

	if (git_tag_lookup(&tag, repo, id) < 0)
		return tn_repo_error(err, TN_E_INPUT, "cannot read tag %s",
		    git_oid_tostr_s(id));
	git_oid_cpy(id, git_tag_target_id(tag));
	git_tag_free(tag);
	return 0;
}

/* Follows tags until there is a commit. */
static int
peel(git_repository *repo, const char *rev, git_oid *id, struct tn_error *err)
{
	for (int i = 0; i < TAGS_DEEP; i++) {
		size_t size;
		int type, r;

		r = tn_repo_header(repo, id, &type, &size, err);
		if (r < 0)
			return r;
		if (type != GIT_OBJECT_COMMIT && type != GIT_OBJECT_TAG)
			return type_error(rev, type, err);
		r = tn_repo_expect(repo, id, type, TN_REPO_COMMIT_MAX, err);
		if (r < 0 || type == GIT_OBJECT_COMMIT)
			return r;
		r = target_of(repo, id, err);
		if (r < 0)
			return r;
	}
	return tn_error_set(err, TN_E_LIMIT, "revision \"%s\" is a tag of tags, %d deep",
	    rev, TAGS_DEEP);
}

/* What was found so far. */
struct answer {
	const char *rev;
	const char *shown; /* what people call it */
	bool found;
	git_oid commit;
};

/* A further meaning is welcome when it is the same commit. */
static int
add_meaning(git_repository *repo, struct answer *answer, const git_oid *id,
    struct tn_error *err)
{
	git_oid commit = *id;
	int r = peel(repo, answer->shown, &commit, err);

	if (r < 0)
		return r;
	if (answer->found && !git_oid_equal(&commit, &answer->commit)) {
		r = tn_error_set(err, TN_E_INPUT,
		    "revision \"%s\" means two different commits", answer->shown);
		tn_error_hint(err,
		    "give its whole name (refs/heads/… or refs/tags/…), or all "
		    "40 digits of the id");
		return r;
	}
	answer->found = true;
	answer->commit = commit;
	return 0;
}

static int
try_ref(git_repository *repo, struct answer *answer, const char *prefix,
    struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
	git_oid id;
	int r;

	tn_str_addf(&name, "%s%s", prefix, answer->rev);
	r = git_reference_name_to_id(&id, repo, tn_str_text(&name));
	if (r == GIT_ENOTFOUND || r == GIT_EINVALIDSPEC)
		return 0;
	if (r < 0)
		return tn_repo_error(err, TN_E_INPUT, "cannot read \"%s\"",
		    tn_str_text(&name));
	return add_meaning(repo, answer, &id, err);
}

static bool
is_hex(const char *rev)
{
	return rev[strspn(rev, "0123456789abcdefABCDEF")] == '\0';
}

static int
try_id(git_repository *repo, struct answer *answer, struct tn_error *err)
{
	size_t len = strlen(answer->rev);
	git_odb *odb = NULL;
	git_oid part, id;
	int r;

	if (len < SHORT_ID_MIN || len > GIT_OID_HEXSZ || !is_hex(answer->rev))
		return 0;
	r = git_oid_fromstrn(&part, answer->rev, len);
	if (r == 0)
		r = git_repository_odb(&odb, repo);
	if (r == 0)
		r = git_odb_exists_prefix(&id, odb, &part, len);
	git_odb_free(odb);
	if (r == GIT_ENOTFOUND)
		return 0;
	if (r == GIT_EAMBIGUOUS) {
		r = tn_error_set(err, TN_E_INPUT,
		    "revision \"%s\" is the beginning of more than one id", answer->rev);
		tn_error_hint(err, "give more digits of it");
		return r;
	}
	if (r < 0)
		return tn_repo_error(err, TN_E_INPUT, "cannot look for commit %s",
		    answer->rev);
	return add_meaning(repo, answer, &id, err);
}

/* Forty digits are an id whatever branches are called: an id is what people pin. */
static int
find(git_repository *repo, struct answer *answer, struct tn_error *err)
{
	bool whole_id = strlen(answer->rev) == GIT_OID_HEXSZ && is_hex(answer->rev);
	int r = 0;

	if (tn_text_equal(answer->rev, "HEAD") || tn_text_starts(answer->rev, "refs/"))
		return try_ref(repo, answer, "", err);
	for (size_t i = 0; i < TN_ARRAY_LEN(places) && r == 0 && !whole_id; i++)
		r = try_ref(repo, answer, places[i], err);
	return r < 0 ? r : try_id(repo, answer, err);
}

/* --- When it means nothing --- */

struct names {
	char **items;
	size_t count, cap;
};

static void
names_done(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		tn_free(names->items[i]);
	tn_free(names->items);
}

/* Branches and tags by their short names, as many as a hint is worth. */
static void
gather_names(git_repository *repo, struct names *names)
{
	git_reference_iterator *iterator = NULL;
	const char *name;

	if (git_reference_iterator_new(&iterator, repo) < 0)
		return;
	while (
	    names->count < NAMES_MAX && git_reference_next_name(&name, iterator) == 0) {
		for (size_t i = 0; i < TN_ARRAY_LEN(places); i++) {
			if (!tn_text_starts(name, places[i]))
				continue;
			names->items = tn_grow(names->items, names->count, &names->cap,
			    sizeof(*names->items));
			names->items[names->count++] = tn_strdup(
			    name + strlen(places[i]));
		}
	}
	git_reference_iterator_free(iterator);
}

static void
hint_at_nearest(git_repository *repo, const char *rev, struct tn_error *err)
{
	TN_CLEANUP(names_done) struct names names = { .items = NULL };
	const char *nearest;

	gather_names(repo, &names);
	nearest = tn_text_nearest(rev, (const char *const *)names.items, names.count);
	if (nearest != NULL)
		tn_error_hint(err, "did you mean \"%s\"?", nearest);
}

static int
no_such(git_repository *repo, const char *rev, struct tn_error *err)
{
	bool id = is_hex(rev) && strlen(rev) >= SHORT_ID_MIN;
	int r;

	if (git_repository_head_unborn(repo) == 1 && tn_text_equal(rev, "HEAD")) {
		r = tn_error_set(err, TN_E_INPUT, "the repository has no commit yet");
		tn_error_hint(err,
		    "commit the files first, or use them without a revision");
		return r;
	}
	r = tn_error_set(err, TN_E_INPUT, "there is no branch, tag or commit \"%s\"",
	    rev);
	if (id && git_repository_is_shallow(repo) == 1)
		tn_error_hint(err, "the clone is shallow: fetch this commit first");
	else if (id && tn_repo_has_alternates(repo))
		tn_error_hint(err, "objects/info/alternates is not followed");
	hint_at_nearest(repo, rev, err);
	tn_error_hint(err,
	    "fetch it first, or look for its name with \"git branch -a\" and "
	    "\"git tag\"");
	return r;
}

int
tn_repo_resolve(git_repository *repo, const char *rev, const char *shown,
    git_oid *commit_out, struct tn_error *err)
{
	struct answer answer = { .rev = rev, .shown = shown };
	int r = tn_git_check_rev(rev, err);

	if (r < 0)
		return r;
	r = find(repo, &answer, err);
	if (r < 0)
		return r;
	if (!answer.found)
		return no_such(repo, shown, err);
	git_oid_cpy(commit_out, &answer.commit);
	return 0;
}
