#include "look.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/crypto.h"

static int64_t
now(const struct world *world)
{
	return tn_loop_unix(world->loop);
}

bool
look_is_ours(const struct tn_sim_action_view *action, unsigned *number_out)
{
	return spec_of_code(action->draft.code, number_out) ||
	    (action->deployed && spec_of_code(action->live.content.code, number_out));
}

/* --- as text ----------------------------------------------------------------------- */

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Each is freed. */
static void
add_texts(char **texts, size_t n, bool sorted, struct tn_str *out)
{
	if (sorted && n > 0)
		qsort(texts, n, sizeof(*texts), by_text);
	for (size_t i = 0; i < n; i++) {
		tn_str_add(out, texts[i]);
		tn_free(texts[i]);
	}
	tn_free(texts);
}

/* Sets: the platform does not keep their order. */
static void
add_packages(const struct tn_sim_content *content, struct tn_str *out)
{
	char **lines = tn_alloc(content->n_dependencies + 1, sizeof(*lines));

	for (size_t i = 0; i < content->n_dependencies; i++) {
		struct tn_str line = TN_STR_INIT;

		tn_str_addf(&line, "    package %s@%s\n", content->dependencies[i].name,
		    content->dependencies[i].version);
		lines[i] = tn_str_take(&line);
	}
	add_texts(lines, content->n_dependencies, true, out);
}

static void
add_modules(const struct world *world, const struct tn_sim_content *content,
    struct tn_str *out)
{
	char **lines = tn_alloc(content->n_modules + 1, sizeof(*lines));

	for (size_t i = 0; i < content->n_modules; i++) {
		const struct tn_sim_module_ref *ref = &content->modules[i];
		struct tn_sim_version_view version;
		struct tn_str line = TN_STR_INIT;
		bool kept = tn_sim_view_module_version(world->sim, ref->module_id,
		    ref->version_id, &version);

		tn_str_addf(&line, "    with %s: %s\n", ref->module_name,
		    kept ? version.content.code : "of a version that is gone");
		lines[i] = tn_str_take(&line);
	}
	add_texts(lines, content->n_modules, true, out);
}

static void
add_content(const struct world *world, const struct tn_sim_content *content,
    struct tn_str *out)
{
	tn_str_addf(out, "    %s\n    %s\n",
	    content->runtime == NULL ? "-" : content->runtime, content->code);
	add_packages(content, out);
	for (unsigned s = 0; s < SPEC_SECRETS; s++)
		for (size_t k = 0; k < content->n_secrets; k++)
			if (strcmp(content->secrets[k].name, spec_secrets[s]) == 0)
				tn_str_addf(out, "    secret %s %s\n", spec_secrets[s],
				    content->secrets[k].sha256);
	add_modules(world, content, out);
}

static void
add_runs(const struct world *world, const struct tn_sim_action_view *action,
    struct tn_str *out)
{
	if (!action->deployed)
		return;
	tn_str_add(out, "  live\n");
	add_content(world, &action->live.content, out);
}

static void
add_head(const struct tn_sim_action_view *action, struct tn_str *out)
{
	tn_str_addf(out, "action %s on %s@%s\n", action->name, action->trigger,
	    action->trigger_version);
}

void
look_action(const struct world *world, const struct tn_sim_action_view *action,
    struct tn_str *out)
{
	add_head(action, out);
	tn_str_add(out, "  draft\n");
	add_content(world, &action->draft, out);
	add_runs(world, action, out);
}

/* Whoever was created again stands last in the tenant: they are compared by name. */
static void
add_actions(const struct world *world, enum look_at what, struct tn_str *out)
{
	size_t n = tn_sim_view_actions(world->sim), found = 0;
	char **texts = tn_alloc(n + 1, sizeof(*texts));

	for (size_t i = 0; i < n; i++) {
		struct tn_sim_action_view action;
		struct tn_str text = TN_STR_INIT;
		unsigned number;
		bool ours;

		tn_sim_view_action(world->sim, i, now(world), &action);
		ours = look_is_ours(&action, &number);
		if (what != LOOK_ALL && ours != (what == LOOK_RUNS))
			continue;
		if (what == LOOK_RUNS) {
			add_head(&action, &text);
			add_runs(world, &action, &text);
		} else
			look_action(world, &action, &text);
		texts[found++] = tn_str_take(&text);
	}
	add_texts(texts, found, true, out);
}

static void
add_all_modules(const struct world *world, enum look_at what, struct tn_str *out)
{
	struct tn_sim_module_view module;
	size_t n = 0;
	char **texts;

	while (tn_sim_view_module(world->sim, n, &module))
		n++;
	texts = tn_alloc(n + 1, sizeof(*texts));
	for (size_t i = 0; i < n; i++) {
		struct tn_str text = TN_STR_INIT;

		tn_sim_view_module(world->sim, i, &module);
		tn_str_addf(&text, "module %s\n", module.name);
		if (what == LOOK_ALL) {
			tn_str_add(&text, "  draft\n");
			add_content(world, &module.draft, &text);
		}
		if (module.published) {
			tn_str_add(&text, "  published\n");
			add_content(world, &module.latest.content, &text);
		}
		texts[i] = tn_str_take(&text);
	}
	add_texts(texts, n, true, out);
}

static bool
bound_action(const struct world *world, const char *trigger, size_t i,
    struct tn_sim_binding_view *binding, struct tn_sim_action_view *action)
{
	return tn_sim_view_binding(world->sim, trigger, i, binding) &&
	    tn_sim_view_by_id(world->sim, binding->action_id, now(world), action);
}

/* ours_only: sorted, as others may have changed the order. */
static void
add_flow(const struct world *world, const char *trigger, bool ours_only,
    struct tn_str *out)
{
	size_t n = tn_sim_view_bindings(world->sim, trigger), found = 0;
	char **lines = tn_alloc(n + 1, sizeof(*lines));

	for (size_t i = 0; i < n; i++) {
		struct tn_sim_binding_view binding;
		struct tn_sim_action_view action;
		struct tn_str line = TN_STR_INIT;
		unsigned number;

		if (!bound_action(world, trigger, i, &binding, &action) ||
		    (ours_only && !look_is_ours(&action, &number)))
			continue;
		tn_str_addf(&line, "  %s shown as %s\n", action.name,
		    binding.display_name == NULL ? "-" : binding.display_name);
		lines[found++] = tn_str_take(&line);
	}
	add_texts(lines, found, ours_only, out);
}

void
look_flow(const struct world *world, const char *trigger, struct tn_str *out)
{
	add_flow(world, trigger, false, out);
}

void
look_snapshot(const struct world *world, enum look_at what, struct tn_str *out)
{
	add_actions(world, what, out);
	if (what == LOOK_FOREIGN)
		return;
	add_all_modules(world, what, out);
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++) {
		tn_str_addf(out, "flow %s\n", spec_triggers[t]);
		add_flow(world, spec_triggers[t], what == LOOK_RUNS, out);
	}
}

/* --- single questions -------------------------------------------------------------- */

bool
look_bound(const struct world *world, const char *trigger, const char *id,
    unsigned number)
{
	size_t n = tn_sim_view_bindings(world->sim, trigger);

	for (size_t i = 0; i < n; i++) {
		struct tn_sim_binding_view binding;
		struct tn_sim_action_view action;
		unsigned runs;

		if (!bound_action(world, trigger, i, &binding, &action))
			continue;
		if (strcmp(binding.action_id, id) == 0)
			return true;
		if (number < SPEC_ACTIONS && action.deployed &&
		    spec_of_code(action.live.content.code, &runs) && runs == number)
			return true;
	}
	return false;
}

static bool
find_named(const struct world *world, unsigned number, struct tn_sim_action_view *out)
{
	TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;

	spec_name(&world->spec, number, &name);
	return tn_sim_view_by_name(world->sim, tn_str_text(&name), now(world), out);
}

static bool
find_module(const struct world *world, unsigned number, struct tn_sim_module_view *out)
{
	TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;

	spec_module_name(number, &name);
	for (size_t i = 0; tn_sim_view_module(world->sim, i, out); i++)
		if (strcmp(out->name, tn_str_text(&name)) == 0)
			return true;
	return false;
}

bool
look_draft_waits(const struct world *world)
{
	struct tn_sim_action_view action;
	struct tn_sim_module_view module;

	for (unsigned i = 0; i < SPEC_ACTIONS; i++)
		if (world->spec.actions[i].wanted && find_named(world, i, &action) &&
		    !action.all_changes_deployed)
			return true;
	for (unsigned m = 0; m < SPEC_MODULES; m++)
		if (world->spec.modules[m].wanted && find_module(world, m, &module) &&
		    !module.all_changes_published)
			return true;
	return false;
}

/* --- against the spec -------------------------------------------------------------- */

static bool
secrets_wanted(const struct world *world, unsigned wanted,
    const struct tn_sim_content *content)
{
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

static bool
packages_wanted(bool wanted, const struct tn_sim_content *content)
{
	return content->n_dependencies == (wanted ? 2u : 0u);
}

/* Each in a version whose text is the one that the action is to run with. */
static bool
modules_wanted(const struct world *world, unsigned i,
    const struct tn_sim_content *content)
{
	unsigned wanted = world->spec.actions[i].modules;

	for (unsigned m = 0; m < SPEC_MODULES; m++) {
		TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;
		struct tn_sim_version_view version;
		bool found = false;

		if ((wanted & 1u << m) == 0)
			continue;
		spec_module_name(m, &name);
		spec_module_code(m, spec_module_used(&world->spec, i, m), &code);
		for (size_t k = 0; k < content->n_modules; k++)
			found = found ||
			    (strcmp(content->modules[k].module_name,
				 tn_str_text(&name)) == 0 &&
				tn_sim_view_module_version(world->sim,
				    content->modules[k].module_id,
				    content->modules[k].version_id, &version) &&
				strcmp(version.content.code, tn_str_text(&code)) == 0);
		if (!found)
			return false;
	}
	return content->n_modules == (size_t)__builtin_popcount(wanted);
}

static const char *
action_off(const struct world *world, unsigned i)
{
	const struct spec_action *wanted = &world->spec.actions[i];
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;
	struct tn_sim_action_view action;
	const struct tn_sim_content *runs = &action.live.content;

	if (!find_named(world, i, &action))
		return "is not there";
	if (strcmp(action.trigger, spec_triggers[wanted->trigger]) != 0)
		return "is for another trigger";
	if (!action.deployed)
		return "does not run";
	spec_code(&world->spec, i, &code);
	if (strcmp(runs->code, tn_str_text(&code)) != 0)
		return "runs other code";
	if (strcmp(runs->runtime, "node22") != 0)
		return "runs on another runtime";
	if (!packages_wanted(wanted->packages, runs))
		return "runs with other packages";
	if (!secrets_wanted(world, wanted->secrets, runs))
		return "runs with other secrets";
	if (!modules_wanted(world, i, runs))
		return "runs with other modules";
	return NULL;
}

static const char *
module_off(const struct world *world, unsigned m)
{
	const struct spec_module *wanted = &world->spec.modules[m];
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;
	struct tn_sim_module_view module;

	if (!find_module(world, m, &module))
		return "is not there";
	if (!module.published)
		return "is not published";
	spec_module_code(m, wanted->code, &code);
	if (strcmp(module.latest.content.code, tn_str_text(&code)) != 0)
		return "has other code";
	if (!packages_wanted(wanted->packages, &module.latest.content))
		return "has other packages";
	if (!secrets_wanted(world, wanted->secrets, &module.latest.content))
		return "has other secrets";
	return NULL;
}

/* It has one of our numbers, and may be other people's for all that the state knows. */
static bool
may_be_theirs(const struct world *world, unsigned number)
{
	return !world->spec.actions[number].wanted && (world->taken & 1u << number) != 0;
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
		    !look_is_ours(&action, &number) || may_be_theirs(world, number))
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
			tn_str_addf(out, "action %u, ", i);
			spec_name(&world->spec, i, out);
			tn_str_addf(out, ", %s", off);
			return tn_str_text(out);
		}
	}
	for (unsigned m = 0; m < SPEC_MODULES; m++) {
		const struct spec_module *module = &world->spec.modules[m];
		const char *off = module->wanted && !module->stays ? module_off(world, m)
								   : NULL;

		if (off != NULL) {
			tn_str_addf(out, "module-%u %s", m, off);
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

static bool
is_wanted_name(const struct world *world, const char *name)
{
	for (unsigned i = 0; i < SPEC_ACTIONS; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str wanted = TN_STR_INIT;

		spec_name(&world->spec, i, &wanted);
		if (world->spec.actions[i].wanted &&
		    strcmp(name, tn_str_text(&wanted)) == 0)
			return true;
	}
	return false;
}

static bool
is_used(const struct world *world, const struct tn_sim_action_view *action)
{
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		if (look_bound(world, spec_triggers[t], action->id, SPEC_ACTIONS))
			return true;
	return false;
}

static bool
must_go(const struct world *world, const struct tn_sim_action_view *action,
    enum tn_command command)
{
	unsigned number;

	if (is_wanted_name(world, action->name))
		return false;
	/* Somebody made it with one of our numbers, and it was never wanted since. */
	if (!look_is_ours(action, &number) ||
	    strstr(action->draft.code, WORLD_THEIRS) != NULL)
		return command == TN_COMMAND_APPLY &&
		    world->spec.delete == SPEC_DELETE_ALL && !is_used(world, action);
	/* Other people may have made it: a state need not know it for ours. */
	return (world->taken & 1u << number) == 0;
}

const char *
look_left(const struct world *world, enum tn_command command, struct tn_str *out)
{
	size_t n = tn_sim_view_actions(world->sim);
	struct tn_sim_module_view module;

	if (world->spec.delete == SPEC_DELETE_NONE)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct tn_sim_action_view action;

		tn_sim_view_action(world->sim, i, now(world), &action);
		if (must_go(world, &action, command)) {
			tn_str_addf(out, "action %s is still there\n", action.name);
			return tn_str_text(out);
		}
	}
	for (unsigned m = 0; m < SPEC_MODULES && !world->unsure; m++)
		if (!world->spec.modules[m].wanted && !world->spec.modules[m].stays &&
		    find_module(world, m, &module)) {
			tn_str_addf(out, "module-%u is still there\n", m);
			return tn_str_text(out);
		}
	return NULL;
}
