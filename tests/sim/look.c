#include "look.h"

#include <string.h>

#include "base/mem.h"
#include "crypto/crypto.h"

static int64_t
now(const struct world *world)
{
	return tn_loop_unix(world->loop);
}

bool
look_is_ours(const char *name, unsigned *action_out)
{
	if (!tn_text_starts(name, "action-") || name[7] < '0' ||
	    name[7] >= '0' + SPEC_ACTIONS || name[8] != '\0')
		return false;
	*action_out = (unsigned)(name[7] - '0');
	return true;
}

static void
add_content(const struct tn_sim_content *content, struct tn_str *out)
{
	tn_str_addf(out, "    %s\n    %s\n", content->runtime, content->code);
	/* Sets: the platform does not keep their order. */
	for (size_t i = 0; i < content->n_dependencies; i++)
		for (size_t k = 0; k < content->n_dependencies; k++) {
			size_t smaller = 0;

			for (size_t j = 0; j < content->n_dependencies; j++)
				smaller += strcmp(content->dependencies[j].name,
					       content->dependencies[k].name) < 0;
			if (smaller == i)
				tn_str_addf(out, "    package %s@%s\n",
				    content->dependencies[k].name,
				    content->dependencies[k].version);
		}
	for (unsigned s = 0; s < SPEC_SECRETS; s++)
		for (size_t k = 0; k < content->n_secrets; k++)
			if (strcmp(content->secrets[k].name, spec_secrets[s]) == 0)
				tn_str_addf(out, "    secret %s %s\n", spec_secrets[s],
				    content->secrets[k].sha256);
}

static void
add_action(const struct tn_sim_action_view *action, struct tn_str *out)
{
	tn_str_addf(out, "action %s on %s@%s\n  draft\n", action->name, action->trigger,
	    action->trigger_version);
	add_content(&action->draft, out);
	if (!action->deployed)
		return;
	tn_str_add(out, "  live\n");
	add_content(&action->live.content, out);
}

static bool
bound_action(const struct world *world, const char *trigger, size_t i,
    struct tn_sim_binding_view *binding, struct tn_sim_action_view *action)
{
	return tn_sim_view_binding(world->sim, trigger, i, binding) &&
	    tn_sim_view_by_id(world->sim, binding->action_id, now(world), action);
}

void
look_flow(const struct world *world, const char *trigger, struct tn_str *out)
{
	size_t n = tn_sim_view_bindings(world->sim, trigger);

	for (size_t i = 0; i < n; i++) {
		struct tn_sim_binding_view binding;
		struct tn_sim_action_view action;

		if (bound_action(world, trigger, i, &binding, &action))
			tn_str_addf(out, "  %s shown as %s\n", action.name,
			    binding.display_name == NULL ? "-" : binding.display_name);
	}
}

bool
look_bound(const struct world *world, const char *trigger, const char *name)
{
	size_t n = tn_sim_view_bindings(world->sim, trigger);

	for (size_t i = 0; i < n; i++) {
		struct tn_sim_binding_view binding;
		struct tn_sim_action_view action;

		if (bound_action(world, trigger, i, &binding, &action) &&
		    strcmp(action.name, name) == 0)
			return true;
	}
	return false;
}

void
look_snapshot(const struct world *world, bool foreign_only, struct tn_str *out)
{
	size_t n = tn_sim_view_actions(world->sim);
	unsigned number;

	/* Whoever was created again stands last: names are compared in a fixed order. */
	for (unsigned ours = 0; ours < SPEC_ACTIONS && !foreign_only; ours++) {
		TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
		struct tn_sim_action_view action;

		spec_name(ours, &name);
		if (tn_sim_view_by_name(world->sim, tn_str_text(&name), now(world),
			&action))
			add_action(&action, out);
	}
	for (size_t i = 0; i < n; i++) {
		struct tn_sim_action_view action;

		tn_sim_view_action(world->sim, i, now(world), &action);
		if (!look_is_ours(action.name, &number))
			add_action(&action, out);
	}
	for (unsigned t = 0; t < SPEC_TRIGGERS && !foreign_only; t++) {
		tn_str_addf(out, "flow %s\n", spec_triggers[t]);
		look_flow(world, spec_triggers[t], out);
	}
}

bool
look_draft_waits(const struct world *world)
{
	for (unsigned i = 0; i < SPEC_ACTIONS; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
		struct tn_sim_action_view action;

		spec_name(i, &name);
		if (world->spec.actions[i].wanted &&
		    tn_sim_view_by_name(world->sim, tn_str_text(&name), now(world),
			&action) &&
		    !action.all_changes_deployed)
			return true;
	}
	return false;
}

static bool
secrets_wanted(const struct world *world, unsigned action,
    const struct tn_sim_content *content)
{
	unsigned wanted = world->spec.actions[action].secrets;
	unsigned found = 0;

	for (size_t i = 0; i < content->n_secrets; i++)
		for (unsigned s = 0; s < SPEC_SECRETS; s++) {
			TN_CLEANUP(tn_str_done) struct tn_str value = TN_STR_INIT;
			char hex[TN_SHA256_HEX];

			if (strcmp(content->secrets[i].name, spec_secrets[s]) != 0)
				continue;
			spec_secret(&world->spec, s, &value);
			tn_sha256_hex(tn_str_span(&value), hex);
			if (strcmp(hex, content->secrets[i].sha256) == 0)
				found |= 1u << s;
		}
	return found == wanted &&
	    content->n_secrets == (size_t)__builtin_popcount(wanted);
}

static const char *
action_off(const struct world *world, unsigned i)
{
	const struct spec_action *wanted = &world->spec.actions[i];
	TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;
	struct tn_sim_action_view action;

	spec_name(i, &name);
	spec_code(&world->spec, i, &code);
	if (!tn_sim_view_by_name(world->sim, tn_str_text(&name), now(world), &action))
		return "is not there";
	if (!action.deployed)
		return "does not run";
	if (strcmp(action.live.content.code, tn_str_text(&code)) != 0)
		return "runs other code";
	if (strcmp(action.live.content.runtime, "node22") != 0)
		return "runs on another runtime";
	if (action.live.content.n_dependencies != (wanted->packages ? 2u : 0u))
		return "runs with other packages";
	if (!secrets_wanted(world, i, &action.live.content))
		return "runs with other secrets";
	return NULL;
}

/* Our actions in a flow are those that are listed, in that order. */
static bool
flow_as_listed(const struct world *world, unsigned t)
{
	const struct spec_flow *flow = &world->spec.flows[t];
	size_t n = tn_sim_view_bindings(world->sim, spec_triggers[t]);
	size_t next = 0;

	for (size_t i = 0; i < n; i++) {
		struct tn_sim_binding_view binding;
		struct tn_sim_action_view action;
		unsigned number;

		if (!bound_action(world, spec_triggers[t], i, &binding, &action) ||
		    !look_is_ours(action.name, &number))
			continue;
		if (next == flow->n || flow->entries[next] != number)
			return false;
		next++;
	}
	return next == flow->n;
}

const char *
look_wanted(const struct world *world, struct tn_str *out)
{
	for (unsigned i = 0; i < SPEC_ACTIONS; i++) {
		const char *off = world->spec.actions[i].wanted ? action_off(world, i)
								: NULL;

		if (off != NULL) {
			tn_str_addf(out, "action-%u %s", i, off);
			return tn_str_text(out);
		}
	}
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		if (world->spec.flows[t].named && !flow_as_listed(world, t)) {
			tn_str_addf(out, "the flow of %s is not as listed:\n",
			    spec_triggers[t]);
			look_flow(world, spec_triggers[t], out);
			return tn_str_text(out);
		}
	return NULL;
}
