#include "people.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "look.h"

static void
wait_and_call(struct world *world, const char *id, const char *collection,
    const char *operation)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	world_wait(world, 10 * TN_SEC);
	tn_str_addf(&path, "/actions/%s/%s/%s", collection, id, operation);
	world_other(world, "POST", tn_str_text(&path), "{}");
	world_wait(world, TN_SEC);
}

char *
people_add(struct world *world, unsigned number, unsigned trigger)
{
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	char *id;

	tn_str_addf(&body,
	    "{\"name\":\"stranger %u\",\"supported_triggers\":[{\"id\":\"%s\","
	    "\"version\":\"%s\"}],\"code\":\"// %s\",\"runtime\":\"node22\"}",
	    number, spec_triggers[trigger], spec_versions[trigger], WORLD_THEIRS);
	id = world_other_id(world, "POST", "/actions/actions", tn_str_text(&body));
	if (id != NULL)
		wait_and_call(world, id, "actions", "deploy");
	return id;
}

void
people_take_name(struct world *world, unsigned action)
{
	unsigned trigger = world->spec.actions[action].trigger;
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;

	tn_str_add(&body, "{\"name\":\"");
	spec_name(&world->spec, action, &body);
	tn_str_addf(&body,
	    "\",\"supported_triggers\":[{\"id\":\"%s\",\"version\":\"%s\"}],"
	    "\"code\":\"// action %u, %s\",\"runtime\":\"node22\"}",
	    spec_triggers[trigger], spec_versions[trigger], action, WORLD_THEIRS);
	world_other(world, "POST", "/actions/actions", tn_str_text(&body));
	world->taken |= 1u << action;
	world_wait(world, 10 * TN_SEC);
}

static void
add_entry(const char *action_id, const char *display_name, struct tn_str *body)
{
	if (!tn_text_ends(tn_str_text(body), "["))
		tn_str_add(body, ",");
	tn_str_addf(body, "{\"ref\":{\"type\":\"action_id\",\"value\":\"%s\"}",
	    action_id);
	if (display_name != NULL)
		tn_str_addf(body, ",\"display_name\":\"%s\"", display_name);
	tn_str_add(body, "}");
}

static void
write_flow(struct world *world, unsigned trigger, struct tn_str *body)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	tn_str_add(body, "]}");
	tn_str_addf(&path, "/actions/triggers/%s/bindings", spec_triggers[trigger]);
	world_other(world, "PATCH", tn_str_text(&path), tn_str_text(body));
}

void
people_bind(struct world *world, unsigned trigger, const char *id, size_t at)
{
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	size_t n = tn_sim_view_bindings(world->sim, spec_triggers[trigger]);

	tn_str_add(&body, "{\"bindings\":[");
	for (size_t i = 0; i <= n; i++) {
		struct tn_sim_binding_view binding;

		if (i == at || (i == n && at > n))
			add_entry(id, WORLD_THEIRS, &body);
		if (tn_sim_view_binding(world->sim, spec_triggers[trigger], i, &binding))
			add_entry(binding.action_id, binding.display_name, &body);
	}
	write_flow(world, trigger, &body);
}

void
people_reverse_flow(struct world *world, unsigned trigger)
{
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	size_t n = tn_sim_view_bindings(world->sim, spec_triggers[trigger]);

	tn_str_add(&body, "{\"bindings\":[");
	for (size_t i = n; i > 0; i--) {
		struct tn_sim_binding_view binding;

		if (tn_sim_view_binding(world->sim, spec_triggers[trigger], i - 1,
			&binding))
			add_entry(binding.action_id, binding.display_name, &body);
	}
	write_flow(world, trigger, &body);
}

static void
write_draft(struct world *world, const char *collection, const char *id,
    const char *whose, unsigned text)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;

	tn_str_addf(&path, "/actions/%s/%s", collection, id);
	tn_str_addf(&body, "{\"code\":\"// %s, edited by hand %u\"}", whose, text);
	world_other(world, "PATCH", tn_str_text(&path), tn_str_text(&body));
}

/* What was never ours is not after an edit either. */
static void
add_whose(const struct tn_sim_action_view *action, unsigned number, struct tn_str *out)
{
	tn_str_addf(out, "action %u", number);
	if (strstr(action->draft.code, WORLD_THEIRS) != NULL)
		tn_str_add(out, ", " WORLD_THEIRS);
}

void
people_edit(struct world *world, unsigned number, unsigned text, bool deploy)
{
	TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str whose = TN_STR_INIT;
	struct tn_sim_action_view action;
	TN_CLEANUP(tn_freep) char *id = NULL;

	spec_name(&world->spec, number, &name);
	if (!tn_sim_view_by_name(world->sim, tn_str_text(&name),
		tn_loop_unix(world->loop), &action))
		return;
	id = tn_strdup(action.id);
	add_whose(&action, number, &whose);
	write_draft(world, "actions", id, tn_str_text(&whose), text);
	if (deploy)
		wait_and_call(world, id, "actions", "deploy");
	else
		world_wait(world, 10 * TN_SEC);
}

void
people_edit_module(struct world *world, unsigned number, unsigned text, bool publish)
{
	TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
	struct tn_sim_module_view module;
	TN_CLEANUP(tn_freep) char *id = NULL;

	spec_module_name(number, &name);
	for (size_t i = 0; id == NULL && tn_sim_view_module(world->sim, i, &module); i++)
		if (strcmp(module.name, tn_str_text(&name)) == 0)
			id = tn_strdup(module.id);
	if (id == NULL)
		return;
	write_draft(world, "modules", id, tn_str_text(&name), text);
	if (publish)
		wait_and_call(world, id, "modules", "versions");
	else
		world_wait(world, 10 * TN_SEC);
}

/* The action whose id stands in the path, else any of ours. */
static bool
find_of_call(struct world *world, const struct tn_sim_request *req,
    struct tn_sim_action_view *out, unsigned *number)
{
	size_t n = tn_sim_view_actions(world->sim);
	bool found = false;

	for (size_t i = 0; i < n; i++) {
		struct tn_sim_action_view action;
		unsigned its;

		tn_sim_view_action(world->sim, i, tn_loop_unix(world->loop), &action);
		if (!look_is_ours(&action, &its))
			continue;
		if (found && strstr(req->path, action.id) == NULL)
			continue;
		*out = action;
		*number = its;
		found = true;
	}
	return found;
}

void
people_meddle(struct world *world, const struct tn_sim_request *req)
{
	TN_CLEANUP(tn_str_done) struct tn_str whose = TN_STR_INIT;
	struct tn_sim_action_view action = { 0 };
	TN_CLEANUP(tn_freep) char *id = NULL;
	unsigned number = 0;

	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		if (strstr(req->path, "/bindings") != NULL &&
		    strstr(req->path, spec_triggers[t]) != NULL) {
			people_reverse_flow(world, t);
			return;
		}
	if (!find_of_call(world, req, &action, &number))
		return;
	id = tn_strdup(action.id);
	add_whose(&action, number, &whose);
	write_draft(world, "actions", id, tn_str_text(&whose), 0);
}
