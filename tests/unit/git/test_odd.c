/* Repositories as they should not be: each is read rightly or refused, and never read
 * wrong. */
#include "gitrepo.h"

#include <glob.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/tree.h"
#include "git/git.h"

static int
read_file(const char *repo, const char *path, struct tn_str *out, struct tn_error *err)
{
	TN_CLEANUP(tn_git_closep) struct tn_git *git = NULL;
	int r = tn_git_open(repo, NULL, &git, err);

	return r < 0 ? r : tn_git_read(git, path, 1 << 20, out, err);
}

static void
assert_reads(const char *repo, const char *path, const char *text)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	if (read_file(repo, path, &out, &err) < 0)
		fail_msg("%s", err.message);
	assert_string_equal(tn_str_text(&out), text);
}

static void
assert_refused(const char *repo, const char *path, enum tn_error_kind kind,
    const char *message)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	assert_int_equal(read_file(repo, path, &out, &err), -(int)kind);
	if (strstr(err.message, message) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", message, err.message);
}

/* Adds a file to the index by its name alone, whatever a file system would say to it. */
static void
index_text(const char *path, const char *text)
{
	char id[64];

	put(at("blob"), text);
	(void)snprintf(id, sizeof(id), "%s",
	    git(at("repo"), "hash-object", "-w", at("blob")));
	git(at("repo"), "update-index", "--add", "--cacheinfo", "100644", id, path);
}

static void
commit_index(void)
{
	git(at("repo"), "commit", "-q", "-m", "c");
}

/* The bytes of the only file that a pattern below the repository matches. */
struct file {
	char path[PATH_MAX];
	char *bytes;
	size_t len;
};

static struct file
slurp(const char *pattern)
{
	struct file file = { .bytes = NULL };
	struct stat st;
	glob_t found;
	FILE *stream;

	assert_int_equal(glob(at(pattern), 0, NULL, &found), 0);
	assert_int_equal(found.gl_pathc, 1);
	(void)snprintf(file.path, sizeof(file.path), "%s", found.gl_pathv[0]);
	globfree(&found);
	assert_int_equal(chmod(file.path, 0600), 0);
	assert_int_equal(stat(file.path, &st), 0);
	file.len = (size_t)st.st_size;
	file.bytes = tn_alloc(file.len, 1);
	stream = fopen(file.path, "r");
	assert_non_null(stream);
	assert_int_equal(fread(file.bytes, 1, file.len, stream), file.len);
	assert_int_equal(fclose(stream), 0);
	return file;
}

/* Reads "x" with the file changed so: the text is right, or there is an error. */
static unsigned
count_refusals(const struct file *file, const void *bytes, size_t len, const char *text)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	put_bytes(file->path, bytes, len);
	if (read_file(at("repo"), "x", &out, &err) == 0) {
		assert_string_equal(tn_str_text(&out), text);
		return 0;
	}
	/* A wrong place in a pack may look like a file that is too large. */
	assert_true(err.kind == TN_E_INPUT || err.kind == TN_E_LIMIT);
	assert_non_null(strstr(err.message, err.kind == TN_E_INPUT ? "repo" : "\"x\""));
	return 1;
}

/* The pack's index anew, in a form of git index-pack's --index-version. */
static void
index_as(const char *form)
{
	glob_t found;

	assert_int_equal(glob(at("repo/.git/objects/pack/*.pack"), 0, NULL, &found), 0);
	assert_int_equal(found.gl_pathc, 1);
	git(at("repo"), "index-pack", form, found.gl_pathv[0]);
	globfree(&found);
}

static void
damage_everywhere(const char *pattern, const char *form, unsigned at_least)
{
	static const char text[] = "the text of a file that is packed";
	unsigned refused = 0;
	struct file file;

	(void)make_repo();
	put(at("repo/x"), text);
	put(at("repo/y"), "another");
	commit_all(at("repo"));
	git(at("repo"), "repack", "-q", "-a", "-d");
	if (form != NULL)
		index_as(form);
	assert_reads(at("repo"), "x", text);
	file = slurp(pattern);
	for (size_t i = 0; i < file.len; i++) {
		file.bytes[i] = (char)(file.bytes[i] ^ 0x41);
		refused += count_refusals(&file, file.bytes, file.len, text);
		file.bytes[i] = (char)(file.bytes[i] ^ 0x41);
	}
	for (size_t len = 0; len < file.len; len += 16)
		refused += count_refusals(&file, file.bytes, len, text);
	assert_true(refused >= at_least);
	put_bytes(file.path, file.bytes, file.len);
	assert_reads(at("repo"), "x", text);
	tn_free(file.bytes);
}

/* Commit, tree and file are most of its bytes; the last twenty are a sum of all. */
static void
a_broken_packfile_is_never_read_wrong(void **state TN_UNUSED)
{
	damage_everywhere("repo/.git/objects/pack/*.pack", NULL, 200);
}

static void
a_broken_index_of_a_pack_is_never_read_wrong(void **state TN_UNUSED)
{
	damage_everywhere("repo/.git/objects/pack/*.idx", NULL, 60);
}

static void
a_broken_index_of_the_first_form_is_never_read_wrong(void **state TN_UNUSED)
{
	damage_everywhere("repo/.git/objects/pack/*.idx", "--index-version=1", 60);
}

/* As of packs over 2 GiB: git writes offsets over 32 into the second table. */
static void
a_broken_index_with_large_offsets_is_never_read_wrong(void **state TN_UNUSED)
{
	damage_everywhere("repo/.git/objects/pack/*.idx", "--index-version=2,0x20", 60);
}

static void
a_tree_may_be_as_deep_as_a_path(void **state TN_UNUSED)
{
	char path[1100] = "";

	(void)make_repo();
	for (size_t i = 0; i < 1020; i++)
		path[i] = i % 2 == 0 ? 'd' : '/';
	path[1020] = 'x';
	path[1021] = '\0';
	index_text(path, "deep");
	memcpy(path + 1020, "d/d/d/x", 8);
	index_text(path, "deeper");
	commit_index();
	path[1020] = 'x';
	path[1021] = '\0';
	assert_reads(at("repo"), path, "deep");
	memcpy(path + 1020, "d/d/d/x", 8);
	assert_refused(at("repo"), path, TN_E_INPUT, "longer than 1024 bytes");
}

static void
names_that_differ_in_case_alone_are_two(void **state TN_UNUSED)
{
	(void)make_repo();
	index_text("a.js", "small");
	index_text("A.js", "large");
	index_text("dir/x", "small");
	index_text("DIR/x", "large");
	commit_index();
	assert_reads(at("repo"), "a.js", "small");
	assert_reads(at("repo"), "A.js", "large");
	assert_reads(at("repo"), "dir/x", "small");
	assert_reads(at("repo"), "DIR/x", "large");
	assert_refused(at("repo"), "Dir/x", TN_E_NOT_FOUND, "Dir/x");
}

static void
names_need_not_be_utf8(void **state TN_UNUSED)
{
	(void)make_repo();
	index_text("caf\xe9/\xff\x01", "bytes");
	index_text("caf\xc3\xa9", "letters");
	commit_index();
	assert_reads(at("repo"), "caf\xe9/\xff\x01", "bytes");
	assert_reads(at("repo"), "caf\xc3\xa9", "letters");
}

/* Neither names that a system keeps for itself nor those of the Windows console. */
static void
names_of_other_systems_are_names(void **state TN_UNUSED)
{
	(void)make_repo();
	index_text("CON", "1");
	index_text("a:b", "2");
	index_text("x ", "3");
	commit_index();
	assert_reads(at("repo"), "CON", "1");
	assert_reads(at("repo"), "a:b", "2");
	assert_reads(at("repo"), "x ", "3");
}

/* A tree that git itself would never write, with one entry of this name. */
static void
commit_entry(const char *name)
{
	char entry[128], id[64], tree[64];
	size_t len;

	put(at("blob"), "evil");
	(void)snprintf(id, sizeof(id), "%s",
	    git(at("repo"), "hash-object", "-w", at("blob")));
	len = (size_t)snprintf(entry, sizeof(entry), "100644 %s", name) + 1;
	for (size_t i = 0; i < 20; i++) {
		unsigned byte = 0;

		(void)sscanf(id + 2 * i, "%2x", &byte);
		entry[len++] = (char)byte;
	}
	put_bytes(at("tree"), entry, len);
	(void)snprintf(tree, sizeof(tree), "%s",
	    git(at("repo"), "hash-object", "-t", "tree", "-w", "--literally",
		at("tree")));
	git(at("repo"), "update-ref", "HEAD",
	    git(at("repo"), "commit-tree", "-m", "c", tree));
}

static void
entries_that_no_file_can_be_called_are_refused(void **state TN_UNUSED)
{
	static const char *const names[] = { "..", ".", "a/b", "../x", "" };

	(void)make_repo();
	for (size_t i = 0; i < TN_ARRAY_LEN(names); i++) {
		TN_CLEANUP(tn_git_closep) struct tn_git *git = NULL;
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		struct tn_tree_list list = { .n = 0 };
		int r;

		commit_entry(names[i]);
		r = tn_git_open(at("repo"), NULL, &git, &err);
		if (r == 0)
			r = tn_git_list(git, "", &list, &err);
		assert_int_equal(r, -TN_E_INPUT);
		tn_tree_list_done(&list);
		if (git == NULL)
			continue;
		r = tn_git_read(git, *names[i] != '\0' ? names[i] : "x", 99,
		    &(struct tn_str)TN_STR_INIT, NULL);
		assert_true(r == -TN_E_INPUT || r == -TN_E_NOT_FOUND);
	}
}

/* What git keeps for itself is never listed, and no project has it. */
static void
an_entry_of_gits_own_name_is_passed_over(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_git_closep) struct tn_git *git = NULL;
	struct tn_tree_list list = { .n = 0 };

	(void)make_repo();
	commit_entry(".git");
	assert_int_equal(tn_git_open(at("repo"), NULL, &git, NULL), 0);
	assert_int_equal(tn_git_list(git, "", &list, NULL), 0);
	assert_int_equal(list.n, 0);
	tn_tree_list_done(&list);
}

static void
a_huge_file_is_refused_by_its_size(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_git_closep) struct tn_git *git = NULL;

	(void)make_repo();
	put(at("repo/x"), "");
	assert_int_equal(truncate(at("repo/x"), 100 << 20), 0);
	commit_all(at("repo"));
	git(at("repo"), "repack", "-q", "-a", "-d");
	assert_int_equal(tn_git_open(at("repo"), NULL, &git, NULL), 0);
	assert_int_equal(tn_git_read(git, "x", TN_TREE_FILE_MAX, &out, &err),
	    -TN_E_LIMIT);
	assert_string_equal(err.message,
	    "file \"x\" has 104857600 bytes; 16777216 are allowed");
	assert_null(out.ptr);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_broken_packfile_is_never_read_wrong),
		SCRATCH_TEST(a_broken_index_of_a_pack_is_never_read_wrong),
		SCRATCH_TEST(a_broken_index_of_the_first_form_is_never_read_wrong),
		SCRATCH_TEST(a_broken_index_with_large_offsets_is_never_read_wrong),
		SCRATCH_TEST(a_tree_may_be_as_deep_as_a_path),
		SCRATCH_TEST(names_that_differ_in_case_alone_are_two),
		SCRATCH_TEST(names_need_not_be_utf8),
		SCRATCH_TEST(names_of_other_systems_are_names),
		SCRATCH_TEST(entries_that_no_file_can_be_called_are_refused),
		SCRATCH_TEST(an_entry_of_gits_own_name_is_passed_over),
		SCRATCH_TEST(a_huge_file_is_refused_by_its_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
