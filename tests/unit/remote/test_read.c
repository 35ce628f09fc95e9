#include "world.h"

#include "base/mem.h"

/* Reading a whole tenant, and versions. */

struct reading {
	bool done;
	unsigned times;
	struct tn_live *live;
	struct tn_error err;
};

static void
take_live(void *arg, struct tn_live *live, const struct tn_error *err)
{
	struct reading *reading = arg;

	assert_true((live == NULL) != (err == NULL));
	reading->done = true;
	reading->times++;
	reading->live = live;
	tn_error_copy(&reading->err, err);
}

static void
reading_done(struct reading *reading)
{
	tn_live_free(reading->live);
	tn_error_done(&reading->err);
}

static void
read_all(struct world *w, const struct tn_read_spec *spec, struct reading *reading)
{
	*reading = (struct reading){ 0 };
	tn_remote_read(w->remote, spec, take_live, reading);
	assert_false(reading->done);
	world_until(w, &reading->done);
	world_drain(w);
	assert_int_equal(reading->times, 1);
}

static const char *const six[] = { "post-login", "credentials-exchange",
	"pre-user-registration", "post-user-registration", "post-change-password",
	"send-phone-message" };

static void
pages_are_read_until_all_is_there(void **state)
{
	static const struct {
		size_t n;
		unsigned calls;
	} cases[] = {
		{ 0, 1 },
		{ 1, 1 },
		{ 99, 1 },
		{ 100, 1 },
		{ 101, 2 },
		{ 200, 2 },
		{ 250, 3 },
	};
	struct tn_read_spec spec = { .actions = true };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct reading reading;
		struct world w;

		world_init(&w, NULL, 10 * TN_MSEC);
		world_install(&w, cases[i].n);
		read_all(&w, &spec, &reading);
		assert_false(tn_error_is_set(&reading.err));
		assert_int_equal(reading.live->n_actions, cases[i].n);
		for (size_t k = 0; k < cases[i].n; k++) {
			TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;

			tn_str_addf(&name, "a%zu", k);
			assert_string_equal(reading.live->actions[k].name,
			    tn_str_text(&name));
		}
		assert_int_equal(tn_remote_counts(w.remote).calls, cases[i].calls);
		assert_int_equal(tn_sim_calls(w.sim, "GET", NULL), cases[i].calls);
		reading_done(&reading);
		world_done(&w);
	}
}

static void
a_hundred_actions_and_six_triggers_cost_eight_calls(void **state)
{
	struct tn_read_spec spec = { .triggers = six,
		.n_triggers = 6,
		.trigger_list = true,
		.actions = true };
	struct reading reading;
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	world_install(&w, 100);
	read_all(&w, &spec, &reading);
	assert_false(tn_error_is_set(&reading.err));
	assert_int_equal(tn_remote_counts(w.remote).calls, 8);
	assert_int_equal(tn_remote_counts(w.remote).writes, 0);
	assert_int_equal(tn_sim_calls(w.sim, "GET", NULL), 8);
	assert_int_equal(reading.live->n_actions, 100);
	assert_int_equal(reading.live->n_flows, 6);
	assert_true(reading.live->has_triggers);
	assert_int_equal(reading.live->n_triggers, tn_sim_n_triggers);
	for (size_t i = 0; i < 6; i++) {
		assert_string_equal(reading.live->flows[i].trigger, six[i]);
		assert_int_equal(reading.live->flows[i].n_bindings, 0);
	}
	reading_done(&reading);
	world_done(&w);
}

static void
only_what_is_asked_for_is_read(void **state)
{
	struct tn_read_spec nothing = { 0 };
	struct tn_read_spec flow = { .triggers = six, .n_triggers = 1 };
	struct reading reading;
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	read_all(&w, &nothing, &reading);
	assert_non_null(reading.live);
	assert_int_equal(tn_sim_calls(w.sim, NULL, NULL), 0);
	reading_done(&reading);
	read_all(&w, &flow, &reading);
	assert_int_equal(reading.live->n_flows, 1);
	assert_int_equal(reading.live->n_actions, 0);
	assert_false(reading.live->has_triggers);
	assert_int_equal(tn_sim_calls(w.sim, "GET", NULL), 1);
	reading_done(&reading);
	world_done(&w);
}

static void
a_trigger_that_is_named_twice_is_read_once(void **state)
{
	static const char *const twice[] = { "post-login", "credentials-exchange",
		"post-login" };
	struct tn_read_spec spec = { .triggers = twice, .n_triggers = 3 };
	struct reading reading;
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	read_all(&w, &spec, &reading);
	assert_int_equal(reading.live->n_flows, 2);
	assert_int_equal(tn_remote_counts(w.remote).calls, 2);
	reading_done(&reading);
	world_done(&w);
}

static void
flows_show_who_is_bound_in_order(void **state)
{
	struct tn_read_spec spec = { .triggers = six,
		.n_triggers = 2,
		.trigger_list = false,
		.actions = true };
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	struct reading reading;
	const struct tn_flow *flow;
	struct world w;
	char ids[2][37];

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	for (size_t i = 0; i < 2; i++)
		tn_sim_install(w.sim, tn_loop_unix(w.loop), "post-login",
		    i ? "second" : "first", ids[i]);
	tn_str_addf(&body,
	    "{\"bindings\":[{\"ref\":{\"type\":\"action_id\",\"value\":\"%s\"}},"
	    "{\"ref\":{\"type\":\"action_id\",\"value\":\"%s\"},"
	    "\"display_name\":\"One\"},"
	    "{\"ref\":{\"type\":\"action_id\",\"value\":\"%s\"}}]}",
	    ids[1], ids[0], ids[1]);
	assert_int_equal(world_admin(&w, "PATCH",
			     "/api/v2/actions/triggers/post-login/bindings",
			     tn_str_text(&body)),
	    200);
	read_all(&w, &spec, &reading);
	assert_false(tn_error_is_set(&reading.err));
	flow = tn_live_flow(reading.live, "post-login");
	assert_int_equal(flow->n_bindings, 3);
	assert_string_equal(flow->bindings[0].action_id, ids[1]);
	assert_string_equal(flow->bindings[1].action_name, "first");
	assert_string_equal(flow->bindings[1].display_name, "One");
	assert_null(flow->bindings[2].display_name);
	assert_true(flow->bindings[2].installed);
	assert_int_equal(tn_live_flow(reading.live, six[1])->n_bindings, 0);
	assert_true(reading.live->actions[0].installed);
	reading_done(&reading);
	world_done(&w);
}

static void
independent_reads_go_out_together(void **state)
{
	struct tn_read_spec spec = { .triggers = six,
		.n_triggers = 6,
		.trigger_list = true,
		.actions = true };
	struct reading reading;
	struct world w;

	(void)state;
	world_open(&w, NULL, 100 * TN_MSEC);
	w.options.max_in_flight = 8;
	world_connect(&w);
	read_all(&w, &spec, &reading);
	/* One round trip for the token, one that tells of the limit, one for the rest. */
	assert_int_equal(world_now(&w), 300 * TN_MSEC);
	reading_done(&reading);
	world_done(&w);
}

/* Twenty calls, of which the tenant takes two at once and one in a second. */
static void
what_goes_ahead_is_read_before_what_waits(void **state TN_UNUSED)
{
	const struct tn_read_spec spec = { .actions = true, .ahead = true };
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct outcome outcomes[20] = { 0 };
	struct reading reading = { 0 };
	size_t before = 0;
	struct world w;

	options.rate_burst = 2;
	options.rate_per_second = 1;
	world_init(&w, &options, 20 * TN_MSEC);
	for (size_t i = 0; i < TN_ARRAY_LEN(outcomes); i++)
		tn_remote_op(w.remote, &world_list_triggers, outcome_take, &outcomes[i]);
	world_until(&w, &outcomes[1].done);
	world_sleep(&w, 100 * TN_MSEC);
	assert_true(tn_remote_is_held(w.remote));
	tn_remote_read(w.remote, &spec, take_live, &reading);
	world_until(&w, &reading.done);
	for (size_t i = 0; i < TN_ARRAY_LEN(outcomes); i++)
		before += outcomes[i].done;
	assert_int_equal(before, 2);
	reading_done(&reading);
	world_drain(&w);
	assert_false(tn_remote_is_held(w.remote));
	for (size_t i = 0; i < TN_ARRAY_LEN(outcomes); i++) {
		assert_int_equal(outcomes[i].times, 1);
		outcome_done(&outcomes[i]);
	}
	world_done(&w);
}

static void
the_first_failure_ends_the_reading_once(void **state)
{
	struct tn_read_spec spec = { .triggers = six,
		.n_triggers = 6,
		.trigger_list = true,
		.actions = true };
	struct reading reading;
	struct world w;

	(void)state;
	world_init(&w, NULL, 100 * TN_MSEC);
	world_meet(&w);
	world_fault(&w,
	    "{\"path\":\"/actions/triggers/credentials-exchange/bindings\","
	    "\"do\":\"status\",\"status\":403}");
	world_fault(&w,
	    "{\"path\":\"/actions/triggers/post-login/bindings\","
	    "\"do\":\"status\",\"status\":404}");
	read_all(&w, &spec, &reading);
	assert_null(reading.live);
	assert_int_equal(reading.err.kind, TN_E_NOT_FOUND);
	assert_true(tn_text_starts(reading.err.message,
	    "read the bindings of trigger \"post-login\": "));
	/* The rest of the queue was not sent: four were in flight. */
	assert_int_equal(tn_remote_counts(w.remote).calls, 5);
	assert_int_equal(tn_sim_transport_pending(w.transport), 0);
	reading_done(&reading);
	world_done(&w);
}

static void
a_failing_later_page_leaves_nothing_behind(void **state)
{
	struct tn_read_spec spec = { .actions = true };
	struct reading reading;
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	world_install(&w, 150);
	world_fault(&w,
	    "{\"path\":\"/actions/actions\",\"nth\":2,\"do\":\"status\","
	    "\"status\":400}");
	read_all(&w, &spec, &reading);
	assert_int_equal(reading.err.kind, TN_E_INPUT);
	assert_null(reading.live);
	reading_done(&reading);
	/* The remote is as good as before. */
	read_all(&w, &spec, &reading);
	assert_int_equal(reading.live->n_actions, 150);
	reading_done(&reading);
	world_done(&w);
}

static void
a_reading_survives_troubles(void **state)
{
	struct tn_read_spec spec = { .triggers = six,
		.n_triggers = 6,
		.trigger_list = true,
		.actions = true };
	struct reading reading;
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	world_install(&w, 250);
	world_fault(&w, "{\"path\":\"/actions/actions\",\"nth\":2,\"do\":\"drop\"}");
	world_fault(&w, "{\"path\":\"/actions/actions\",\"nth\":4,\"do\":\"cut\"}");
	world_fault(&w,
	    "{\"path\":\"/actions/triggers/{triggerId}/bindings\",\"nth\":3,"
	    "\"do\":\"status\",\"status\":503}");
	world_fault(&w,
	    "{\"path\":\"/actions/triggers\",\"nth\":1,\"do\":\"status\","
	    "\"status\":429}");
	read_all(&w, &spec, &reading);
	assert_false(tn_error_is_set(&reading.err));
	assert_int_equal(reading.live->n_actions, 250);
	assert_int_equal(reading.live->n_flows, 6);
	assert_int_equal(tn_remote_counts(w.remote).retries, 4);
	assert_int_equal(tn_remote_counts(w.remote).calls, 14);
	reading_done(&reading);
	world_done(&w);
}

static void
readings_may_overlap(void **state)
{
	struct tn_read_spec spec = { .triggers = six,
		.n_triggers = 6,
		.trigger_list = true,
		.actions = true };
	struct reading readings[5] = { 0 };
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	world_install(&w, 120);
	for (size_t i = 0; i < 5; i++)
		tn_remote_read(w.remote, &spec, take_live, &readings[i]);
	world_drain(&w);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(readings[i].times, 1);
		assert_int_equal(readings[i].live->n_actions, 120);
		reading_done(&readings[i]);
	}
	assert_int_equal(tn_sim_calls(w.sim, "POST", "/oauth/token"), 1);
	world_done(&w);
}

/* --- versions --- */

struct versions {
	bool done;
	unsigned times;
	struct tn_arena *arena;
	const struct tn_action_versions *items;
	size_t n;
	struct tn_error err;
};

static void
take_versions(void *arg, struct tn_arena *arena, const struct tn_action_versions *items,
    size_t n, const struct tn_error *err)
{
	struct versions *versions = arg;

	assert_true((arena == NULL) != (err == NULL));
	versions->done = true;
	versions->times++;
	versions->arena = arena;
	versions->items = items;
	versions->n = n;
	tn_error_copy(&versions->err, err);
}

/* An action with n deployed versions, made by another person. */
static void
deploy_often(struct world *w, const char *name, unsigned n, char id_out[37])
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	world_create(w, name, id_out);
	tn_str_addf(&path, "/api/v2/actions/actions/%s/deploy", id_out);
	for (unsigned i = 0; i < n; i++) {
		world_sleep(w, TN_SEC);
		assert_int_equal(world_admin(w, "POST", tn_str_text(&path), ""), 200);
	}
	world_sleep(w, TN_SEC);
}

static void
versions_of_several_actions_are_read_side_by_side(void **state)
{
	struct versions versions = { 0 };
	const char *ids[3];
	char texts[3][37];
	struct world w;
	int64_t before;

	(void)state;
	world_init(&w, NULL, 100 * TN_MSEC);
	deploy_often(&w, "none", 0, texts[0]);
	deploy_often(&w, "three", 3, texts[1]);
	deploy_often(&w, "fifty", 50, texts[2]);
	for (size_t i = 0; i < 3; i++)
		ids[i] = texts[i];
	world_meet(&w);
	before = world_now(&w);
	tn_remote_versions(w.remote, ids, 3, take_versions, &versions);
	world_until(&w, &versions.done);
	assert_false(tn_error_is_set(&versions.err));
	assert_int_equal(world_now(&w) - before, 100 * TN_MSEC);
	assert_int_equal(versions.n, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(versions.items[i].action_id, texts[i]);
	assert_int_equal(versions.items[0].n_versions, 0);
	assert_int_equal(versions.items[1].n_versions, 3);
	assert_int_equal(versions.items[2].n_versions, 50);
	assert_int_equal(versions.items[1].versions[0].number, 3);
	assert_true(versions.items[1].versions[0].deployed);
	assert_true(versions.items[1].versions[0].built);
	assert_false(versions.items[1].versions[2].deployed);
	assert_string_equal(versions.items[1].versions[0].content.code, "x");
	assert_int_equal(tn_remote_counts(w.remote).calls, 4);
	tn_arena_free(versions.arena);
	world_done(&w);
}

static void
versions_of_nothing_cost_nothing(void **state)
{
	struct versions versions = { 0 };
	struct world w;

	(void)state;
	world_init(&w, NULL, 0);
	tn_remote_versions(w.remote, NULL, 0, take_versions, &versions);
	assert_false(versions.done);
	world_until(&w, &versions.done);
	assert_int_equal(versions.n, 0);
	assert_non_null(versions.arena);
	assert_int_equal(tn_sim_calls(w.sim, NULL, NULL), 0);
	tn_arena_free(versions.arena);
	world_done(&w);
}

static void
versions_of_a_stranger_are_an_error(void **state)
{
	static const char *const ids[] = { "00000000-0000-4000-8000-000000000000",
		"00000000-0000-4000-8000-000000000001" };
	struct versions versions = { 0 };
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	tn_remote_versions(w.remote, ids, 2, take_versions, &versions);
	world_drain(&w);
	assert_int_equal(versions.times, 1);
	assert_int_equal(versions.err.kind, TN_E_NOT_FOUND);
	assert_null(versions.items);
	tn_error_done(&versions.err);
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_read_until_all_is_there),
		cmocka_unit_test(a_hundred_actions_and_six_triggers_cost_eight_calls),
		cmocka_unit_test(only_what_is_asked_for_is_read),
		cmocka_unit_test(a_trigger_that_is_named_twice_is_read_once),
		cmocka_unit_test(flows_show_who_is_bound_in_order),
		cmocka_unit_test(independent_reads_go_out_together),
		cmocka_unit_test(what_goes_ahead_is_read_before_what_waits),
		cmocka_unit_test(the_first_failure_ends_the_reading_once),
		cmocka_unit_test(a_failing_later_page_leaves_nothing_behind),
		cmocka_unit_test(a_reading_survives_troubles),
		cmocka_unit_test(readings_may_overlap),
		cmocka_unit_test(versions_of_several_actions_are_read_side_by_side),
		cmocka_unit_test(versions_of_nothing_cost_nothing),
		cmocka_unit_test(versions_of_a_stranger_are_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
