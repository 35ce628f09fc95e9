/*
 * What the sources that load a project share. Not for other rooms.
 *
 * files.c reads the YAML files, gather.c sorts what they hold, places.c tells what is for
 * which tenant, names.c checks what they say of each other, action.c and bindings.c make
 * of it what one tenant should be, with merge.c for `per`, vars.c for variables and
 * file.c for code and payloads.
 */
#ifndef TN_CONFIG_LOAD_H
#define TN_CONFIG_LOAD_H

#include "base/value.h"
#include "config/config.h"

/* All code of a project together; a tenant of 100 actions holds a seventh of it. */
#define TN_LOAD_CODE_MAX ((size_t)64 << 20)
/* All text that variables were put into. */
#define TN_LOAD_EXPANDED_MAX ((size_t)256 << 20)
/* All memory that payloads take when they are read. */
#define TN_LOAD_PAYLOADS_MAX ((size_t)128 << 20)
#define TN_LOAD_TENANTS_MAX  ((size_t)1000)
/* Pairs of a tenant with an action, a module or a binding that it has. */
#define TN_LOAD_PAIRS_MAX ((size_t)200000)

struct tn_load_tenant {
	const char *name; /* NULL: stands for any, as none is named */
	struct tn_mark mark;
	const struct tn_value *vars; /* an object, or NULL */
	enum tn_want_delete delete_mode;
	struct tn_mark delete_mark;
};

/* A file that code or a payload is in; read once. */
struct tn_load_file {
	const char *path;
	enum tn_error_kind kind; /* why it could not be read; TN_E_NONE: it was */
	const char *message;
	struct tn_span text;
	bool is_text;    /* and a finding says so when it is not */
	bool references; /* has `${vars.` in it */
	const struct tn_value *json;
	const char *json_problem; /* why it has none */
};

/* What `per` says for a tenant. */
struct tn_load_difference {
	size_t tenant;
	const struct tn_value *value; /* an object */
};

/* An action or a module as it is written, and what its keys say about tenants. */
struct tn_load_item {
	const char *kind; /* "action" or "module", for resources */
	const struct tn_member *written;
	bool everywhere;    /* without `only` */
	const size_t *only; /* tenants, sorted */
	size_t n_only;
	const struct tn_load_difference *per; /* sorted by tenant */
	size_t n_per;
	bool references; /* differs by tenant, as variables are put into it */
	/* What it is where nothing differs; one of them, made when first asked for,
	 * unless findings say why it cannot. */
	const struct tn_want_action *action;
	const struct tn_want_module *module;
	bool refused;
	/* The last distinct ones, for each to be checked once. */
	const struct tn_want_action *recent[8];
	size_t n_recent;
};

/* Which of several things are for a tenant: their indexes. */
struct tn_load_there {
	size_t *at;
	size_t n;
};

struct tn_load_items {
	struct tn_load_item *items; /* sorted by name, each once */
	size_t n;
	const struct tn_load_there *there; /* by tenant */
};

/* The entries of one trigger, for all tenants. */
struct tn_load_flow {
	const struct tn_member *written;
	const struct tn_want_entry *entries;
	const struct tn_load_item **actions; /* of the entries; NULL: of none */
	size_t n_entries;
	bool differs;                      /* between tenants, perhaps */
	const struct tn_load_there *there; /* by tenant, where it differs */
};

struct tn_load {
	struct tn_tree *tree;
	struct tn_schemas *schemas;
	struct tn_diags *diags;
	struct tn_arena *arena; /* the project's */
	const char *project;

	/* The files of YAML, tenon.yaml first. */
	struct tn_value **documents;
	size_t n_documents, documents_cap;
	const char **document_paths;
	size_t paths_cap;
	bool well_formed; /* the schemas had no finding */

	struct tn_load_tenant *tenants; /* in the order written; never none */
	size_t n_tenants;
	bool has_tenants;                /* they are named */
	const char *const *tenant_names; /* sorted */
	const size_t *tenant_indexes;    /* of the names above */

	struct tn_load_items actions;
	/* Protected ones that have `only`: actions, then modules. */
	const struct tn_load_item **kept;
	size_t n_kept, n_kept_actions;
	struct tn_load_items modules;
	struct tn_load_flow *flows; /* sorted by trigger */
	size_t n_flows;

	struct tn_load_file **files; /* a hash table */
	size_t n_files, files_cap;
	size_t code_left, expanded_left, payloads_left;

	/* Each distinct one, for the project. */
	const struct tn_want_action **all_actions;
	size_t n_all_actions, all_actions_cap;
	const struct tn_want_module **all_modules;
	size_t n_all_modules, all_modules_cap;
};

#define TN_LOAD_NO_TENANT SIZE_MAX

/* --- files.c, gather.c, names.c --------------------------------------------------- */

/* Fails without tenon.yaml, or when the tree cannot be read. */
int tn_load_documents(struct tn_load *load, struct tn_error *err) TN_MUST_USE;

void tn_load_gather(struct tn_load *load);
const struct tn_load_item *tn_load_find(const struct tn_load_items *items,
    const char *name);
/* The tenant's index, or TN_LOAD_NO_TENANT. */
size_t tn_load_tenant_index(const struct tn_load *load, const char *name);

/* Names that stand for each other: unknown and reserved ones, renames, uses of modules.
 */
void tn_load_check_names(struct tn_load *load);
/* What can be said only for one tenant: renames and modules there. */
void tn_load_check_want(struct tn_load *load, const struct tn_want *want, size_t tenant);

/* An error about an item, and what was probably meant. */
struct tn_diag *tn_load_finding(struct tn_load *load, const struct tn_load_item *item,
    const char *code, struct tn_mark mark, const char *format, ...) TN_PRINTF(5, 6);
/* NULL when none is near, or when there are so many findings already that looking would
 * take long. */
const char *tn_load_nearest(const struct tn_load *load, const char *word,
    const char *const *names, size_t n);
/* The same among items, and one more word or NULL. */
const char *tn_load_nearest_item(const struct tn_load *load,
    const struct tn_load_items *items, const char *word, const char *also);

/* --- places.c --------------------------------------------------------------------- */

/* Reads `only` and `per`. */
void tn_load_places(struct tn_load *load, struct tn_load_item *item);
bool tn_load_is_in(const struct tn_load_item *item, size_t tenant);
/* NULL when there is none. */
const struct tn_value *tn_load_difference(const struct tn_load_item *item, size_t tenant);
/* Sorts items and entries of flows by tenant. Not well-formed any more when there are too
 * many pairs. */
void tn_load_by_tenant(struct tn_load *load);
/* A finding about what there is too much of for one project. */
void tn_load_refuse_many(struct tn_load *load, struct tn_mark mark, const char *message);

/* --- file.c ----------------------------------------------------------------------- */

/*
 * The file that is written there, relative to the file that names it. NULL after a
 * finding, which calls it WHAT: "code" or "payload". Fails for a tree that cannot be
 * read.
 */
int tn_load_file(struct tn_load *load, const struct tn_load_item *item, const char *what,
    const char *written, struct tn_mark mark, struct tn_load_file **out,
    struct tn_error *err) TN_MUST_USE;
/* Its JSON, or NULL after a finding. */
const struct tn_value *tn_load_json(struct tn_load *load, const struct tn_load_item *item,
    struct tn_load_file *file, struct tn_mark mark);

/* --- merge.c, vars.c -------------------------------------------------------------- */

/* Maps merge, everything else is replaced. Shares what it can. */
const struct tn_value *tn_load_merge(struct tn_arena *arena, const struct tn_value *base,
    const struct tn_value *over);

/* Whether there is `${vars.` in the text. */
bool tn_load_text_refers(struct tn_span text);
/* Whether an action or module, or a difference of one, has it where variables count. */
bool tn_load_refers(const struct tn_value *written);
/*
 * Puts the tenant's variables into an action or module. NULL after a finding for each
 * reference that has no value.
 */
const struct tn_value *tn_load_expand(struct tn_load *load,
    const struct tn_load_item *item, const struct tn_load_tenant *tenant,
    const struct tn_value *written);
/* The same for the text of a file, with places in it. */
const char *tn_load_expand_file(struct tn_load *load, const struct tn_load_item *item,
    const struct tn_load_tenant *tenant, const struct tn_load_file *file);
/* The same for one text. */
const char *tn_load_expand_text(struct tn_load *load, const char *resource,
    const struct tn_load_tenant *tenant, const char *text, struct tn_mark mark);

/* --- action.c, bindings.c --------------------------------------------------------- */

/* What an item is for a tenant; *out is NULL when findings leave nothing to look at. */
int tn_load_action(struct tn_load *load, struct tn_load_item *item, size_t tenant,
    const struct tn_want_action **out, struct tn_error *err) TN_MUST_USE;
int tn_load_module(struct tn_load *load, struct tn_load_item *item, size_t tenant,
    const struct tn_want_module **out, struct tn_error *err) TN_MUST_USE;

/* Reads and checks the entries of all triggers. */
void tn_load_flows(struct tn_load *load);
/* The flows of one tenant: without the entries of actions that are not for it. */
void tn_load_want_flows(struct tn_load *load, size_t tenant, struct tn_want *want);

/* What a document of the operator's is read with. */
struct tn_connections_reader {
	struct tn_arena *arena; /* the document's; becomes the connections' */
	struct tn_schemas *schemas;
	struct tn_diags *diags;
	const char
	    *directory; /* where relative paths begin; "." or without a slash behind */
};

/* The directory of a file, in the form of tn_connections_reader. */
const char *tn_load_directory_of(struct tn_arena *arena, const char *file);
/* Where a value comes from, which the schema has let through. NULL: from nowhere. */
struct tn_secret_source tn_load_secret_source(const struct tn_connections_reader *reader,
    const struct tn_value *value);

/* Validates and reads. The arena is taken over in any case. */
int tn_connections_read(const struct tn_connections_reader *reader, struct tn_value *root,
    struct tn_connections **out) TN_MUST_USE;

/* Where the project's file may be, when it is not where it must be. */
void tn_load_hint_missing(struct tn_tree *tree, struct tn_error *err);
/* After a finding: a connections file for a project, or the other way round. */
bool tn_load_is_misplaced(const struct tn_value *root, bool wants_project,
    struct tn_diags *diags);

#endif
