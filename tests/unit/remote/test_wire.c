#include "world.h"

#include "base/mem.h"

/*
 * What goes over the wire, and a tenant that misbehaves in ways that the simulated one
 * does not: a transport that a function answers.
 */

struct script {
	struct tn_transport transport;
	struct tn_loop *loop;
	/* Fills in status and body (on the arena) for the n-th call, from 1. */
	void (*answer)(struct script *script, const struct tn_http_request *req,
	    unsigned n, struct tn_http_response *resp, struct tn_arena *arena);
	unsigned calls;
	unsigned pending, most; /* calls without an answer */
	struct tn_str seen;     /* of the last request but the token's: line, headers */
	int64_t deadline;
	enum tn_error_kind fail; /* of the n-th try; TN_E_NONE: answer */
	unsigned fail_first;
};

struct tn_call {
	struct script *script;
	struct tn_http_request *req;
	struct tn_timer timer;
	tn_http_done_fn *done;
	void *arg;
};

static void
free_call(struct tn_call *call)
{
	call->script->pending--;
	tn_timer_stop(&call->timer);
	tn_http_request_free(call->req);
	tn_free(call);
}

static void
write_down(struct script *script, const struct tn_http_request *req)
{
	tn_str_clear(&script->seen);
	tn_str_addf(&script->seen, "%s %s\n", tn_http_method_name(req->method), req->url);
	for (size_t i = 0; i < req->n_headers; i++) {
		tn_str_addf(&script->seen, "%s: ", req->headers[i].name);
		tn_http_assemble(&req->headers[i].value, &script->seen);
		tn_str_add(&script->seen, "\n");
	}
	script->deadline = req->deadline_ns;
}

static void
answer_call(void *arg)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_call *call = arg;
	struct script *script = call->script;
	tn_http_done_fn *done = call->done;
	void *done_arg = call->arg;
	struct tn_http_response resp = { .status = 200 };

	if (tn_text_ends(call->req->url, "/oauth/token")) {
		resp.body = tn_span("{\"access_token\":\"aa.bb.cc\"}");
	} else {
		script->calls++;
		write_down(script, call->req);
		if (script->calls <= script->fail_first)
			tn_error_set(&err, script->fail, "the cable is loose");
		else
			script->answer(script, call->req, script->calls, &resp, arena);
	}
	free_call(call);
	if (tn_error_is_set(&err))
		done(done_arg, NULL, &err);
	else
		done(done_arg, &resp, NULL);
}

static struct tn_call *
submit(struct tn_transport *transport, const struct tn_http_request *req,
    tn_http_done_fn *done, void *arg)
{
	struct script *script = (struct script *)transport;
	struct tn_call *call = tn_new(struct tn_call);

	call->script = script;
	call->req = tn_http_request_clone(req);
	call->done = done;
	call->arg = arg;
	if (++script->pending > script->most)
		script->most = script->pending;
	tn_timer_start(&call->timer, script->loop, TN_MSEC, answer_call, call);
	return call;
}

static void
cancel(struct tn_transport *transport, struct tn_call *call)
{
	(void)transport;
	free_call(call);
}

static const struct tn_transport_ops script_ops = { submit, cancel, NULL };

static void
script_open(struct script *script, struct world *w,
    void (*answer)(struct script *script, const struct tn_http_request *req, unsigned n,
	struct tn_http_response *resp, struct tn_arena *arena))
{
	world_open(w, NULL, 0);
	*script = (struct script){ .transport.ops = &script_ops,
		.loop = w->loop,
		.answer = answer };
	w->options.transport = &script->transport;
	world_connect(w);
}

static void
script_done(struct script *script, struct world *w)
{
	world_done(w);
	tn_str_done(&script->seen);
}

static void
no_triggers(struct script *script, const struct tn_http_request *req, unsigned n,
    struct tn_http_response *resp, struct tn_arena *arena)
{
	(void)script;
	(void)req;
	(void)n;
	(void)arena;
	resp->body = tn_span("{\"triggers\":[]}");
}

static void
a_request_carries_token_agent_and_deadline(void **state)
{
	struct outcome outcome;
	struct script script;
	struct world w;

	(void)state;
	script_open(&script, &w, no_triggers);
	world_op(&w, &world_list_triggers, &outcome);
	assert_string_equal(tn_str_text(&script.seen),
	    "GET https://acme.example/api/v2/actions/triggers\n"
	    "Accept: application/json\nUser-Agent: tenon/test\n"
	    "Authorization: Bearer aa.bb.cc\n");
	assert_int_equal(script.deadline, TN_REMOTE_DEADLINE);
	assert_int_equal(tn_remote_call_deadline(w.remote), TN_REMOTE_DEADLINE);
	script_done(&script, &w);
}

static void
a_request_that_did_not_leave_is_sent_again_even_a_write(void **state)
{
	static const struct tn_op del = { .kind = TN_OP_DELETE_ACTION, .id = "x" };
	struct outcome outcome;
	struct script script;
	struct world w;

	(void)state;
	script_open(&script, &w, no_triggers);
	script.fail = TN_E_TRANSIENT;
	script.fail_first = 4;
	world_op(&w, &del, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	assert_int_equal(script.calls, 5);
	/* Not sent twice with two tokens. */
	assert_null(strstr(strstr(tn_str_text(&script.seen), "Authorization") + 1,
	    "Authorization"));
	script_done(&script, &w);
}

static void
a_transport_that_can_never_work_is_not_asked_again(void **state)
{
	static const enum tn_error_kind kinds[] = { TN_E_INPUT, TN_E_SYSTEM, TN_E_LIMIT,
		TN_E_BUG };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(kinds); i++) {
		struct outcome outcome;
		struct script script;
		struct world w;

		script_open(&script, &w, no_triggers);
		script.fail = kinds[i];
		script.fail_first = 100;
		world_op(&w, &world_list_triggers, &outcome);
		assert_int_equal(outcome.err.kind, kinds[i]);
		assert_string_equal(outcome.err.message,
		    "list the triggers: the cable is loose");
		assert_int_equal(script.calls, 1);
		outcome_done(&outcome);
		script_done(&script, &w);
	}
}

static void
an_answer_that_cannot_be_read_is_not_asked_for_again(void **state)
{
	struct tn_op op = { .kind = TN_OP_LIST_ACTIONS };
	struct outcome outcome;
	struct script script;
	struct world w;

	(void)state;
	script_open(&script, &w, no_triggers);
	world_op(&w, &op, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_PLATFORM);
	assert_string_equal(outcome.err.message,
	    "list the actions: \"actions\" is missing");
	assert_int_equal(script.calls, 1);
	outcome_done(&outcome);
	script_done(&script, &w);
}

/* The first two calls are refused with a wait of 20 s, told by a header. */
static void
wait_twenty(struct script *script, const struct tn_http_request *req, unsigned n,
    struct tn_http_response *resp, struct tn_arena *arena)
{
	static const struct tn_http_field wait[] = { { "retry-after", "20" } };

	no_triggers(script, req, n, resp, arena);
	if (n > 2)
		return;
	resp->status = 429;
	resp->fields = wait;
	resp->n_fields = 1;
}

static void
retry_after_is_honoured(void **state)
{
	struct outcome outcome;
	struct script script;
	struct world w;

	(void)state;
	script_open(&script, &w, wait_twenty);
	world_op(&w, &world_list_triggers, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	assert_int_equal(script.calls, 3);
	assert_true(world_now(&w) >= 40 * TN_SEC);
	assert_true(world_now(&w) < 44 * TN_SEC);
	script_done(&script, &w);
}

static void
always_wait(struct script *script, const struct tn_http_request *req, unsigned n,
    struct tn_http_response *resp, struct tn_arena *arena)
{
	wait_twenty(script, req, 1, resp, arena);
	(void)n;
}

static void
an_operation_gives_up_within_two_minutes(void **state)
{
	struct outcome outcome;
	struct script script;
	struct world w;

	(void)state;
	script_open(&script, &w, always_wait);
	world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_TRANSIENT);
	assert_int_equal(outcome.err.status, 429);
	assert_true(world_now(&w) <= 121 * TN_SEC);
	assert_true(world_now(&w) >= 90 * TN_SEC);
	assert_int_equal(outcome.err.attempts, (int)script.calls);
	outcome_done(&outcome);
	script_done(&script, &w);
}

/* One remains, then none until a reset five seconds later. */
static void
tell_nothing_remains(struct script *script, const struct tn_http_request *req, unsigned n,
    struct tn_http_response *resp, struct tn_arena *arena)
{
	struct tn_http_field *fields = tn_arena_array(arena, 2, struct tn_http_field);
	int64_t unix_s = tn_loop_unix(script->loop) / TN_SEC;

	no_triggers(script, req, n, resp, arena);
	fields[0] = (struct tn_http_field){ "x-ratelimit-remaining", n < 2 ? "1" : "0" };
	fields[1] = (struct tn_http_field){ "x-ratelimit-reset",
		tn_arena_printf(arena, "%lld", (long long)unix_s + 5) };
	resp->fields = fields;
	resp->n_fields = 2;
}

static void
nothing_is_sent_while_nothing_remains(void **state)
{
	struct outcome outcome;
	struct script script;
	struct world w;

	(void)state;
	script_open(&script, &w, tell_nothing_remains);
	world_op(&w, &world_list_triggers, &outcome);
	world_op(&w, &world_list_triggers, &outcome);
	assert_true(world_now(&w) < TN_SEC);
	world_op(&w, &world_list_triggers, &outcome);
	assert_true(world_now(&w) >= 5 * TN_SEC);
	assert_true(world_now(&w) < 6 * TN_SEC);
	world_op(&w, &world_list_triggers, &outcome);
	assert_true(world_now(&w) >= 10 * TN_SEC);
	assert_int_equal(script.calls, 4);
	script_done(&script, &w);
}

/* Always two more, with plenty of time. */
static void
tell_two_remain(struct script *script, const struct tn_http_request *req, unsigned n,
    struct tn_http_response *resp, struct tn_arena *arena)
{
	static const struct tn_http_field two[] = { { "x-ratelimit-remaining", "2" },
		{ "x-ratelimit-reset", "1780272300" } };

	no_triggers(script, req, n, resp, arena);
	resp->fields = two;
	resp->n_fields = 2;
}

static void
no_more_is_in_flight_than_remains(void **state)
{
	struct outcome outcomes[12] = { 0 };
	struct outcome first;
	struct script script;
	struct world w;

	(void)state;
	script_open(&script, &w, tell_two_remain);
	world_op(&w, &world_list_triggers, &first);
	for (size_t i = 0; i < 12; i++)
		tn_remote_op(w.remote, &world_list_triggers, outcome_take, &outcomes[i]);
	script.most = 0;
	world_drain(&w);
	for (size_t i = 0; i < 12; i++)
		assert_int_equal(outcomes[i].times, 1);
	assert_int_equal(script.most, 2);
	script_done(&script, &w);
}

/* Every page is full and says that more follow, for ever. */
static void
endless(struct script *script, const struct tn_http_request *req, unsigned n,
    struct tn_http_response *resp, struct tn_arena *arena)
{
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;

	(void)script;
	(void)req;
	tn_str_add(&body, "{\"actions\":[");
	for (unsigned i = 0; i < 100; i++)
		tn_str_addf(&body, "%s{\"id\":\"%u-%u\",\"name\":\"n\"}", i ? "," : "", n,
		    i);
	tn_str_add(&body, "]}");
	resp->body = tn_span(tn_arena_text(arena, tn_str_text(&body)));
}

/* Every page is the same one. */
static void
same_page(struct script *script, const struct tn_http_request *req, unsigned n,
    struct tn_http_response *resp, struct tn_arena *arena)
{
	(void)n;
	endless(script, req, 1, resp, arena);
}

static void
take_live(void *arg, struct tn_live *live, const struct tn_error *err)
{
	struct outcome *outcome = arg;

	outcome->done = true;
	outcome->times++;
	assert_null(live);
	tn_error_copy(&outcome->err, err);
}

static void
a_list_without_end_is_ended(void **state)
{
	struct tn_read_spec spec = { .actions = true };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct outcome outcome = { 0 };
		struct script script;
		struct world w;

		script_open(&script, &w, i ? same_page : endless);
		tn_remote_read(w.remote, &spec, take_live, &outcome);
		world_until(&w, &outcome.done);
		assert_int_equal(outcome.err.kind, TN_E_LIMIT);
		assert_int_equal(outcome.times, 1);
		assert_int_equal(script.calls, 50);
		outcome_done(&outcome);
		script_done(&script, &w);
	}
}

/* A flow that comes in two pages, by page size of the platform's choice. */
static void
flow_in_pages(struct script *script, const struct tn_http_request *req, unsigned n,
    struct tn_http_response *resp, struct tn_arena *arena)
{
	(void)script;
	(void)arena;
	assert_non_null(strstr(req->url, n == 1 ? "?page=0&" : "?page=1&"));
	resp->body = n == 1
	    ? tn_span("{\"bindings\":[{\"action\":{\"id\":\"1\",\"name\":\"a\"}},"
		      "{\"action\":{\"id\":\"2\",\"name\":\"b\"}}],\"total\":3,"
		      "\"per_page\":2}")
	    : tn_span("{\"bindings\":[{\"action\":{\"id\":\"1\",\"name\":\"a\"},"
		      "\"display_name\":\"again\"}],\"total\":3,\"page\":1,"
		      "\"per_page\":2}");
}

struct live_taken {
	bool done;
	struct tn_live *live;
};

static void
keep_live(void *arg, struct tn_live *live, const struct tn_error *err)
{
	struct live_taken *taken = arg;

	assert_null(err);
	taken->done = true;
	taken->live = live;
}

static void
a_flow_in_pages_is_put_together_in_order(void **state)
{
	static const char *const triggers[] = { "post-login" };
	struct tn_read_spec spec = { .triggers = triggers, .n_triggers = 1 };
	struct live_taken taken = { 0 };
	const struct tn_flow *flow;
	struct script script;
	struct world w;

	(void)state;
	script_open(&script, &w, flow_in_pages);
	tn_remote_read(w.remote, &spec, keep_live, &taken);
	world_until(&w, &taken.done);
	flow = tn_live_flow(taken.live, "post-login");
	assert_int_equal(flow->n_bindings, 3);
	assert_string_equal(flow->bindings[0].action_name, "a");
	assert_string_equal(flow->bindings[1].action_name, "b");
	assert_string_equal(flow->bindings[2].action_id, "1");
	assert_string_equal(flow->bindings[2].display_name, "again");
	assert_int_equal(script.calls, 2);
	tn_live_free(taken.live);
	script_done(&script, &w);
}

/* A list that has grown at its front while it was read: page 1 repeats what page 0 had.
 */
static void
shifted(struct script *script, const struct tn_http_request *req, unsigned n,
    struct tn_http_response *resp, struct tn_arena *arena)
{
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	unsigned first = n == 1 ? 0 : 98;
	unsigned end = n == 1 ? 100 : 103;

	(void)script;
	(void)req;
	tn_str_add(&body, "{\"actions\":[");
	for (unsigned i = first; i < end; i++)
		tn_str_addf(&body, "%s{\"id\":\"%u\",\"name\":\"n\"}",
		    i > first ? "," : "", i);
	tn_str_add(&body, "],\"total\":103}");
	resp->body = tn_span(tn_arena_text(arena, tn_str_text(&body)));
}

static void
a_list_that_shifts_between_pages_has_no_doubles(void **state)
{
	struct tn_read_spec spec = { .actions = true };
	struct live_taken taken = { 0 };
	struct script script;
	struct world w;

	(void)state;
	script_open(&script, &w, shifted);
	tn_remote_read(w.remote, &spec, keep_live, &taken);
	world_until(&w, &taken.done);
	assert_int_equal(script.calls, 2);
	assert_int_equal(taken.live->n_actions, 103);
	assert_string_equal(taken.live->actions[99].id, "99");
	assert_string_equal(taken.live->actions[100].id, "100");
	tn_live_free(taken.live);
	script_done(&script, &w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_carries_token_agent_and_deadline),
		cmocka_unit_test(a_request_that_did_not_leave_is_sent_again_even_a_write),
		cmocka_unit_test(a_transport_that_can_never_work_is_not_asked_again),
		cmocka_unit_test(an_answer_that_cannot_be_read_is_not_asked_for_again),
		cmocka_unit_test(retry_after_is_honoured),
		cmocka_unit_test(an_operation_gives_up_within_two_minutes),
		cmocka_unit_test(nothing_is_sent_while_nothing_remains),
		cmocka_unit_test(no_more_is_in_flight_than_remains),
		cmocka_unit_test(a_list_without_end_is_ended),
		cmocka_unit_test(a_flow_in_pages_is_put_together_in_order),
		cmocka_unit_test(a_list_that_shifts_between_pages_has_no_doubles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
