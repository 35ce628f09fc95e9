/*
 * A project in memory for the tests of this directory: files, what loading them gives,
 * and findings.
 */
#ifndef TESTS_CONFIG_FILES_H
#define TESTS_CONFIG_FILES_H

#include "base/mem.h"
#include "config/config.h"
#include "schema/schema.h"

#define HEAD     "tenon: 1\nproject: acme\n"
#define TENANTS  HEAD "tenants: {dev: , prod: }\n"
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

extern struct tn_tree *tree;
extern struct tn_schemas *schemas;
extern struct tn_diags *diags;
extern struct tn_project *project;
extern struct tn_error err;

int setup(void **state);
int teardown(void **state);
void put(const char *path, const char *text);
/* With that for tenon.yaml; NULL: with what was put. */
int load(const char *text);
void assert_loads(const char *text);
void is_finding(const struct tn_diag *diag, const char *code, const char *place,
    const char *resource, const char *message, const char *hint);
/* The one finding of these files; place is "FILE:LINE:COLUMN". */
void assert_finding(const char *text, const char *code, const char *place,
    const char *resource, const char *message, const char *hint);
const struct tn_want *want_of(const char *tenant);
const struct tn_want_action *action_of(const char *tenant, const char *name);

#endif
