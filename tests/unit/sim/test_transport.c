/* The core behind the transport interface, in virtual time. */
#include "tenant.h"

#include <string.h>

#include "sim/transport.h"

#define BASE "https://tenant.example"

/* A client that makes some calls and notes what becomes of each. */
struct outcome {
	unsigned times; /* completed */
	int64_t at;     /* virtual time since the start */
	int status;
	enum tn_error_kind kind;
	size_t bytes;
	bool has_type;
	struct client *client;
};

struct client {
	struct tn_loop *loop;
	struct tenant tenant;
	struct tn_transport *transport;
	struct tn_sim_transport_options options;
	struct outcome outcomes[8];
	size_t count;
	/* What the hooks saw, and when they sever. */
	uint64_t calls_seen, replies_seen;
	uint64_t sever_on_call, sever_on_reply;
	bool deliver;
	bool free_on_done;
};

static void
on_call(void *arg, uint64_t n, const struct tn_sim_request *req)
{
	struct client *client = arg;

	assert_non_null(req->method);
	assert_int_equal(n, ++client->calls_seen);
	if (n == client->sever_on_call)
		tn_sim_transport_sever(client->transport, client->deliver);
}

static void
on_reply(void *arg, uint64_t n, const struct tn_sim_request *req,
    const struct tn_sim_reply *reply)
{
	struct client *client = arg;

	assert_non_null(req->path);
	assert_true(reply->number > 0);
	client->replies_seen++;
	if (n == client->sever_on_reply)
		tn_sim_transport_sever(client->transport, client->deliver);
}

static void
open_client(struct client *client, int64_t latency_ms)
{
	*client = (struct client){ 0 };
	tenant_open(&client->tenant, NULL);
	client->loop = tn_loop_new_virtual(TENANT_START);
	client->options = (struct tn_sim_transport_options){
		.latency_ns = latency_ms * TN_MSEC,
		.base_url = BASE,
		.on_call = on_call,
		.on_reply = on_reply,
		.arg = client,
	};
	client->transport = tn_sim_transport_new(client->loop, client->tenant.sim,
	    &client->options);
}

static void
close_client(struct client *client)
{
	tn_transport_free(client->transport);
	tn_loop_free(client->loop);
	tenant_close(&client->tenant);
}

static void
on_done(void *arg, const struct tn_http_response *resp, const struct tn_error *err)
{
	struct outcome *outcome = arg;

	assert_true((resp == NULL) != (err == NULL));
	outcome->times++;
	outcome->at = tn_loop_unix(outcome->client->loop) - TENANT_START;
	if (resp != NULL) {
		outcome->status = resp->status;
		outcome->bytes = resp->body.len;
		outcome->has_type = tn_http_response_field(resp, "content-type") != NULL;
	} else {
		outcome->kind = err->kind;
		assert_non_null(err->message);
	}
	if (outcome->client->free_on_done) {
		tn_transport_free(outcome->client->transport);
		outcome->client->transport = NULL;
	}
}

static struct tn_call *
submit_to(struct client *client, enum tn_http_method method, const char *url,
    const char *body, int64_t deadline_ms, size_t max_answer)
{
	struct outcome *outcome = &client->outcomes[client->count++];
	struct tn_http_request req;
	struct tn_call *call;

	outcome->client = client;
	tn_http_request_init(&req, method, url);
	tn_http_header_add(&req, "Authorization", client->tenant.authorization);
	if (body != NULL) {
		tn_http_header_add(&req, "Content-Type", "application/json");
		tn_http_body_text(&req, tenant_json(&client->tenant, body));
	}
	req.deadline_ns = deadline_ms * TN_MSEC;
	req.max_answer = max_answer;
	call = tn_transport_submit(client->transport, &req, on_done, outcome);
	tn_http_request_done(&req);
	assert_int_equal(outcome->times, 0);
	return call;
}

static struct tn_call *
submit_list(struct client *client)
{
	return submit_to(client, TN_HTTP_GET, BASE "/api/v2/actions/actions?per_page=5",
	    NULL, 0, 0);
}

static struct tn_call *
submit_create(struct client *client, const char *name, int64_t deadline_ms)
{
	return submit_to(client, TN_HTTP_POST, BASE "/api/v2/actions/actions",
	    tn_arena_printf(client->tenant.arena,
		"{'name':'%s','supported_triggers':[{'id':'post-login'}]}", name),
	    deadline_ms, 0);
}

static void
run_all(struct client *client)
{
	for (unsigned i = 0; i < 10000; i++)
		if (!tn_loop_step(client->loop))
			return;
	fail_msg("the loop does not come to rest");
}

static void
stop(void *arg)
{
	tn_loop_stop(arg);
}

/* To that time since the start. */
static void
run_until(struct client *client, int64_t ms)
{
	struct tn_timer timer = { 0 };

	tn_timer_start(&timer, client->loop,
	    TENANT_START + ms * TN_MSEC - tn_loop_unix(client->loop), stop, client->loop);
	assert_int_equal(tn_loop_run(client->loop, NULL), 0);
}

static void
release_all(struct client *client)
{
	for (uint64_t id = 1; id <= 2; id++)
		assert_true(tn_sim_fault_remove(client->tenant.sim, id));
}

static size_t
actions(const struct client *client)
{
	return tn_sim_view_actions(client->tenant.sim);
}

static void
expect(const struct client *client, size_t i, int status, int64_t ms)
{
	assert_int_equal(client->outcomes[i].times, 1);
	assert_int_equal(client->outcomes[i].status, status);
	assert_int_equal(client->outcomes[i].at, ms * TN_MSEC);
}

static void
expect_failure(const struct client *client, size_t i, enum tn_error_kind kind, int64_t ms)
{
	assert_int_equal(client->outcomes[i].times, 1);
	assert_int_equal(client->outcomes[i].kind, kind);
	assert_int_equal(client->outcomes[i].at, ms * TN_MSEC);
}

static void
test_call_takes_the_latency(void **state)
{
	struct client client;

	(void)state;
	open_client(&client, 40);
	submit_create(&client, "a", 0);
	submit_list(&client);
	assert_int_equal(tn_sim_transport_pending(client.transport), 2);
	run_all(&client);
	expect(&client, 0, 201, 40);
	expect(&client, 1, 200, 40);
	assert_true(client.outcomes[1].bytes > 0);
	assert_true(client.outcomes[1].has_type);
	/* The core was called half-way. */
	assert_int_equal(tn_sim_log_at(client.tenant.sim, 0)->at,
	    TENANT_START + 20 * TN_MSEC);
	assert_int_equal(client.calls_seen, 2);
	assert_int_equal(client.replies_seen, 2);
	assert_int_equal(tn_sim_transport_pending(client.transport), 0);
	close_client(&client);
}

static void
test_no_latency_still_completes_from_the_loop(void **state)
{
	struct client client;

	(void)state;
	open_client(&client, 0);
	submit_list(&client);
	run_all(&client);
	expect(&client, 0, 200, 0);
	close_client(&client);
}

static void
test_other_addresses_have_no_tenant(void **state)
{
	static const char *const urls[] = {
		"https://other.example/api/v2/actions/actions",
		BASE ".evil.example/api/v2/actions/actions",
		"ftp://tenant.example/",
		"nonsense",
	};
	struct client client;

	(void)state;
	open_client(&client, 10);
	for (size_t i = 0; i < TN_ARRAY_LEN(urls); i++)
		submit_to(&client, TN_HTTP_GET, urls[i], NULL, 0, 0);
	run_all(&client);
	for (size_t i = 0; i < TN_ARRAY_LEN(urls); i++)
		expect_failure(&client, i, TN_E_INPUT, 0);
	assert_int_equal(client.calls_seen, 0);
	close_client(&client);
}

static void
test_lost_connections_are_unknown_outcomes(void **state)
{
	struct client client;

	(void)state;
	open_client(&client, 10);
	tenant_fault(&client.tenant,
	    "{'do':'drop','when':'before','method':'POST','nth':1}");
	tenant_fault(&client.tenant,
	    "{'do':'drop','when':'after','method':'POST','nth':2}");
	tenant_fault(&client.tenant, "{'do':'cut','method':'POST','nth':3}");
	submit_create(&client, "a", 0);
	submit_create(&client, "b", 0);
	submit_create(&client, "c", 0);
	run_all(&client);
	for (size_t i = 0; i < 3; i++)
		expect_failure(&client, i, TN_E_UNKNOWN, 10);
	assert_int_equal(actions(&client), 2);
	close_client(&client);
}

static void
test_too_large_an_answer_is_a_limit(void **state)
{
	struct client client;

	(void)state;
	open_client(&client, 10);
	submit_to(&client, TN_HTTP_GET, BASE "/api/v2/actions/actions", NULL, 0, 10);
	run_all(&client);
	expect_failure(&client, 0, TN_E_LIMIT, 10);
	close_client(&client);
}

static void
test_delay_adds_to_the_latency(void **state)
{
	struct client client;

	(void)state;
	open_client(&client, 10);
	tenant_fault(&client.tenant, "{'do':'delay','ms':500}");
	submit_list(&client);
	run_all(&client);
	expect(&client, 0, 200, 510);
	close_client(&client);
}

static void
test_deadline_ends_the_call_and_not_its_effect(void **state)
{
	struct client client;

	(void)state;
	open_client(&client, 10);
	tenant_fault(&client.tenant, "{'do':'delay','ms':500,'nth':1}");
	tenant_fault(&client.tenant, "{'do':'delay','ms':500,'nth':2,'when':'before'}");
	submit_create(&client, "answered late", 100);
	submit_create(&client, "done late", 100);
	run_until(&client, 100);
	expect_failure(&client, 0, TN_E_UNKNOWN, 100);
	expect_failure(&client, 1, TN_E_UNKNOWN, 100);
	assert_int_equal(actions(&client), 1);
	assert_int_equal(tn_sim_transport_pending(client.transport), 0);
	run_all(&client);
	assert_int_equal(actions(&client), 2);
	assert_int_equal(tn_loop_unix(client.loop), TENANT_START + 505 * TN_MSEC);
	assert_int_equal(client.outcomes[1].times, 1);
	close_client(&client);
}

static void
test_default_deadline_is_that_of_http(void **state)
{
	struct client client;

	(void)state;
	open_client(&client, 10);
	tenant_fault(&client.tenant, "{'do':'hold'}");
	submit_list(&client);
	run_all(&client);
	expect_failure(&client, 0, TN_E_UNKNOWN, TN_HTTP_DEADLINE / TN_MSEC);
	close_client(&client);
}

static void
test_held_answer_comes_when_released(void **state)
{
	struct client client;
	uint64_t after, before;

	(void)state;
	open_client(&client, 10);
	after = tenant_fault(&client.tenant, "{'do':'hold','nth':1}");
	before = tenant_fault(&client.tenant, "{'do':'hold','when':'before','nth':2}");
	submit_create(&client, "a", 0);
	submit_create(&client, "b", 0);
	run_until(&client, 1000);
	assert_int_equal(client.outcomes[0].times, 0);
	assert_int_equal(actions(&client), 1);
	tn_sim_fault_remove(client.tenant.sim, after);
	assert_int_equal(client.outcomes[0].times, 0);
	run_until(&client, 2000);
	expect(&client, 0, 201, 1005);
	tn_sim_fault_remove(client.tenant.sim, before);
	assert_int_equal(actions(&client), 1);
	run_all(&client);
	expect(&client, 1, 201, 2005);
	assert_int_equal(actions(&client), 2);
	close_client(&client);
}

static void
test_cancelled_request_still_arrives(void **state)
{
	struct client client;
	struct tn_call *call;

	(void)state;
	open_client(&client, 10);
	call = submit_create(&client, "a", 0);
	tn_transport_cancel(client.transport, call);
	call = submit_create(&client, "b", 0);
	run_until(&client, 7);
	tn_transport_cancel(client.transport, call);
	run_all(&client);
	assert_int_equal(client.outcomes[0].times, 0);
	assert_int_equal(client.outcomes[1].times, 0);
	assert_int_equal(actions(&client), 2);
	close_client(&client);
}

static void
test_cancel_of_held_calls(void **state)
{
	struct client client;
	struct tn_call *after, *before;

	(void)state;
	open_client(&client, 10);
	tenant_fault(&client.tenant, "{'do':'hold','nth':1}");
	tenant_fault(&client.tenant, "{'do':'hold','when':'before','nth':2}");
	after = submit_create(&client, "a", 0);
	before = submit_create(&client, "b", 0);
	run_until(&client, 100);
	tn_transport_cancel(client.transport, after);
	tn_transport_cancel(client.transport, before);
	assert_int_equal(actions(&client), 1);
	release_all(&client);
	run_all(&client);
	/* The one whose effect was held is done all the same. */
	assert_int_equal(actions(&client), 2);
	assert_int_equal(client.outcomes[0].times + client.outcomes[1].times, 0);
	close_client(&client);
}

static void
test_severed_before_the_effect(void **state)
{
	struct client client;

	(void)state;
	open_client(&client, 10);
	client.sever_on_call = 2;
	submit_create(&client, "a", 0);
	submit_create(&client, "b", 0);
	submit_create(&client, "c", 0);
	run_all(&client);
	assert_int_equal(actions(&client), 1);
	/* The first had its effect; nobody is left to hear of it. */
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(client.outcomes[i].times, 0);
	assert_int_equal(client.calls_seen, 2);
	close_client(&client);
}

static void
test_severed_after_the_effect(void **state)
{
	struct client client;

	(void)state;
	open_client(&client, 10);
	client.sever_on_reply = 1;
	submit_create(&client, "a", 0);
	submit_create(&client, "b", 0);
	run_all(&client);
	assert_int_equal(actions(&client), 1);
	assert_int_equal(client.outcomes[0].times, 0);
	assert_int_equal(client.outcomes[1].times, 0);
	close_client(&client);
}

static void
test_severed_with_requests_that_still_arrive(void **state)
{
	struct client client;
	struct tn_call *calls[3];

	(void)state;
	open_client(&client, 10);
	client.sever_on_reply = 1;
	client.deliver = true;
	calls[0] = submit_create(&client, "a", 0);
	calls[1] = submit_create(&client, "b", 0);
	run_all(&client);
	calls[2] = submit_create(&client, "never sent", 0);
	run_all(&client);
	assert_int_equal(actions(&client), 2);
	assert_int_equal(client.calls_seen, 1);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(client.outcomes[i].times, 0);
		/* Whoever clears the dead client away may still do so in order. */
		tn_transport_cancel(client.transport, calls[i]);
	}
	close_client(&client);
}

static void
test_severed_with_held_calls(void **state)
{
	struct client client;

	(void)state;
	for (int deliver = 0; deliver < 2; deliver++) {
		open_client(&client, 10);
		tenant_fault(&client.tenant, "{'do':'hold','when':'before','nth':1}");
		tenant_fault(&client.tenant, "{'do':'hold','nth':2}");
		submit_create(&client, "a", 0);
		submit_create(&client, "b", 0);
		run_until(&client, 100);
		tn_sim_transport_sever(client.transport, deliver == 1);
		release_all(&client);
		run_all(&client);
		assert_int_equal(actions(&client), deliver == 1 ? 2 : 1);
		assert_int_equal(client.outcomes[0].times + client.outcomes[1].times, 0);
		close_client(&client);
	}
}

static void
test_client_may_go_away_when_it_hears(void **state)
{
	struct client client;

	(void)state;
	open_client(&client, 10);
	client.free_on_done = true;
	submit_create(&client, "a", 0);
	submit_create(&client, "b", 50);
	run_all(&client);
	assert_int_equal(client.outcomes[0].times, 1);
	assert_int_equal(client.outcomes[1].times, 0);
	close_client(&client);
	open_client(&client, 10);
	tenant_fault(&client.tenant, "{'do':'hold'}");
	client.free_on_done = true;
	submit_create(&client, "a", 50);
	submit_create(&client, "b", 60);
	run_all(&client);
	expect_failure(&client, 0, TN_E_UNKNOWN, 50);
	assert_int_equal(client.outcomes[1].times, 0);
	close_client(&client);
}

static void
test_two_clients_share_a_tenant(void **state)
{
	struct client client;
	struct tn_transport *other, *mine;

	(void)state;
	open_client(&client, 10);
	mine = client.transport;
	other = tn_sim_transport_new(client.loop, client.tenant.sim, NULL);
	submit_create(&client, "a", 0);
	client.transport = other;
	submit_create(&client, "b", 0);
	client.transport = mine;
	tn_sim_transport_sever(mine, false);
	run_all(&client);
	assert_int_equal(client.outcomes[0].times, 0);
	expect(&client, 1, 201, 0);
	tn_transport_free(other);
	close_client(&client);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call_takes_the_latency),
		cmocka_unit_test(test_no_latency_still_completes_from_the_loop),
		cmocka_unit_test(test_other_addresses_have_no_tenant),
		cmocka_unit_test(test_lost_connections_are_unknown_outcomes),
		cmocka_unit_test(test_too_large_an_answer_is_a_limit),
		cmocka_unit_test(test_delay_adds_to_the_latency),
		cmocka_unit_test(test_deadline_ends_the_call_and_not_its_effect),
		cmocka_unit_test(test_default_deadline_is_that_of_http),
		cmocka_unit_test(test_held_answer_comes_when_released),
		cmocka_unit_test(test_cancelled_request_still_arrives),
		cmocka_unit_test(test_cancel_of_held_calls),
		cmocka_unit_test(test_severed_before_the_effect),
		cmocka_unit_test(test_severed_after_the_effect),
		cmocka_unit_test(test_severed_with_requests_that_still_arrive),
		cmocka_unit_test(test_severed_with_held_calls),
		cmocka_unit_test(test_client_may_go_away_when_it_hears),
		cmocka_unit_test(test_two_clients_share_a_tenant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
