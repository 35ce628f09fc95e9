#include "world.h"

#include "base/mem.h"

/* Single operations: retries, errors, the queue. */

static void
an_operation_gives_its_result(void **state)
{
	struct outcome outcome;
	struct tn_op op;
	struct world w;
	char id[37];

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	world_create(&w, "enrich", id);
	op = (struct tn_op){ .kind = TN_OP_FIND_ACTION, .name = "enrich" };
	world_op(&w, &op, &outcome);
	assert_int_equal(outcome.n_actions, 1);
	assert_string_equal(outcome.id, id);
	outcome_done(&outcome);
	op = (struct tn_op){ .kind = TN_OP_FIND_ACTION, .name = "nobody" };
	world_op(&w, &op, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	assert_int_equal(outcome.n_actions, 0);
	op = (struct tn_op){ .kind = TN_OP_GET_ACTION, .id = id };
	world_op(&w, &op, &outcome);
	assert_string_equal(outcome.id, id);
	outcome_done(&outcome);
	op = (struct tn_op){ .kind = TN_OP_DELETE_ACTION, .id = id };
	world_op(&w, &op, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	assert_int_equal(tn_sim_view_actions(w.sim), 0);
	assert_int_equal(tn_remote_counts(w.remote).calls, 4);
	assert_int_equal(tn_remote_counts(w.remote).writes, 1);
	world_done(&w);
}

static void
what_an_operation_points_to_may_die_at_once(void **state)
{
	struct outcome outcome = { 0 };
	struct tn_secret *value = tn_secret_new("s3cret", 6);
	char *name = tn_strdup("enrich");
	char *trigger = tn_strdup("post-login");
	struct tn_secret_ref *refs = tn_new(struct tn_secret_ref);
	struct tn_secret_value *values = tn_new(struct tn_secret_value);
	struct tn_content *content = tn_new(struct tn_content);
	struct tn_op *op = tn_new(struct tn_op);
	struct tn_sim_action_view view;
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	*refs = (struct tn_secret_ref){ .name = "KEY" };
	*values = (struct tn_secret_value){ "KEY", value };
	*content = (struct tn_content){ .code = "x", .secrets = refs, .n_secrets = 1 };
	*op = (struct tn_op){ .kind = TN_OP_CREATE_ACTION,
		.name = name,
		.trigger = { trigger, "v3" },
		.content = content,
		.values = values,
		.n_values = 1 };
	tn_remote_op(w.remote, op, outcome_take, &outcome);
	tn_free(op);
	tn_free(content);
	tn_free(values);
	tn_free(refs);
	tn_free(trigger);
	tn_free(name);
	tn_secret_unref(value);
	world_until(&w, &outcome.done);
	assert_false(tn_error_is_set(&outcome.err));
	assert_true(tn_sim_view_by_name(w.sim, "enrich", tn_loop_unix(w.loop), &view));
	assert_int_equal(view.draft.n_secrets, 1);
	outcome_done(&outcome);
	world_done(&w);
}

/* A fault that strikes the first n calls of a resource. */
static void
strike(struct world *w, const char *path, unsigned n, const char *rest)
{
	for (unsigned i = 1; i <= n; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str fault = TN_STR_INIT;

		tn_str_addf(&fault, "{\"path\":\"%s\",\"nth\":%u,%s}", path, i, rest);
		world_fault(w, tn_str_text(&fault));
	}
}

static const char *const passing_troubles[] = {
	"\"do\":\"drop\"",
	"\"do\":\"cut\"",
	"\"do\":\"status\",\"status\":429",
	"\"do\":\"status\",\"status\":500",
	"\"do\":\"status\",\"status\":502",
	"\"do\":\"status\",\"status\":503",
	"\"do\":\"status\",\"status\":504",
	"\"do\":\"delay\",\"ms\":30000",
};

static void
a_read_survives_four_troubles(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(passing_troubles); i++) {
		struct outcome outcome;
		struct world w;

		world_init(&w, NULL, 10 * TN_MSEC);
		strike(&w, "/actions/triggers", 4, passing_troubles[i]);
		world_op(&w, &world_list_triggers, &outcome);
		if (tn_error_is_set(&outcome.err))
			fail_msg("%s: %s", passing_troubles[i], outcome.err.message);
		assert_int_equal(tn_remote_counts(w.remote).calls, 5);
		assert_int_equal(tn_remote_counts(w.remote).retries, 4);
		world_done(&w);
	}
}

static void
a_read_gives_up_after_five_tries(void **state)
{
	static const struct {
		const char *fault;
		int status;
	} cases[] = {
		{ "\"do\":\"drop\"", 0 },
		{ "\"do\":\"status\",\"status\":503", 503 },
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct outcome outcome;
		struct world w;

		world_init(&w, NULL, 10 * TN_MSEC);
		strike(&w, "/actions/triggers", 9, cases[i].fault);
		world_op(&w, &world_list_triggers, &outcome);
		assert_int_equal(outcome.err.kind, TN_E_TRANSIENT);
		assert_int_equal(outcome.err.status, cases[i].status);
		assert_int_equal(outcome.err.attempts, 5);
		assert_true(tn_text_starts(outcome.err.message,
		    "list the triggers, tried 5 times: "));
		assert_int_equal(tn_remote_counts(w.remote).calls, 5);
		/* Four delays of at most 0.5, 1, 2 and 4 seconds. */
		assert_true(world_now(&w) < 8 * TN_SEC);
		outcome_done(&outcome);
		world_done(&w);
	}
}

static void
a_server_that_never_answers_costs_bounded_time(void **state)
{
	struct outcome outcome;
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	world_fault(&w, "{\"path\":\"/actions/triggers\",\"do\":\"hold\"}");
	world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_TRANSIENT);
	assert_true(world_now(&w) >= 5 * TN_REMOTE_DEADLINE);
	assert_true(world_now(&w) < 5 * TN_REMOTE_DEADLINE + 8 * TN_SEC);
	outcome_done(&outcome);
	world_done(&w);
}

static void
a_write_that_may_have_arrived_is_not_sent_again(void **state)
{
	static const struct {
		const char *fault;
		unsigned made;
	} cases[] = {
		{ "\"do\":\"drop\",\"when\":\"before\"", 0 },
		{ "\"do\":\"drop\",\"when\":\"after\"", 1 },
		{ "\"do\":\"cut\"", 1 },
		{ "\"do\":\"status\",\"status\":500,\"when\":\"before\"", 0 },
		{ "\"do\":\"status\",\"status\":502,\"when\":\"after\"", 1 },
		{ "\"do\":\"status\",\"status\":503,\"when\":\"after\"", 1 },
		{ "\"do\":\"status\",\"status\":504,\"when\":\"before\"", 0 },
		{ "\"do\":\"delay\",\"ms\":60000", 1 },
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct outcome outcome;
		struct world w;

		world_init(&w, NULL, 10 * TN_MSEC);
		strike(&w, "/actions/actions", 1, cases[i].fault);
		world_op(&w, &world_create_op, &outcome);
		if (outcome.err.kind != TN_E_UNKNOWN)
			fail_msg("%s: %s", cases[i].fault,
			    tn_error_kind_name(outcome.err.kind));
		assert_int_equal(outcome.err.attempts, 1);
		assert_true(
		    tn_text_starts(outcome.err.message, "create action \"fresh\": "));
		assert_int_equal(tn_sim_calls(w.sim, "POST", "/actions/actions"), 1);
		assert_int_equal(tn_sim_view_actions(w.sim), cases[i].made);
		assert_int_equal(tn_remote_counts(w.remote).writes, 1);
		outcome_done(&outcome);
		world_done(&w);
	}
}

static void
a_write_that_certainly_did_nothing_is_sent_again(void **state)
{
	struct outcome outcome;
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	strike(&w, "/actions/actions", 3, "\"do\":\"status\",\"status\":429");
	world_op(&w, &world_create_op, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	assert_int_equal(tn_sim_view_actions(w.sim), 1);
	assert_int_equal(tn_remote_counts(w.remote).writes, 4);
	outcome_done(&outcome);
	world_done(&w);
}

static void
a_deploy_waits_for_the_build(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct outcome outcome;
	struct tn_op op;
	struct world w;
	char id[37];

	(void)state;
	options.plain_ns = 600 * TN_MSEC;
	world_init(&w, &options, 10 * TN_MSEC);
	world_create(&w, "enrich", id);
	op = (struct tn_op){ .kind = TN_OP_DEPLOY_ACTION, .id = id };
	world_op(&w, &op, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	assert_non_null(outcome.id);
	assert_true(world_now(&w) >= 600 * TN_MSEC);
	assert_true(tn_remote_counts(w.remote).calls > 1);
	outcome_done(&outcome);
	world_done(&w);
}

static void
a_deploy_does_not_wait_for_ever(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct outcome outcome;
	struct tn_op op;
	struct world w;
	char id[37];

	(void)state;
	options.plain_ns = 3600 * TN_SEC;
	world_init(&w, &options, 10 * TN_MSEC);
	world_create(&w, "enrich", id);
	op = (struct tn_op){ .kind = TN_OP_DEPLOY_ACTION, .id = id, .name = "enrich" };
	world_op(&w, &op, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_TRANSIENT);
	assert_int_equal(outcome.err.status, 400);
	assert_int_equal(outcome.err.attempts, 8);
	assert_true(tn_text_starts(outcome.err.message,
	    "deploy action \"enrich\", tried 8 times: the tenant answers 400: A draft"));
	outcome_done(&outcome);
	world_done(&w);
}

static void
refusals_are_final_and_say_what_was_tried(void **state)
{
	struct tn_op op = { .kind = TN_OP_GET_ACTION,
		.id = "00000000-0000-4000-8000-000000000000" };
	struct outcome outcome;
	struct world w;
	char id[37];

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	world_op(&w, &op, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_NOT_FOUND);
	assert_int_equal(outcome.err.status, 404);
	assert_int_equal(outcome.err.attempts, 1);
	assert_string_equal(outcome.err.message,
	    "read action \"00000000-0000-4000-8000-000000000000\": the tenant answers "
	    "404: That action does not exist.");
	outcome_done(&outcome);
	world_create(&w, "fresh", id);
	world_op(&w, &world_create_op, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_CONFLICT);
	assert_int_equal(outcome.err.attempts, 1);
	outcome_done(&outcome);
	op = (struct tn_op){ .kind = TN_OP_GET_FLOW, .trigger.id = "no\x1bsuch" };
	world_op(&w, &op, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_INPUT);
	assert_true(tn_text_starts(outcome.err.message,
	    "read the bindings of trigger \"no\\x1bsuch\": "));
	outcome_done(&outcome);
	world_done(&w);
}

static void
an_operation_that_cannot_be_built_fails_from_the_loop(void **state)
{
	struct tn_op op = { .kind = TN_OP_DELETE_ACTION, .id = "" };
	struct outcome outcome;
	struct world w;

	(void)state;
	world_init(&w, NULL, 0);
	world_op(&w, &op, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_BUG);
	assert_int_equal(outcome.err.attempts, 0);
	assert_int_equal(tn_sim_calls(w.sim, NULL, NULL), 0);
	outcome_done(&outcome);
	world_done(&w);
}

static void
operations_are_sent_in_order_and_a_few_at_a_time(void **state)
{
	static const unsigned allowed[] = { 0, 1, 3 };

	(void)state;
	for (size_t k = 0; k < TN_ARRAY_LEN(allowed); k++) {
		struct outcome outcomes[12] = { 0 };
		size_t expected = allowed[k] != 0 ? allowed[k] : 4;
		size_t most = 0;
		struct world w;

		world_open(&w, NULL, 100 * TN_MSEC);
		w.options.max_in_flight = allowed[k];
		world_connect(&w);
		for (size_t i = 0; i < 12; i++)
			tn_remote_op(w.remote, &world_list_triggers, outcome_take,
			    &outcomes[i]);
		while (tn_loop_step(w.loop)) {
			size_t pending = tn_sim_transport_pending(w.transport);

			most = pending > most ? pending : most;
		}
		assert_int_equal(most, expected);
		for (size_t i = 0; i < 12; i++) {
			assert_int_equal(outcomes[i].times, 1);
			assert_true(i == 0 || outcomes[i].order > outcomes[i - 1].order);
		}
		world_done(&w);
	}
}

static unsigned
refused_for_the_rate(const struct world *w)
{
	unsigned n = 0;

	for (size_t i = 0; i < tn_sim_log_count(w->sim); i++)
		n += tn_sim_log_at(w->sim, i)->status == 429;
	return n;
}

/* Tenants of which nobody else wants anything. */
static void
a_quiet_tenant_never_refuses_for_the_rate(void **state)
{
	static const struct {
		unsigned burst, per_second, n;
		double most_s;
	} rows[] = { { 2, 2, 30, 60 }, { 10, 2, 60, 35 }, { 50, 16, 300, 20 },
		{ 1, 1, 10, 25 }, { 10, 10, 200, 25 } };
	static const int64_t latencies[] = { TN_MSEC, 20 * TN_MSEC, 300 * TN_MSEC };

	(void)state;
	for (size_t k = 0; k < TN_ARRAY_LEN(rows) * TN_ARRAY_LEN(latencies); k++) {
		struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
		struct outcome outcomes[300] = { 0 };
		size_t row = k / TN_ARRAY_LEN(latencies);
		double took;
		struct world w;

		options.rate_burst = rows[row].burst;
		options.rate_per_second = rows[row].per_second;
		world_init(&w, &options, latencies[k % TN_ARRAY_LEN(latencies)]);
		for (size_t i = 0; i < rows[row].n; i++)
			tn_remote_op(w.remote, &world_list_triggers, outcome_take,
			    &outcomes[i]);
		world_drain(&w);
		for (size_t i = 0; i < rows[row].n; i++) {
			assert_int_equal(outcomes[i].times, 1);
			assert_false(tn_error_is_set(&outcomes[i].err));
		}
		assert_int_equal(refused_for_the_rate(&w), 0);
		took = (double)world_now(&w) / 1e9;
		if (took > rows[row].most_s + (double)rows[row].n * 0.1)
			fail_msg("%u:%u: %.1f s", rows[row].burst, rows[row].per_second,
			    took);
		world_done(&w);
	}
}

/* Somebody else's program, which knows nothing of limits: some calls every second. */
struct neighbour {
	struct world *w;
	struct tn_connection connection;
	struct tn_secret *token;
	struct tn_timer timer;
	unsigned at_once, seconds, refused;
};

static void
neighbour_knows(void *arg, const struct tn_http_response *resp,
    const struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct neighbour *neighbour = arg;
	struct tn_token token;

	assert_null(err);
	assert_int_equal(tn_auth0_provider.token_answer(resp, arena, &token, NULL), 0);
	neighbour->token = token.secret;
}

static void
neighbour_heard(void *arg, const struct tn_http_response *resp,
    const struct tn_error *err)
{
	struct neighbour *neighbour = arg;

	assert_null(err);
	neighbour->refused += resp->status == 429;
}

static void
neighbour_calls(void *arg)
{
	static const struct tn_op op = { .kind = TN_OP_LIST_TRIGGERS };
	struct neighbour *neighbour = arg;

	for (unsigned i = 0; i < neighbour->at_once; i++) {
		struct tn_http_request req;

		assert_int_equal(tn_auth0_provider.request(&neighbour->connection, &op,
				     &req, NULL),
		    0);
		tn_http_header_secret(&req, "Authorization", "Bearer ", neighbour->token);
		tn_transport_submit(neighbour->w->transport, &req, neighbour_heard,
		    neighbour);
		tn_http_request_done(&req);
	}
	if (--neighbour->seconds > 0)
		tn_timer_start(&neighbour->timer, neighbour->w->loop, TN_SEC,
		    neighbour_calls, neighbour);
}

static void
neighbour_begins(struct neighbour *neighbour, struct world *w, unsigned at_once)
{
	const struct tn_token_moment moment = { .id = "none" };
	struct tn_http_request req;

	*neighbour = (struct neighbour){ .w = w,
		.connection = w->connection,
		.at_once = at_once,
		.seconds = 200 };
	assert_int_equal(tn_auth0_provider.token_request(&neighbour->connection, &moment,
			     &req, NULL),
	    0);
	tn_transport_submit(w->transport, &req, neighbour_knows, neighbour);
	tn_http_request_done(&req);
	world_drain(w);
	neighbour_calls(neighbour);
}

/* A hundred reads beside somebody who uses half of what comes back, all the time. */
static void
a_busy_tenant_is_left_to_others(void **state)
{
	static const unsigned shares[] = { 100, 50 };

	(void)state;
	for (size_t k = 0; k < TN_ARRAY_LEN(shares); k++) {
		struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
		struct outcome outcomes[100] = { 0 };
		struct neighbour neighbour;
		struct world w;

		options.rate_burst = 20;
		options.rate_per_second = 10;
		world_open(&w, &options, 50 * TN_MSEC);
		w.options.rate_share = shares[k];
		world_connect(&w);
		neighbour_begins(&neighbour, &w, 6);
		world_sleep(&w, 2300 * TN_MSEC);
		for (size_t i = 0; i < 100; i++)
			tn_remote_op(w.remote, &world_list_triggers, outcome_take,
			    &outcomes[i]);
		for (size_t i = 0; i < 100; i++)
			world_until(&w, &outcomes[i].done);
		print_message("share %u: a hundred reads in %.1f s\n", shares[k],
		    (double)world_now(&w) / 1e9 - 2);
		assert_true(world_now(&w) < 62 * TN_SEC);
		assert_int_equal(neighbour.refused, 0);
		assert_int_equal(refused_for_the_rate(&w), 0);
		tn_timer_stop(&neighbour.timer);
		world_drain(&w);
		tn_secret_unref(neighbour.token);
		world_done(&w);
	}
}

/* Somebody who uses all of it: what little is done beside does not stop either. */
static void
beside_a_flood_there_is_some_progress(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct outcome outcomes[10] = { 0 };
	struct neighbour neighbour;
	struct world w;
	unsigned ours;

	(void)state;
	options.rate_burst = 10;
	options.rate_per_second = 5;
	world_init(&w, &options, 50 * TN_MSEC);
	neighbour_begins(&neighbour, &w, 10);
	world_sleep(&w, 5 * TN_SEC);
	for (size_t i = 0; i < 10; i++)
		tn_remote_op(w.remote, &world_list_triggers, outcome_take, &outcomes[i]);
	for (size_t i = 0; i < 10; i++)
		world_until(&w, &outcomes[i].done);
	ours = refused_for_the_rate(&w) - neighbour.refused;
	print_message("ten reads in %.1f s, %u tries refused\n",
	    (double)world_now(&w) / 1e9 - 5, ours);
	tn_timer_stop(&neighbour.timer);
	world_drain(&w);
	for (size_t i = 0; i < 10; i++)
		assert_false(tn_error_is_set(&outcomes[i].err));
	tn_secret_unref(neighbour.token);
	world_done(&w);
}

static void
a_refusal_for_the_rate_holds_up_the_whole_queue(void **state)
{
	/* The second one is how the platform shows it at times. */
	static const char *const faults[] = {
		"{\"path\":\"/actions/triggers\",\"nth\":1,\"do\":\"status\","
		"\"status\":429}",
		"{\"path\":\"/actions/triggers\",\"nth\":1,\"do\":\"status\","
		"\"status\":500,\"body\":{\"statusCode\":500,\"message\":"
		"\"Global limit has been reached\"}}",
	};

	(void)state;
	for (size_t k = 0; k < TN_ARRAY_LEN(faults); k++) {
		struct outcome outcomes[10] = { 0 };
		struct world w;

		world_open(&w, NULL, 10 * TN_MSEC);
		w.options.max_in_flight = 1;
		world_connect(&w);
		world_fault(&w, faults[k]);
		for (size_t i = 0; i < 10; i++)
			tn_remote_op(w.remote, &world_list_triggers, outcome_take,
			    &outcomes[i]);
		while (tn_remote_counts(w.remote).calls == 0)
			assert_true(tn_loop_step(w.loop));
		/* A refusal without a word about the reset pauses for half a second at
		 * least. */
		world_sleep(&w, 500 * TN_MSEC);
		assert_int_equal(tn_sim_calls(w.sim, "GET", "/actions/triggers"), 1);
		world_drain(&w);
		for (size_t i = 0; i < 10; i++) {
			assert_int_equal(outcomes[i].times, 1);
			assert_false(tn_error_is_set(&outcomes[i].err));
		}
		world_done(&w);
	}
}

struct chain {
	struct world *w;
	unsigned left;
	bool done;
};

static void
next_in_chain(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	struct chain *chain = arg;

	assert_non_null(result);
	assert_null(err);
	if (--chain->left == 0)
		chain->done = true;
	else
		tn_remote_op(chain->w->remote, &world_list_triggers, next_in_chain,
		    chain);
}

static void
an_operation_may_start_the_next_one(void **state)
{
	struct world w;
	struct chain chain = { &w, 50, false };

	(void)state;
	world_init(&w, NULL, TN_MSEC);
	tn_remote_op(w.remote, &world_list_triggers, next_in_chain, &chain);
	world_until(&w, &chain.done);
	assert_int_equal(tn_remote_counts(w.remote).calls, 50);
	world_done(&w);
}

static void
the_same_seed_gives_the_same_run(void **state)
{
	int64_t ends[2];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct outcome outcome;
		struct world w;

		world_init(&w, NULL, 10 * TN_MSEC);
		strike(&w, "/actions/triggers", 4, "\"do\":\"drop\"");
		world_op(&w, &world_list_triggers, &outcome);
		ends[i] = world_now(&w);
		world_done(&w);
	}
	assert_int_equal(ends[0], ends[1]);
}

/* Faults at random over many reads and writes: all complete, once, and nothing twice. */
static void
random_troubles_never_lose_or_double_anything(void **state)
{
	static const char *const paths[] = { "/actions/triggers", "/actions/actions",
		"/oauth/token" };

	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		struct outcome reads[12] = { 0 }, writes[6] = { 0 };
		struct tn_rand rand;
		struct world w;
		unsigned sure = 0, unknown = 0;

		tn_rand_init(&rand, seed);
		world_init(&w, NULL, (int64_t)tn_rand_below(&rand, 50) * TN_MSEC);
		for (unsigned i = 0; i < 25; i++) {
			TN_CLEANUP(tn_str_done) struct tn_str fault = TN_STR_INIT;

			tn_str_addf(&fault, "{\"path\":\"%s\",\"nth\":%u,%s}",
			    paths[tn_rand_below(&rand, 3)],
			    (unsigned)tn_rand_below(&rand, 15) + 1,
			    passing_troubles[tn_rand_below(&rand,
				TN_ARRAY_LEN(passing_troubles))]);
			world_fault(&w, tn_str_text(&fault));
		}
		for (size_t i = 0; i < 12; i++)
			tn_remote_op(w.remote, &world_list_triggers, outcome_take,
			    &reads[i]);
		for (size_t i = 0; i < 6; i++) {
			TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
			struct tn_op op = world_create_op;

			tn_str_addf(&name, "w%zu", i);
			op.name = tn_str_text(&name);
			tn_remote_op(w.remote, &op, outcome_take, &writes[i]);
		}
		world_drain(&w);
		for (size_t i = 0; i < 12; i++) {
			assert_int_equal(reads[i].times, 1);
			outcome_done(&reads[i]);
		}
		for (size_t i = 0; i < 6; i++) {
			assert_int_equal(writes[i].times, 1);
			sure += !tn_error_is_set(&writes[i].err);
			unknown += writes[i].err.kind == TN_E_UNKNOWN;
			/* Sent twice, the second one would meet its own name. */
			assert_int_not_equal(writes[i].err.kind, TN_E_CONFLICT);
			outcome_done(&writes[i]);
		}
		assert_true(tn_sim_view_actions(w.sim) >= sure);
		assert_true(tn_sim_view_actions(w.sim) <= sure + unknown);
		world_done(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_operation_gives_its_result),
		cmocka_unit_test(what_an_operation_points_to_may_die_at_once),
		cmocka_unit_test(a_read_survives_four_troubles),
		cmocka_unit_test(a_read_gives_up_after_five_tries),
		cmocka_unit_test(a_server_that_never_answers_costs_bounded_time),
		cmocka_unit_test(a_write_that_may_have_arrived_is_not_sent_again),
		cmocka_unit_test(a_write_that_certainly_did_nothing_is_sent_again),
		cmocka_unit_test(a_deploy_waits_for_the_build),
		cmocka_unit_test(a_deploy_does_not_wait_for_ever),
		cmocka_unit_test(refusals_are_final_and_say_what_was_tried),
		cmocka_unit_test(an_operation_that_cannot_be_built_fails_from_the_loop),
		cmocka_unit_test(operations_are_sent_in_order_and_a_few_at_a_time),
		cmocka_unit_test(a_quiet_tenant_never_refuses_for_the_rate),
		cmocka_unit_test(a_busy_tenant_is_left_to_others),
		cmocka_unit_test(beside_a_flood_there_is_some_progress),
		cmocka_unit_test(a_refusal_for_the_rate_holds_up_the_whole_queue),
		cmocka_unit_test(an_operation_may_start_the_next_one),
		cmocka_unit_test(the_same_seed_gives_the_same_run),
		cmocka_unit_test(random_troubles_never_lose_or_double_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
