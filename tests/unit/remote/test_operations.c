#include "world.h"

#include "base/mem.h"

/*
 * Every operation of the platform over the wire to the simulated tenant, in virtual time
 * and in both dialects. What an operation ends with is looked at while it is there.
 */

struct told {
	bool done;
	const char *failure; /* words of the error that must come; NULL: none */
	enum tn_error_kind kind;
	void (*look)(const struct tn_op_result *result);
};

static char last_id[37];
static char other_id[37];

static void
on_told(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	struct told *told = arg;

	told->done = true;
	if (told->failure != NULL) {
		assert_non_null(err);
		assert_int_equal(err->kind, told->kind);
		assert_non_null(strstr(err->message, told->failure));
		return;
	}
	if (err != NULL)
		fail_msg("%s", err->message);
	if (told->look != NULL)
		told->look(result);
}

static void
tell(struct world *w, const struct tn_op *op, struct told *told)
{
	tn_remote_op(w->remote, op, on_told, told);
	world_until(w, &told->done);
}

static void
see(struct world *w, const struct tn_op *op,
    void (*look)(const struct tn_op_result *result))
{
	struct told told = { .look = look };

	tell(w, op, &told);
}

static void
refused(struct world *w, const struct tn_op *op, enum tn_error_kind kind,
    const char *words)
{
	struct told told = { .failure = words, .kind = kind };

	tell(w, op, &told);
}

/* Builds and deploys are done and shown. */
static void
settle(struct world *w)
{
	world_sleep(w, 10 * TN_SEC);
}

static void
open_in(struct world *w, enum tn_dialect dialect)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;

	options.older = dialect == TN_DIALECT_OLDER;
	world_open(w, &options, 10 * TN_MSEC);
	w->connection.dialect = dialect;
	world_connect(w);
}

static void
keep_id(const char *id)
{
	assert_int_equal(strlen(id), 36);
	memcpy(last_id, id, sizeof(last_id));
}

/* An action of ours that is built and, when it should, runs. */
static void
make(struct world *w, const char *name, bool deploy, char id_out[37])
{
	struct tn_sim_action_view view;
	struct tn_op op = world_create_op;

	op.name = name;
	op.deploy = deploy;
	see(w, &op, NULL);
	settle(w);
	assert_true(tn_sim_view_by_name(w->sim, name, tn_loop_unix(w->loop), &view));
	memcpy(id_out, view.id, 37);
}

static const enum tn_dialect dialects[] = { TN_DIALECT_CURRENT, TN_DIALECT_OLDER };

static void
in_both(void (*test)(struct world *w))
{
	for (size_t i = 0; i < TN_ARRAY_LEN(dialects); i++) {
		struct world w;

		open_in(&w, dialects[i]);
		test(&w);
		world_done(&w);
	}
}

/* --- the life of an action --- */

static void
is_created(const struct tn_op_result *result)
{
	const struct tn_live_action *action = &result->actions[0];

	keep_id(action->id);
	assert_string_equal(action->name, "fresh");
	assert_string_equal(action->build_status, "pending");
	assert_int_equal(action->build, TN_BUILD_RUNNING);
	assert_false(action->has_live);
}

static void
is_built(const struct tn_op_result *result)
{
	assert_int_equal(result->actions[0].build, TN_BUILD_BUILT);
	assert_string_equal(result->actions[0].draft.code, "exports.x = 1;");
}

/* The answer is about the version as it was before it was live. */
static void
is_not_deployed_yet(const struct tn_op_result *result)
{
	keep_id(result->versions[0].id);
	assert_int_equal(result->n_versions, 1);
	assert_false(result->versions[0].deployed);
}

static void
runs_last(const struct tn_op_result *result)
{
	assert_true(result->actions[0].has_live);
	assert_true(result->actions[0].live.deployed);
	assert_true(result->actions[0].live.built);
	assert_string_equal(result->actions[0].live.id, last_id);
}

static void
is_changed_and_builds_anew(const struct tn_op_result *result)
{
	assert_string_equal(result->actions[0].name, "fresher");
	assert_string_equal(result->actions[0].draft.code, "exports.x = 2;");
	assert_int_equal(result->actions[0].build, TN_BUILD_RUNNING);
	assert_string_equal(result->actions[0].live.content.code, "exports.x = 1;");
}

static void
live_an_action(struct world *w)
{
	static const struct tn_content changed = { .code = "exports.x = 2;" };
	char id[37];
	struct tn_op op = { .id = id };

	see(w, &world_create_op, is_created);
	memcpy(id, last_id, sizeof(id));
	op.kind = TN_OP_DEPLOY_ACTION;
	op.id = id;
	settle(w);
	op.kind = TN_OP_GET_ACTION;
	see(w, &op, is_built);
	op.kind = TN_OP_DEPLOY_ACTION;
	see(w, &op, is_not_deployed_yet);
	settle(w);
	op.kind = TN_OP_GET_ACTION;
	see(w, &op, runs_last);
	op = (struct tn_op){ .kind = TN_OP_UPDATE_ACTION,
		.id = id,
		.name = "fresher",
		.trigger = { "post-login", "v3" },
		.content = &changed };
	see(w, &op, is_changed_and_builds_anew);
	op = (struct tn_op){ .kind = TN_OP_DELETE_ACTION, .id = id };
	see(w, &op, NULL);
	refused(w, &op, TN_E_NOT_FOUND, "That action does not exist.");
	op.kind = TN_OP_GET_ACTION;
	refused(w, &op, TN_E_NOT_FOUND, "That action does not exist.");
	assert_int_equal(tn_sim_view_actions(w->sim), 0);
}

static void
an_action_lives_from_creation_to_deletion(void **state)
{
	(void)state;
	in_both(live_an_action);
}

/* --- lists --- */

static size_t expected;
static bool expected_more;

static void
are_as_many(const struct tn_op_result *result)
{
	assert_int_equal(result->n_actions, expected);
	assert_int_equal(result->more, expected_more);
}

static void
list(struct world *w, struct tn_action_filter filter, size_t n)
{
	const struct tn_op op = { .kind = TN_OP_LIST_ACTIONS, .filter = filter };

	expected = n;
	expected_more = false;
	see(w, &op, are_as_many);
}

static void
list_by_conditions(struct world *w)
{
	char id[37];

	make(w, "draft", false, id);
	make(w, "runs", true, id);
	tn_sim_install(w->sim, tn_loop_unix(w->loop), "post-login", "shop", id);
	tn_sim_install(w->sim, tn_loop_unix(w->loop), "send-phone-message", "sms", id);
	list(w, (struct tn_action_filter){ .name = NULL }, 4);
	list(w, (struct tn_action_filter){ .name = "runs" }, 1);
	list(w, (struct tn_action_filter){ .name = "run" }, 0);
	list(w, (struct tn_action_filter){ .trigger = "post-login" }, 3);
	list(w, (struct tn_action_filter){ .trigger = "send-phone-message" }, 1);
	list(w, (struct tn_action_filter){ .installed = TN_YES }, 2);
	list(w, (struct tn_action_filter){ .installed = TN_NO }, 2);
	list(w, (struct tn_action_filter){ .deployed = TN_YES }, 3);
	list(w, (struct tn_action_filter){ .deployed = TN_NO }, 1);
	list(w, (struct tn_action_filter){ "post-login", "runs", TN_YES, TN_NO }, 1);
	list(w, (struct tn_action_filter){ "post-login", "runs", TN_NO, TN_NO }, 0);
}

static void
a_list_shows_what_its_conditions_say(void **state)
{
	(void)state;
	in_both(list_by_conditions);
}

/* The condition is looked at again when the answer comes, by texts of its own. */
static void
a_tenant_that_ignores_a_condition_shows_no_more(void **state)
{
	struct told told = { .look = are_as_many };
	char *name = tn_strdup("wanted");
	struct tn_op op = { .kind = TN_OP_LIST_ACTIONS, .filter.name = name };
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	world_fault(&w,
	    "{\"path\":\"/actions/actions\",\"do\":\"status\",\"status\":200,\"body\":"
	    "{\"actions\":[{\"id\":\"1\",\"name\":\"other\"},"
	    "{\"id\":\"2\",\"name\":\"wanted\"}]}}");
	expected = 1;
	expected_more = false;
	tn_remote_op(w.remote, &op, on_told, &told);
	tn_free(name);
	world_until(&w, &told.done);
	world_done(&w);
}

static void
list_in_pages(struct world *w)
{
	struct tn_op op = { .kind = TN_OP_LIST_ACTIONS };
	static const size_t sizes[] = { 100, 100, 50, 0 };

	world_install(w, 250);
	for (; op.page < TN_ARRAY_LEN(sizes); op.page++) {
		expected = sizes[op.page];
		expected_more = op.page < 2;
		see(w, &op, are_as_many);
	}
}

static void
a_list_comes_in_pages(void **state)
{
	(void)state;
	in_both(list_in_pages);
}

static void
are_twenty_triggers(const struct tn_op_result *result)
{
	assert_int_equal(result->n_triggers, 20);
}

static void
list_triggers(struct world *w)
{
	see(w, &world_list_triggers, are_twenty_triggers);
}

static void
the_triggers_are_listed(void **state)
{
	(void)state;
	in_both(list_triggers);
}

/* --- deleting --- */

static void
bind_one(struct world *w, const char *id)
{
	const struct tn_binding_ref ref = { TN_REF_ACTION_ID, id, NULL };
	const struct tn_op op = { .kind = TN_OP_SET_FLOW,
		.trigger.id = "post-login",
		.refs = &ref,
		.n_refs = 1 };

	see(w, &op, NULL);
	assert_int_equal(tn_sim_view_bindings(w->sim, "post-login"), 1);
}

static void
delete_bound(struct world *w)
{
	char id[37];
	struct tn_op op = { .kind = TN_OP_DELETE_ACTION, .id = id };

	make(w, "runs", true, id);
	bind_one(w, id);
	refused(w, &op, TN_E_CONFLICT, "Unable to delete an action bound to a trigger.");
	assert_int_equal(tn_sim_view_actions(w->sim), 1);
	op.force = true;
	see(w, &op, NULL);
	assert_int_equal(tn_sim_view_actions(w->sim), 0);
	assert_int_equal(tn_sim_view_bindings(w->sim, "post-login"), 0);
}

static void
a_bound_action_goes_only_by_force(void **state)
{
	(void)state;
	in_both(delete_bound);
}

/* --- test runs and executions --- */

static void
has_times_and_no_error(const struct tn_op_result *result)
{
	assert_false(result->test->failed);
	assert_null(result->test->error);
	assert_non_null(tn_value_get(result->test->answer, "stats"));
}

static void
has_results_and_logs(const struct tn_op_result *result)
{
	assert_false(result->test->failed);
	assert_int_equal(tn_value_count(tn_value_get(result->test->answer, "results")),
	    1);
	assert_non_null(tn_value_get(result->test->answer, "logs"));
}

static void
has_thrown(const struct tn_op_result *result)
{
	assert_true(result->test->failed);
	assert_string_equal(result->test->error, "boom");
}

static void
test_draft(struct world *w)
{
	bool older = w->connection.dialect == TN_DIALECT_OLDER;
	const struct tn_value payload = { .kind = TN_VALUE_OBJECT };
	struct tn_op op = { .kind = TN_OP_TEST_ACTION, .payload = &payload };
	char id[37];

	op.id = id;
	make(w, "draft", false, id);
	see(w, &op, older ? has_results_and_logs : has_times_and_no_error);
	world_fault(w,
	    older
		? "{\"path\":\"/actions/{id}/test\",\"nth\":1,\"do\":\"status\","
		  "\"status\":200,\"body\":\"{\\\"results\\\":[{\\\"error\\\":"
		  "{\\\"msg\\\":\\\"boom\\\"}}],\\\"logs\\\":[]}\"}"
		: "{\"path\":\"/actions/actions/{id}/test\",\"nth\":1,\"do\":"
		  "\"status\",\"status\":200,\"body\":\"{\\\"payload\\\":{\\\"error\\\":"
		  "{\\\"message\\\":\\\"boom\\\"}}}\"}");
	see(w, &op, has_thrown);
	op.id = "11111111-2222-4333-8444-555555555555";
	refused(w, &op, TN_E_NOT_FOUND, "That action does not exist.");
}

static void
a_draft_is_run_with_a_payload(void **state)
{
	(void)state;
	in_both(test_draft);
}

/* It may have called somebody, or sent a message: it is not run twice unasked. */
static void
a_test_run_without_an_answer_is_not_sent_again(void **state)
{
	const struct tn_value payload = { .kind = TN_VALUE_OBJECT };
	struct tn_op op = { .kind = TN_OP_TEST_ACTION, .payload = &payload };
	struct world w;
	char id[37];

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	make(&w, "draft", false, id);
	op.id = id;
	world_fault(&w, "{\"path\":\"/actions/actions/{id}/test\",\"do\":\"drop\"}");
	refused(&w, &op, TN_E_UNKNOWN, "run a test of action");
	assert_int_equal(tn_sim_calls(w.sim, "POST", "/actions/actions/{id}/test"), 1);
	world_done(&w);
}

static const char *execution_id;

static void
has_run(const struct tn_op_result *result)
{
	assert_string_equal(result->execution->id, execution_id);
	assert_string_equal(result->execution->trigger, "post-login");
	assert_string_equal(result->execution->status, "final");
	assert_int_equal(result->execution->n_results, 1);
	assert_string_equal(result->execution->results[0].action_name, "runs");
	assert_false(result->execution->results[0].failed);
}

static void
look_at_an_execution(struct world *w)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_op op = { .kind = TN_OP_GET_EXECUTION };
	char id[37];

	make(w, "runs", true, id);
	bind_one(w, id);
	op.id = tn_sim_execute(w->sim, tn_loop_unix(w->loop), "post-login", NULL);
	assert_non_null(op.id);
	execution_id = tn_arena_text(arena, op.id);
	see(w, &op, has_run);
	op.id = "nobody";
	refused(w, &op, TN_E_NOT_FOUND, "That execution does not exist.");
}

static void
an_execution_can_be_looked_at(void **state)
{
	(void)state;
	in_both(look_at_an_execution);
}

/* --- versions --- */

static void
keeps_the_first(const struct tn_op_result *result)
{
	assert_int_equal(result->n_versions, 2);
	for (size_t i = 0; i < 2; i++)
		if (result->versions[i].number == 1)
			memcpy(other_id, result->versions[i].id, sizeof(other_id));
}

static void
is_the_first(const struct tn_op_result *result)
{
	assert_int_equal(result->versions[0].number, 1);
	assert_string_equal(result->versions[0].content.code, "exports.x = 1;");
	assert_false(result->versions[0].deployed);
}

static void
is_a_third(const struct tn_op_result *result)
{
	assert_int_equal(result->versions[0].number, 3);
	assert_string_equal(result->versions[0].content.code, "exports.x = 1;");
}

static void
draft_and_live_are_old(const struct tn_op_result *result)
{
	assert_string_equal(result->actions[0].live.content.code, "exports.x = 1;");
	assert_string_equal(result->actions[0].draft.code, "exports.x = 1;");
}

static void
only_live_is_old(const struct tn_op_result *result)
{
	assert_string_equal(result->actions[0].live.content.code, "exports.x = 1;");
	assert_string_equal(result->actions[0].draft.code, "exports.x = 2;");
}

static void
go_back(struct world *w)
{
	static const struct tn_content changed = { .code = "exports.x = 2;" };
	char id[37];
	struct tn_op op = { .kind = TN_OP_UPDATE_ACTION,
		.name = "runs",
		.trigger = { "post-login", "v3" },
		.content = &changed };

	make(w, "runs", true, id);
	op.id = id;
	see(w, &op, NULL);
	settle(w);
	op = (struct tn_op){ .kind = TN_OP_DEPLOY_ACTION, .id = id };
	see(w, &op, NULL);
	settle(w);
	op.kind = TN_OP_LIST_VERSIONS;
	see(w, &op, keeps_the_first);
	op.version_id = other_id;
	op.kind = TN_OP_GET_VERSION;
	see(w, &op, is_the_first);
	op.kind = TN_OP_DEPLOY_VERSION;
	see(w, &op, is_a_third);
	settle(w);
	op.kind = TN_OP_GET_ACTION;
	see(w, &op, only_live_is_old);
	op.kind = TN_OP_DEPLOY_VERSION;
	op.update_draft = true;
	see(w, &op, NULL);
	settle(w);
	op.kind = TN_OP_GET_ACTION;
	see(w, &op, draft_and_live_are_old);
	op.kind = TN_OP_GET_VERSION;
	op.version_id = id;
	refused(w, &op, TN_E_NOT_FOUND, "does not exist");
}

static void
a_version_is_listed_read_and_deployed_again(void **state)
{
	(void)state;
	in_both(go_back);
}

/* --- bindings --- */

static char binding_ids[3][37];

static void
keep_binding_ids(const struct tn_op_result *result)
{
	assert_int_equal(result->flow.n_bindings, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(strlen(result->binding_ids[i]), 36);
		memcpy(binding_ids[i], result->binding_ids[i], 37);
	}
}

static void
is_turned_around(const struct tn_op_result *result)
{
	const struct tn_binding *bindings = result->flow.bindings;

	assert_int_equal(result->flow.n_bindings, 3);
	assert_string_equal(bindings[0].action_name, "b");
	assert_string_equal(bindings[0].display_name, "Third");
	assert_string_equal(bindings[1].action_name, "a");
	assert_null(bindings[1].display_name);
	assert_string_equal(bindings[2].action_name, "a");
	assert_string_equal(bindings[2].display_name, "First");
}

/* None of the ids that stood there before is there any more. */
static void
has_new_ids(const struct tn_op_result *result)
{
	is_turned_around(result);
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 3; k++)
			assert_string_not_equal(result->binding_ids[i], binding_ids[k]);
}

static void
bind_in_three_ways(struct world *w)
{
	char a[37], b[37];
	const struct tn_binding_ref first[] = { { TN_REF_ACTION_ID, a, "First" },
		{ TN_REF_ACTION_NAME, "a", NULL }, { TN_REF_ACTION_ID, b, "Third" } };
	const struct tn_binding_ref turned[] = { { TN_REF_BINDING_ID, binding_ids[2],
						     NULL },
		{ TN_REF_ACTION_NAME, "a", NULL },
		{ TN_REF_BINDING_ID, binding_ids[0], NULL } };
	struct tn_op op = { .kind = TN_OP_SET_FLOW,
		.trigger.id = "post-login",
		.refs = first,
		.n_refs = 3 };

	make(w, "a", true, a);
	make(w, "b", true, b);
	see(w, &op, keep_binding_ids);
	op.refs = turned;
	see(w, &op, has_new_ids);
	op.kind = TN_OP_GET_FLOW;
	see(w, &op, has_new_ids);
	/* The ids of before name nothing now. */
	op.kind = TN_OP_SET_FLOW;
	refused(w, &op, TN_E_NOT_FOUND, "That action does not exist.");
}

static void
bindings_are_named_in_three_ways_and_get_new_ids(void **state)
{
	(void)state;
	in_both(bind_in_three_ways);
}

/*
 * Paths of today are none in an older tenant, and the reverse; "actions" passes for an id
 * there, which takes no page.
 */
static void
the_wrong_dialect_finds_nothing_and_changes_nothing(void **state)
{
	static const enum tn_error_kind kinds[] = { TN_E_NOT_FOUND, TN_E_INPUT };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(dialects); i++) {
		const struct tn_op op = { .kind = TN_OP_LIST_ACTIONS };
		struct outcome outcome;
		struct world w;

		open_in(&w, dialects[i]);
		w.connection.dialect = dialects[1 - i];
		world_op(&w, &op, &outcome);
		assert_int_equal(outcome.err.kind, kinds[i]);
		assert_non_null(strstr(outcome.err.hint, "dialect"));
		outcome_done(&outcome);
		refused(&w, &world_create_op, TN_E_NOT_FOUND, "create action");
		assert_int_equal(tn_sim_view_actions(w.sim), 0);
		world_done(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_action_lives_from_creation_to_deletion),
		cmocka_unit_test(a_list_shows_what_its_conditions_say),
		cmocka_unit_test(a_tenant_that_ignores_a_condition_shows_no_more),
		cmocka_unit_test(a_list_comes_in_pages),
		cmocka_unit_test(the_triggers_are_listed),
		cmocka_unit_test(a_bound_action_goes_only_by_force),
		cmocka_unit_test(a_draft_is_run_with_a_payload),
		cmocka_unit_test(a_test_run_without_an_answer_is_not_sent_again),
		cmocka_unit_test(an_execution_can_be_looked_at),
		cmocka_unit_test(a_version_is_listed_read_and_deployed_again),
		cmocka_unit_test(bindings_are_named_in_three_ways_and_get_new_ids),
		cmocka_unit_test(the_wrong_dialect_finds_nothing_and_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
