/*
 * Repositories for tests, made by the git program in a scratch directory, with a clean
 * environment, a fixed author and a fixed date. What goes wrong here fails the test.
 */
#ifndef TN_UNIT_GIT_GITREPO_H
#define TN_UNIT_GIT_GITREPO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/defs.h"

/* Removed after each test, with all that is in it. */
static char scratch[PATH_MAX];

static inline int
make_scratch(void **state TN_UNUSED)
{
	const char *tmp = getenv("TMPDIR");
	char name[PATH_MAX];

	(void)snprintf(name, sizeof(name), "%s/tn-git-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	return mkdtemp(name) != NULL && realpath(name, scratch) != NULL ? 0 : -1;
}

static inline int
remove_one(const char *path, const struct stat *st TN_UNUSED, int type TN_UNUSED,
    struct FTW *ftw TN_UNUSED)
{
	return remove(path);
}

static inline int
remove_scratch(void **state TN_UNUSED)
{
	return nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path below the scratch directory; the text stays until the sixteenth call from here.
 */
static inline const char *
at(const char *name)
{
	static char paths[16][2 * PATH_MAX];
	static unsigned next;
	char *path = paths[next++ % 16];

	(void)snprintf(path, sizeof(paths[0]), "%s/%s", scratch, name);
	return path;
}

static inline void
make_parents(const char *path)
{
	char part[2 * PATH_MAX];

	(void)snprintf(part, sizeof(part), "%s", path);
	for (char *slash = strchr(part + strlen(scratch) + 1, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(part, 0777);
		*slash = '/';
	}
}

static inline void
put_bytes(const char *path, const void *bytes, size_t len)
{
	FILE *file;

	make_parents(path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static inline void
put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

#define GIT_ARGS_MAX 24

static inline void
become_git(const char *dir, const char *const *args, int out)
{
	static char path[PATH_MAX + 8], home[PATH_MAX + 8];
	char *environment[] = { path, home, (char *)(uintptr_t) "GIT_CONFIG_NOSYSTEM=1",
		(char *)(uintptr_t) "GIT_CONFIG_GLOBAL=/dev/null",
		(char *)(uintptr_t) "GIT_AUTHOR_NAME=A",
		(char *)(uintptr_t) "GIT_AUTHOR_EMAIL=a@example.test",
		(char *)(uintptr_t) "GIT_AUTHOR_DATE=2020-01-01T00:00:00Z",
		(char *)(uintptr_t) "GIT_COMMITTER_NAME=A",
		(char *)(uintptr_t) "GIT_COMMITTER_EMAIL=a@example.test",
		(char *)(uintptr_t) "GIT_COMMITTER_DATE=2020-01-01T00:00:00Z",
		(char *)(uintptr_t) "GIT_ALLOW_PROTOCOL=file",
		(char *)(uintptr_t) "LC_ALL=C", NULL };
	char *argv[GIT_ARGS_MAX + 2] = { (char *)(uintptr_t) "git" };
	const char *search = getenv("PATH");

	(void)snprintf(path, sizeof(path), "PATH=%s",
	    search != NULL ? search : "/usr/local/bin:/usr/bin:/bin");
	(void)snprintf(home, sizeof(home), "HOME=%s", scratch);
	for (int i = 0; args[i] != NULL; i++)
		argv[i + 1] = (char *)(uintptr_t)args[i];
	if (chdir(dir) == 0 && dup2(out, 1) == 1)
		(void)execvpe("git", argv, environment);
	_exit(127);
}

/* Runs git in a directory and gives the first line that it printed. */
static inline const char *
run_git(const char *dir, const char *const *args)
{
	static char lines[8][512];
	static unsigned next;
	char *line = lines[next++ % 8], rest[512];
	int fds[2], status;
	ssize_t n, got = 0;
	pid_t child;

	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		become_git(dir, args, fds[1]);
	assert_int_equal(close(fds[1]), 0);
	while (got < 511 && (n = read(fds[0], line + got, (size_t)(511 - got))) > 0)
		got += n;
	while (read(fds[0], rest, sizeof(rest)) > 0)
		;
	line[got] = '\0';
	line[strcspn(line, "\n")] = '\0';
	assert_int_equal(close(fds[0]), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail_msg("git %s failed", args[0]);
	return line;
}

#define git(dir, ...) run_git((dir), (const char *const[]){ __VA_ARGS__, NULL })

/* A repository "repo" with branch "main"; nothing in it. */
static inline const char *
make_repo(void)
{
	assert_int_equal(mkdir(at("repo"), 0777), 0);
	git(at("repo"), "init", "-q", "-b", "main");
	return at("repo");
}

/* Commits all files that are there and gives the id. */
static inline const char *
commit_all(const char *repo)
{
	git(repo, "add", "-A");
	git(repo, "commit", "-q", "--allow-empty", "-m", "c");
	return git(repo, "rev-parse", "HEAD");
}

/*
 * Version 1.5 of libgit2 forgets the match data of each key of a configuration that is no
 * extension, when it opens a repository of format 1. Nothing of ours calls PCRE.
 */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libpcre2-8.so";
}

#define SCRATCH_TEST(name) \
	cmocka_unit_test_setup_teardown(name, make_scratch, remove_scratch)

#endif
