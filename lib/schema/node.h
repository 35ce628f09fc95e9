/*
 * A compiled schema, internal to the room.
 */
#ifndef TN_SCHEMA_NODE_H
#define TN_SCHEMA_NODE_H

#include <regex.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/value.h"
#include "schema/schema.h"

/* A set of these says which kinds a value may have; 0 is any. */
enum {
	TN_TYPE_NULL = 1,
	TN_TYPE_BOOL = 2,
	TN_TYPE_INTEGER = 4,
	TN_TYPE_NUMBER = 8,
	TN_TYPE_STRING = 16,
	TN_TYPE_ARRAY = 32,
	TN_TYPE_OBJECT = 64,
};

#define TN_SCHEMA_BRANCHES_MAX 8

struct tn_schema_property {
	const char *key;
	const struct tn_schema_node *node;
};

struct tn_schema_node {
	const struct tn_schema_node *ref; /* stands for all that follows */
	const char *title;                /* what is expected, in words, or NULL */
	unsigned types;

	const struct tn_value **allowed; /* enum and const */
	size_t allowed_count;

	struct tn_schema_property *properties;
	size_t property_count;
	const char **required;
	size_t required_count;
	const struct tn_schema_node *additional; /* NULL: anything, unless closed */
	const struct tn_schema_node *names;      /* of members, or NULL */
	size_t min_members;
	size_t max_members;
	bool closed; /* no members but the properties */

	bool unique;
	size_t min_items;
	size_t max_items;
	const struct tn_schema_node *items; /* NULL: anything */

	size_t min_length; /* of text, in characters */
	size_t max_length;
	const regex_t *pattern;
	const char *pattern_text;

	bool bounded; /* minimum or maximum is given */
	int64_t minimum;
	int64_t maximum;

	struct tn_schema_node **branches; /* oneOf and anyOf */
	size_t branch_count;

	const char *path;            /* in the schema document, for messages */
	struct tn_schema_node *next; /* all nodes of the schema */
};

struct tn_schema_regex {
	regex_t regex;
	struct tn_schema_regex *next;
};

struct tn_schema {
	struct tn_arena *arena;
	struct tn_arena *document; /* of a built-in schema, else NULL */
	const struct tn_schema_node *root;
	struct tn_schema_node *nodes;
	struct tn_schema_regex *regexes;
};

/* Past references; compiling has seen to it that they end. */
const struct tn_schema_node *tn_schema_follow(const struct tn_schema_node *node);
/* The kinds of a node or, with branches, of all of them. */
unsigned tn_schema_types(const struct tn_schema_node *node);
const struct tn_schema_node *tn_schema_property(const struct tn_schema_node *node,
    const char *key);

/*
 * A pattern is anchored at both ends and means the same as an ECMA regular expression and
 * as a POSIX extended one. Adds it to the schema.
 */
int tn_schema_pattern(struct tn_schema *schema, const char *text, const regex_t **out,
    struct tn_error *err) TN_MUST_USE;

/*
 * What is seen when all references are known: they end, and every two branches of a
 * choice can be told apart, by the kind of value or by a required key that only one of
 * them knows.
 */
int tn_schema_check(const struct tn_schema *schema, struct tn_error *err) TN_MUST_USE;

/* --- Kinds ------------------------------------------------------------------------- */

bool tn_schema_fits(unsigned types, const struct tn_value *value);
/* Gives a plain scalar its kind, see schema/schema.h; one that fits none stays as it is.
 */
void tn_schema_type_scalar(unsigned types, struct tn_value *value);
/* "text, a list or nothing". */
void tn_schema_describe_types(unsigned types, struct tn_str *out);
const char *tn_schema_describe_kind(const struct tn_value *value);

#endif
