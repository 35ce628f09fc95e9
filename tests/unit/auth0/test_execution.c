#include "help.h"

/* Executions of a flow, and test runs of a draft, in both dialects. */

static const struct tn_op get_execution = { .kind = TN_OP_GET_EXECUTION, .id = "M9" };
static const struct tn_op run_test = { .kind = TN_OP_TEST_ACTION, .id = "0b8f" };

static void
an_execution_tells_who_ran_and_who_failed(void **state)
{
	static const char body[] =
	    "{\"id\":\"M9\",\"trigger_id\":\"post-login\",\"status\":\"final\","
	    "\"results\":[{\"action_name\":\"enrich\","
	    "\"started_at\":\"2026-05-29T11:40:00.1Z\","
	    "\"ended_at\":\"2026-05-29T11:40:00.2Z\"},{\"action_name\":\"audit\","
	    "\"error\":{\"id\":\"e1\",\"msg\":\"boom\",\"url\":\"u\"}}],"
	    "\"created_at\":\"2026-05-29T11:40:00Z\",\"updated_at\":"
	    "\"2026-05-29T11:40:01Z\"}";
	const struct tn_execution *execution;
	struct help_answer a;

	(void)state;
	help_answer(&a, &get_execution, 200, body);
	assert_int_equal(a.r, 0);
	execution = a.result.execution;
	assert_string_equal(execution->id, "M9");
	assert_string_equal(execution->trigger, "post-login");
	assert_string_equal(execution->status, "final");
	assert_string_equal(execution->created_at, "2026-05-29T11:40:00Z");
	assert_string_equal(execution->updated_at, "2026-05-29T11:40:01Z");
	assert_int_equal(execution->n_results, 2);
	assert_string_equal(execution->results[0].action_name, "enrich");
	assert_string_equal(execution->results[0].started_at, "2026-05-29T11:40:00.1Z");
	assert_string_equal(execution->results[0].ended_at, "2026-05-29T11:40:00.2Z");
	assert_false(execution->results[0].failed);
	assert_null(execution->results[0].error);
	assert_true(execution->results[1].failed);
	assert_string_equal(execution->results[1].error, "boom");
	assert_null(execution->results[1].ended_at);
	help_done(&a);
}

static void
an_execution_without_an_id_is_none(void **state)
{
	struct help_answer a;

	(void)state;
	help_answer(&a, &get_execution, 200, "{\"status\":\"final\"}");
	assert_int_equal(a.err.kind, TN_E_PLATFORM);
	assert_null(a.result.execution);
	help_done(&a);
	help_answer(&a, &get_execution, 404,
	    "{\"statusCode\":404,\"error\":\"Not Found\","
	    "\"message\":\"That execution does not exist.\"}");
	assert_int_equal(a.err.kind, TN_E_NOT_FOUND);
	help_done(&a);
}

/* What is thrown comes with status 200. */
static void
a_test_run_has_failed_when_it_says_so(void **state)
{
	static const struct {
		const char *body;
		bool failed;
		const char *error;
	} cases[] = {
		{ "{\"payload\":{\"stats\":{\"boot_duration_ms\":4}}}", false, NULL },
		{ "{\"payload\":{}}", false, NULL },
		{ "{\"payload\":{\"error\":null}}", false, NULL },
		{ "{\"payload\":{\"error\":{\"message\":\"boom\",\"name\":\"Error\","
		  "\"stack\":\"Error: boom\"}}}",
		    true, "boom" },
		{ "{\"payload\":{\"error\":\"boom\"}}", true, "boom" },
		{ "{\"payload\":{\"error\":{}}}", true, NULL },
		{ "{\"payload\":{\"error\":false}}", true, NULL },
		/* An older tenant. */
		{ "{\"results\":[{\"action_name\":\"a\"}],\"logs\":[]}", false, NULL },
		{ "{\"results\":[],\"logs\":[\"hello\"]}", false, NULL },
		{ "{\"results\":[{\"action_name\":\"a\"},{\"action_name\":\"b\","
		  "\"error\":{\"msg\":\"boom\"}}],\"logs\":[]}",
		    true, "boom" },
		{ "{\"results\":[{\"error\":{\"id\":\"x\"}}]}", true, NULL },
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct help_answer a;

		help_answer(&a, &run_test, 200, cases[i].body);
		assert_int_equal(a.r, 0);
		assert_int_equal(a.result.test->failed, cases[i].failed);
		if (cases[i].error == NULL)
			assert_null(a.result.test->error);
		else
			assert_string_equal(a.result.test->error, cases[i].error);
		assert_true(tn_value_is(a.result.test->answer, TN_VALUE_OBJECT));
		help_done(&a);
	}
}

static void
what_a_test_run_gave_is_kept_as_it_was_told(void **state)
{
	int64_t ms;
	struct help_answer a;

	(void)state;
	help_answer(&a, &run_test, 200,
	    "{\"payload\":{\"stats\":{\"boot_duration_ms\":41}}}");
	assert_true(
	    tn_value_to_int(tn_value_get(tn_value_get(a.result.test->answer, "stats"),
				"boot_duration_ms"),
		&ms));
	assert_int_equal(ms, 41);
	help_done(&a);
	help_answer(&a, &run_test, 200, "{\"results\":[],\"logs\":[\"hello\"]}");
	assert_string_equal(
	    tn_value_text(tn_value_at(tn_value_get(a.result.test->answer, "logs"), 0)),
	    "hello");
	help_done(&a);
}

/* It may have run: what it did elsewhere is done. */
static void
a_test_run_whose_answer_says_nothing_is_unknown(void **state)
{
	static const char *const bodies[] = { "{}", "{\"payload\":3}", "[]", "",
		"{\"results\":{}}", "{\"results\":[3]}", "{\"logs\":[]}" };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(bodies); i++) {
		struct help_answer a;

		help_answer(&a, &run_test, 200, bodies[i]);
		assert_int_equal(a.err.kind, TN_E_UNKNOWN);
		assert_null(a.result.test);
		help_done(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_execution_tells_who_ran_and_who_failed),
		cmocka_unit_test(an_execution_without_an_id_is_none),
		cmocka_unit_test(a_test_run_has_failed_when_it_says_so),
		cmocka_unit_test(what_a_test_run_gave_is_kept_as_it_was_told),
		cmocka_unit_test(a_test_run_whose_answer_says_nothing_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
