/*
 * The command line: a table of commands, a table of options, and what a person typed.
 */
#ifndef TENON_OPTIONS_H
#define TENON_OPTIONS_H

#include "base/error.h"
#include "base/str.h"
#include "run/run.h"

/* Of an option that may be given again. */
struct names {
	const char *items[100]; /* a tenant has no more actions */
	size_t n;
};

struct options {
	enum tn_command command;
	const char *control; /* the command, when a running tenond carries it out */
	const char *sync;    /* its operand */
	const char *socket;
	bool help, version; /* print and stop */
	const char *topic;  /* of the help: "codes" or the code of a finding; or NULL */
	const char *source;
	const char *ref;
	const char *run;    /* the word behind rollback and show */
	const char *commit; /* rollback: takes the place of ref */
	const char *action;
	const char *number;     /* of its version, as it was typed */
	int64_t version_number; /* 0: not given */
	const char *limit;      /* history: as it was typed */
	int64_t most;           /* runs */
	const char *path;
	const char *lock_timeout;
	int64_t lock_timeout_ns; /* 0: not given */
	const char *fetch_timeout;
	int64_t fetch_timeout_ns; /* 0: not given */
	const char *timeout;
	int64_t timeout_ns; /* 0: not given */
	const char *connections;
	const char *tenant;
	const char *project;
	const char *config;
	const char *state;
	const char *ca_file;
	const char *out;        /* plan: the file to save it in */
	const char *plan_file;  /* apply: a saved plan */
	const char *on_failure; /* "undo" or "stop"; NULL: not said */
	/* get and test: what is looked at, as it was typed, and what it means. */
	const char *kind, *object;
	const char *trigger, *name, *deployed, *installed, *page;
	const char *payload; /* the file that a draft is run with */
	struct tn_look look;
	const char *format; /* "text", "json" or "github"; NULL: not said */
	bool json;
	bool github;
	bool yes;
	bool no_input;
	bool no_color;
	bool detailed_exitcode;
	bool no_secrets;
	bool node_check;
	bool overwrite_drafts;
	bool flip;
	bool lift_hold;
	bool write_secrets;
	bool allow_empty;
	struct names entity_bound;
};

/* TN_E_INPUT with place and cure for anything that is not understood. */
int options_parse(struct options *options, int argc, char **argv,
    struct tn_error *err) TN_MUST_USE;

/* --state none */
bool options_no_state(const struct options *options);

/* The manual that --help prints: of the program, or of the command that was named. */
void options_help(const struct options *options, bool of_command, struct tn_str *out);

#endif
