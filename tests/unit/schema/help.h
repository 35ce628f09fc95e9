/*
 * Schemas, documents and what is found in them, for the tests of the room.
 */
#ifndef TN_TEST_SCHEMA_HELP_H
#define TN_TEST_SCHEMA_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/str.h"
#include "base/value.h"
#include "schema/schema.h"

/*
 * A schema of JSON text, in which ' stands for ". The arena holds its document. NULL and
 * err when it does not compile.
 */
struct tn_schema *compile(struct tn_arena *arena, const char *json, struct tn_error *err);

/* A document of YAML. */
struct tn_value *document(struct tn_arena *arena, const char *yaml);

/* One line for each finding: "line:col code resource: message [hint]". */
void validate(const struct tn_schema *schema, struct tn_arena *arena,
    struct tn_value *value, struct tn_str *out);

/* The document is valid and reads so as JSON afterwards, ' for ". */
void expect_valid(const char *schema, const char *yaml, const char *json);
void expect_findings(const char *schema, const char *yaml, const char *findings);

#endif
