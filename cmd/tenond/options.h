/*
 * The command line of tenond.
 */
#ifndef TENOND_OPTIONS_H
#define TENOND_OPTIONS_H

#include "base/error.h"
#include "base/str.h"

#define USUAL_CONFIG "/etc/tenon/tenond.yaml"

struct options {
	bool help, version; /* print and stop */
	bool check; /* reads the settings, says what is wrong with them, and stops */
	const char *config; /* NULL: the usual one */
	const char *ca_file;
};

/* TN_E_INPUT with place and cure for anything that is not understood. */
int options_parse(struct options *options, int argc, char **argv,
    struct tn_error *err) TN_MUST_USE;

void options_help(struct tn_str *out);

#endif
