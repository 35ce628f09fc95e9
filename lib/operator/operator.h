/*
 * The operator's machine, as the programs meet it: the environment of the process, the
 * directories of a user, and files that decide where credentials go.
 */
#ifndef TN_OPERATOR_OPERATOR_H
#define TN_OPERATOR_OPERATOR_H

#include "base/error.h"
#include "base/str.h"
#include "run/run.h"

/* The process's environment and files. */
struct tn_environment tn_operator_environment(void);

/* "user@host", for others to read; on the heap. */
char *tn_operator_who(void);

/*
 * $variable/rest where that is an absolute path, else $HOME/fallback/rest unless fallback
 * is NULL; on the heap, NULL when there is none of them.
 */
char *tn_operator_home(const char *variable, const char *fallback, const char *rest);

/* As it stands when it begins with "/", else below the working directory; on the heap. */
char *tn_operator_absolute(const char *path);

/* Whatever is there is it, also when it cannot be read. */
bool tn_operator_is_there(const char *path);

/* A file that decides over something. */
struct tn_operator_file {
	const char *path;
	const char *what;   /* for messages: "the connections file" */
	const char *option; /* that names another one: "--connections FILE" */
	const char *named; /* what named it, for messages; NULL: it is at its usual place,
			      and must then be root's or ours */
};

/*
 * Appends its bytes, at most 4 MiB: of a regular file that nobody but its owner can
 * write.
 */
int tn_operator_read(const struct tn_operator_file *file, struct tn_str *out,
    struct tn_error *err) TN_MUST_USE;

/* Makes the directory that a file is to be in. */
int tn_operator_make_place(const char *path, struct tn_error *err) TN_MUST_USE;

#endif
