#include "plan/builder.h"

#include "base/value.h"
#include "plan/cost.h"
#include "plan/digest.h"

#include <stdlib.h>
#include <string.h>

struct tn_step *
tn_builder_step(struct tn_builder *b, enum tn_step_kind kind, const char *name)
{
	struct tn_plan *plan = b->plan;
	struct tn_step *step;

	plan->steps = tn_arena_grow(b->arena, plan->steps, plan->n_steps, &b->cap_steps,
	    sizeof(*plan->steps));
	step = &plan->steps[plan->n_steps++];
	memset(step, 0, sizeof(*step));
	step->number = (unsigned)plan->n_steps;
	step->kind = kind;
	step->name = tn_arena_text(b->arena, name);
	return step;
}

static void
copy_secrets(struct tn_builder *b, struct tn_step *step,
    const struct tn_secret_change *from, size_t n)
{
	struct tn_secret_change *secrets = tn_arena_array(b->arena, n,
	    struct tn_secret_change);

	for (size_t i = 0; i < n; i++) {
		secrets[i].kind = from[i].kind;
		secrets[i].name = tn_arena_text(b->arena, from[i].name);
		secrets[i].fingerprint = tn_arena_text(b->arena, from[i].fingerprint);
	}
	step->secrets = secrets;
	step->n_secrets = n;
}

/* This plan makes it, whatever else has the name. */
static bool
is_new(const struct tn_change *change)
{
	return change->kind == TN_CHANGE_CREATE || change->kind == TN_CHANGE_REPLACE;
}

static void
fill_action_step(struct tn_builder *b, struct tn_step *step,
    const struct tn_change *change)
{
	step->trigger.id = tn_arena_text(b->arena, change->want->trigger.id);
	step->trigger.version = tn_arena_text(b->arena, change->want->trigger.version);
	tn_content_copy(b->arena, &step->after, &change->want->content);
	copy_secrets(b, step, change->secrets, change->n_secrets);
	if (is_new(change))
		return;
	step->action_id = tn_arena_text(b->arena, change->live->id);
	step->has_before = true;
	tn_live_action_copy(b->arena, &step->before, change->live);
	/* A runtime that the files leave open stays what it is: the comparison after the
	 * write then is exact. */
	if (step->after.runtime == NULL)
		step->after.runtime = step->before.draft.runtime;
}

#define LOST_SECRETS                                            \
	"secrets of a draft that was never deployed cannot be " \
	"read, so they cannot be put back"

/* How the draft that an update overwrites comes back. */
static void
set_update_inverse(struct tn_step *step, const struct tn_change *change)
{
	if (!tn_step_writes_secrets(step)) {
		step->inverse = TN_INVERSE_REDRAFT;
	} else if (tn_live_action_clean(change->live)) {
		step->inverse = TN_INVERSE_REDEPLOY;
	} else {
		step->inverse = TN_INVERSE_NONE;
		step->irreversible = LOST_SECRETS;
	}
}

static void
set_deploy_inverse(struct tn_step *step)
{
	if (!step->has_before) {
		/* The action goes with the step that creates it. */
		step->inverse = TN_INVERSE_DELETE;
	} else if (tn_live_action_runs(&step->before)) {
		step->inverse = TN_INVERSE_REDEPLOY;
	} else {
		step->inverse = TN_INVERSE_NONE;
		step->irreversible =
		    "the action was never deployed, and the platform has no "
		    "way to undeploy";
	}
}

/* Not with its creation. */
static bool
deploys_later(const struct tn_change *change)
{
	return change->want->content.n_dependencies > 0 || change->want->n_tests > 0;
}

static void
add_create(struct tn_builder *b, const struct tn_change *change)
{
	struct tn_step *step = tn_builder_step(b, TN_STEP_CREATE, change->want->name);

	fill_action_step(b, step, change);
	/*
	 * Without packages nothing can go wrong in the build, and the action is bound
	 * nowhere yet: deploying with the creation saves a call. Unless it is to be
	 * tested.
	 */
	step->deploy_at_once = !deploys_later(change);
	step->inverse = TN_INVERSE_DELETE;
	step->calls = step->deploy_at_once ? 2 : 4;
	b->plan->counts.create++;
}

static void
add_update(struct tn_builder *b, const struct tn_change *change)
{
	struct tn_step *step = tn_builder_step(b, TN_STEP_UPDATE, change->want->name);

	fill_action_step(b, step, change);
	step->left_out = change->want->unstated &
	    ~tn_content_differs(&step->before.draft, &step->after);
	set_update_inverse(step, change);
	step->calls = step->after.n_dependencies == 0 ? 3 : 5;
	b->plan->counts.update++;
}

static void
add_deploy(struct tn_builder *b, const struct tn_change *change)
{
	struct tn_step *step = tn_builder_step(b, TN_STEP_DEPLOY, change->want->name);

	fill_action_step(b, step, change);
	set_deploy_inverse(step);
	step->calls = 3;
	if (change->kind == TN_CHANGE_DEPLOY)
		b->plan->counts.deploy++;
}

static void
add_rollback(struct tn_builder *b, const struct tn_change *change)
{
	struct tn_step *step = tn_builder_step(b, TN_STEP_ROLLBACK, change->want->name);

	fill_action_step(b, step, change);
	step->version_id = tn_arena_text(b->arena, change->version->id);
	step->version_number = change->version->number;
	set_deploy_inverse(step);
	if (!tn_live_action_clean(change->live) &&
	    (tn_content_differs(&change->live->draft, &change->version->content) &
		TN_PART_SECRETS) != 0) {
		step->inverse = TN_INVERSE_NONE;
		step->irreversible = LOST_SECRETS;
	}
	step->calls = 3;
	b->plan->counts.rollback++;
}

/* --- Modules ---------------------------------------------------------------------- */

void
tn_builder_find_module(struct tn_builder *b, struct tn_step *step,
    const struct tn_live_module *live)
{
	step->action_id = tn_arena_text(b->arena, live->id);
	step->has_before = true;
	tn_live_module_copy(b->arena, &step->module_before, live);
}

static struct tn_step *
add_module_step(struct tn_builder *b, enum tn_step_kind kind,
    const struct tn_module_change *change)
{
	struct tn_step *step = tn_builder_step(b, kind, change->want->name);

	tn_content_copy(b->arena, &step->after, &change->want->content);
	copy_secrets(b, step, change->secrets, change->n_secrets);
	if (change->live != NULL)
		tn_builder_find_module(b, step, change->live);
	return step;
}

static void
add_module_draft(struct tn_builder *b, const struct tn_module_change *change)
{
	bool create = change->kind == TN_MODULE_CREATE;
	struct tn_step *step = add_module_step(b,
	    create ? TN_STEP_MODULE_CREATE : TN_STEP_MODULE_UPDATE, change);

	step->calls = create ? 1 : 3;
	step->inverse = create ? TN_INVERSE_DELETE : TN_INVERSE_REDRAFT;
	if (create || !tn_step_writes_secrets(step) ||
	    (change->live->has_latest && tn_live_module_clean(change->live)))
		return;
	step->inverse = TN_INVERSE_NONE;
	step->irreversible = LOST_SECRETS;
}

static void
add_module_publish(struct tn_builder *b, const struct tn_module_change *change)
{
	struct tn_step *step = add_module_step(b, TN_STEP_MODULE_PUBLISH, change);

	step->calls = 2;
	step->inverse = TN_INVERSE_REPUBLISH;
	if (change->live->has_latest)
		return;
	step->inverse = TN_INVERSE_NONE;
	step->irreversible =
	    "the module was never published, and the platform does not take a version "
	    "back; no action uses it then";
}

static void
add_module_steps(struct tn_builder *b)
{
	const struct tn_diff *diff = b->diff;

	for (size_t i = 0; i < diff->n_modules; i++) {
		enum tn_module_change_kind kind = diff->modules[i].kind;

		if (kind == TN_MODULE_CREATE || kind == TN_MODULE_UPDATE)
			add_module_draft(b, &diff->modules[i]);
		b->plan->counts.publish += kind != TN_MODULE_NONE;
	}
	for (size_t i = 0; i < diff->n_modules; i++) {
		enum tn_module_change_kind kind = diff->modules[i].kind;

		if (kind == TN_MODULE_UPDATE || kind == TN_MODULE_PUBLISH)
			add_module_publish(b, &diff->modules[i]);
	}
}

/* --- Actions ---------------------------------------------------------------------- */

static void
add_stage_steps(struct tn_builder *b)
{
	for (size_t i = 0; i < b->diff->n_changes; i++)
		if (is_new(&b->diff->changes[i]))
			add_create(b, &b->diff->changes[i]);
	for (size_t i = 0; i < b->diff->n_changes; i++)
		if (b->diff->changes[i].kind == TN_CHANGE_UPDATE)
			add_update(b, &b->diff->changes[i]);
}

/* An action that goes live, with its place in the flows: flow by flow, in the order of
 * execution. */
struct ranked {
	const struct tn_change *change;
	size_t flow;
	size_t position;
};

static struct ranked
rank_of(const struct tn_diff *diff, const struct tn_change *change)
{
	struct ranked ranked = { change, diff->n_flows, 0 };

	for (size_t f = 0; f < diff->n_flows; f++) {
		const struct tn_flow *flow = &diff->flows[f].after;

		for (size_t i = 0; i < flow->n_bindings; i++) {
			if (!tn_text_equal(flow->bindings[i].action_name,
				change->want->name))
				continue;
			ranked.flow = f;
			ranked.position = i;
			return ranked;
		}
	}
	return ranked;
}

static int
by_rank(const void *left, const void *right)
{
	const struct ranked *a = left;
	const struct ranked *b = right;

	if (a->flow != b->flow)
		return a->flow < b->flow ? -1 : 1;
	if (a->position != b->position)
		return a->position < b->position ? -1 : 1;
	return strcmp(a->change->want->name, b->change->want->name);
}

static bool
goes_live(const struct tn_change *change)
{
	switch (change->kind) {
	case TN_CHANGE_CREATE:
	case TN_CHANGE_REPLACE:
		return deploys_later(change);
	case TN_CHANGE_UPDATE:
	case TN_CHANGE_DEPLOY:
	case TN_CHANGE_ROLLBACK:
		return true;
	case TN_CHANGE_NONE:
	case TN_CHANGE_BLOCKED:
		break;
	}
	return false;
}

static void
add_test(struct tn_builder *b, const struct tn_change *change,
    const struct tn_want_test *test)
{
	struct tn_step *step = tn_builder_step(b, TN_STEP_TEST, change->want->name);

	fill_action_step(b, step, change);
	/* It has what the draft has, and writes none. */
	step->n_secrets = 0;
	step->payload_path = tn_arena_text(b->arena, test->payload_path);
	step->payload = tn_value_clone(b->arena, test->payload);
	if (test->expect != NULL)
		step->expect = tn_value_clone(b->arena, test->expect);
	step->inverse = TN_INVERSE_NOTHING;
	step->calls = 2;
	b->plan->counts.test++;
}

/* Of drafts: a version that goes live again has been live before. */
static void
add_test_steps(struct tn_builder *b)
{
	for (size_t i = 0; i < b->diff->n_changes; i++) {
		const struct tn_change *change = &b->diff->changes[i];

		if (!goes_live(change) || change->kind == TN_CHANGE_ROLLBACK)
			continue;
		for (size_t k = 0; k < change->want->n_tests; k++)
			add_test(b, change, &change->want->tests[k]);
	}
}

static void
add_deploy_steps(struct tn_builder *b)
{
	const struct tn_diff *diff = b->diff;
	struct ranked *ranked = tn_arena_array(b->arena, diff->n_changes, struct ranked);
	size_t n = 0;

	for (size_t i = 0; i < diff->n_changes; i++)
		if (goes_live(&diff->changes[i]))
			ranked[n++] = rank_of(diff, &diff->changes[i]);
	if (n > 1)
		qsort(ranked, n, sizeof(*ranked), by_rank);
	for (size_t i = 0; i < n; i++) {
		if (ranked[i].change->kind == TN_CHANGE_ROLLBACK)
			add_rollback(b, ranked[i].change);
		else
			add_deploy(b, ranked[i].change);
	}
}

static void
add_bind_steps(struct tn_builder *b)
{
	for (size_t i = 0; i < b->diff->n_flows; i++) {
		const struct tn_flow_change *flow = &b->diff->flows[i];
		struct tn_step *step;

		if (!flow->differs)
			continue;
		step = tn_builder_step(b, TN_STEP_BIND, flow->trigger);
		step->trigger.id = step->name;
		tn_flow_copy(b->arena, &step->flow_before, &flow->before);
		tn_flow_copy(b->arena, &step->flow_after, &flow->after);
		step->inverse = TN_INVERSE_REBIND;
		step->calls = 2;
		b->plan->counts.bind++;
	}
}

static void
add_adoption(struct tn_builder *b, const char *name, const char *id, bool of_module)
{
	struct tn_plan *plan = b->plan;

	plan->adoptions = tn_arena_grow(b->arena, plan->adoptions, plan->n_adoptions,
	    &b->cap_adoptions, sizeof(*plan->adoptions));
	plan->adoptions[plan->n_adoptions++] = (struct tn_adoption){
		.name = tn_arena_text(b->arena, name),
		.action_id = tn_arena_text(b->arena, id),
		.of_module = of_module,
	};
}

static void
add_adoptions(struct tn_builder *b)
{
	const struct tn_diff *diff = b->diff;

	for (size_t i = 0; i < diff->n_changes; i++)
		if (diff->changes[i].adopt)
			add_adoption(b, diff->changes[i].want->name,
			    diff->changes[i].live->id, false);
	for (size_t i = 0; i < diff->n_modules; i++)
		if (diff->modules[i].adopt)
			add_adoption(b, diff->modules[i].want->name,
			    diff->modules[i].live->id, true);
	b->plan->counts.adopt = (unsigned)b->plan->n_adoptions;
}

static void
add_later(struct tn_builder *b, const char *kind, const char *name,
    const struct tn_secret_change *secrets, size_t n)
{
	struct tn_plan *plan = b->plan;

	for (size_t i = 0; i < n; i++) {
		if (secrets[i].kind != TN_SECRET_LATER)
			continue;
		plan->later = tn_arena_grow(b->arena, plan->later, plan->n_later,
		    &b->cap_later, sizeof(*plan->later));
		plan->later[plan->n_later++] = (struct tn_later){
			.resource = tn_arena_printf(b->arena, "%s/%s", kind, name),
			.secret = tn_arena_text(b->arena, secrets[i].name),
		};
	}
}

static void
add_all_later(struct tn_builder *b)
{
	const struct tn_diff *diff = b->diff;

	for (size_t i = 0; i < diff->n_modules; i++)
		add_later(b, "module", diff->modules[i].want->name,
		    diff->modules[i].secrets, diff->modules[i].n_secrets);
	for (size_t i = 0; i < diff->n_changes; i++)
		add_later(b, "action", diff->changes[i].want->name,
		    diff->changes[i].secrets, diff->changes[i].n_secrets);
}

struct tn_plan *
tn_plan_build(const struct tn_plan_input *input)
{
	struct tn_arena *arena = tn_arena_new();
	struct tn_builder b = { .arena = arena, .diff = input->diff };

	b.plan = tn_arena_new_object(arena, struct tn_plan);
	b.plan->arena = arena;
	b.plan->tenant = tn_arena_text(arena, input->tenant);
	b.plan->provider = tn_arena_text(arena, input->provider);
	b.plan->base_url = tn_arena_text(arena, input->base_url);
	b.plan->project = tn_arena_text(arena, input->project);
	b.plan->key = tn_arena_text(arena, input->key);
	add_module_steps(&b);
	tn_builder_names(&b);
	add_stage_steps(&b);
	add_test_steps(&b);
	add_deploy_steps(&b);
	add_bind_steps(&b);
	tn_builder_deletes(&b);
	add_adoptions(&b);
	add_all_later(&b);
	tn_plan_cost(b.plan, &input->pace);
	tn_plan_digest(b.plan);
	return b.plan;
}
