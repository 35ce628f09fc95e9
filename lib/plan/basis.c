#include "plan/basis.h"

#include "base/value.h"
#include "plan/digest.h"

/* What the files leave out is the tenant's, and filled in from there. */
static struct tn_value *
stated(struct tn_arena *arena, const struct tn_content *content, unsigned unstated)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *own = tn_arena_new();
	const struct tn_value *all = tn_content_to_value(own, content);
	struct tn_value *some = tn_value_object(own);

	for (unsigned part = TN_PART_CODE; part <= TN_PART_DEPENDENCIES; part <<= 1) {
		const struct tn_value *value = tn_value_get(all, tn_part_name(part));

		if (value != NULL && (unstated & part) == 0)
			tn_value_set(own, some, tn_part_name(part),
			    tn_value_clone(own, value));
	}
	return tn_plan_condense(arena, some);
}

static struct tn_value *
uses(struct tn_arena *arena, const struct tn_want_action *want)
{
	struct tn_value *list = tn_value_array(arena);

	for (size_t i = 0; i < want->n_modules; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", want->modules[i].name);
		tn_value_set_int(arena, item, "version", want->modules[i].version);
		tn_value_push(arena, list, item);
	}
	return list;
}

static struct tn_value *
tests(struct tn_arena *arena, const struct tn_want_action *want)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *own = tn_arena_new();
	struct tn_value *list = tn_value_array(own);

	for (size_t i = 0; i < want->n_tests; i++) {
		struct tn_value *item = tn_value_object(own);

		tn_value_set(own, item, "payload",
		    tn_value_clone(own, want->tests[i].payload));
		if (want->tests[i].expect != NULL)
			tn_value_set(own, item, "expect",
			    tn_value_clone(own, want->tests[i].expect));
		tn_value_push(own, list, item);
	}
	return tn_plan_condense(arena, list);
}

static struct tn_value *
secrets(struct tn_arena *arena, const struct tn_secret_change *changes, size_t n)
{
	struct tn_value *list = tn_value_array(arena);

	for (size_t i = 0; i < n; i++) {
		const struct tn_secret_change *secret = &changes[i];
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", secret->name);
		tn_value_set_text(arena, item, "change",
		    tn_secret_change_name(secret->kind));
		tn_value_set_text(arena, item, "fingerprint", secret->fingerprint);
		tn_value_push(arena, list, item);
	}
	return list;
}

static struct tn_value *
action(struct tn_arena *arena, const struct tn_change *change)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *own = tn_arena_new();
	const struct tn_want_action *want = change->want;
	struct tn_value *out = tn_value_object(arena);
	struct tn_value *wanted = stated(arena, &want->content, want->unstated);

	tn_value_set_text(arena, wanted, "trigger", want->trigger.id);
	tn_value_set_text(arena, wanted, "trigger_version", want->trigger.version);
	tn_value_set(arena, wanted, "modules", uses(arena, want));
	if (want->n_tests > 0)
		tn_value_set(arena, wanted, "tests", tests(arena, want));
	tn_value_set_text(arena, out, "name", want->name);
	tn_value_set(arena, out, "wanted", wanted);
	if (change->live != NULL)
		tn_value_set(arena, out, "live",
		    tn_plan_condense(arena, tn_live_action_to_value(own, change->live)));
	tn_value_set(arena, out, "secrets",
	    secrets(arena, change->secrets, change->n_secrets));
	tn_value_set_bool(arena, out, "adopt", change->adopt);
	return out;
}

/* In the form of an action: its newest version in the place of the one that runs. */
static struct tn_value *
live_module(struct tn_arena *arena, const struct tn_live_module *live)
{
	const struct tn_content *latest = tn_live_module_latest(live);
	struct tn_value *out = tn_value_object(arena);
	struct tn_value *version = tn_value_object(arena);

	tn_value_set_text(arena, out, "id", live->id);
	tn_value_set(arena, out, "draft", tn_content_to_value(arena, &live->draft));
	if (latest != NULL) {
		tn_value_set_int(arena, version, "number", live->latest_number);
		tn_value_set(arena, version, "content",
		    tn_content_to_value(arena, latest));
		tn_value_set(arena, out, "live", version);
	}
	return out;
}

static struct tn_value *
module(struct tn_arena *arena, const struct tn_module_change *change)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *own = tn_arena_new();
	struct tn_value *out = tn_value_object(arena);

	tn_value_set_text(arena, out, "name", change->want->name);
	tn_value_set(arena, out, "wanted", stated(arena, &change->want->content, 0));
	if (change->live != NULL)
		tn_value_set(arena, out, "live",
		    tn_plan_condense(arena, live_module(own, change->live)));
	tn_value_set(arena, out, "secrets",
	    secrets(arena, change->secrets, change->n_secrets));
	tn_value_set_bool(arena, out, "adopt", change->adopt);
	return out;
}

static struct tn_value *
flow(struct tn_arena *arena, const struct tn_flow_change *change)
{
	struct tn_value *out = tn_value_object(arena);

	tn_value_set_text(arena, out, "trigger", change->trigger);
	tn_value_set(arena, out, "live", tn_flow_to_value(arena, &change->before));
	tn_value_set(arena, out, "wanted", tn_flow_to_value(arena, &change->after));
	return out;
}

struct tn_value *
tn_basis_build(struct tn_arena *arena, const struct tn_diff *diff)
{
	struct tn_value *out = tn_value_object(arena);
	struct tn_value *modules = tn_value_array(arena);
	struct tn_value *actions = tn_value_array(arena);
	struct tn_value *flows = tn_value_array(arena);

	for (size_t i = 0; i < diff->n_modules; i++)
		tn_value_push(arena, modules, module(arena, &diff->modules[i]));
	for (size_t i = 0; i < diff->n_changes; i++)
		tn_value_push(arena, actions, action(arena, &diff->changes[i]));
	for (size_t i = 0; i < diff->n_flows; i++)
		tn_value_push(arena, flows, flow(arena, &diff->flows[i]));
	tn_value_set(arena, out, "modules", modules);
	tn_value_set(arena, out, "actions", actions);
	tn_value_set(arena, out, "flows", flows);
	return out;
}
