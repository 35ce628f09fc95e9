/*
 * Repositories made for auth0-deploy-cli to wanted: tenant.yaml or the directory form
 * with the code they name, read as they are, and the mappings of a config.json.
 *
 * Pure: the tree is the only thing it reads. What is read, and what the tool does with
 * it, is taken from the sources of auth0-deploy-cli 8.44.
 *
 * A key that is left out is unstated in what is wanted (TN_PART_…): the tenant keeps what
 * it has. Values of secrets never get here: a secret has its name, and where the files
 * write ##X## for its value the name X besides. What they write plainly is not used; it
 * is handed out in `hidden`, so that the run's redactor can learn it.
 */
#ifndef TN_DEPLOYCLI_DEPLOYCLI_H
#define TN_DEPLOYCLI_DEPLOYCLI_H

#include "base/diag.h"
#include "base/error.h"
#include "base/tree.h"
#include "model/tenant.h"

struct tn_schemas;

#define TN_DEPLOYCLI_FILE    "tenant.yaml"
#define TN_DEPLOYCLI_CONFIG  "config.json"
#define TN_DEPLOYCLI_PROJECT "auth0-deploy-cli"

enum tn_deploycli_form {
	TN_DEPLOYCLI_NONE,
	TN_DEPLOYCLI_YAML,      /* tenant.yaml */
	TN_DEPLOYCLI_DIRECTORY, /* actions/, triggers/, tenant.json, … */
};

/* A name that the operator lets the files use, and its value. */
struct tn_placeholder {
	const char *name;
	const char *value; /* NULL: it has none */
};

struct tn_deploycli_options {
	const char
	    *config; /* the path of a config.json; NULL: the one at the top, if any */
	const char *project; /* under which ownership is recorded; NULL: the default */
	const struct tn_placeholder *placeholders;
	size_t n_placeholders;
	/* Names of the connection's secrets: they are values of secrets and nothing else.
	 */
	const char *const *secrets;
	size_t n_secrets;
	/* Nobody has said yet what the operator allows: a placeholder without a mapping
	 * is left as it is, and told. */
	bool open;
};

struct tn_deploycli {
	struct tn_arena *arena;
	enum tn_deploycli_form form;
	struct tn_want *want; /* in the arena */
	/* Texts of these files that look like values of secrets and must not be printed.
	 */
	const char *const *hidden;
	size_t n_hidden;
};

/* Which form the tree has. Fails for a tree that cannot be read. */
int tn_deploycli_detect(struct tn_tree *tree, enum tn_deploycli_form *out,
    struct tn_error *err) TN_MUST_USE;

/*
 * Every finding goes to diags; -TN_E_INPUT when there was an error finding, and err is
 * not set then. err is set for a tree that cannot be read at all; TN_E_NOT_FOUND when it
 * has neither form. *out is there also after error findings, for `hidden`.
 */
int tn_deploycli_load(struct tn_tree *tree, struct tn_schemas *schemas,
    const struct tn_deploycli_options *options, struct tn_deploycli **out,
    struct tn_diags *diags, struct tn_error *err) TN_MUST_USE;
void tn_deploycli_free(struct tn_deploycli *deploycli);
TN_DEFINE_FREEP(tn_deploycli, tn_deploycli_free)

#endif
