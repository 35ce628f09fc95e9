/* Repositories that git fetches: by real git, from directories of this machine. */
#include "unit/git/gitrepo.h"

#include <signal.h>

#include "base/error.h"
#include "base/file.h"
#include "base/loop.h"
#include "base/process.h"
#include "base/str.h"
#include "source/source.h"

/* The environment that sources are opened in; name by name, NULL at the end. */
struct variable {
	const char *name, *value;
};

static struct variable variables[8];
/* How often git was started, and a runner that counts. */
static int started;
static struct tn_runner *real;

static const char *
get(void *arg TN_UNUSED, const char *name)
{
	for (size_t i = 0; variables[i].name != NULL; i++)
		if (strcmp(variables[i].name, name) == 0)
			return variables[i].value;
	return NULL;
}

static struct tn_process *
count_start(struct tn_runner *runner TN_UNUSED, const struct tn_process_order *order,
    tn_process_done_fn *done, void *arg)
{
	started++;
	return tn_runner_start(real, order, done, arg);
}

static void
count_stop(struct tn_runner *runner TN_UNUSED, struct tn_process *process)
{
	tn_runner_stop(real, process);
}

static const struct tn_runner_ops count_ops = { .start = count_start,
	.stop = count_stop };

struct answer {
	struct tn_loop *loop;
	struct tn_source source;
	struct tn_error error;
	int calls;
};

static void
on_opened(void *arg, struct tn_source *source, const struct tn_error *err)
{
	struct answer *answer = arg;

	answer->calls++;
	if (source != NULL)
		answer->source = *source;
	else
		tn_error_copy(&answer->error, err);
	tn_loop_stop(answer->loop);
}

static struct answer
open_request(const struct tn_source_request *request, int64_t deadline)
{
	struct tn_runner runner = { .ops = &count_ops };
	struct answer answer = { .loop = tn_loop_new(NULL) };
	struct tn_source_means means = {
		.loop = answer.loop,
		.runner = &runner,
		.cache = at("cache/git"),
		.get = get,
		.deadline_ns = deadline,
	};
	struct tn_opening *opening;

	started = 0;
	real = tn_runner_new(answer.loop);
	opening = tn_opening_start(request, &means, on_opened, &answer);
	assert_int_equal(answer.calls, 0);
	assert_int_equal(tn_loop_run(answer.loop, NULL), 0);
	assert_int_equal(answer.calls, 1);
	tn_opening_free(opening);
	tn_runner_free(real);
	tn_loop_free(answer.loop);
	return answer;
}

static struct answer
open_url(const char *where, const char *ref)
{
	return open_request(&(struct tn_source_request){ .where = where, .ref = ref },
	    60 * TN_SEC);
}

static void
answer_done(struct answer *answer)
{
	tn_source_done(&answer->source);
	tn_error_done(&answer->error);
}

static void
assert_reads(struct answer *answer, const char *path, const char *text)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	if (tn_error_is_set(&answer->error))
		fail_msg("%s", answer->error.message);
	assert_int_equal(tn_tree_read(answer->source.tree, path, 1000, &out, NULL), 0);
	assert_string_equal(tn_str_text(&out), text);
}

/* Opens, reads "x", and compares text and commit. */
static void
assert_gives(const char *where, const char *ref, const char *text, const char *commit)
{
	struct answer answer = open_url(where, ref);

	assert_reads(&answer, "x", text);
	assert_string_equal(answer.source.commit, commit);
	assert_false(answer.source.dirty);
	answer_done(&answer);
}

static void
assert_fails(const char *where, const char *ref, enum tn_error_kind kind,
    const char *message, const char *hint)
{
	struct answer answer = open_url(where, ref);

	if (!tn_error_is_set(&answer.error))
		fail_msg("%s was opened", where);
	if (answer.error.kind != kind || strstr(answer.error.message, message) == NULL)
		fail_msg("\"%s\" is not in \"%s\", or it is of kind %s", message,
		    answer.error.message, tn_error_kind_name(answer.error.kind));
	if (hint != NULL && strstr(answer.error.hint, hint) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", hint, answer.error.hint);
	answer_done(&answer);
}

/* file:// and the path below the scratch directory. */
static const char *
url(const char *name)
{
	static char urls[8][2 * PATH_MAX];
	static unsigned next;
	char *text = urls[next++ % 8];

	(void)snprintf(text, sizeof(urls[0]), "file://%s", at(name));
	return text;
}

static int
setup(void **state)
{
	static char home[PATH_MAX + 8];
	int r = make_scratch(state);

	(void)signal(SIGPIPE, SIG_IGN);
	(void)snprintf(home, sizeof(home), "%s", scratch);
	memset(variables, 0, sizeof(variables));
	variables[0] = (struct variable){ "PATH", getenv("PATH") };
	variables[1] = (struct variable){ "HOME", home };
	variables[2] = (struct variable){ "GIT_CONFIG_NOSYSTEM", "1" };
	return r;
}

/* The id stays until the eighth call from here. */
static const char *
commit_text(const char *text)
{
	static char ids[8][64];
	static unsigned next;
	char *id = ids[next++ % 8];

	put(at("repo/x"), text);
	(void)snprintf(id, sizeof(ids[0]), "%s", commit_all(at("repo")));
	return id;
}

/* --- What is fetched --- */

static void
branches_tags_and_ids_are_fetched(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	const char *one = commit_text("one"), *two;

	repo = at("repo");
	git(repo, "tag", "light");
	git(repo, "tag", "-m", "t", "heavy");
	git(repo, "branch", "team/side");
	two = commit_text("two");
	assert_gives(url("repo"), NULL, "two", two);
	assert_gives(url("repo"), "HEAD", "two", two);
	assert_gives(url("repo"), "main", "two", two);
	assert_gives(url("repo"), "refs/heads/main", "two", two);
	assert_gives(url("repo"), "light", "one", one);
	assert_gives(url("repo"), "heavy", "one", one);
	assert_gives(url("repo"), "refs/tags/heavy", "one", one);
	assert_gives(url("repo"), "team/side", "one", one);
	assert_gives(url("repo"), one, "one", one);
	assert_gives(url("repo"), two, "two", two);
}

static void
the_label_says_what_was_asked_for(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str label = TN_STR_INIT;
	struct tn_source_request request = { .path = "./a/b/", .ref = "main" };
	struct answer answer;

	(void)make_repo();
	put(at("repo/a/b/x"), "deep");
	commit_text("top");
	request.where = url("repo");
	answer = open_request(&request, 0);
	assert_reads(&answer, "x", "deep");
	tn_str_addf(&label, "%s@main:./a/b/", request.where);
	assert_string_equal(answer.source.label, tn_str_text(&label));
	answer_done(&answer);
	request.path = "none";
	answer = open_request(&request, 0);
	assert_int_equal(answer.error.kind, TN_E_NOT_FOUND);
	tn_str_clear(&label);
	tn_str_addf(&label,
	    "there is no directory \"none\" at revision \"main\" of \"%s\"",
	    request.where);
	assert_string_equal(answer.error.message, tn_str_text(&label));
	answer_done(&answer);
}

static void
what_moved_is_fetched_again(void **state TN_UNUSED)
{
	(void)make_repo();
	assert_gives(url("repo"), "main", "one", commit_text("one"));
	assert_gives(url("repo"), "main", "two", commit_text("two"));
	/* Back, and to another history. */
	git(at("repo"), "reset", "-q", "--hard", "HEAD~1");
	assert_gives(url("repo"), "main", "one", git(at("repo"), "rev-parse", "HEAD"));
	git(at("repo"), "checkout", "-q", "--orphan", "other");
	put(at("repo/x"), "three");
	commit_all(at("repo"));
	git(at("repo"), "branch", "-q", "-M", "other", "main");
	assert_gives(url("repo"), "main", "three", git(at("repo"), "rev-parse", "HEAD"));
}

/* A branch where a directory of branches was, and the reverse. */
static void
names_do_not_stand_in_each_others_way(void **state TN_UNUSED)
{
	const char *one;

	(void)make_repo();
	one = commit_text("one");
	git(at("repo"), "branch", "a");
	assert_gives(url("repo"), "a", "one", one);
	git(at("repo"), "branch", "-m", "a", "a/b");
	assert_gives(url("repo"), "a/b", "one", one);
	assert_fails(url("repo"), "a", TN_E_INPUT, "no branch or tag \"a\"", NULL);
}

static void
what_is_unchanged_is_only_asked_for(void **state TN_UNUSED)
{
	const char *one;

	(void)make_repo();
	one = commit_text("one");
	assert_gives(url("repo"), "main", "one", one);
	assert_int_equal(started, 3); /* init, list, fetch */
	assert_gives(url("repo"), "main", "one", one);
	assert_int_equal(started, 1);
}

static void
a_commit_that_was_fetched_needs_nobody(void **state TN_UNUSED)
{
	const char *one;

	(void)make_repo();
	one = commit_text("one");
	assert_gives(url("repo"), one, "one", one);
	assert_int_equal(rename(at("repo"), at("gone")), 0);
	assert_gives(url("repo"), one, "one", one);
	assert_int_equal(started, 0);
}

static void
also_when_it_came_with_a_branch(void **state TN_UNUSED)
{
	const char *one;

	(void)make_repo();
	one = commit_text("one");
	assert_gives(url("repo"), "main", "one", one);
	assert_int_equal(rename(at("repo"), at("gone")), 0);
	assert_gives(url("repo"), one, "one", one);
}

/* A server that keeps to the old rules gives only what its branches and tags lead to. */
static void
old_servers_are_asked_for_everything(void **state TN_UNUSED)
{
	static const char script[] = "#!/bin/sh\n"
				     "unset GIT_PROTOCOL\n"
				     "for last; do :; done\n"
				     "eval \"exec $last\"\n";
	char address[PATH_MAX + 32];
	const char *one, *lost;

	(void)make_repo();
	one = commit_text("one");
	lost = commit_text("lost");
	git(at("repo"), "reset", "-q", "--hard", "HEAD~1");
	commit_text("two");
	put(at("ssh"), script);
	assert_int_equal(chmod(at("ssh"), 0700), 0);
	variables[3] = (struct variable){ "GIT_SSH_COMMAND", at("ssh") };
	(void)snprintf(address, sizeof(address), "git@host.example:%s", at("repo"));
	assert_gives(address, one, "one", one);
	/* What was cut short before is no less there. */
	assert_gives(address, "main", "two", git(at("repo"), "rev-parse", "HEAD"));
	assert_gives(address, one, "one", one);
	assert_fails(address, lost, TN_E_INPUT, "there is no commit", "push it");
	(void)snprintf(address, sizeof(address), "ssh://git@host.example%s", at("repo"));
	assert_gives(address, "main", "two", git(at("repo"), "rev-parse", "HEAD"));
}

/* --- What is not there --- */

static void
what_is_not_there_is_named(void **state TN_UNUSED)
{
	(void)make_repo();
	assert_fails(url("repo"), NULL, TN_E_INPUT, "has no branch yet", "push a commit");
	assert_fails(url("repo"), "main", TN_E_INPUT, "has no branch yet", NULL);
	commit_text("one");
	assert_fails(url("repo"), "mian", TN_E_INPUT, "no branch or tag \"mian\"",
	    "did you mean \"main\"?");
	assert_fails(url("repo"), "refs/heads/none", TN_E_INPUT,
	    "no branch or tag \"refs/heads/none\"", NULL);
	assert_fails(url("repo"), "0123456", TN_E_INPUT, "no branch or tag",
	    "all 40 digits");
	assert_fails(url("repo"), "0123456789012345678901234567890123456789", TN_E_INPUT,
	    "there is no commit 0123456789", "name a branch");
	assert_fails(url("repo"), "HEAD~1", TN_E_INPUT, "has not the form", NULL);
	assert_fails(url("repo"), "--upload-pack=id", TN_E_INPUT, "has not the form",
	    NULL);
	assert_fails(url("none"), "main", TN_E_TRANSIENT,
	    "does not appear to be a git repository", "git ls-remote file://");
}

static void
a_name_of_two_commits_is_refused(void **state TN_UNUSED)
{
	const char *one;

	(void)make_repo();
	one = commit_text("one");
	git(at("repo"), "tag", "twice");
	git(at("repo"), "branch", "twice");
	assert_gives(url("repo"), "twice", "one", one);
	commit_text("two");
	git(at("repo"), "branch", "-f", "twice", "main");
	assert_fails(url("repo"), "twice", TN_E_INPUT, "means two different commits",
	    "refs/heads/twice or refs/tags/twice");
}

static void
a_tag_of_something_else_is_refused(void **state TN_UNUSED)
{
	(void)make_repo();
	commit_text("one");
	git(at("repo"), "tag", "tree", "HEAD^{tree}");
	assert_fails(url("repo"), "tree", TN_E_INPUT,
	    "revision \"tree\" is a tree, not a commit", NULL);
}

/* Bare, linked, shallow, and with objects that are elsewhere: git serves what it can. */
static void
repositories_of_every_kind_are_served(void **state TN_UNUSED)
{
	const char *one, *two;

	(void)make_repo();
	one = commit_text("one");
	two = commit_text("two");
	git(scratch, "clone", "-q", "--bare", url("repo"), "bare");
	git(scratch, "clone", "-q", "--shared", at("repo"), "shared");
	git(scratch, "clone", "-q", "--depth=1", url("repo"), "shallow");
	git(at("repo"), "worktree", "add", "-q", at("linked"));
	assert_gives(url("bare"), "main", "two", two);
	assert_gives(url("shared"), "main", "two", two);
	assert_gives(url("shared"), one, "one", one);
	assert_gives(url("shallow"), "main", "two", two);
	assert_fails(url("shallow"), one, TN_E_INPUT, "there is no commit", NULL);
	assert_gives(url("linked"), "linked", "two", two);
}

/* What was left out of a partial clone cannot be had from it. */
static void
a_partial_clone_is_no_source(void **state TN_UNUSED)
{
	(void)make_repo();
	commit_text("one");
	git(at("repo"), "config", "uploadpack.allowFilter", "true");
	git(scratch, "clone", "-q", "--bare", "--filter=blob:none", url("repo"), "part");
	git(at("part"), "config", "remote.origin.url", "/none");
	assert_fails(url("part"), "main", TN_E_TRANSIENT, "cannot fetch",
	    "git ls-remote");
}

/* A commit that git's own checks find fault with does not come in. */
static void
what_is_malformed_is_not_fetched(void **state TN_UNUSED)
{
	static const char commit[] = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
				     "author nobody\ncommitter nobody\n\nx\n";

	(void)make_repo();
	commit_text("one");
	put(at("blob"), commit);
	git(at("repo"), "hash-object", "-w", "-t", "tree", "/dev/null");
	git(at("repo"), "update-ref", "refs/heads/bad",
	    git(at("repo"), "hash-object", "-w", "-t", "commit", "--literally",
		at("blob")));
	assert_fails(url("repo"), "bad", TN_E_TRANSIENT, "fsck error", NULL);
	assert_gives(url("repo"), "main", "one", git(at("repo"), "rev-parse", "main"));
}

static void
sha256_is_named(void **state TN_UNUSED)
{
	assert_int_equal(mkdir(at("repo"), 0777), 0);
	git(at("repo"), "init", "-q", "-b", "main", "--object-format=sha256");
	commit_text("one");
	assert_fails(url("repo"), "main", TN_E_INPUT, "SHA-256", "as a directory");
	assert_fails(url("repo"), NULL, TN_E_INPUT, "SHA-256", "as a directory");
}

/* --- The cache --- */

static void
what_is_applied_must_be_current(void **state TN_UNUSED)
{
	(void)make_repo();
	assert_gives(url("repo"), "main", "one", commit_text("one"));
	assert_int_equal(rename(at("repo"), at("gone")), 0);
	assert_fails(url("repo"), "main", TN_E_TRANSIENT,
	    "does not appear to be a git repository", "must be current");
	assert_int_equal(rename(at("gone"), at("repo")), 0);
	assert_gives(url("repo"), "main", "one", git(at("repo"), "rev-parse", "HEAD"));
	assert_int_equal(started, 1);
}

/* The name of the only cache that there is. */
static const char *
cache_file(const char *name)
{
	FILE *pipe;
	static char path[2 * PATH_MAX];
	char command[2 * PATH_MAX];

	(void)snprintf(command, sizeof(command), "ls -d %s/*.git%s", at("cache/git"),
	    name);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_non_null(fgets(path, sizeof(path), pipe));
	path[strcspn(path, "\n")] = '\0';
	assert_int_equal(pclose(pipe), 0);
	return path;
}

static void
only_we_can_look_into_it(void **state TN_UNUSED)
{
	struct stat st;

	(void)make_repo();
	assert_gives(url("repo"), "main", "one", commit_text("one"));
	assert_int_equal(stat(at("cache/git"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	/* Others could leave a repository there whose settings run their programs. */
	assert_int_equal(chmod(at("cache/git"), 0777), 0);
	assert_fails(url("repo"), "main", TN_E_INPUT, "can be written by others",
	    "XDG_CACHE_HOME");
	assert_int_equal(started, 0);
}

static void
a_broken_cache_is_made_anew(void **state TN_UNUSED)
{
	/* What breaks it, as a pattern of names, and with what it is overwritten. */
	static const char *const broken[] = { "/objects/pack/*.pack",
		"/objects/pack/*.idx", "/HEAD", "/config", "/shallow" };
	const char *one;

	(void)make_repo();
	one = commit_text("one");
	assert_gives(url("repo"), "main", "one", one);
	for (size_t i = 0; i < TN_ARRAY_LEN(broken); i++) {
		const char *file = cache_file(broken[i]);

		assert_int_equal(chmod(file, 0600), 0);
		put(file, "broken\n");
		assert_gives(url("repo"), "main", "one", one);
	}
}

static void
a_cache_that_is_no_repository_is_made_anew(void **state TN_UNUSED)
{
	const char *one;
	char path[2 * PATH_MAX];

	(void)make_repo();
	one = commit_text("one");
	assert_gives(url("repo"), "main", "one", one);
	(void)snprintf(path, sizeof(path), "%s", cache_file(""));
	assert_int_equal(rename(path, at("old")), 0);
	put(path, "a file\n");
	assert_gives(url("repo"), "main", "one", one);
	assert_int_equal(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_gives(url("repo"), "main", "one", one);
}

static void
many_packs_make_a_new_one(void **state TN_UNUSED)
{
	const char *one;

	(void)make_repo();
	one = commit_text("one");
	assert_gives(url("repo"), "main", "one", one);
	for (int i = 0; i < 60; i++) {
		char name[PATH_MAX];

		(void)snprintf(name, sizeof(name), "%.2000s/objects/pack/none-%d.pack",
		    cache_file(""), i);
		put(name, "");
	}
	assert_gives(url("repo"), "main", "one", one);
	assert_int_equal(started, 3);
	assert_gives(url("repo"), "main", "one", one);
	assert_int_equal(started, 1);
}

static void
who_fetches_the_same_is_waited_for(void **state TN_UNUSED)
{
	struct tn_file_lock *lock = NULL;
	struct answer answer;
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	(void)make_repo();
	assert_gives(url("repo"), "main", "one", commit_text("one"));
	tn_str_add_bytes(&path, cache_file(""), strlen(cache_file("")) - strlen(".git"));
	tn_str_add(&path, ".lock");
	assert_int_equal(tn_file_lock(tn_str_text(&path), "a test", &lock, NULL), 0);
	answer = open_request(&(struct tn_source_request){ .where = url("repo") },
	    300 * TN_MSEC);
	assert_int_equal(answer.error.kind, TN_E_LOCKED);
	assert_non_null(strstr(answer.error.message, "locked by a test"));
	answer_done(&answer);
	tn_file_unlock(lock);
	assert_gives(url("repo"), NULL, "one", git(at("repo"), "rev-parse", "HEAD"));
}

/* --- What git gets --- */

static void
git_gets_nothing_but_what_it_needs(void **state TN_UNUSED)
{
	static const char script[] = "#!/bin/sh\nenv >\"$HOME/seen\"\n";
	TN_CLEANUP(tn_str_done) struct tn_str seen = TN_STR_INIT;

	(void)make_repo();
	commit_text("one");
	put(at("ssh"), script);
	assert_int_equal(chmod(at("ssh"), 0700), 0);
	variables[3] = (struct variable){ "GIT_SSH_COMMAND", at("ssh") };
	variables[4] = (struct variable){ "AUTH0_CLIENT_SECRET", "hunter2" };
	variables[5] = (struct variable){ "GIT_DIR", "/elsewhere" };
	variables[6] = (struct variable){ "TENON_KEY", "hunter2" };
	assert_int_equal(setenv("TENON_KEY", "hunter2", 1), 0);
	assert_fails("ssh://host.example/x", "main", TN_E_TRANSIENT,
	    "Could not read from remote repository", NULL);
	assert_int_equal(unsetenv("TENON_KEY"), 0);
	assert_int_equal(tn_file_read(at("seen"), 65536, &seen, NULL), 0);
	assert_null(strstr(tn_str_text(&seen), "hunter2"));
	assert_null(strstr(tn_str_text(&seen), "GIT_DIR=/elsewhere"));
	assert_non_null(strstr(tn_str_text(&seen), "GIT_TERMINAL_PROMPT=0\n"));
	assert_non_null(
	    strstr(tn_str_text(&seen), "GIT_ALLOW_PROTOCOL=https:ssh:file\n"));
}

/* Whatever the user's settings rewrite a URL to. */
static void
settings_lead_to_no_other_transport(void **state TN_UNUSED)
{
	(void)make_repo();
	commit_text("one");
	put(at(".gitconfig"),
	    "[url \"ext::touch ran %\"]\n\tinsteadOf = https://evil.example/\n"
	    "[protocol \"ext\"]\n\tallow = always\n");
	assert_fails("https://evil.example/x", "main", TN_E_TRANSIENT,
	    "transport 'ext' not allowed", NULL);
	assert_int_equal(access(at("ran"), F_OK), -1);
}

/* Settings of a user may hold a token; git repeats the URL that it made of it. */
static void
tokens_in_settings_are_not_repeated(void **state TN_UNUSED)
{
	struct answer answer;

	put(at(".gitconfig"),
	    "[url \"https://x:hunter2@127.0.0.1:9/\"]\n"
	    "\tinsteadOf = https://private.example/\n");
	answer = open_url("https://private.example/x", "main");
	assert_int_equal(answer.error.kind, TN_E_TRANSIENT);
	assert_null(strstr(answer.error.message, "hunter2"));
	assert_null(strstr(answer.error.hint, "hunter2"));
	answer_done(&answer);
}

static void
hooks_of_the_user_are_not_run(void **state TN_UNUSED)
{
	static const char hook[] = "#!/bin/sh\ntouch \"$HOME/ran\"\n";
	char config[2 * PATH_MAX];

	(void)make_repo();
	put(at("hooks/reference-transaction"), hook);
	put(at("hooks/post-checkout"), hook);
	assert_int_equal(chmod(at("hooks/reference-transaction"), 0700), 0);
	(void)snprintf(config, sizeof(config),
	    "[core]\n\thooksPath = %s\n[init]\n\ttemplateDir = %s\n", at("hooks"),
	    at("hooks"));
	assert_gives(url("repo"), "main", "one", commit_text("one"));
	put(at(".gitconfig"), config);
	assert_gives(url("repo"), "main", "two", commit_text("two"));
	assert_int_equal(access(at("ran"), F_OK), -1);
}

static void
without_git_it_says_so(void **state TN_UNUSED)
{
	variables[0].value = "/none";
	assert_fails(url("repo"), "main", TN_E_NOT_FOUND,
	    "there is no program \"git\" in /none", "install it");
}

static void
who_does_not_answer_is_given_up(void **state TN_UNUSED)
{
	static const char script[] = "#!/bin/sh\nexec sleep 300\n";
	struct answer answer;

	put(at("ssh"), script);
	assert_int_equal(chmod(at("ssh"), 0700), 0);
	variables[3] = (struct variable){ "GIT_SSH_COMMAND", at("ssh") };
	answer =
	    open_request(&(struct tn_source_request){ .where = "git@host.example:x" },
		TN_SEC);
	assert_int_equal(answer.error.kind, TN_E_TRANSIENT);
	assert_string_equal(answer.error.message,
	    "cannot fetch \"git@host.example:x\": git did not come to an end within 1 s");
	answer_done(&answer);
}

static void
paths_are_opened_the_same_way(void **state TN_UNUSED)
{
	struct answer answer;

	(void)make_repo();
	commit_text("one");
	put(at("repo/x"), "changed");
	answer = open_url(at("repo"), NULL);
	assert_reads(&answer, "x", "changed");
	assert_true(answer.source.dirty);
	answer_done(&answer);
	answer = open_url(at("repo"), "main");
	assert_reads(&answer, "x", "one");
	answer_done(&answer);
	assert_int_equal(started, 0);
	assert_fails(at("none"), NULL, TN_E_INPUT, "there is no directory", NULL);
	assert_fails("ext::sh", NULL, TN_E_INPUT, "a transport that is not used", NULL);
}

/* One that is freed before it told, in each of its states. */
static void
one_that_is_given_up_tells_nothing(void **state TN_UNUSED)
{
	struct answer answer = { .loop = tn_loop_new(NULL) };
	struct tn_runner *runner = tn_runner_new(answer.loop);
	struct tn_source_means means = {
		.loop = answer.loop,
		.runner = runner,
		.cache = at("cache/git"),
		.get = get,
	};
	struct tn_source_request request = { .ref = "main" };

	(void)make_repo();
	commit_text("one");
	request.where = url("repo");
	for (int64_t wait = 0; wait <= 40; wait += 4) {
		struct tn_opening *opening = tn_opening_start(&request, &means, on_opened,
		    &answer);
		struct tn_timer timer = { 0 };

		tn_timer_start(&timer, answer.loop, wait * TN_MSEC,
		    (tn_loop_fn *)tn_loop_stop, answer.loop);
		assert_int_equal(tn_loop_run(answer.loop, NULL), 0);
		tn_timer_stop(&timer);
		tn_opening_free(opening);
		tn_source_done(&answer.source);
	}
	tn_runner_free(runner);
	tn_loop_free(answer.loop);
	/* What the killed ones left does not matter. */
	assert_gives(url("repo"), "main", "one", git(at("repo"), "rev-parse", "HEAD"));
}

#define FETCH_TEST(name) cmocka_unit_test_setup_teardown(name, setup, remove_scratch)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FETCH_TEST(branches_tags_and_ids_are_fetched),
		FETCH_TEST(the_label_says_what_was_asked_for),
		FETCH_TEST(what_moved_is_fetched_again),
		FETCH_TEST(names_do_not_stand_in_each_others_way),
		FETCH_TEST(what_is_unchanged_is_only_asked_for),
		FETCH_TEST(a_commit_that_was_fetched_needs_nobody),
		FETCH_TEST(also_when_it_came_with_a_branch),
		FETCH_TEST(old_servers_are_asked_for_everything),
		FETCH_TEST(what_is_not_there_is_named),
		FETCH_TEST(a_name_of_two_commits_is_refused),
		FETCH_TEST(a_tag_of_something_else_is_refused),
		FETCH_TEST(repositories_of_every_kind_are_served),
		FETCH_TEST(a_partial_clone_is_no_source),
		FETCH_TEST(what_is_malformed_is_not_fetched),
		FETCH_TEST(sha256_is_named),
		FETCH_TEST(what_is_applied_must_be_current),
		FETCH_TEST(only_we_can_look_into_it),
		FETCH_TEST(a_broken_cache_is_made_anew),
		FETCH_TEST(a_cache_that_is_no_repository_is_made_anew),
		FETCH_TEST(many_packs_make_a_new_one),
		FETCH_TEST(who_fetches_the_same_is_waited_for),
		FETCH_TEST(git_gets_nothing_but_what_it_needs),
		FETCH_TEST(settings_lead_to_no_other_transport),
		FETCH_TEST(tokens_in_settings_are_not_repeated),
		FETCH_TEST(hooks_of_the_user_are_not_run),
		FETCH_TEST(without_git_it_says_so),
		FETCH_TEST(who_does_not_answer_is_given_up),
		FETCH_TEST(paths_are_opened_the_same_way),
		FETCH_TEST(one_that_is_given_up_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
