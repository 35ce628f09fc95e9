#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* --- Which file --- */

static int
not_found(const char *name, const char *where, struct tn_error *err)
{
	int r = where != NULL
	    ? tn_error_set(err, TN_E_NOT_FOUND, "there is no program \"%s\" in %s", name,
		  where)
	    : tn_error_set(err, TN_E_NOT_FOUND, "there is no program \"%s\"", name);

	tn_error_hint(err,
	    where != NULL ? "install it, or give its absolute path"
			  : "install it, or correct the path");
	return r;
}

static int
not_executable(const char *path, struct tn_error *err)
{
	int r = tn_error_set(err, TN_E_INPUT, "\"%s\" is no program that may be run",
	    path);

	tn_error_hint(err,
	    "it must be a regular file that is executable for who runs tenon (chmod +x)");
	return r;
}

/* 0 for a program, -ENOENT when nothing is there, -EACCES for what cannot be run. */
static int
look_at(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -ENOENT;
	if (!S_ISREG(st.st_mode) || faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0)
		return -EACCES;
	return 0;
}

/* The first program of that name wins, as in a shell; *out is on the heap. */
static int
search(const char *name, const char *where, char **out, struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *refused = NULL;
	const char *at = where;
	size_t len;

	for (;; at += len + 1) {
		TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
		int r = -ENOENT;

		len = strcspn(at, ":");
		tn_str_addf(&path, "%.*s/%s", (int)len, at, name);
		if (*at == '/')
			r = look_at(tn_str_text(&path));
		if (r == 0) {
			*out = tn_str_take(&path);
			return 0;
		}
		if (r == -EACCES && refused == NULL)
			refused = tn_str_take(&path);
		if (at[len] == '\0')
			break;
	}
	return refused != NULL ? not_executable(refused, err)
			       : not_found(name, where, err);
}

static int
find_program(const struct tn_process_order *order, char **out, struct tn_error *err)
{
	const char *name = order->argv[0];
	int r;

	if (name[0] != '\0' && strchr(name, '/') == NULL)
		return search(name,
		    order->search_path != NULL ? order->search_path : TN_PROCESS_PATH,
		    out, err);
	if (name[0] != '/') {
		r = tn_error_set(err, TN_E_INPUT,
		    "\"%s\" is neither the name of a program nor an absolute path", name);
		tn_error_hint(err, "give the name alone, or the path from / on");
		return r;
	}
	r = look_at(name);
	if (r == -ENOENT)
		return not_found(name, NULL, err);
	if (r < 0)
		return not_executable(name, err);
	*out = tn_strdup(name);
	return 0;
}

/* --- Starting it --- */

struct setup {
	posix_spawnattr_t attributes;
	posix_spawn_file_actions_t actions;
	int directory;
};

/* What the C library refuses here is memory alone. */
static void
must(int code)
{
	if (code != 0)
		tn_memory_exhausted();
}

static void
setup_init(struct setup *setup, const int fds[3])
{
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	must(posix_spawnattr_init(&setup->attributes));
	must(posix_spawnattr_setsigdefault(&setup->attributes, &all));
	must(posix_spawnattr_setsigmask(&setup->attributes, &none));
	must(posix_spawnattr_setflags(&setup->attributes,
	    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID));
	must(posix_spawn_file_actions_init(&setup->actions));
	must(posix_spawn_file_actions_addfchdir_np(&setup->actions, setup->directory));
	if (fds[0] < 0)
		must(posix_spawn_file_actions_addopen(&setup->actions, 0, "/dev/null",
		    O_RDONLY, 0));
	for (int i = fds[0] < 0 ? 1 : 0; i < 3; i++)
		must(posix_spawn_file_actions_adddup2(&setup->actions, fds[i], i));
	must(posix_spawn_file_actions_addclosefrom_np(&setup->actions, 3));
}

static void
setup_done(struct setup *setup)
{
	(void)posix_spawn_file_actions_destroy(&setup->actions);
	(void)posix_spawnattr_destroy(&setup->attributes);
}

static int
explain(const char *program, int code, struct tn_error *err)
{
	int r;

	switch (code) {
	case ENOENT:
		/* The file itself was there a moment ago. */
		r = tn_error_set(err, TN_E_INPUT,
		    "program \"%s\" cannot be run: its interpreter is missing", program);
		tn_error_hint(err, "look at the first line of the script (#!)");
		return r;
	case ENOEXEC:
		r = tn_error_set(err, TN_E_INPUT,
		    "program \"%s\" cannot be run: it is neither for this machine nor a "
		    "script that begins with #!",
		    program);
		tn_error_hint(err,
		    "no shell is used; a script names its own (#!/bin/sh)");
		return r;
	case E2BIG:
		return tn_error_set(err, TN_E_LIMIT,
		    "program \"%s\" cannot be run: its arguments and environment are too "
		    "long",
		    program);
	default:
		return tn_error_errno(err, code, "program \"%s\" cannot be run", program);
	}
}

static int
start(const struct tn_process_order *order, const char *program, const int fds[3],
    int directory, pid_t *pid_out, struct tn_error *err)
{
	static const char *const nothing[] = { NULL };
	const char *const *env = order->env != NULL ? order->env : nothing;
	struct setup setup = { .directory = directory };
	int code;

	setup_init(&setup, fds);
	/* The C library shares our memory with the child until the program is there. */
	code = posix_spawn(pid_out, program, &setup.actions, &setup.attributes,
	    (char *const *)(uintptr_t)order->argv, (char *const *)(uintptr_t)env);
	setup_done(&setup);
	return code == 0 ? 0 : explain(program, code, err);
}

int
tn_spawn(const struct tn_process_order *order, const int fds[3], pid_t *pid_out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *program = NULL;
	const char *directory = order->directory != NULL ? order->directory : "/";
	int r = find_program(order, &program, err);
	int fd;

	if (r < 0)
		return r;
	/* Opened here, so that its errors are not taken for those of the program. */
	fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return tn_error_errno(err, errno,
		    "program \"%s\" cannot be started in directory \"%s\"", program,
		    directory);
	r = start(order, program, fds, fd, pid_out, err);
	close(fd);
	return r;
}
