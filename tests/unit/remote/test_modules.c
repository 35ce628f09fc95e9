#include "world.h"

#include "base/mem.h"
#include "base/secret.h"

/* All operations on modules against the local tenant, and reading them. */

static const struct tn_content first = { .code = "exports.n = 1;" };
static const struct tn_content second = { .code = "exports.n = 2;" };

struct told {
	bool done;
	struct tn_error err;
	struct tn_arena *arena;
	struct tn_live_module module; /* the first one */
	struct tn_version version;    /* the first one */
	size_t n_modules, n_versions, n_users;
	bool off;
};

static void
take(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	struct told *told = arg;

	told->done = true;
	told->arena = tn_arena_new();
	tn_error_copy(&told->err, err);
	if (result == NULL)
		return;
	told->n_modules = result->n_modules;
	told->n_versions = result->n_versions;
	told->n_users = result->n_users;
	told->off = result->modules_off;
	if (result->n_modules > 0)
		tn_live_module_copy(told->arena, &told->module, &result->modules[0]);
	if (result->n_versions > 0)
		tn_version_copy(told->arena, &told->version, &result->versions[0]);
}

static void
told_done(struct told *told)
{
	tn_arena_free(told->arena);
	tn_error_done(&told->err);
}

static struct told
call(struct world *w, const struct tn_op *op)
{
	struct told told = { 0 };

	tn_remote_op(w->remote, op, take, &told);
	world_until(w, &told.done);
	return told;
}

/* What succeeds. */
static struct told
ask(struct world *w, const struct tn_op *op)
{
	struct told told = call(w, op);

	if (tn_error_is_set(&told.err))
		fail_msg("operation %d: %s", (int)op->kind, told.err.message);
	return told;
}

static enum tn_error_kind
refused(struct world *w, const struct tn_op *op, int status)
{
	struct told told = call(w, op);
	enum tn_error_kind kind = told.err.kind;

	assert_true(tn_error_is_set(&told.err));
	assert_int_equal(told.err.status, status);
	told_done(&told);
	return kind;
}

static char *
create(struct world *w, const char *name, bool publish)
{
	struct told told = ask(w,
	    &(struct tn_op){ .kind = TN_OP_CREATE_MODULE,
		.name = name,
		.content = &first,
		.deploy = publish });
	char *id = tn_strdup(told.module.id);

	assert_string_equal(told.module.name, name);
	told_done(&told);
	return id;
}

static void
a_module_goes_through_its_life(void **state)
{
	TN_CLEANUP(tn_freep) char *id = NULL, *v1 = NULL;
	struct told told;
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	id = create(&w, "greeter", false);
	told = ask(&w, &(struct tn_op){ .kind = TN_OP_GET_MODULE, .id = id });
	assert_false(told.module.has_latest);
	assert_false(told.module.all_published);
	assert_string_equal(told.module.draft.code, first.code);
	told_done(&told);
	told = ask(&w, &(struct tn_op){ .kind = TN_OP_PUBLISH_MODULE, .id = id });
	assert_int_equal(told.version.number, 1);
	v1 = tn_strdup(told.version.id);
	told_done(&told);
	told = ask(&w,
	    &(struct tn_op){ .kind = TN_OP_UPDATE_MODULE, .id = id, .content = &second });
	assert_string_equal(told.module.draft.code, second.code);
	told_done(&told);
	told = ask(&w, &(struct tn_op){ .kind = TN_OP_PUBLISH_MODULE, .id = id });
	assert_int_equal(told.version.number, 2);
	told_done(&told);
	told = ask(&w, &(struct tn_op){ .kind = TN_OP_LIST_MODULE_VERSIONS, .id = id });
	assert_int_equal(told.n_versions, 2);
	assert_int_equal(told.version.number, 2);
	told_done(&told);
	told = ask(&w,
	    &(struct tn_op){ .kind = TN_OP_GET_MODULE_VERSION,
		.id = id,
		.version_id = v1 });
	assert_string_equal(told.version.content.code, first.code);
	told_done(&told);
	told = ask(&w,
	    &(struct tn_op){ .kind = TN_OP_ROLLBACK_MODULE, .id = id, .version_id = v1 });
	assert_string_equal(told.module.draft.code, first.code);
	assert_int_equal(told.module.latest.number, 2);
	assert_false(told.module.all_published);
	told_done(&told);
	told = ask(&w, &(struct tn_op){ .kind = TN_OP_DELETE_MODULE, .id = id });
	told_done(&told);
	assert_int_equal(refused(&w,
			     &(struct tn_op){ .kind = TN_OP_GET_MODULE, .id = id }, 404),
	    TN_E_NOT_FOUND);
	world_done(&w);
}

static void
an_action_that_uses_a_module_keeps_it(void **state)
{
	TN_CLEANUP(tn_freep) char *id = NULL, *v1 = NULL;
	struct outcome outcome;
	struct told told;
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	id = create(&w, "greeter", true);
	told = ask(&w, &(struct tn_op){ .kind = TN_OP_GET_MODULE, .id = id });
	assert_true(told.module.has_latest && told.module.all_published);
	v1 = tn_strdup(told.module.latest.id);
	told_done(&told);
	world_op(&w,
	    &(struct tn_op){ .kind = TN_OP_CREATE_ACTION,
		.name = "enrich",
		.trigger = { "post-login", "v3" },
		.content = &(const struct tn_content){ .code = "x",
		    .modules = &(const struct tn_module_ref){ "greeter", 1, id, v1 },
		    .n_modules = 1 },
		.send_modules = true,
		.deploy = true },
	    &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	outcome_done(&outcome);
	world_sleep(&w, 5 * TN_SEC);
	told = ask(&w, &(struct tn_op){ .kind = TN_OP_LIST_MODULE_USERS, .id = id });
	assert_int_equal(told.n_users, 1);
	told_done(&told);
	assert_int_equal(refused(&w,
			     &(struct tn_op){ .kind = TN_OP_DELETE_MODULE, .id = id },
			     412),
	    TN_E_CONFLICT);
	assert_int_equal(refused(&w,
			     &(struct tn_op){ .kind = TN_OP_PUBLISH_MODULE, .id = id },
			     409),
	    TN_E_CONFLICT);
	assert_int_equal(refused(&w,
			     &(struct tn_op){ .kind = TN_OP_CREATE_MODULE,
				 .name = "greeter",
				 .content = &first },
			     409),
	    TN_E_CONFLICT);
	world_done(&w);
}

struct reading {
	bool done;
	struct tn_live *live;
	struct tn_error err;
};

static void
take_live(void *arg, struct tn_live *live, const struct tn_error *err)
{
	struct reading *reading = arg;

	reading->done = true;
	reading->live = live;
	tn_error_copy(&reading->err, err);
}

static struct tn_live *
read_modules(struct world *w)
{
	const struct tn_read_spec spec = { .modules = true };
	struct reading reading = { 0 };

	tn_remote_read(w->remote, &spec, take_live, &reading);
	world_until(w, &reading.done);
	assert_false(tn_error_is_set(&reading.err));
	return reading.live;
}

static struct tn_live *
read_more(struct world *w, const struct tn_module_need *needs, size_t n)
{
	struct reading reading = { 0 };

	tn_remote_modules(w->remote, needs, n, take_live, &reading);
	world_until(w, &reading.done);
	assert_false(tn_error_is_set(&reading.err));
	return reading.live;
}

static void
pages_of_modules_are_read_until_all_is_there(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	TN_CLEANUP(tn_live_freep) struct tn_live *live = NULL;
	struct world w;

	(void)state;
	options.limits.modules = 200;
	world_init(&w, &options, 10 * TN_MSEC);
	for (int i = 0; i < 101; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;

		tn_str_addf(&body, "{\"name\":\"m%d\",\"code\":\"x\"}", i);
		assert_int_equal(world_admin(&w, "POST", "/api/v2/actions/modules",
				     tn_str_text(&body)),
		    201);
	}
	live = read_modules(&w);
	assert_int_equal(live->n_modules, 101);
	assert_non_null(tn_live_module(live, "m100"));
	assert_int_equal(tn_remote_counts(w.remote).calls, 2);
	world_done(&w);
}

static void
more_is_read_of_the_modules_that_need_it(void **state)
{
	TN_CLEANUP(tn_live_freep) struct tn_live *live = NULL, *more = NULL;
	TN_CLEANUP(tn_freep) char *id = NULL;
	const struct tn_live_module *module;
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	id = create(&w, "greeter", true);
	live = read_modules(&w);
	module = tn_live_module(live, "greeter");
	assert_int_equal(module->latest_number, 1);
	assert_false(module->has_latest || module->has_versions);
	more = read_more(&w,
	    (const struct tn_module_need[]){ { id, false }, { id, true } }, 2);
	tn_live_take_modules(live, more);
	assert_true(module->has_latest && module->has_versions);
	assert_string_equal(module->name, "greeter");
	assert_int_equal(module->n_versions, 1);
	assert_string_equal(module->versions[0].id, module->latest.id);
	assert_int_equal(tn_remote_counts(w.remote).calls, 4);
	world_done(&w);
}

static void
a_tenant_without_modules_reads_as_none(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	TN_CLEANUP(tn_live_freep) struct tn_live *live = NULL;
	struct world w;

	(void)state;
	options.modules = false;
	world_init(&w, &options, 10 * TN_MSEC);
	live = read_modules(&w);
	assert_true(live->modules_off);
	assert_int_equal(live->n_modules, 0);
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_module_goes_through_its_life),
		cmocka_unit_test(an_action_that_uses_a_module_keeps_it),
		cmocka_unit_test(pages_of_modules_are_read_until_all_is_there),
		cmocka_unit_test(more_is_read_of_the_modules_that_need_it),
		cmocka_unit_test(a_tenant_without_modules_reads_as_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
