#include "operator/operator.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

#define FILE_MAX   ((size_t)4 << 20)
#define SECRET_MAX ((size_t)64 << 10)

static const char *
from_environment(void *arg TN_UNUSED, const char *name)
{
	return getenv(name);
}

/* A FIFO or a terminal would stop everything else until somebody writes. */
static int
from_file(void *arg TN_UNUSED, const char *path, struct tn_str *out, unsigned *mode,
    struct tn_error *err)
{
	struct tn_file_facts facts;
	int r = tn_file_read_regular(path, SECRET_MAX, out, &facts, err);

	if (r == 0)
		*mode = facts.mode;
	else if (tn_result_kind(r) == TN_E_INPUT)
		tn_error_hint(err, "what a program gives out comes from {command: […]}");
	return r;
}

struct tn_environment
tn_operator_environment(void)
{
	return (struct tn_environment){ .get = from_environment, .read_file = from_file };
}

char *
tn_operator_who(void)
{
	const struct passwd *user = getpwuid(geteuid());
	char host[HOST_NAME_MAX + 1] = "";
	struct tn_str who = TN_STR_INIT;

	/* A name that is cut off need not end. */
	(void)gethostname(host, sizeof(host) - 1);
	if (user != NULL)
		tn_str_add(&who, user->pw_name);
	else
		tn_str_addf(&who, "%u", geteuid());
	tn_str_addf(&who, "@%s", host);
	return tn_str_take(&who);
}

char *
tn_operator_home(const char *variable, const char *fallback, const char *rest)
{
	struct tn_str path = TN_STR_INIT;
	const char *base = getenv(variable);
	const char *home = getenv("HOME");

	if (base != NULL && base[0] == '/')
		tn_str_addf(&path, "%s/%s", base, rest);
	else if (fallback != NULL && home != NULL && home[0] == '/')
		tn_str_addf(&path, "%s/%s/%s", home, fallback, rest);
	else
		return NULL;
	return tn_str_take(&path);
}

char *
tn_operator_absolute(const char *path)
{
	struct tn_str whole = TN_STR_INIT;
	char *here = path[0] == '/' ? NULL : getcwd(NULL, 0);

	if (here != NULL)
		tn_str_addf(&whole, "%s/", here);
	tn_free(here);
	tn_str_add(&whole, path);
	return tn_str_take(&whole);
}

bool
tn_operator_is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* Who can write the file decides where credentials go. */
static int
check_trust(const struct tn_operator_file *file, const struct tn_file_facts *facts,
    struct tn_error *err)
{
	int r;

	if ((facts->mode & (S_IWGRP | S_IWOTH)) != 0) {
		r = tn_error_set(err, TN_E_INPUT, "%s \"%s\" can be written by others",
		    file->what, file->path);
		tn_error_hint(err, "chmod go-w it, after a look at what is in it");
		return r;
	}
	if (file->named != NULL || facts->owner == 0 || facts->owner == geteuid())
		return 0;
	r = tn_error_set(err, TN_E_INPUT,
	    "%s \"%s\" belongs to another user, of the id %u", file->what, file->path,
	    facts->owner);
	tn_error_hint(err, "make it yours, or name it with %s if you trust that user",
	    file->option);
	return r;
}

int
tn_operator_read(const struct tn_operator_file *file, struct tn_str *out,
    struct tn_error *err)
{
	struct tn_file_facts facts;
	int r = tn_file_read_regular(file->path, FILE_MAX, out, &facts, err);

	if (r < 0) {
		tn_error_context(err, "%s", file->what);
		if (file->named != NULL)
			tn_error_hint(err,
			    "%s names it; the README shows one. %s names another",
			    file->named, file->option);
		return r;
	}
	return check_trust(file, &facts, err);
}

int
tn_operator_make_place(const char *path, struct tn_error *err)
{
	const char *slash = strrchr(path, '/');
	TN_CLEANUP(tn_freep) char *directory = NULL;

	if (slash == NULL || slash == path)
		return 0;
	directory = tn_strndup(path, (size_t)(slash - path));
	return tn_file_mkdirs(directory, err);
}
