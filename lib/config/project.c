#include "config/config.h"

#include <string.h>

#include "base/text.h"
#include "config/load.h"

#define TENANTS_SHOWN 10

/* --- Of one tenant ---------------------------------------------------------------- */

static int
want_actions(struct tn_load *load, size_t tenant, struct tn_want *want,
    struct tn_error *err)
{
	const struct tn_load_there *there = &load->actions.there[tenant];

	want->actions = tn_arena_array(load->arena, there->n, struct tn_want_action);
	for (size_t i = 0; i < there->n; i++) {
		const struct tn_want_action *action;
		int r = tn_load_action(load, &load->actions.items[there->at[i]], tenant,
		    &action, err);

		if (r < 0)
			return r;
		if (action != NULL)
			want->actions[want->n_actions++] = *action;
	}
	return 0;
}

/* Written for other tenants alone, and protected. */
static bool
is_kept(const struct tn_load_item *item)
{
	return !item->everywhere &&
	    tn_value_get_bool(item->written->value, "protect", false);
}

static void
want_kept(struct tn_load *load, size_t tenant, struct tn_want *want)
{
	struct tn_want_kept *kept = tn_arena_array(load->arena, load->n_kept,
	    struct tn_want_kept);

	want->kept = kept;
	for (size_t i = 0; i < load->n_kept; i++) {
		const struct tn_load_item *item = load->kept[i];

		if (!tn_load_is_in(item, tenant))
			kept[want->n_kept++] = (struct tn_want_kept){
				.name = item->written->key,
				.of_module = i >= load->n_kept_actions,
				.mark = item->written->mark,
			};
	}
}

static void
find_kept(struct tn_load *load)
{
	load->kept = tn_arena_array(load->arena, load->actions.n + load->modules.n,
	    const struct tn_load_item *);
	for (size_t i = 0; i < load->actions.n; i++)
		if (is_kept(&load->actions.items[i]))
			load->kept[load->n_kept++] = &load->actions.items[i];
	load->n_kept_actions = load->n_kept;
	for (size_t i = 0; i < load->modules.n; i++)
		if (is_kept(&load->modules.items[i]))
			load->kept[load->n_kept++] = &load->modules.items[i];
}

static int
want_modules(struct tn_load *load, size_t tenant, struct tn_want *want,
    struct tn_error *err)
{
	const struct tn_load_there *there = &load->modules.there[tenant];

	want->modules = tn_arena_array(load->arena, there->n, struct tn_want_module);
	for (size_t i = 0; i < there->n; i++) {
		const struct tn_want_module *module;
		int r = tn_load_module(load, &load->modules.items[there->at[i]], tenant,
		    &module, err);

		if (r < 0)
			return r;
		if (module != NULL)
			want->modules[want->n_modules++] = *module;
	}
	return 0;
}

static int
want_tenant(struct tn_load *load, size_t tenant, struct tn_want *want,
    struct tn_error *err)
{
	int r;

	*want = (struct tn_want){
		.arena = load->arena,
		.project = load->project,
		.delete_mode = load->tenants[tenant].delete_mode,
		.delete_mark = load->tenants[tenant].delete_mark,
	};
	want_kept(load, tenant, want);
	r = want_actions(load, tenant, want, err);
	if (r == 0)
		r = want_modules(load, tenant, want, err);
	if (r < 0)
		return r;
	tn_load_want_flows(load, tenant, want);
	tn_load_check_want(load, want, tenant);
	return 0;
}

/* --- Of all ----------------------------------------------------------------------- */

/*
 * Where the schemas have found something, tenants are not told apart: but the files that
 * code is in can be looked at.
 */
static int
look_at_files(struct tn_load *load, struct tn_error *err)
{
	const struct tn_want_action *action;
	const struct tn_want_module *module;
	int r = 0;

	for (size_t i = 0; r == 0 && i < load->actions.n; i++)
		r = tn_load_action(load, &load->actions.items[i], TN_LOAD_NO_TENANT,
		    &action, err);
	for (size_t i = 0; r == 0 && i < load->modules.n; i++)
		r = tn_load_module(load, &load->modules.items[i], TN_LOAD_NO_TENANT,
		    &module, err);
	return r;
}

static int
build(struct tn_load *load, struct tn_project *project, struct tn_error *err)
{
	struct tn_want **wants;
	int r = 0;

	tn_load_gather(load);
	tn_load_check_names(load);
	tn_load_flows(load);
	tn_load_by_tenant(load);
	find_kept(load);
	if (!load->well_formed)
		return look_at_files(load, err);
	wants = tn_arena_array(load->arena, load->n_tenants, struct tn_want *);
	for (size_t i = 0; r == 0 && i < load->n_tenants; i++) {
		wants[i] = tn_arena_new_object(load->arena, struct tn_want);
		r = want_tenant(load, i, wants[i], err);
	}
	project->wants = wants;
	project->n_wants = load->n_tenants;
	return r;
}

static void
finish(const struct tn_load *load, struct tn_project *project)
{
	size_t n = load->has_tenants ? load->n_tenants : 0;
	const char **names = tn_arena_array(project->arena, n, const char *);

	for (size_t i = 0; i < n; i++)
		names[i] = load->tenants[i].name;
	project->name = load->project;
	project->tenants = names;
	project->n_tenants = n;
	project->actions = load->all_actions;
	project->n_actions = load->n_all_actions;
	project->modules = load->all_modules;
	project->n_modules = load->n_all_modules;
	project->counts = (struct tn_project_counts){
		.tenants = n,
		.actions = load->actions.n,
		.modules = load->modules.n,
		.flows = load->n_flows,
	};
}

static struct tn_project *
project_new(void)
{
	struct tn_arena *arena = tn_arena_new();
	struct tn_project *project = tn_arena_new_object(arena, struct tn_project);

	project->arena = arena;
	return project;
}

/* Everything, the trees of the documents and the wants, lives in the project's arena. */
int
tn_project_load(struct tn_tree *tree, struct tn_schemas *schemas, struct tn_project **out,
    struct tn_diags *diags, struct tn_error *err)
{
	TN_CLEANUP(tn_project_freep) struct tn_project *project = project_new();
	struct tn_load load = {
		.tree = tree,
		.schemas = schemas,
		.diags = diags,
		.arena = project->arena,
		.code_left = TN_LOAD_CODE_MAX,
		.expanded_left = TN_LOAD_EXPANDED_MAX,
		.payloads_left = TN_LOAD_PAYLOADS_MAX,
	};
	size_t errors = tn_diags_errors(diags);
	int r = tn_load_documents(&load, err);

	if (r < 0)
		return r;
	load.project = tn_value_get_text(load.documents[0], "project");
	r = build(&load, project, err);
	if (r < 0)
		return r;
	if (tn_diags_errors(diags) > errors)
		return -TN_E_INPUT;
	finish(&load, project);
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
			*out = tn_want_share(project->wants[i]);
			return 0;
		}
	}
	return refuse_tenant(project, tenant, err);
}
