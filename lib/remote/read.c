#include "remote/job.h"

#include "base/mem.h"

/* Bounds against a tenant that never stops giving pages. */
#define MAX_PAGES 50
#define MAX_BYTES ((size_t)512 << 20)

/*
 * Several lists that are read side by side, each page by page. What the pages hold goes
 * into one arena, which is the receiver's in the end. The first failure ends it all.
 */
struct tn_batch;

struct part {
	struct tn_batch *batch;
	struct tn_op op;    /* texts in the scratch arena */
	struct tn_job *job; /* NULL when none is on its way */
	size_t index;       /* which flow or which action */
	size_t cap;         /* of the list that the pages are added to */
};

struct tn_batch {
	struct tn_remote *remote;
	struct tn_batch *next;
	struct tn_arena *scratch; /* owns the parts */
	struct part *parts;
	size_t n_parts, pending;
	bool ahead;
	struct tn_timer timer; /* for a batch of nothing */

	struct tn_live *live; /* a tenant … */
	tn_remote_live_fn *live_done;
	struct tn_arena *arena; /* … or versions */
	struct tn_action_versions *versions;
	size_t n_versions;
	tn_remote_versions_fn *versions_done;
	void *arg;
};

static void
unlink_batch(struct tn_batch *batch)
{
	struct tn_batch **at = &batch->remote->batches;

	while (*at != batch)
		at = &(*at)->next;
	*at = batch->next;
}

static void
free_batch(struct tn_batch *batch)
{
	unlink_batch(batch);
	tn_timer_stop(&batch->timer);
	for (size_t i = 0; i < batch->n_parts; i++)
		tn_job_drop(tn_take(batch->parts[i].job));
	tn_live_free(batch->live);
	tn_arena_free(batch->arena);
	tn_arena_free(batch->scratch);
	tn_free(batch);
}

void
tn_batch_free_all(struct tn_remote *remote)
{
	while (remote->batches != NULL)
		free_batch(remote->batches);
}

static struct tn_batch *
new_batch(struct tn_remote *remote, size_t max_parts, void *arg)
{
	struct tn_batch *batch = tn_new(struct tn_batch);

	batch->remote = remote;
	batch->next = remote->batches;
	remote->batches = batch;
	batch->scratch = tn_arena_new();
	batch->parts = tn_arena_array(batch->scratch, max_parts, struct part);
	batch->arg = arg;
	return batch;
}

static struct part *
add_part(struct tn_batch *batch, enum tn_op_kind kind, size_t index)
{
	struct part *part = &batch->parts[batch->n_parts++];

	part->batch = batch;
	part->op.kind = kind;
	part->index = index;
	return part;
}

/* Ends the batch first, so that the receiver may do what it likes. */
static void
end_batch(struct tn_batch *batch, const struct tn_error *err)
{
	tn_remote_live_fn *live_done = batch->live_done;
	tn_remote_versions_fn *versions_done = batch->versions_done;
	struct tn_action_versions *versions = batch->versions;
	size_t n_versions = batch->n_versions;
	struct tn_live *live = NULL;
	struct tn_arena *arena = NULL;
	void *arg = batch->arg;

	if (err == NULL) {
		live = tn_take(batch->live);
		arena = tn_take(batch->arena);
	}
	free_batch(batch);
	if (live_done != NULL)
		live_done(arg, live, err);
	else if (err == NULL)
		versions_done(arg, arena, versions, n_versions, NULL);
	else
		versions_done(arg, NULL, NULL, 0, err);
}

static void
on_nothing(void *arg)
{
	end_batch(arg, NULL);
}

/* A list that changes between two pages can show an action twice. */
static void
take_actions(struct part *part, const struct tn_op_result *result)
{
	struct tn_live *live = part->batch->live;

	for (size_t i = 0; i < result->n_actions; i++) {
		const struct tn_live_action *action = &result->actions[i];

		if (part->op.page > 0 && tn_live_by_id(live, action->id) != NULL)
			continue;
		live->actions = tn_arena_grow(live->arena, live->actions, live->n_actions,
		    &part->cap, sizeof *live->actions);
		tn_live_action_copy(live->arena, &live->actions[live->n_actions++],
		    action);
	}
}

static void
take_flow(struct part *part, const struct tn_op_result *result)
{
	struct tn_live *live = part->batch->live;
	struct tn_flow *flow = &live->flows[part->index];
	struct tn_flow page;
	struct tn_binding *bindings;

	tn_flow_copy(live->arena, &page, &result->flow);
	bindings = tn_arena_array(live->arena, flow->n_bindings + page.n_bindings,
	    struct tn_binding);
	for (size_t i = 0; i < flow->n_bindings; i++)
		bindings[i] = flow->bindings[i];
	for (size_t i = 0; i < page.n_bindings; i++)
		bindings[flow->n_bindings + i] = page.bindings[i];
	flow->bindings = bindings;
	flow->n_bindings += page.n_bindings;
}

static void
copy_trigger(struct tn_arena *arena, struct tn_trigger_info *to,
    const struct tn_trigger_info *from)
{
	const char **runtimes = tn_arena_array(arena, from->n_runtimes, const char *);

	*to = *from;
	to->trigger.id = tn_arena_text(arena, from->trigger.id);
	to->trigger.version = tn_arena_text(arena, from->trigger.version);
	for (size_t i = 0; i < from->n_runtimes; i++)
		runtimes[i] = tn_arena_text(arena, from->runtimes[i]);
	to->runtimes = runtimes;
}

static void
take_triggers(struct part *part, const struct tn_op_result *result)
{
	struct tn_live *live = part->batch->live;

	live->has_triggers = true;
	live->n_triggers = result->n_triggers;
	live->triggers = tn_arena_array(live->arena, result->n_triggers,
	    struct tn_trigger_info);
	for (size_t i = 0; i < result->n_triggers; i++)
		copy_trigger(live->arena, &live->triggers[i], &result->triggers[i]);
}

static void
take_modules(struct part *part, const struct tn_op_result *result)
{
	struct tn_live *live = part->batch->live;

	live->modules_off = result->modules_off;
	for (size_t i = 0; i < result->n_modules; i++) {
		const struct tn_live_module *module = &result->modules[i];

		if (part->op.page > 0 && tn_live_module_by_id(live, module->id) != NULL)
			continue;
		live->modules = tn_arena_grow(live->arena, live->modules, live->n_modules,
		    &part->cap, sizeof *live->modules);
		tn_live_module_copy(live->arena, &live->modules[live->n_modules++],
		    module);
	}
}

static void
take_module(struct part *part, const struct tn_op_result *result)
{
	struct tn_live *live = part->batch->live;

	tn_live_module_copy(live->arena, &live->modules[part->index], result->modules);
}

static void
take_module_versions(struct part *part, const struct tn_op_result *result)
{
	struct tn_live *live = part->batch->live;
	struct tn_live_module *module = &live->modules[part->index];
	struct tn_version *versions = tn_arena_array(live->arena,
	    module->n_versions + result->n_versions, struct tn_version);

	for (size_t i = 0; i < module->n_versions; i++)
		versions[i] = module->versions[i];
	for (size_t i = 0; i < result->n_versions; i++)
		tn_version_copy(live->arena, &versions[module->n_versions + i],
		    &result->versions[i]);
	module->versions = versions;
	module->n_versions += result->n_versions;
}

static bool
has_version(const struct tn_action_versions *all, const char *id)
{
	for (size_t i = 0; i < all->n_versions; i++) {
		if (tn_text_equal(all->versions[i].id, id))
			return true;
	}
	return false;
}

static void
take_versions(struct part *part, const struct tn_op_result *result)
{
	struct tn_arena *arena = part->batch->arena;
	struct tn_action_versions *all = &part->batch->versions[part->index];
	struct tn_version *versions = tn_arena_array(arena,
	    all->n_versions + result->n_versions, struct tn_version);
	size_t n = 0;

	for (size_t i = 0; i < all->n_versions; i++)
		versions[n++] = all->versions[i];
	for (size_t i = 0; i < result->n_versions; i++) {
		if (!has_version(all, result->versions[i].id))
			tn_version_copy(arena, &versions[n++], &result->versions[i]);
	}
	all->versions = versions;
	all->n_versions = n;
}

static void
take_page(struct part *part, const struct tn_op_result *result)
{
	switch (part->op.kind) {
	case TN_OP_LIST_ACTIONS:
		take_actions(part, result);
		break;
	case TN_OP_GET_FLOW:
		take_flow(part, result);
		break;
	case TN_OP_LIST_TRIGGERS:
		take_triggers(part, result);
		break;
	case TN_OP_LIST_VERSIONS:
		take_versions(part, result);
		break;
	case TN_OP_LIST_MODULES:
		take_modules(part, result);
		break;
	case TN_OP_GET_MODULE:
		take_module(part, result);
		break;
	case TN_OP_LIST_MODULE_VERSIONS:
		take_module_versions(part, result);
		break;
	case TN_OP_FIND_ACTION:
	case TN_OP_GET_ACTION:
	case TN_OP_CREATE_ACTION:
	case TN_OP_UPDATE_ACTION:
	case TN_OP_RENAME_ACTION:
	case TN_OP_DELETE_ACTION:
	case TN_OP_DEPLOY_ACTION:
	case TN_OP_TEST_ACTION:
	case TN_OP_GET_VERSION:
	case TN_OP_DEPLOY_VERSION:
	case TN_OP_SET_FLOW:
	case TN_OP_FIND_MODULE:
	case TN_OP_CREATE_MODULE:
	case TN_OP_UPDATE_MODULE:
	case TN_OP_DELETE_MODULE:
	case TN_OP_LIST_MODULE_USERS:
	case TN_OP_GET_MODULE_VERSION:
	case TN_OP_PUBLISH_MODULE:
	case TN_OP_ROLLBACK_MODULE:
	case TN_OP_GET_EXECUTION:
	case TN_OP__COUNT:
		break;
	}
}

static int
check_bounds(const struct part *part, struct tn_error *err)
{
	const struct tn_batch *batch = part->batch;
	const struct tn_arena *arena = batch->live != NULL ? batch->live->arena
							   : batch->arena;

	if (part->op.page + 1 >= MAX_PAGES)
		return tn_error_set(err, TN_E_LIMIT,
		    "the tenant has more than %d pages of one list", MAX_PAGES);
	if (tn_arena_size(arena) > MAX_BYTES)
		return tn_error_set(err, TN_E_LIMIT,
		    "the tenant's lists are larger than %zu MiB", MAX_BYTES >> 20);
	return 0;
}

static void on_page(void *arg, const struct tn_op_result *result,
    const struct tn_error *err);

static void
start_part(struct part *part)
{
	part->job = tn_job_start(part->batch->remote, &part->op, on_page, part);
	if (part->batch->ahead)
		tn_job_put_first(part->job);
}

static void
on_page(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error own = TN_ERROR_INIT;
	struct part *part = arg;
	struct tn_batch *batch = part->batch;

	part->job = NULL;
	if (err != NULL) {
		end_batch(batch, err);
		return;
	}
	take_page(part, result);
	if (!result->more) {
		if (--batch->pending == 0)
			end_batch(batch, NULL);
		return;
	}
	if (check_bounds(part, &own) < 0) {
		end_batch(batch, &own);
		return;
	}
	part->op.page++;
	start_part(part);
}

static void
start_batch(struct tn_batch *batch)
{
	batch->pending = batch->n_parts;
	if (batch->n_parts == 0)
		tn_timer_start(&batch->timer, batch->remote->options.loop, 0, on_nothing,
		    batch);
	for (size_t i = 0; i < batch->n_parts; i++)
		start_part(&batch->parts[i]);
}

static void
add_flow(struct tn_batch *batch, const char *trigger)
{
	struct tn_live *live = batch->live;
	struct part *part;

	if (tn_live_flow(live, trigger) != NULL)
		return;
	part = add_part(batch, TN_OP_GET_FLOW, live->n_flows);
	part->op.trigger.id = tn_arena_text(batch->scratch, trigger);
	live->flows[live->n_flows++].trigger = tn_arena_text(live->arena, trigger);
}

static void
add_actions(struct tn_batch *batch, const struct tn_action_filter *filter)
{
	struct part *part = add_part(batch, TN_OP_LIST_ACTIONS, 0);

	part->op.filter = *filter;
	part->op.filter.trigger = tn_arena_text(batch->scratch, filter->trigger);
	part->op.filter.name = tn_arena_text(batch->scratch, filter->name);
}

void
tn_remote_read(struct tn_remote *remote, const struct tn_read_spec *spec,
    tn_remote_live_fn *done, void *arg)
{
	struct tn_batch *batch = new_batch(remote, spec->n_triggers + 3, arg);

	batch->live = tn_live_new();
	batch->live_done = done;
	batch->ahead = spec->ahead;
	batch->live->flows = tn_arena_array(batch->live->arena, spec->n_triggers,
	    struct tn_flow);
	if (spec->actions)
		add_actions(batch, &spec->filter);
	if (spec->modules)
		add_part(batch, TN_OP_LIST_MODULES, 0);
	for (size_t i = 0; i < spec->n_triggers; i++)
		add_flow(batch, spec->triggers[i]);
	if (spec->trigger_list)
		add_part(batch, TN_OP_LIST_TRIGGERS, 0);
	start_batch(batch);
}

void
tn_remote_versions(struct tn_remote *remote, const char *const *action_ids, size_t n,
    tn_remote_versions_fn *done, void *arg)
{
	struct tn_batch *batch = new_batch(remote, n, arg);

	batch->arena = tn_arena_new();
	batch->versions_done = done;
	batch->versions = tn_arena_array(batch->arena, n, struct tn_action_versions);
	batch->n_versions = n;
	for (size_t i = 0; i < n; i++) {
		struct part *part = add_part(batch, TN_OP_LIST_VERSIONS, i);

		part->op.id = tn_arena_text(batch->scratch, action_ids[i]);
		batch->versions[i].action_id = tn_arena_text(batch->arena, action_ids[i]);
	}
	start_batch(batch);
}

void
tn_remote_modules(struct tn_remote *remote, const struct tn_module_need *needs, size_t n,
    tn_remote_live_fn *done, void *arg)
{
	struct tn_batch *batch = new_batch(remote, n, arg);
	struct tn_live *live = tn_live_new();

	batch->live = live;
	batch->live_done = done;
	live->modules = tn_arena_array(live->arena, n, struct tn_live_module);
	live->n_modules = n;
	for (size_t i = 0; i < n; i++) {
		struct part *part = add_part(batch,
		    needs[i].versions ? TN_OP_LIST_MODULE_VERSIONS : TN_OP_GET_MODULE, i);

		part->op.id = tn_arena_text(batch->scratch, needs[i].id);
		live->modules[i].id = tn_arena_text(live->arena, needs[i].id);
		live->modules[i].has_versions = needs[i].versions;
	}
	start_batch(batch);
}
