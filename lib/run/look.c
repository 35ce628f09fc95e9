#include "run/machine.h"

#include <string.h>

#include "base/mem.h"

/* Looking at a tenant, and running a draft: no files, no state. */

static void
end_look(struct tn_run *run, const struct tn_error *err)
{
	if (err != NULL) {
		tn_run_finish_error(run, err);
		return;
	}
	run->result.seen = &run->seen;
	tn_run_finish(run,
	    run->seen.test != NULL && run->seen.test->failed ? TN_EXIT_ERROR
							     : TN_EXIT_DONE);
}

static void
end_missing(struct tn_run *run, const char *what, const char *kinds)
{
	tn_error_set(&run->error, TN_E_NOT_FOUND, "the tenant has no %s \"%s\"", what,
	    run->options.look.name);
	if (kinds != NULL)
		tn_error_hint(&run->error, "tenon get %s lists them", kinds);
	tn_run_finish_error(run, NULL);
}

static struct tn_arena *
seen_arena(struct tn_run *run)
{
	if (run->seen_arena == NULL)
		run->seen_arena = tn_arena_new();
	return run->seen_arena;
}

static void
on_live_seen(void *arg, struct tn_live *live, const struct tn_error *err)
{
	struct tn_run *run = arg;

	run->live = live;
	run->seen.live = live;
	end_look(run, err);
}

/* --- a page, or one --- */

static void
take_actions(struct tn_run *run, const struct tn_op_result *result)
{
	struct tn_live *live = tn_live_new();

	live->actions = tn_arena_array(live->arena, result->n_actions,
	    struct tn_live_action);
	live->n_actions = result->n_actions;
	for (size_t i = 0; i < result->n_actions; i++)
		tn_live_action_copy(live->arena, &live->actions[i], &result->actions[i]);
	run->live = live;
	run->seen.live = live;
}

static void
on_page(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	struct tn_run *run = arg;

	if (err == NULL)
		take_actions(run, result);
	end_look(run, err);
}

static void
on_versions_seen(void *arg, struct tn_arena *arena,
    const struct tn_action_versions *versions, size_t n TN_UNUSED,
    const struct tn_error *err)
{
	struct tn_run *run = arg;

	run->versions_arena = arena;
	run->seen.versions = versions;
	end_look(run, err);
}

static void
on_test_seen(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	struct tn_run *run = arg;
	struct tn_test_run *test;

	if (err == NULL) {
		test = tn_arena_new_object(seen_arena(run), struct tn_test_run);
		tn_test_run_copy(seen_arena(run), test, result->test);
		run->seen.test = test;
	}
	end_look(run, err);
}

/* The action that was named is there: on to what it was named for. */
static void
use_action(struct tn_run *run)
{
	const struct tn_live_action *action = &run->live->actions[0];
	const struct tn_op test = { .kind = TN_OP_TEST_ACTION,
		.id = action->id,
		.name = action->name,
		.payload = run->options.look.payload };

	run->seen.action = action->name;
	if (run->options.command == TN_COMMAND_TEST)
		tn_remote_op(run->remote, &test, on_test_seen, run);
	else if (run->options.look.kind == TN_LOOK_VERSIONS)
		tn_remote_versions(run->remote, &action->id, 1, on_versions_seen, run);
	else
		end_look(run, NULL);
}

static void
on_by_id(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	struct tn_run *run = arg;

	if (err != NULL && err->kind == TN_E_NOT_FOUND) {
		end_missing(run, "action", "actions");
	} else if (err != NULL) {
		end_look(run, err);
	} else {
		take_actions(run, result);
		use_action(run);
	}
}

static void
on_by_name(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	struct tn_run *run = arg;
	const struct tn_op by_id = { .kind = TN_OP_GET_ACTION,
		.id = run->options.look.name };

	if (err != NULL) {
		end_look(run, err);
	} else if (result->n_actions > 0) {
		take_actions(run, result);
		use_action(run);
	} else if (strlen(by_id.id) == TN_UUID_SIZE - 1) {
		tn_remote_op(run->remote, &by_id, on_by_id, run);
	} else {
		end_missing(run, "action", "actions");
	}
}

static void
find_action(struct tn_run *run)
{
	const struct tn_op by_name = { .kind = TN_OP_FIND_ACTION,
		.name = run->options.look.name };

	run->seen.one = true;
	tn_remote_op(run->remote, &by_name, on_by_name, run);
}

/* --- each kind --- */

static void
look_at_actions(struct tn_run *run)
{
	const struct tn_look *look = &run->options.look;
	const struct tn_read_spec all = { .actions = true, .filter = look->filter };
	const struct tn_op page = { .kind = TN_OP_LIST_ACTIONS,
		.page = look->page,
		.filter = look->filter };

	if (look->name != NULL)
		find_action(run);
	else if (look->one_page)
		tn_remote_op(run->remote, &page, on_page, run);
	else
		tn_remote_read(run->remote, &all, on_live_seen, run);
}

/* The flows of all triggers that have one. */
static void
on_triggers_known(void *arg, struct tn_live *live, const struct tn_error *err)
{
	TN_CLEANUP(tn_live_freep) struct tn_live *triggers = live;
	TN_CLEANUP(tn_freep) const char **ids = NULL;
	struct tn_read_spec spec = { 0 };
	struct tn_run *run = arg;

	if (err != NULL) {
		end_look(run, err);
		return;
	}
	ids = tn_alloc(triggers->n_triggers + 1, sizeof(*ids));
	for (size_t i = 0; i < triggers->n_triggers; i++)
		if (!triggers->triggers[i].entity_bound)
			ids[spec.n_triggers++] = triggers->triggers[i].trigger.id;
	spec.triggers = ids;
	tn_remote_read(run->remote, &spec, on_live_seen, run);
}

static void
look_at_bindings(struct tn_run *run)
{
	const struct tn_read_spec one = { .triggers = &run->options.look.name,
		.n_triggers = 1 };
	const struct tn_read_spec triggers = { .trigger_list = true };

	run->seen.one = run->options.look.name != NULL;
	tn_remote_read(run->remote, run->seen.one ? &one : &triggers,
	    run->seen.one ? on_live_seen : on_triggers_known, run);
}

static void
look_at_triggers(struct tn_run *run)
{
	const struct tn_read_spec spec = { .trigger_list = true };

	tn_remote_read(run->remote, &spec, on_live_seen, run);
}

static void
on_execution(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	struct tn_run *run = arg;
	struct tn_execution *execution;

	if (err == NULL) {
		execution = tn_arena_new_object(seen_arena(run), struct tn_execution);
		tn_execution_copy(seen_arena(run), execution, result->execution);
		run->seen.execution = execution;
	} else if (err->kind == TN_E_NOT_FOUND) {
		end_missing(run, "execution", NULL);
		return;
	}
	end_look(run, err);
}

static void
look_at_execution(struct tn_run *run)
{
	const struct tn_op op = { .kind = TN_OP_GET_EXECUTION,
		.id = run->options.look.name };

	run->seen.one = true;
	tn_remote_op(run->remote, &op, on_execution, run);
}

static bool
is_named(const struct tn_live_module *module, const char *name)
{
	return tn_text_equal(module->name, name) || tn_text_equal(module->id, name);
}

static void
on_modules(void *arg, struct tn_live *live, const struct tn_error *err)
{
	struct tn_run *run = arg;
	const char *name = run->options.look.name;
	size_t kept = 0;

	if (err != NULL || name == NULL) {
		on_live_seen(run, live, err);
		return;
	}
	for (size_t i = 0; i < live->n_modules; i++)
		if (is_named(&live->modules[i], name))
			live->modules[kept++] = live->modules[i];
	live->n_modules = kept;
	run->live = live;
	run->seen.live = live;
	if (kept == 0)
		end_missing(run, "module", "modules");
	else
		end_look(run, NULL);
}

static void
look_at_modules(struct tn_run *run)
{
	const struct tn_read_spec spec = { .modules = true };

	run->seen.one = run->options.look.name != NULL;
	tn_remote_read(run->remote, &spec, on_modules, run);
}

void
tn_run_look(struct tn_run *run)
{
	run->seen.kind = run->options.look.kind;
	if (run->options.command == TN_COMMAND_TEST) {
		find_action(run);
		return;
	}
	switch (run->seen.kind) {
	case TN_LOOK_ACTIONS:
		look_at_actions(run);
		return;
	case TN_LOOK_VERSIONS:
		find_action(run);
		return;
	case TN_LOOK_BINDINGS:
		look_at_bindings(run);
		return;
	case TN_LOOK_TRIGGERS:
		look_at_triggers(run);
		return;
	case TN_LOOK_EXECUTIONS:
		look_at_execution(run);
		return;
	case TN_LOOK_MODULES:
		look_at_modules(run);
		return;
	}
}
