/*
 * The validator: a declared subset of JSON Schema draft-07 over trees with
 * marks. The files in schemas/ are the one declaration of the documents that users write;
 * they are built into the program and editors use the same files.
 *
 * The subset: type, enum and const (no lists or mappings in them), properties, required,
 * additionalProperties, propertyNames, minProperties, maxProperties, items (one schema),
 * minItems, maxItems, uniqueItems (of strings), minLength, maxLength (in characters),
 * pattern, minimum, maximum (of integers), oneOf, anyOf, definitions at the top, $ref to
 * them or to those of one other built-in schema ("tenon.json#/definitions/action"), and
 * the annotations title, description, examples, default, $comment, $id and $schema. An
 * unknown keyword does not compile, and a build step compiles every file of schemas/.
 * These are stricter than the standard:
 *
 * - a keyword about a type stands beside that type; oneOf, anyOf and $ref stand alone;
 * - a pattern is anchored at both ends, reads the same as ECMA and as POSIX extended
 * regular expression, and has maxLength beside it;
 * - every two branches of oneOf or anyOf differ in kind, or are closed objects that each
 * require a key which the other does not know. So one branch is meant, and its findings
 * are told.
 *
 * title completes the words "expected ..." in messages.
 *
 * Validation also types YAML scalars. Where the schema allows text a plain scalar becomes
 * the string that was written; else true and false become a boolean, a number in JSON's
 * grammar becomes a number, null and ~ become null, if that kind is allowed. Where it
 * says nothing these words are what they would be in JSON, and all else is a string. An
 * integer is written without point and exponent.
 *
 * Findings: wrong-type, not-allowed, unknown-key, missing-key, not-together, too-few,
 * too-many, too-short, too-long, bad-format, out-of-range, duplicate-item, too-deep. Text
 * that does not fit is not repeated in them, as it may be a secret in the wrong place;
 * keys and wrong words for one of an enum are.
 */
#ifndef TN_SCHEMA_SCHEMA_H
#define TN_SCHEMA_SCHEMA_H

#include "base/diag.h"
#include "base/error.h"
#include "base/value.h"

struct tn_schema;

/* The schema document must outlive the schema. */
int tn_schema_compile(const struct tn_value *document, struct tn_schema **out,
    struct tn_error *err) TN_MUST_USE;
void tn_schema_free(struct tn_schema *schema);
TN_DEFINE_FREEP(tn_schema, tn_schema_free)

/*
 * The built-in ones, each compiled when it is first asked for. Compiling takes longer
 * than validating a small document: a program keeps one of these and lends it to all its
 * runs.
 */
struct tn_schemas;
struct tn_schemas *tn_schemas_new(void);
void tn_schemas_free(struct tn_schemas *schemas);
TN_DEFINE_FREEP(tn_schemas, tn_schemas_free)
/*
 * "tenon", "tenon-include", "connections", "tenond" or "deploycli", owned by schemas;
 * TN_E_BUG for another.
 */
int tn_schemas_get(struct tn_schemas *schemas, const char *name,
    const struct tn_schema **out, struct tn_error *err) TN_MUST_USE;
/* The text of a built-in schema, or an empty span. */
struct tn_span tn_schema_builtin_text(const char *name);

/*
 * Validates, and types scalars in place. All findings go to diags with the marks of the
 * value (of the key for an unknown key), the JSON path as resource, what was expected and
 * the nearest right word. Returns -TN_E_INPUT when there was one.
 */
int tn_schema_validate(const struct tn_schema *schema, struct tn_arena *arena,
    struct tn_value *value, struct tn_diags *diags) TN_MUST_USE;

#endif
