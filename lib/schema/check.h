/*
 * The walk of a validation and its findings, internal to the room.
 */
#ifndef TN_SCHEMA_CHECK_H
#define TN_SCHEMA_CHECK_H

#include "schema/node.h"

struct tn_schema_checker {
	struct tn_arena *arena;
	struct tn_diags *diags;
	unsigned depth;
};

/* The way from the top of the document to a value; parts live on the stack of the walk.
 */
struct tn_schema_path {
	const struct tn_schema_path *parent; /* NULL at the top of the document */
	const char *key;                     /* NULL: an item of a list */
	size_t index;
};

/* An error with the path as its resource: actions.audit.secrets[2], actions["My
 * action"].code. */
struct tn_diag *tn_schema_finding(struct tn_schema_checker *c,
    const struct tn_schema_path *path, const char *code, struct tn_mark mark,
    const char *format, ...) TN_PRINTF(5, 6);

/* "expected TITLE", when the schema has words for it. */
void tn_schema_hint_title(struct tn_schema_checker *c, struct tn_diag *diag,
    const struct tn_schema_node *node);
/* The nearest of the words that are right, else all of them if they are few. */
void tn_schema_hint_words(struct tn_schema_checker *c, struct tn_diag *diag,
    const char *word, const char *const *right, size_t count);

/* Text for a message: cut after some 60 bytes, at the end of a character. */
const char *tn_schema_short(struct tn_schema_checker *c, const char *text);

/* The forms that a mapping may have: branches of a choice, or one node. */
struct tn_schema_forms {
	const struct tn_schema_node *nodes[TN_SCHEMA_BRANCHES_MAX];
	size_t count;
};

/* What stands where a schema says nothing. */
extern const struct tn_schema_node tn_schema_anything;

void tn_schema_check_value(struct tn_schema_checker *c, const struct tn_schema_node *node,
    struct tn_value *value, const struct tn_schema_path *path);
void tn_schema_check_object(struct tn_schema_checker *c, struct tn_schema_forms forms,
    struct tn_value *object, const struct tn_schema_path *path);
/* The key of a member, by propertyNames. */
void tn_schema_check_name(struct tn_schema_checker *c, const struct tn_schema_node *node,
    const struct tn_member *member, const struct tn_schema_path *path);

#endif
