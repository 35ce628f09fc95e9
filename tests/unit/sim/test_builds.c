/* Drafts become built, or do not, as time passes. */
#include "tenant.h"

#include <string.h>

#define DEPENDENCY \
	",'dependencies':[{'name':'x','version':'1.0.0','registry_url':'https://r'}]"

static const char *
status_of(struct tenant *t, const char *id)
{
	assert_int_equal(tenant_callf(t, "GET", NULL, "/actions/actions/%s", id), 200);
	return tenant_text(t, "status");
}

/* The states that polls every 100 ms see, each once, as "pending building built". */
static const char *
states_of(struct tenant *t, const char *id, int64_t for_ms)
{
	struct tn_str seen = TN_STR_INIT;
	const char *last = "", *copy;
	int64_t end = t->now + for_ms * TN_MSEC;

	for (; t->now < end; tenant_wait(t, 100)) {
		const char *status = status_of(t, id);

		if (strcmp(status, last) == 0)
			continue;
		tn_str_addf(&seen, "%s%s", *last == '\0' ? "" : " ", status);
		last = status;
	}
	copy = tn_arena_text(t->arena, tn_str_text(&seen));
	tn_str_done(&seen);
	return copy;
}

static void
test_plain_build_goes_from_pending_to_built(void **state)
{
	struct tenant t;
	const char *id;

	(void)state;
	tenant_open(&t, NULL);
	id = tenant_create(&t, "a", "");
	assert_string_equal(states_of(&t, id, 5000), "pending built");
	tenant_close(&t);
}

static void
test_build_takes_the_time_it_is_told(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;
	const char *id;

	(void)state;
	options.build_ns = 2000 * TN_MSEC;
	options.plain_ns = 0;
	tenant_open(&t, &options);
	id = tenant_create(&t, "plain", "");
	assert_string_equal(status_of(&t, id), "built");
	id = tenant_create(&t, "with", DEPENDENCY);
	assert_string_equal(tenant_text(&t, "status"), "pending");
	tenant_wait(&t, 150);
	assert_string_equal(status_of(&t, id), "building");
	tenant_wait(&t, 1849);
	assert_string_equal(status_of(&t, id), "building");
	tenant_wait(&t, 1);
	assert_string_equal(status_of(&t, id), "built");
	tenant_close(&t);
}

static void
test_build_with_dependencies_shows_every_state(void **state)
{
	struct tenant t;
	const char *id;

	(void)state;
	tenant_open(&t, NULL);
	id = tenant_create(&t, "a", DEPENDENCY);
	assert_string_equal(states_of(&t, id, 20000), "pending building built");
	tenant_close(&t);
}

static void
test_failing_build_retries_and_gives_no_reason(void **state)
{
	struct tenant t;
	const char *id;

	(void)state;
	tenant_open(&t, NULL);
	id = tenant_create(&t, "a", ",'dependencies':[{'name':'x','version':'^1.0'}]");
	assert_string_equal(states_of(&t, id, 120000),
	    "pending building retrying building retrying building failed");
	assert_false(tenant_has(&t, "errors"));
	assert_int_equal(tenant_callf(&t, "POST", NULL, "/actions/actions/%s/deploy", id),
	    400);
	tenant_says(&t, "must be in the 'built' state");
	/* A new PATCH is a new build. */
	assert_int_equal(tenant_callf(&t, "PATCH",
			     "{'dependencies':[{'name':'x','version':'1.0.0'}]}",
			     "/actions/actions/%s", id),
	    200);
	assert_string_equal(states_of(&t, id, 20000), "pending building built");
	tenant_close(&t);
}

static void
test_one_attempt_fails_without_retrying(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;
	const char *id;

	(void)state;
	options.build_attempts = 1;
	tenant_open(&t, &options);
	id = tenant_create(&t, "a", ",'dependencies':[{'name':'x','version':'x'}]");
	assert_string_equal(states_of(&t, id, 120000), "pending building failed");
	tenant_close(&t);
}

static void
test_only_exact_versions_can_be_built(void **state)
{
	static const struct {
		const char *version;
		bool good;
	} cases[] = {
		{ "1.2.3", true },
		{ "0.0.0", true },
		{ "10.20.30-beta.1", true },
		{ "1.2.3+build", true },
		{ "latest", true },
		{ "1.2", false },
		{ "1", false },
		{ "1.2.3.4", false },
		{ "~1.2.3", false },
		{ "1.2.x", false },
		{ "v1.2.3", false },
		{ "1.2.3-", false },
		{ "next", false },
	};
	struct tenant t;

	(void)state;
	tenant_open(&t, NULL);
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		const char *id = tenant_create(&t, tn_arena_printf(t.arena, "a%zu", i),
		    tn_arena_printf(t.arena,
			",'dependencies':[{'name':'x','version':'%s'}]",
			cases[i].version));

		tenant_wait(&t, 60000);
		assert_string_equal(status_of(&t, id),
		    cases[i].good ? "built" : "failed");
	}
	tenant_close(&t);
}

static void
test_patch_drops_the_build_under_way(void **state)
{
	struct tenant t;
	const char *id;

	(void)state;
	tenant_open(&t, NULL);
	id = tenant_create(&t, "a", DEPENDENCY);
	tenant_wait(&t, 3900);
	assert_string_equal(status_of(&t, id), "building");
	assert_int_equal(tenant_callf(&t, "PATCH", "{}", "/actions/actions/%s", id), 200);
	assert_string_equal(tenant_text(&t, "status"), "pending");
	tenant_wait(&t, 200);
	assert_string_equal(status_of(&t, id), "building");
	tenant_wait(&t, 3800);
	assert_string_equal(status_of(&t, id), "built");
	tenant_close(&t);
}

static void
test_registry_is_forgotten_by_the_build(void **state)
{
	struct tenant t;
	const char *id;

	(void)state;
	tenant_open(&t, NULL);
	id = tenant_create(&t, "a", DEPENDENCY);
	assert_string_equal(tenant_text(&t, "dependencies[0].registry_url"), "https://r");
	/* A PATCH before the end keeps it. */
	tenant_callf(&t, "PATCH", "{}", "/actions/actions/%s", id);
	assert_true(tenant_has(&t, "dependencies[0].registry_url"));
	tenant_wait(&t, 10000);
	status_of(&t, id);
	assert_false(tenant_has(&t, "dependencies[0].registry_url"));
	/* One after it does not bring it back. */
	tenant_callf(&t, "PATCH", "{}", "/actions/actions/%s", id);
	assert_string_equal(tenant_text(&t, "status"), "pending");
	assert_false(tenant_has(&t, "dependencies[0].registry_url"));
	tenant_close(&t);
}

static void
test_draft_that_is_not_built_is_not_deployed(void **state)
{
	struct tenant t;
	const char *id;

	(void)state;
	tenant_open(&t, NULL);
	id = tenant_create(&t, "a", "");
	assert_int_equal(tenant_callf(&t, "POST", NULL, "/actions/actions/%s/deploy", id),
	    400);
	tenant_says(&t,
	    "A draft must be in the 'built' state before it can be deployed.");
	assert_false(tenant_has(&t, "errorCode"));
	tenant_wait(&t, 300);
	assert_int_equal(tenant_callf(&t, "POST", NULL, "/actions/actions/%s/deploy", id),
	    200);
	tenant_close(&t);
}

static void
test_a_build_may_succeed_when_retried(void **state)
{
	struct tenant t;
	const char *id;

	(void)state;
	tenant_open(&t, NULL);
	tenant_fault(&t, "{'do':'retry-build'}");
	id = tenant_create(&t, "a", DEPENDENCY);
	/* Three attempts of 4 s with 8 s between them. */
	assert_string_equal(states_of(&t, id, 40000),
	    "pending building retrying building retrying building built");
	assert_string_equal(status_of(&t, id), "built");
	tenant_close(&t);
}

static void
test_packaged_may_come_before_built(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;
	const char *id;

	(void)state;
	options.packaged_ns = 500 * TN_MSEC;
	tenant_open(&t, &options);
	id = tenant_create(&t, "a", DEPENDENCY);
	assert_string_equal(states_of(&t, id, 5000), "pending building packaged built");
	id = tenant_create(&t, "plain", "");
	assert_string_equal(states_of(&t, id, 5000), "pending built");
	tenant_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_build_may_succeed_when_retried),
		cmocka_unit_test(test_packaged_may_come_before_built),
		cmocka_unit_test(test_plain_build_goes_from_pending_to_built),
		cmocka_unit_test(test_build_takes_the_time_it_is_told),
		cmocka_unit_test(test_build_with_dependencies_shows_every_state),
		cmocka_unit_test(test_failing_build_retries_and_gives_no_reason),
		cmocka_unit_test(test_one_attempt_fails_without_retrying),
		cmocka_unit_test(test_only_exact_versions_can_be_built),
		cmocka_unit_test(test_patch_drops_the_build_under_way),
		cmocka_unit_test(test_registry_is_forgotten_by_the_build),
		cmocka_unit_test(test_draft_that_is_not_built_is_not_deployed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
