#include "config/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/load.h"
#include "schema/schema.h"
#include "yaml/yaml.h"

#define TENANTS_SHOWN 10

static int
compare_dependencies(const void *a, const void *b)
{
	const struct tn_dependency *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int
compare_secrets(const void *a, const void *b)
{
	const struct tn_secret_ref *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int
compare_actions(const void *a, const void *b)
{
	const struct tn_want_action *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* PACKAGE: VERSION, or PACKAGE: {version: …, registry: …} */
static void
load_dependencies(struct tn_load *load, const struct tn_value *value,
    struct tn_content *content)
{
	size_t n = tn_value_is(value, TN_VALUE_OBJECT) ? value->count : 0;
	struct tn_dependency *items = tn_arena_array(load->arena, n,
	    struct tn_dependency);

	for (size_t i = 0; i < n; i++) {
		const struct tn_member *member = &value->as.members[i];
		const char *version = tn_value_text(member->value);

		if (version == NULL)
			version = tn_value_get_text(member->value, "version");
		items[i] = (struct tn_dependency){
			.name = member->key,
			.version = version,
			.registry = tn_value_get_text(member->value, "registry"),
		};
	}
	qsort(items, n, sizeof(*items), compare_dependencies);
	content->dependencies = items;
	content->n_dependencies = n;
}

static void
load_secrets(struct tn_load *load, const struct tn_value *value,
    struct tn_content *content)
{
	size_t n = tn_value_is(value, TN_VALUE_ARRAY) ? value->count : 0, kept = 0;
	struct tn_secret_ref *items = tn_arena_array(load->arena, n,
	    struct tn_secret_ref);

	for (size_t i = 0; i < n; i++) {
		const char *name = tn_value_text(value->as.items[i]);

		if (name != NULL)
			items[kept++].name = name;
	}
	qsort(items, kept, sizeof(*items), compare_secrets);
	content->secrets = items;
	content->n_secrets = kept;
}

/* "post-login@v3"; the schema has said what is wrong with anything else. */
static void
load_trigger(struct tn_load *load, const struct tn_member *action, struct tn_trigger *out)
{
	const char *written = tn_value_get_text(action->value, "trigger");
	const char *at = written != NULL ? strchr(written, '@') : NULL;

	if (at == NULL)
		return;
	out->id = tn_arena_bytes(load->arena, written, (size_t)(at - written));
	out->version = at + 1;
}

static void
check_name(struct tn_load *load, const struct tn_member *action)
{
	struct tn_diag *diag;

	if (strcmp(action->key, "others") != 0)
		return;
	diag = tn_diags_error(load->diags, "reserved-name", action->mark,
	    "an action cannot be called \"others\"");
	tn_diags_resource(load->diags, diag, "action/%s", action->key);
	tn_diags_hint(load->diags, diag,
	    "in bindings that word stands for whoever else is bound");
}

static int
load_action(struct tn_load *load, const struct tn_member *member,
    struct tn_want_action *out, struct tn_error *err)
{
	const struct tn_value *value = member->value;

	*out = (struct tn_want_action){ .name = member->key, .mark = member->mark };
	out->content.runtime = tn_value_get_text(value, "runtime");
	check_name(load, member);
	load_trigger(load, member, &out->trigger);
	load_dependencies(load, tn_value_get(value, "dependencies"), &out->content);
	load_secrets(load, tn_value_get(value, "secrets"), &out->content);
	return tn_load_code(load, member, out, err);
}

static int
load_actions(struct tn_load *load, const struct tn_value *actions, struct tn_error *err)
{
	struct tn_want *want = load->want;

	if (!tn_value_is(actions, TN_VALUE_OBJECT))
		return 0;
	want->actions = tn_arena_array(load->arena, actions->count,
	    struct tn_want_action);
	want->n_actions = actions->count;
	for (size_t i = 0; i < actions->count; i++) {
		int r = load_action(load, &actions->as.members[i], &want->actions[i],
		    err);

		if (r < 0)
			return r;
	}
	qsort(want->actions, want->n_actions, sizeof(*want->actions), compare_actions);
	return 0;
}

static void
load_tenants(struct tn_project *project, const struct tn_value *tenants)
{
	size_t n = tn_value_is(tenants, TN_VALUE_OBJECT) ? tenants->count : 0;
	const char **names = tn_arena_array(project->arena, n, const char *);

	for (size_t i = 0; i < n; i++)
		names[i] = tenants->as.members[i].key;
	project->tenants = names;
	project->n_tenants = n;
}

/* Findings of the schema do not end it: what can be told besides is told in the same run.
 */
static int
load_document(struct tn_load *load, struct tn_project *project, struct tn_value *root,
    struct tn_error *err)
{
	const struct tn_schema *schema;
	int r = tn_schemas_get(load->schemas, "tenon", &schema, err);

	if (r < 0)
		return r;
	/* Its findings are counted with the others. */
	(void)!tn_schema_validate(schema, load->arena, root, load->diags);
	project->name = tn_value_get_text(root, "project");
	load->want->project = project->name;
	load_tenants(project, tn_value_get(root, "tenants"));
	r = load_actions(load, tn_value_get(root, "actions"), err);
	if (r < 0)
		return r;
	tn_load_bindings(load, tn_value_get(root, "bindings"));
	return 0;
}

static int
read_project_file(struct tn_tree *tree, struct tn_str *out, struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	int r = tn_tree_read(tree, TN_PROJECT_FILE, TN_TREE_FILE_MAX, out, &why);

	if (tn_result_kind(r) == TN_E_NOT_FOUND) {
		tn_error_set(err, TN_E_NOT_FOUND, "there is no %s", TN_PROJECT_FILE);
		tn_error_hint(err,
		    "run tenon in the project's directory, or name it with --source");
	} else if (r < 0) {
		tn_error_move(err, &why);
		tn_error_context(err, "cannot read %s", TN_PROJECT_FILE);
	}
	return r;
}

static struct tn_project *
project_new(void)
{
	struct tn_arena *arena = tn_arena_new();
	struct tn_project *project = tn_arena_new_object(arena, struct tn_project);

	project->arena = arena;
	project->want = tn_arena_new_object(arena, struct tn_want);
	project->want->arena = arena;
	return project;
}

/* Everything, the tree of the document and want, lives in the project's arena. */
int
tn_project_load(struct tn_tree *tree, struct tn_schemas *schemas, struct tn_project **out,
    struct tn_diags *diags, struct tn_error *err)
{
	TN_CLEANUP(tn_project_freep) struct tn_project *project = project_new();
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	struct tn_load load = {
		.tree = tree,
		.schemas = schemas,
		.diags = diags,
		.arena = project->arena,
		.want = project->want,
		.code_left = TN_LOAD_CODE_MAX,
	};
	size_t errors = tn_diags_errors(diags);
	struct tn_value *root;
	int r = read_project_file(tree, &bytes, err);

	if (r < 0)
		return r;
	r = tn_yaml_parse(project->arena, TN_PROJECT_FILE, tn_str_span(&bytes),
	    &tn_yaml_limits_default, &root, diags);
	if (r < 0)
		return r;
	r = load_document(&load, project, root, err);
	if (r < 0)
		return r;
	if (tn_diags_errors(diags) > errors)
		return -TN_E_INPUT;
	*out = tn_take(project);
	return 0;
}

void
tn_project_free(struct tn_project *project)
{
	if (project != NULL)
		tn_arena_free(project->arena);
}

static void
list_tenants(const struct tn_project *project, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str names = TN_STR_INIT;

	for (size_t i = 0; i < project->n_tenants && i < TENANTS_SHOWN; i++)
		tn_str_addf(&names, "%s%s", i > 0 ? ", " : "", project->tenants[i]);
	if (project->n_tenants > TENANTS_SHOWN)
		tn_str_add(&names, ", …");
	tn_error_hint(err, "it names: %s", tn_str_text(&names));
}

static int
refuse_tenant(const struct tn_project *project, const char *tenant, struct tn_error *err)
{
	const char *nearest = tn_text_nearest(tenant, project->tenants,
	    project->n_tenants);

	tn_error_set(err, TN_E_INPUT, "the project \"%s\" names no tenant \"%s\"",
	    project->name, tenant);
	if (nearest != NULL)
		tn_error_hint(err, "did you mean \"%s\"?", nearest);
	else if (project->n_tenants > 0)
		list_tenants(project, err);
	else
		tn_error_hint(err, "name it under `tenants:` in %s", TN_PROJECT_FILE);
	return -TN_E_INPUT;
}

int
tn_project_want(const struct tn_project *project, const char *tenant,
    struct tn_want **out, struct tn_error *err)
{
	for (size_t i = 0; i < project->n_tenants; i++) {
		if (strcmp(project->tenants[i], tenant) == 0) {
			*out = tn_want_copy(project->want);
			return 0;
		}
	}
	return refuse_tenant(project, tenant, err);
}
