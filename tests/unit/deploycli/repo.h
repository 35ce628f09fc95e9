/* A repository in memory, what is read of it, and the findings. */
#ifndef TESTS_UNIT_DEPLOYCLI_REPO_H
#define TESTS_UNIT_DEPLOYCLI_REPO_H

#include "deploycli/deploycli.h"

#define REPO_MOST 8

struct repo {
	struct tn_tree *tree;
	struct tn_placeholder placeholders[REPO_MOST];
	const char *secrets[REPO_MOST];
	struct tn_deploycli_options options;
	struct tn_deploycli *loaded;
	struct tn_diags *diags;
	int result;
};

int repo_setup(void **state);
int repo_teardown(void **state);

/* The repository of this test. */
extern struct repo repo;

void repo_put(const char *path, const char *text);
void repo_allow(const char *name, const char *value);
void repo_has_secret(const char *name);

/* Loads; fails the test for a tree that cannot be read. The result of before is gone. */
int repo_load(void);
/* Loads what has no error. */
const struct tn_want *repo_want(void);
/* Loads what has one action and no error. */
const struct tn_want_action *repo_action(void);

size_t repo_count(const char *code);
/* The first finding of a code; the test fails when there is none. */
const struct tn_diag *repo_finding(const char *code);
/* Loads; all errors are of this code, and there is one; "code file:line:col". */
void repo_refused(const char *expected);

#endif
