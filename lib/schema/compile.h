/*
 * What the compiler of schemas and its keywords share, internal to the room.
 */
#ifndef TN_SCHEMA_COMPILE_H
#define TN_SCHEMA_COMPILE_H

#include "schema/node.h"

/* What $ref leads to: the definitions of a document, and a node for each in their order.
 */
struct tn_schema_definitions {
	const struct tn_value *values;
	struct tn_schema_node **nodes;
};

struct tn_schema_compiler {
	struct tn_schema *schema;
	struct tn_error *err;
	struct tn_schema_definitions definitions; /* of the document that is read */
	struct tn_schema_definitions other;       /* of another built-in schema */
	struct tn_span other_name;                /* empty while there is none */
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

/* Reads the definitions of the document; those of another one, once. */
int tn_schema_compile_definitions(struct tn_schema_compiler *c) TN_MUST_USE;
int tn_schema_compile_other(struct tn_schema_compiler *c, struct tn_span name,
    const char *path) TN_MUST_USE;

/* A JSON pointer one step further down. */
const char *tn_schema_step(struct tn_schema_compiler *c, const char *path,
    const char *key);
/* TN_E_INPUT with the path before the message. */
int tn_schema_fail(struct tn_schema_compiler *c, const char *path, const char *what);

#endif
