#include "help.h"

#include "base/mem.h"
#include "base/rand.h"
#include "json/json.h"

/*
 * Answers that no platform should give: every reader must end with a result that can be
 * walked, or with an error. Deterministic: the same mutations in each run.
 */

static const char action_body[] =
    "{\"id\":\"i\",\"name\":\"n\",\"supported_triggers\":[{\"id\":\"t\","
    "\"version\":\"v\"}],\"created_at\":\"c\",\"updated_at\":\"u\",\"code\":\"x\","
    "\"dependencies\":[{\"name\":\"d\",\"version\":\"1\",\"registry_url\":\"r\"}],"
    "\"runtime\":\"node22\",\"status\":\"built\",\"secrets\":[{\"name\":\"s\","
    "\"updated_at\":\"u\"}],\"current_version\":{\"id\":\"v\"},"
    "\"deployed_version\":{\"id\":\"v\",\"code\":\"y\",\"number\":3,\"status\":"
    "\"built\",\"built_at\":\"b\",\"deployed\":true,\"dependencies\":[],"
    "\"secrets\":[]},\"integration\":{\"id\":\"i\"},\"all_changes_deployed\":true}";

static const struct {
	struct tn_op op;
	const char *before, *body, *after;
} answers[] = {
	{ { .kind = TN_OP_GET_ACTION }, "", action_body, "" },
	{ { .kind = TN_OP_LIST_ACTIONS }, "{\"actions\":[", action_body,
	    "],\"total\":1,\"page\":0,\"per_page\":100}" },
	{ { .kind = TN_OP_FIND_ACTION, .name = "n" }, "{\"actions\":[", action_body,
	    "],\"per_page\":100}" },
	{ { .kind = TN_OP_GET_FLOW, .trigger.id = "t" }, "{\"bindings\":[{\"action\":",
	    action_body, ",\"display_name\":\"d\"}],\"total\":1}" },
	{ { .kind = TN_OP_LIST_VERSIONS, .id = "i" }, "{\"versions\":[", action_body,
	    "],\"total\":1}" },
	{ { .kind = TN_OP_LIST_TRIGGERS }, "{\"triggers\":[",
	    "{\"id\":\"t\",\"version\":\"v\",\"status\":\"CURRENT\",\"runtimes\":"
	    "[\"node22\"],\"binding_policy\":\"entity-bound\"}",
	    "]}" },
	{ { .kind = TN_OP_GET_VERSION, .id = "i" }, "", action_body, "" },
	{ { .kind = TN_OP_GET_EXECUTION, .id = "i" }, "",
	    "{\"id\":\"e\",\"trigger_id\":\"t\",\"status\":\"final\",\"results\":"
	    "[{\"action_name\":\"n\",\"error\":{\"id\":\"i\",\"msg\":\"m\","
	    "\"url\":\"\"},\"started_at\":\"s\",\"ended_at\":\"e\"}],"
	    "\"created_at\":\"c\",\"updated_at\":\"u\"}",
	    "" },
	{ { .kind = TN_OP_TEST_ACTION, .id = "i" }, "{\"payload\":",
	    "{\"error\":{\"message\":\"m\",\"name\":\"n\",\"stack\":\"s\"},"
	    "\"stats\":{\"boot_duration_ms\":1}}",
	    "}" },
	{ { .kind = TN_OP_TEST_ACTION, .id = "i" }, "",
	    "{\"results\":[{\"action_name\":\"n\",\"error\":{\"msg\":\"m\"}}],"
	    "\"logs\":[\"l\"]}",
	    "" },
};

static size_t walked;

static void
walk_text(const char *text)
{
	if (text != NULL)
		walked += strlen(text);
}

static void
walk_content(const struct tn_content *content)
{
	assert_non_null(content->code);
	walk_text(content->code);
	walk_text(content->runtime);
	for (size_t i = 0; i < content->n_dependencies; i++) {
		assert_non_null(content->dependencies[i].name);
		assert_non_null(content->dependencies[i].version);
		walk_text(content->dependencies[i].name);
		walk_text(content->dependencies[i].version);
		walk_text(content->dependencies[i].registry);
	}
	for (size_t i = 0; i < content->n_secrets; i++) {
		assert_non_null(content->secrets[i].name);
		walk_text(content->secrets[i].name);
		walk_text(content->secrets[i].updated_at);
	}
}

static void
walk(const struct tn_op_result *result)
{
	for (size_t i = 0; i < result->n_actions; i++) {
		const struct tn_live_action *action = &result->actions[i];

		assert_true(action->id[0] != '\0' && action->name[0] != '\0');
		assert_non_null(action->trigger.id);
		assert_non_null(action->trigger.version);
		walk_text(action->build_status);
		walk_content(&action->draft);
		if (action->has_live)
			walk_content(&action->live.content);
	}
	for (size_t i = 0; i < result->n_versions; i++) {
		assert_true(result->versions[i].id[0] != '\0');
		walk_content(&result->versions[i].content);
	}
	for (size_t i = 0; i < result->flow.n_bindings; i++) {
		assert_true(result->flow.bindings[i].action_id[0] != '\0');
		assert_true(result->flow.bindings[i].action_name[0] != '\0');
		walk_text(result->flow.bindings[i].display_name);
	}
	for (size_t i = 0; i < result->n_triggers; i++) {
		assert_true(result->triggers[i].trigger.id[0] != '\0');
		for (size_t k = 0; k < result->triggers[i].n_runtimes; k++)
			walk_text(result->triggers[i].runtimes[k]);
	}
}

static bool
try_answer(const struct tn_op *op, int status, struct tn_span body)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_http_response resp = { .status = status, .body = body };
	struct tn_op_result result;
	int r = tn_auth0_provider.answer(op, &resp, arena, &result, &err);

	assert_int_equal(r, -(int)err.kind);
	if (r < 0) {
		assert_int_equal(err.status, status);
		assert_non_null(err.message);
	}
	walk(&result);
	return r == 0;
}

static void
make_body(size_t i, struct tn_str *out)
{
	tn_str_add(out, answers[i].before);
	tn_str_add(out, answers[i].body);
	tn_str_add(out, answers[i].after);
}

static void
unharmed_answers_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(answers); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;

		make_body(i, &body);
		assert_true(try_answer(&answers[i].op, 200, tn_str_span(&body)));
	}
}

static void
an_answer_cut_off_anywhere_is_an_error(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(answers); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;

		make_body(i, &body);
		for (size_t len = 0; len < body.len; len++)
			assert_false(
			    try_answer(&answers[i].op, 200, tn_span_of(body.ptr, len)));
	}
}

static void
flipped_bytes_never_break_a_reader(void **state)
{
	static const char interesting[] = "\"{}[]:,0-\\nu\0\x80\xff ";
	struct tn_rand rand;

	(void)state;
	tn_rand_init(&rand, 20260601);
	for (size_t round = 0; round < 6000; round++) {
		TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
		size_t i = tn_rand_below(&rand, TN_ARRAY_LEN(answers));
		size_t flips = 1 + tn_rand_below(&rand, 4);

		make_body(i, &body);
		for (size_t k = 0; k < flips; k++)
			body.ptr[tn_rand_below(&rand, body.len)] =
			    interesting[tn_rand_below(&rand, sizeof interesting - 1)];
		try_answer(&answers[i].op, 200, tn_str_span(&body));
	}
	assert_true(walked > 0);
}

/* The n-th value of the tree in writing order, or NULL. */
static struct tn_value *
nth_value(struct tn_value *value, size_t *n)
{
	if (*n == 0)
		return value;
	(*n)--;
	for (size_t i = 0; i < tn_value_count(value); i++) {
		struct tn_value *child = NULL;
		struct tn_value *found;

		if (value->kind == TN_VALUE_ARRAY)
			child = value->as.items[i];
		else if (value->kind == TN_VALUE_OBJECT)
			child = value->as.members[i].value;
		else
			return NULL;
		found = nth_value(child, n);
		if (found != NULL)
			return found;
	}
	return NULL;
}

static struct tn_value *
stranger(struct tn_arena *arena, size_t which)
{
	struct tn_value *nested = tn_value_array(arena);

	switch (which) {
	case 0:
		return tn_value_null(arena);
	case 1:
		return tn_value_bool(arena, true);
	case 2:
		return tn_value_number(arena, "-1e999", 6);
	case 3:
		return tn_value_string(arena, "");
	case 4:
		return tn_value_string(arena, "\xf0\x9f\x94\x92");
	case 5:
		return tn_value_object(arena);
	default:
		tn_value_push(arena, nested, tn_value_array(arena));
		return nested;
	}
}
#define STRANGERS 7

static void
a_value_of_any_type_in_any_place_is_survived(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(answers); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
		size_t places = 0;

		make_body(i, &body);
		for (bool more = true; more; places++) {
			for (size_t which = 0; which < STRANGERS; which++) {
				TN_CLEANUP(tn_arena_freep)
				struct tn_arena *arena = tn_arena_new();
				TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
				struct tn_value *root, *place;
				size_t n = places;

				assert_int_equal(tn_json_parse(arena, tn_str_span(&body),
						     NULL, &root, NULL),
				    0);
				place = nth_value(root, &n);
				more = place != NULL;
				if (!more)
					break;
				*place = *stranger(arena, which);
				tn_json_write(root, &text);
				try_answer(&answers[i].op, 200, tn_str_span(&text));
			}
		}
		assert_true(places > 5);
	}
}

static void
rubbish_with_any_status_is_an_error_or_nothing(void **state)
{
	static const char *const bodies[] = { "", "null", "[]", "\"x\"", "7", "{",
		"{\"message\":{}}", "{\"message\":null,\"errorCode\":3}", "<html>",
		"{\"error\":[],\"error_description\":{}}", "\xff\xfe" };

	(void)state;
	for (int status = 100; status < 600; status++) {
		for (size_t k = 0; k < TN_ARRAY_LEN(bodies); k++) {
			struct tn_op op = { .kind = TN_OP_GET_ACTION, .id = "i" };

			assert_false(try_answer(&op, status, tn_span(bodies[k])));
		}
	}
}

static void
a_deep_answer_is_refused(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	struct tn_op op = { .kind = TN_OP_LIST_ACTIONS };

	(void)state;
	tn_str_add(&body, "{\"actions\":");
	for (size_t i = 0; i < 100000; i++)
		tn_str_add_char(&body, '[');
	assert_false(try_answer(&op, 200, tn_str_span(&body)));
	assert_false(try_answer(&op, 500, tn_str_span(&body)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unharmed_answers_are_read),
		cmocka_unit_test(an_answer_cut_off_anywhere_is_an_error),
		cmocka_unit_test(flipped_bytes_never_break_a_reader),
		cmocka_unit_test(a_value_of_any_type_in_any_place_is_survived),
		cmocka_unit_test(rubbish_with_any_status_is_an_error_or_nothing),
		cmocka_unit_test(a_deep_answer_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
