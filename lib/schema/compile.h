/*
 * What the compiler of schemas and its keywords share, internal to the room.
 */
#ifndef TN_SCHEMA_COMPILE_H
#define TN_SCHEMA_COMPILE_H

#include "schema/node.h"

struct tn_schema_compiler {
	struct tn_schema *schema;
	struct tn_error *err;
	const struct tn_value *definitions;
	struct tn_schema_node **defined; /* one for each definition, in their order */
	unsigned depth;
};

/* What a keyword is about, if not values of one TN_TYPE_…: any of them, all of them by
 * itself, or none of them. */
enum {
	TN_KEYWORD_ANY = 0,
	TN_KEYWORD_ALONE = 1 << 16,
	TN_KEYWORD_ANNOTATION = 1 << 17,
};

struct tn_schema_keyword {
	const char *name;
	unsigned about;
	/* path is where value stands. */
	int (*read)(struct tn_schema_compiler *c, struct tn_schema_node *node,
	    const struct tn_value *value, const char *path);
};

/* NULL when there is none. */
const struct tn_schema_keyword *tn_schema_keyword(const char *name);
const char *tn_schema_keyword_nearest(const char *name);

struct tn_schema_node *tn_schema_node_new(struct tn_schema_compiler *c, const char *path);
int tn_schema_compile_node(struct tn_schema_compiler *c, const struct tn_value *value,
    const char *path, struct tn_schema_node *node) TN_MUST_USE;
/* Both at once. */
int tn_schema_compile_new(struct tn_schema_compiler *c, const struct tn_value *value,
    const char *path, const struct tn_schema_node **out) TN_MUST_USE;

/* A JSON pointer one step further down. */
const char *tn_schema_step(struct tn_schema_compiler *c, const char *path,
    const char *key);
/* TN_E_INPUT with the path before the message. */
int tn_schema_fail(struct tn_schema_compiler *c, const char *path, const char *what);

#endif
