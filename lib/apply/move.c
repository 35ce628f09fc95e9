#include "apply/machine.h"

#include <assert.h>

#include "base/mem.h"

#define TO(state) (1u << TN_STEP_##state)

/*
 * The moves that there are. READY goes back to PENDING when another step has
 * failed before anything was written; VERIFYING goes back to READY when a lost call turns
 * out to have had no effect.
 */
static const unsigned may_go[TN_STEP_STATE__COUNT] = {
	[TN_STEP_PENDING] = TO(READY),
	[TN_STEP_READY] = TO(INTENDED) | TO(PENDING) | TO(FAILED),
	[TN_STEP_INTENDED] = TO(INFLIGHT) | TO(FAILED),
	[TN_STEP_INFLIGHT] = TO(VERIFYING) | TO(FAILED),
	[TN_STEP_VERIFYING] = TO(DONE) | TO(READY) | TO(FAILED),
	[TN_STEP_DONE] = TO(UNDOING),
	[TN_STEP_FAILED] = TO(UNDOING),
	[TN_STEP_UNDOING] = TO(UNDONE) | TO(STUCK),
	[TN_STEP_UNDONE] = 0,
	[TN_STEP_STUCK] = 0,
};

static const char *const state_names[TN_STEP_STATE__COUNT] = {
	[TN_STEP_PENDING] = "pending",
	[TN_STEP_READY] = "ready",
	[TN_STEP_INTENDED] = "intended",
	[TN_STEP_INFLIGHT] = "in-flight",
	[TN_STEP_VERIFYING] = "verifying",
	[TN_STEP_DONE] = "done",
	[TN_STEP_FAILED] = "failed",
	[TN_STEP_UNDOING] = "undoing",
	[TN_STEP_UNDONE] = "undone",
	[TN_STEP_STUCK] = "stuck",
};

const char *
tn_step_state_name(enum tn_step_state state)
{
	return state_names[state];
}

bool
tn_step_may_go(enum tn_step_state from, enum tn_step_state to)
{
	return (may_go[from] & (1u << to)) != 0;
}

void
tn_running_move(struct tn_running *run, enum tn_step_state to)
{
	const struct tn_apply_options *options = &run->apply->options;

	assert(tn_step_may_go(run->state, to));
	run->state = to;
	if (options->progress != NULL)
		options->progress(options->progress_arg, run->step, to);
}

bool
tn_running_busy(const struct tn_running *run)
{
	return run->following || run->state == TN_STEP_READY ||
	    run->state == TN_STEP_INTENDED || run->state == TN_STEP_INFLIGHT;
}

void
tn_running_done(struct tn_running *run)
{
	tn_timer_stop(&run->timer);
	tn_free(run->action_id);
	tn_free(run->version_id);
	tn_free(run->draft_updated_at);
	tn_error_done(&run->error);
	tn_error_done(&run->stuck);
}

struct tn_running *
tn_apply_creator(struct tn_apply *apply, const char *name)
{
	for (size_t i = 0; i < apply->n_runs; i++) {
		struct tn_running *run = &apply->runs[i];

		if (run->step->kind == TN_STEP_CREATE &&
		    tn_text_equal(run->step->name, name))
			return run;
	}
	return NULL;
}

const char *
tn_running_action_id(const struct tn_running *run)
{
	const struct tn_running *creator;

	if (run->action_id != NULL)
		return run->action_id;
	if (run->step->action_id != NULL || tn_step_of_module(run->step->kind))
		return run->step->action_id;
	creator = tn_apply_creator(run->apply, run->step->name);
	return creator == NULL ? NULL : creator->action_id;
}

struct tn_flow
tn_running_flow_after(const struct tn_running *run, struct tn_arena *arena)
{
	const struct tn_flow *planned = &run->step->flow_after;
	struct tn_binding *bindings = tn_arena_array(arena, planned->n_bindings,
	    struct tn_binding);
	struct tn_flow flow = { planned->trigger, bindings, planned->n_bindings };

	for (size_t i = 0; i < planned->n_bindings; i++) {
		bindings[i] = planned->bindings[i];
		if (bindings[i].action_id == NULL) {
			const struct tn_running *creator = tn_apply_creator(run->apply,
			    bindings[i].action_name);

			bindings[i].action_id = creator == NULL ? NULL
								: creator->action_id;
		}
	}
	return flow;
}

/* The step that has published the version of that module, or NULL. */
static const struct tn_running *
publisher(const struct tn_apply *apply, const char *name)
{
	for (size_t i = 0; i < apply->n_runs; i++) {
		const struct tn_running *run = &apply->runs[i];

		if (tn_step_of_module(run->step->kind) && run->version_id != NULL &&
		    tn_text_equal(run->step->name, name))
			return run;
	}
	return NULL;
}

static void
resolve(struct tn_running *run)
{
	const struct tn_content *planned = &run->step->after;
	struct tn_module_ref *modules = tn_arena_array(run->apply->arena,
	    planned->n_modules, struct tn_module_ref);

	for (size_t i = 0; i < planned->n_modules; i++) {
		const struct tn_running *from;

		modules[i] = planned->modules[i];
		from = modules[i].number > 0 ? NULL
					     : publisher(run->apply, modules[i].name);
		if (from == NULL)
			continue;
		modules[i].number = from->version;
		modules[i].version_id = tn_arena_text(run->apply->arena,
		    from->version_id);
		modules[i].module_id = tn_arena_text(run->apply->arena,
		    tn_running_action_id(from));
	}
	run->after.modules = modules;
}

void
tn_apply_resolve(struct tn_apply *apply)
{
	for (size_t i = 0; i < apply->n_runs; i++)
		if (apply->runs[i].step->after.n_modules > 0)
			resolve(&apply->runs[i]);
}
