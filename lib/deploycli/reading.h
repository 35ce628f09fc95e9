/*
 * What the sources that read a repository share. Not for other rooms.
 *
 * settings.c reads config.json; document.c a file of YAML or JSON with its keywords;
 * deploycli.c puts the two forms into one tree, which action.c and flow.c turn into what
 * is wanted.
 */
#ifndef TN_DEPLOYCLI_READING_H
#define TN_DEPLOYCLI_READING_H

#include "deploycli/keyword.h"

/* Parts of a repository that tenon manages, as bits. */
enum {
	TN_SECTION_ACTIONS = 1,
	TN_SECTION_TRIGGERS = 2,
};

/* All code of a repository together; a tenant of 100 actions holds a seventh of it. */
#define TN_READING_CODE_MAX ((size_t)64 << 20)

struct tn_reading {
	struct tn_tree *tree;
	struct tn_diags *diags;
	struct tn_arena *arena; /* the result's */
	const struct tn_deploycli_options *options;
	struct tn_keywords keywords;
	unsigned sections; /* TN_SECTION_… that the settings leave in */
	struct tn_want *want;
	const char **hidden;
	size_t n_hidden, hidden_cap;
	/* Names of the environment that stand for values of secrets. */
	struct tn_keyword_use *secret_names;
	size_t n_secret_names, secret_names_cap;
	size_t code_left;
};

/* A text that must not be printed. */
void tn_reading_hide(struct tn_reading *reading, const char *text);

/* Fails for a tree that cannot be read, and for a config.json that was named and is not
 * there. */
int tn_settings_read(struct tn_reading *reading, struct tn_error *err) TN_MUST_USE;

/* *out is NULL after a finding. TN_E_NOT_FOUND when there is no such file. */
int tn_document_read(struct tn_reading *reading, const char *path,
    enum tn_keyword_form form, struct tn_value **out, struct tn_error *err) TN_MUST_USE;

/*
 * The code in the file that a text names, with its keywords replaced, and its path; both
 * on the arena. *out is NULL after a finding, *path_out when it leaves the repository.
 */
int tn_reading_code(struct tn_reading *reading, const char *resource,
    const struct tn_value *written, const char **path_out, const char **out,
    struct tn_error *err) TN_MUST_USE;

/* The sections of the one tree; actions first, as flows ask for them. */
int tn_reading_actions(struct tn_reading *reading, const struct tn_value *actions,
    struct tn_error *err) TN_MUST_USE;
void tn_reading_flows(struct tn_reading *reading, const struct tn_value *triggers);

#endif
