/*
 * Revisions: whatever is asked for, a repository with a commit on a branch and a tag
 * gives that commit or says no.
 */
#include "fuzz.h"

#include <git2.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/git.h"

static char repository[PATH_MAX];
static char commit_id[TN_GIT_ID_SIZE];

static void
commit(git_repository *repo, git_oid *out)
{
	git_treebuilder *builder = NULL;
	git_signature *author = NULL;
	git_tree *tree = NULL;
	git_oid id;

	must(git_treebuilder_new(&builder, repo, NULL) == 0);
	must(git_treebuilder_write(&id, builder) == 0);
	must(git_tree_lookup(&tree, repo, &id) == 0);
	must(git_signature_new(&author, "A", "a@example.com", 1700000000, 0) == 0);
	must(git_commit_create(out, repo, "refs/heads/main", author, author, NULL, "one",
		 tree, 0, NULL) == 0);
	git_signature_free(author);
	git_tree_free(tree);
	git_treebuilder_free(builder);
}

/* Empty directories stay behind below $TMPDIR when the process dies; else nothing. */
static void
remove_repository(void)
{
	TN_CLEANUP(tn_str_done) struct tn_str command = TN_STR_INIT;

	tn_str_addf(&command, "rm -rf '%s'", repository);
	must(system(tn_str_text(&command)) == 0);
}

static void
make_repository(void)
{
	const char *tmp = getenv("TMPDIR");
	git_repository *repo = NULL;
	git_reference *ref = NULL;
	git_oid id;

	snprintf(repository, sizeof(repository), "%s/tn-fuzz-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	must(mkdtemp(repository) != NULL);
	atexit(remove_repository);
	git_libgit2_init();
	must(git_repository_init(&repo, repository, 1) == 0);
	commit(repo, &id);
	must(git_reference_create(&ref, repo, "refs/tags/v1.2", &id, 0, NULL) == 0);
	git_reference_free(ref);
	must(git_reference_create(&ref, repo, "refs/remotes/origin/main", &id, 0, NULL) ==
	    0);
	git_reference_free(ref);
	git_oid_tostr(commit_id, sizeof(commit_id), &id);
	git_repository_free(repo);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	TN_CLEANUP(tn_freep) char *rev = tn_strndup((const char *)bytes, len);
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_git_closep) struct tn_git *git = NULL;
	int r;

	if (repository[0] == '\0')
		make_repository();
	r = tn_git_open(repository, rev, &git, &err);
	must_be_told(r, &err);
	must(r == 0 || r == -TN_E_INPUT);
	if (r == 0)
		must(strcmp(tn_git_commit(git), commit_id) == 0);
	return 0;
}
