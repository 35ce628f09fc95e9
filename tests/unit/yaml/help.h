/*
 * Documents and what becomes of them, for the tests of the room.
 */
#ifndef TN_TEST_YAML_HELP_H
#define TN_TEST_YAML_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "yaml/yaml.h"

/*
 * The tree in a notation of the tests' own: null, 'text in quotes', plain scalars as they
 * are, [a b], {key=value}. With marks, "@line:col" follows every value and every key.
 */
void show(const struct tn_value *value, bool marks, struct tn_str *out);

/* One line for each finding: "line:col code: message [hint]". */
void show_findings(struct tn_diags *diags, struct tn_str *out);

/* Parses, and fails the test unless the tree reads so. */
void expect_tree(struct tn_span text, const char *shown);
void expect_marks(struct tn_span text, const char *shown);
/* Parses, and fails the test unless the findings read so. */
void expect_findings(struct tn_span text, const struct tn_yaml_limits *limits,
    const char *findings);

#endif
