/*
 * Files to wanted: reads tenon.yaml and what it names from a tree of files, validates
 * them, and gives what each tenant should be. And the connections file, which is the
 * operator's.
 *
 * Pure: the tree is the only thing it reads. Secrets appear by name; values are
 * resolved by run.
 */
#ifndef TN_CONFIG_CONFIG_H
#define TN_CONFIG_CONFIG_H

#include "base/diag.h"
#include "base/error.h"
#include "base/tree.h"
#include "model/provider.h"

struct tn_schemas;

#define TN_PROJECT_FILE "tenon.yaml"

/*
 * What the files say, for all tenants. What is the same in several tenants is there once:
 * wants share their text, and actions and modules have what is to be checked once, by
 * itself. Of an action that is the code, the trigger, dependencies, secrets and modules:
 * tenants in which these are the same share one.
 */
struct tn_project {
	struct tn_arena *arena;
	const char *name;
	const char *const *tenants; /* in the order written */
	size_t n_tenants;
	/* By tenant; one that stands for any where the files name no tenant. */
	struct tn_want *const *wants;
	size_t n_wants;
	const struct tn_want_action *const *actions;
	size_t n_actions;
	const struct tn_want_module *const *modules;
	size_t n_modules;
	/* How many of each the files name. */
	struct tn_project_counts {
		size_t tenants, actions, modules, flows;
	} counts;
};

/*
 * Reads tenon.yaml, what it includes, and the code and payloads they name.
 *
 * Every finding of a run goes to diags, once however many tenants it is true for;
 * -TN_E_INPUT when there was an error finding, and err is not set then. err is set for a
 * tree that cannot be read at all; TN_E_NOT_FOUND when there is no tenon.yaml in it.
 *
 * Bounds, beyond those of single files: 1000 files of 32 MiB and a million values
 * together, 64 MiB of code and payloads, which take 128 MiB when they are read, 1000
 * tenants, 200,000 pairs of a tenant with an action, a module or a binding that it has,
 * and 256 MiB of text that variables are put into.
 */
int tn_project_load(struct tn_tree *tree, struct tn_schemas *schemas,
    struct tn_project **out, struct tn_diags *diags, struct tn_error *err) TN_MUST_USE;
void tn_project_free(struct tn_project *project);
TN_DEFINE_FREEP(tn_project, tn_project_free)

/*
 * What one tenant should be, for a caller that puts fingerprints into it. It borrows its
 * text from the project, which must outlive it. TN_E_INPUT for a tenant that the project
 * does not name.
 */
int tn_project_want(const struct tn_project *project, const char *tenant,
    struct tn_want **out, struct tn_error *err) TN_MUST_USE;

/* Where a secret value comes from. */
enum tn_secret_source_kind {
	TN_SECRET_NONE,
	TN_SECRET_ENV,
	TN_SECRET_FILE,
	TN_SECRET_COMMAND
};

struct tn_secret_source {
	enum tn_secret_source_kind kind;
	/* A variable, the path of a file, or a command's program as it was written. */
	const char *name;
	/*
	 * Of a command: the program, its arguments and a NULL. A program with a slash in
	 * its name begins where the file is, as a path of a file does.
	 */
	const char *const *argv;
	/* Of a command: variables that it gets besides those which each gets. */
	const char *const *pass_env;
	size_t n_pass_env;
	const char *directory; /* of a command: where it runs */
	struct tn_mark mark;
};

struct tn_secret_entry {
	const char *name;
	struct tn_secret_source source;
};

struct tn_connection_entry {
	const char *tenant; /* NULL: of whichever tenant is chosen */
	struct tn_mark mark;
	const char *provider;
	const char *base_url; /* made from `domain` by tn_domain_to_url */
	enum tn_dialect dialect;
	const char *audience;  /* NULL */
	const char *client_id; /* NULL with a token */
	struct tn_secret_source client_secret;
	struct tn_secret_source private_key; /* instead of the client secret */
	const char *algorithm;               /* that it signs with: "RS256" */
	struct tn_secret_source token;
	const struct tn_secret_entry *secrets;
	size_t n_secrets;
	/* Names of variables that placeholders of a repository may take. */
	const char *const *placeholders;
	size_t n_placeholders;
	unsigned
	    rate_share; /* percent of the tenant's rate limit that is ours; 1 to 100 */
};

struct tn_connections {
	struct tn_arena *arena;
	const struct tn_connection_entry *entries;
	size_t n_entries;
};

/*
 * file is the path that the bytes came from: it names the document in findings, and
 * relative paths in it begin at its directory.
 */
int tn_connections_load(const char *file, struct tn_span bytes,
    struct tn_schemas *schemas, struct tn_connections **out,
    struct tn_diags *diags) TN_MUST_USE;

/*
 * The connection that variables alone describe: AUTH0_DOMAIN and those that go with it,
 * and TENON_PLACEHOLDERS. It is the only one, and its tenant is NULL. *out stays NULL and
 * 0 is returned when none of the variables is set. In findings the variable stands in the
 * place of the file.
 */
typedef const char *tn_config_get_fn(void *arg, const char *name);
int tn_connections_from_environment(tn_config_get_fn *get, void *arg,
    struct tn_schemas *schemas, struct tn_connections **out,
    struct tn_diags *diags) TN_MUST_USE;

void tn_connections_free(struct tn_connections *connections);
TN_DEFINE_FREEP(tn_connections, tn_connections_free)
/* NULL when there is none for that tenant. */
const struct tn_connection_entry *tn_connections_find(
    const struct tn_connections *connections, const char *tenant);

/*
 * `domain` as written to a base URL: a host becomes https://HOST in lower case, http://
 * with a loopback address and port stays, anything else is refused with the cure.
 */
int tn_domain_to_url(const char *domain, struct tn_arena *arena, const char **out,
    struct tn_error *err) TN_MUST_USE;

#endif
