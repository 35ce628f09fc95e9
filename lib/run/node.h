/*
 * Internal to run: the syntax of all code by `node --check`, where it is asked for. Node
 * gets the code on its standard input and nothing else of ours, no variable, no file;
 * what it says becomes a finding at the place that it names.
 */
#ifndef TN_RUN_NODE_H
#define TN_RUN_NODE_H

#include "base/diag.h"
#include "run/run.h"

struct tn_node_check;

struct tn_node_code {
	const char *kind; /* "action", "module" */
	const char *name;
	const char *file;
	const char *code;
};

/* err: Node could not be asked; NULL: all of it was, and what it found is in diags. */
typedef void tn_node_check_fn(void *arg, const struct tn_error *err);

/* The list is copied, all else is borrowed. done comes from the loop, once, unless it is
 * freed before. */
struct tn_node_check *tn_node_check_start(const struct tn_run_options *options,
    const struct tn_node_code *codes, size_t n, struct tn_diags *diags,
    tn_node_check_fn *done, void *arg);
/* Kills what still runs. Accepts NULL, and may be called from done. */
void tn_node_check_free(struct tn_node_check *check);

#endif
