/*
 * How the git program is run for a fetch: its arguments and its environment, as data.
 * Inside the room only.
 */
#ifndef TN_SOURCE_COMMAND_H
#define TN_SOURCE_COMMAND_H

#include "base/process.h"
#include "source/source.h"

enum tn_git_verb {
	TN_GIT_INIT,      /* makes the cache */
	TN_GIT_LIST,      /* which branches and tags there are */
	TN_GIT_FETCH,     /* `wanted` alone, without its history */
	TN_GIT_FETCH_ALL, /* all branches and tags with all of their history */
	TN_GIT_CHECK      /* whether the cache is whole */
};

#define TN_COMMAND_ARGS 48
#define TN_COMMAND_ENV  48

struct tn_location;

/* What the other side calls it, and where it goes in the cache. */
struct tn_git_subject {
	const char *cache;
	const struct tn_location *location;
	const char *wanted, *ref; /* for TN_GIT_FETCH */
};

struct tn_command {
	const char *argv[TN_COMMAND_ARGS];
	struct tn_str git_dir, refspec;
	char *env[TN_COMMAND_ENV];
	const char *search_path; /* NULL when there is none in the environment */
};

/* The subject is borrowed. */
void tn_command_build(struct tn_command *command, enum tn_git_verb verb,
    const struct tn_git_subject *subject, const struct tn_source_means *means);
void tn_command_done(struct tn_command *command);

/* The last lines of what git said, for people, as the reason stands at the end. */
void tn_command_words(const struct tn_process_result *result, struct tn_str *out);

#endif
