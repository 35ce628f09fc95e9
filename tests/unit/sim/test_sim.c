/* The core as a whole: the same bytes again, copies, the log, the rate limit, the view.
 */
#include "tenant.h"

#include <string.h>

#include "json/json.h"

/* Some life at a tenant: every kind of call, the answers one after the other. */
static void
live_a_little(struct tenant *t, struct tn_str *answers)
{
	const char *id = tenant_create(t, "a", ",'secrets':[{'name':'s','value':'v'}]");

	tn_str_add(answers, tn_str_text(&t->reply.body));
	tenant_deploy(t, id);
	tn_str_add(answers, tn_str_text(&t->reply.body));
	tenant_call(t, "PATCH", "/actions/triggers/post-login/bindings",
	    "{'bindings':[{'ref':{'type':'action_name','value':'a'}}]}");
	tn_str_add(answers, tn_str_text(&t->reply.body));
	tenant_call(t, "GET", "/actions/triggers", NULL);
	tn_str_add(answers, tn_str_text(&t->reply.body));
	tenant_call(t, "GET", "/actions/actions", NULL);
	tn_str_add(answers, tn_str_text(&t->reply.body));
}

static void
dump(struct tenant *t, struct tn_str *out)
{
	tn_json_write(tn_sim_state_json(t->sim, t->now, t->arena), out);
	tn_json_write(tn_sim_calls_json(t->sim, t->arena), out);
}

static void
test_same_seed_gives_the_same_bytes(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tn_str text[3] = { TN_STR_INIT, TN_STR_INIT, TN_STR_INIT };
	const uint64_t seeds[] = { 5, 5, 6 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct tenant t;

		options.seed = seeds[i];
		tenant_open(&t, &options);
		live_a_little(&t, &text[i]);
		dump(&t, &text[i]);
		tenant_close(&t);
	}
	assert_string_equal(tn_str_text(&text[0]), tn_str_text(&text[1]));
	assert_string_not_equal(tn_str_text(&text[0]), tn_str_text(&text[2]));
	for (size_t i = 0; i < 3; i++)
		tn_str_done(&text[i]);
}

static void
test_clone_is_a_copy_that_goes_its_own_way(void **state)
{
	struct tenant t, copy;
	struct tn_str before = TN_STR_INIT, after = TN_STR_INIT, cloned = TN_STR_INIT;
	struct tn_str first = TN_STR_INIT, second = TN_STR_INIT;

	(void)state;
	tenant_open(&t, NULL);
	live_a_little(&t, &first);
	tenant_fault(&t, "{'do':'lag','ms':1000,'method':'GET'}");
	tenant_wait(&t, 10);
	tenant_create(&t, "b", "");
	dump(&t, &before);
	copy = t;
	copy.sim = tn_sim_clone(t.sim);
	copy.reply = (struct tn_sim_reply)TN_SIM_REPLY_INIT;
	dump(&copy, &cloned);
	assert_string_equal(tn_str_text(&before), tn_str_text(&cloned));
	/* The same token is good for it, the past is there, and what it does stays with
	 * it. */
	tenant_call(&copy, "GET", "/actions/actions", NULL);
	assert_int_equal(tenant_int(&copy, "total"), 1);
	tenant_callf(&copy, "DELETE", NULL, "/actions/actions/%s?force=true",
	    tenant_text(&copy, "actions[0].id"));
	assert_int_equal(copy.reply.status, 204);
	dump(&t, &after);
	assert_string_equal(tn_str_text(&before), tn_str_text(&after));
	tn_sim_free(t.sim);
	t.sim = copy.sim;
	tn_sim_reply_done(&copy.reply);
	assert_int_equal(tn_sim_view_actions(t.sim), 1);
	tenant_close(&t);
	tn_str_done(&before);
	tn_str_done(&after);
	tn_str_done(&cloned);
	tn_str_done(&first);
	tn_str_done(&second);
}

static void
test_clone_continues_like_the_original(void **state)
{
	struct tenant t, copy;
	struct tn_str life = TN_STR_INIT, left = TN_STR_INIT, right = TN_STR_INIT;

	(void)state;
	tenant_open(&t, NULL);
	live_a_little(&t, &life);
	copy = t;
	copy.sim = tn_sim_clone(t.sim);
	copy.reply = (struct tn_sim_reply)TN_SIM_REPLY_INIT;
	tenant_create(&t, "next", "");
	tenant_create(&copy, "next", "");
	dump(&t, &left);
	dump(&copy, &right);
	assert_string_equal(tn_str_text(&left), tn_str_text(&right));
	tn_sim_reply_done(&copy.reply);
	tn_sim_free(copy.sim);
	tenant_close(&t);
	tn_str_done(&life);
	tn_str_done(&left);
	tn_str_done(&right);
}

static void
test_reset_leaves_a_new_tenant_and_good_tokens(void **state)
{
	struct tenant t;
	struct tn_str life = TN_STR_INIT;

	(void)state;
	tenant_open(&t, NULL);
	live_a_little(&t, &life);
	tenant_fault(&t, "{'do':'status','status':500}");
	tn_sim_reset(t.sim);
	assert_int_equal(tn_sim_view_actions(t.sim), 0);
	assert_int_equal(tn_sim_view_flows(t.sim), 0);
	assert_int_equal(tn_sim_log_count(t.sim), 0);
	assert_int_equal(tn_sim_calls(t.sim, NULL, NULL), 0);
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 200);
	assert_int_equal(tenant_size(&t, "actions"), 0);
	tenant_close(&t);
	tn_str_done(&life);
}

static void
test_log_counts_by_template(void **state)
{
	struct tenant t;
	struct tn_sim_request token = { .method = "POST",
		.path = "/oauth/token",
		.content_type = "application/json",
		.body = tn_span("{}") };
	const char *id;

	(void)state;
	tenant_open(&t, NULL);
	id = tenant_create(&t, "a", "");
	tenant_callf(&t, "GET", NULL, "/actions/actions/%s", id);
	tenant_call(&t, "GET", "/actions/actions/other?x=1", NULL);
	tenant_call(&t, "BREW", "/coffee", NULL);
	tenant_raw(&t, &token);
	assert_int_equal(tn_sim_calls(t.sim, "GET", "/actions/actions/{id}"), 2);
	assert_int_equal(tn_sim_calls(t.sim, "POST", NULL), 2);
	assert_int_equal(tn_sim_calls(t.sim, NULL, NULL), 5);
	/* The create and the unknown method; not the token. */
	assert_int_equal(tn_sim_writes(t.sim), 2);
	assert_string_equal(tn_sim_log_at(t.sim, 2)->path,
	    "/api/v2/actions/actions/other");
	assert_int_equal(tn_sim_log_at(t.sim, 2)->status, 400);
	assert_string_equal(tn_sim_log_at(t.sim, 3)->resource, "");
	assert_string_equal(tn_sim_log_at(t.sim, 3)->method, "OTHER");
	assert_null(tn_sim_log_at(t.sim, 4)->who);
	assert_null(tn_sim_log_at(t.sim, 5));
	tenant_close(&t);
}

static void
test_administrator_is_logged_and_not_counted(void **state)
{
	struct tenant t;

	(void)state;
	tenant_open(&t, NULL);
	t.authorization = tn_sim_admin_authorization(t.sim);
	tenant_create(&t, "a", "");
	assert_int_equal(tn_sim_log_count(t.sim), 1);
	assert_string_equal(tn_sim_log_at(t.sim, 0)->who, TN_SIM_ADMIN);
	assert_int_equal(tn_sim_calls(t.sim, NULL, NULL), 0);
	assert_int_equal(tn_sim_writes(t.sim), 0);
	tenant_close(&t);
}

static void
test_log_forgets_the_oldest_and_counts_on(void **state)
{
	struct tenant t;

	(void)state;
	tenant_open(&t, NULL);
	for (unsigned i = 0; i < TN_SIM_LOG_MAX + 1; i++)
		tenant_call(&t, "GET", "/x", NULL);
	assert_int_equal(tn_sim_log_count(t.sim), TN_SIM_LOG_MAX / 2 + 1);
	assert_int_equal(tn_sim_calls(t.sim, NULL, NULL), TN_SIM_LOG_MAX + 1);
	assert_int_equal(tn_sim_log_at(t.sim, 0)->status, 404);
	/* The one call before it was for the token. */
	assert_int_equal(tn_sim_log_at(t.sim, TN_SIM_LOG_MAX / 2)->number,
	    TN_SIM_LOG_MAX + 2);
	tenant_close(&t);
}

static void
test_rate_limit_is_a_bucket(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;
	const char *client;

	(void)state;
	options.rate_burst = 3;
	options.rate_per_second = 2;
	options.retry_after = true;
	tenant_open(&t, &options);
	client = t.authorization;
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 200);
		assert_int_equal(tn_sim_reply_field(&t.reply, "x-ratelimit-remaining")[0],
		    (int)('2' - (int)i));
		assert_string_equal(tn_sim_reply_field(&t.reply, "x-ratelimit-limit"),
		    "3");
		assert_null(tn_sim_reply_field(&t.reply, "retry-after"));
	}
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 429);
	tenant_says(&t, "Global limit has been reached");
	assert_string_equal(tenant_text(&t, "errorCode"), "too_many_requests");
	assert_string_equal(tn_sim_reply_field(&t.reply, "retry-after"), "1");
	/* 2026-01-01T00:00:01Z */
	assert_string_equal(tn_sim_reply_field(&t.reply, "x-ratelimit-reset"),
	    "1767225601");
	t.authorization = tn_sim_admin_authorization(t.sim);
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 200);
	t.authorization = client;
	tenant_wait(&t, 499);
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 429);
	tenant_wait(&t, 1);
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 200);
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 429);
	/* However long one waits, it holds no more than the burst. */
	tenant_wait(&t, 86000000);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 200);
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 429);
	tenant_close(&t);
}

static void
test_no_limit_shows_headers_all_the_same(void **state)
{
	struct tenant t;

	(void)state;
	tenant_open(&t, NULL);
	for (unsigned i = 0; i < 200; i++)
		assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 200);
	assert_non_null(tn_sim_reply_field(&t.reply, "x-ratelimit-limit"));
	assert_non_null(tn_sim_reply_field(&t.reply, "x-ratelimit-remaining"));
	assert_non_null(tn_sim_reply_field(&t.reply, "x-ratelimit-reset"));
	tenant_close(&t);
}

static void
test_times_never_repeat_within_a_burst(void **state)
{
	struct tenant t;
	int64_t last = 0;

	(void)state;
	tenant_open(&t, NULL);
	for (unsigned i = 0; i < 20; i++) {
		tenant_create(&t, tn_arena_printf(t.arena, "a%u", i), "");
		assert_true(tenant_time(&t, "created_at") > last);
		last = tenant_time(&t, "updated_at");
	}
	/* They run ahead of the clock a little, and not for long. */
	assert_true(last < TENANT_START + TN_SEC);
	tenant_close(&t);
}

static void
test_view_tells_what_runs(void **state)
{
	struct tenant t;
	struct tn_sim_action_view view;
	struct tn_sim_binding_view binding;
	struct tn_sim_version_view version;
	char installed[37];
	const char *id;

	(void)state;
	tenant_open(&t, NULL);
	id = tenant_create(&t, "a",
	    ",'dependencies':[{'name':'x','version':'1.0.0'}],'secrets':[{'name':'s',"
	    "'value':'v'}]");
	tn_sim_view_action(t.sim, 0, t.now, &view);
	assert_string_equal(view.id, id);
	assert_string_equal(view.trigger, "post-login");
	assert_string_equal(view.trigger_version, "v3");
	assert_string_equal(view.status, "pending");
	assert_false(view.deployed);
	assert_int_equal(view.n_versions, 0);
	assert_string_equal(view.draft.dependencies[0].version, "1.0.0");
	tenant_deploy(&t, id);
	tn_sim_install(t.sim, t.now, "post-login", "partner", installed);
	tenant_call(&t, "PATCH", "/actions/triggers/post-login/bindings",
	    tn_arena_printf(t.arena,
		"{'bindings':[{'ref':{'type':'action_id','value':'%s'},'display_name':'D'},"
		"{'ref':{'type':'action_id','value':'%s'}}]}",
		id, installed));
	assert_true(tn_sim_view_by_name(t.sim, "a", t.now, &view));
	assert_true(view.deployed);
	assert_true(view.live.live);
	assert_int_equal(view.live.number, 1);
	assert_string_equal(view.live.content.secrets[0].name, "s");
	assert_string_equal(view.live.status, "built");
	assert_true(view.all_changes_deployed);
	/* What runs is asked for with a time. */
	assert_true(tn_sim_view_by_name(t.sim, "a", view.live.visible_at - 1, &view));
	assert_false(view.deployed);
	assert_true(tn_sim_view_by_name(t.sim, "partner", t.now, &view));
	assert_true(view.installed);
	assert_int_equal(tn_sim_view_flows(t.sim), 1);
	assert_string_equal(tn_sim_view_flow(t.sim, 0), "post-login");
	assert_int_equal(tn_sim_view_bindings(t.sim, "post-login"), 2);
	assert_true(tn_sim_view_binding(t.sim, "post-login", 0, &binding));
	assert_string_equal(binding.display_name, "D");
	assert_true(tn_sim_view_binding(t.sim, "post-login", 1, &binding));
	assert_string_equal(binding.action_id, installed);
	assert_null(binding.display_name);
	assert_false(tn_sim_view_binding(t.sim, "post-login", 2, &binding));
	assert_int_equal(tn_sim_view_bindings(t.sim, "nothing"), 0);
	assert_false(tn_sim_view_by_id(t.sim, "nothing", t.now, &view));
	assert_false(tn_sim_view_by_name(t.sim, "nothing", t.now, &view));
	assert_false(tn_sim_view_version(t.sim, "nothing", 0, t.now, &version));
	tenant_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_seed_gives_the_same_bytes),
		cmocka_unit_test(test_clone_is_a_copy_that_goes_its_own_way),
		cmocka_unit_test(test_clone_continues_like_the_original),
		cmocka_unit_test(test_reset_leaves_a_new_tenant_and_good_tokens),
		cmocka_unit_test(test_log_counts_by_template),
		cmocka_unit_test(test_administrator_is_logged_and_not_counted),
		cmocka_unit_test(test_log_forgets_the_oldest_and_counts_on),
		cmocka_unit_test(test_rate_limit_is_a_bucket),
		cmocka_unit_test(test_no_limit_shows_headers_all_the_same),
		cmocka_unit_test(test_times_never_repeat_within_a_burst),
		cmocka_unit_test(test_view_tells_what_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
