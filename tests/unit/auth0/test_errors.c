#include "help.h"

#include "base/mem.h"

#define BODY(status, message, code)                                          \
	"{\"statusCode\":" #status ",\"error\":\"E\",\"message\":\"" message \
	"\",\"errorCode\":\"" code "\"}"
#define PLAIN(status, message) \
	"{\"statusCode\":" #status ",\"error\":\"E\",\"message\":\"" message "\"}"
/* Of an older tenant: the error is a code. */
#define OLDER(status, code, message) \
	"{\"error\":\"" code "\",\"message\":\"" message "\",\"statusCode\":" #status "}"

static const struct tn_op read_op = { .kind = TN_OP_GET_ACTION, .id = "x" };
static const struct tn_op write_op = { .kind = TN_OP_UPDATE_ACTION, .id = "x" };

struct refusal {
	int status;
	const char *body;
	enum tn_error_kind read, write;
};

static const struct refusal refusals[] = {
	{ 400,
	    PLAIN(400, "A draft must be in the 'built' state before it can be deployed."),
	    TN_E_TRANSIENT, TN_E_TRANSIENT },
	{ 400,
	    PLAIN(400,
		"Trying to create a binding for an action that has not been deployed "
		"yet."),
	    TN_E_TRANSIENT, TN_E_TRANSIENT },
	{ 400,
	    PLAIN(400,
		"Trying to create a binding between an incompatible action and trigger."),
	    TN_E_INPUT, TN_E_INPUT },
	{ 400, PLAIN(400, "can't upgrade to this trigger."), TN_E_INPUT, TN_E_INPUT },
	{ 400, BODY(400, "Payload validation error", "invalid_body"), TN_E_INPUT,
	    TN_E_INPUT },
	{ 400, BODY(400, "Bad HTTP authentication header format", "Bearer"), TN_E_AUTH,
	    TN_E_AUTH },
	{ 400, "", TN_E_INPUT, TN_E_INPUT },
	{ 401, PLAIN(401, "Invalid token"), TN_E_AUTH, TN_E_AUTH },
	{ 401, PLAIN(401, "Expired token received for JSON Web Token validation"),
	    TN_E_AUTH, TN_E_AUTH },
	{ 401, "", TN_E_AUTH, TN_E_AUTH },
	{ 403,
	    BODY(403, "Insufficient scope, expected any of: update:actions",
		"insufficient_scope"),
	    TN_E_PERMISSION, TN_E_PERMISSION },
	{ 403,
	    BODY(403, "This feature is not enabled for this tenant.",
		"feature_not_enabled"),
	    TN_E_PERMISSION, TN_E_PERMISSION },
	{ 403, BODY(403, "Upgrade your plan", "insufficient_entitlement"), TN_E_LIMIT,
	    TN_E_LIMIT },
	{ 403, BODY(403, "No", "operation_not_supported"), TN_E_PERMISSION,
	    TN_E_PERMISSION },
	{ 404, PLAIN(404, "That action does not exist."), TN_E_NOT_FOUND,
	    TN_E_NOT_FOUND },
	{ 404, OLDER(404, "not_found", "That action does not exist."), TN_E_NOT_FOUND,
	    TN_E_NOT_FOUND },
	{ 403, OLDER(403, "insufficient_entitlement", "Upgrade your plan"), TN_E_LIMIT,
	    TN_E_LIMIT },
	{ 408, "", TN_E_TRANSIENT, TN_E_UNKNOWN },
	{ 409, PLAIN(409, "Unable to delete an action bound to a trigger."),
	    TN_E_CONFLICT, TN_E_CONFLICT },
	{ 412, PLAIN(412, "in use"), TN_E_CONFLICT, TN_E_CONFLICT },
	{ 413, "", TN_E_LIMIT, TN_E_LIMIT },
	{ 429, BODY(429, "Global limit has been reached", "too_many_requests"),
	    TN_E_TRANSIENT, TN_E_TRANSIENT },
	{ 429, "<html>slow down</html>", TN_E_TRANSIENT, TN_E_TRANSIENT },
	{ 500, PLAIN(500, "An internal server error occurred"), TN_E_TRANSIENT,
	    TN_E_UNKNOWN },
	{ 500,
	    "{\"error\":\"access_denied\","
	    "\"error_description\":\"Global limit has been reached\"}",
	    TN_E_TRANSIENT, TN_E_TRANSIENT },
	{ 502, "<html></html>", TN_E_TRANSIENT, TN_E_UNKNOWN },
	{ 503, "", TN_E_TRANSIENT, TN_E_UNKNOWN },
	{ 504, "", TN_E_TRANSIENT, TN_E_UNKNOWN },
	{ 520, "", TN_E_TRANSIENT, TN_E_UNKNOWN },
	{ 302, "", TN_E_PLATFORM, TN_E_PLATFORM },
	{ 304, "", TN_E_PLATFORM, TN_E_PLATFORM },
	{ 418, "", TN_E_PLATFORM, TN_E_PLATFORM },
	{ 100, "", TN_E_PLATFORM, TN_E_PLATFORM },
	/* The status decides, whatever the body claims. */
	{ 404, BODY(429, "Global limit has been reached", "too_many_requests"),
	    TN_E_NOT_FOUND, TN_E_NOT_FOUND },
};

static void
each_refusal_has_its_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(refusals); i++) {
		const struct refusal *refusal = &refusals[i];
		struct help_answer a;

		help_answer(&a, &read_op, refusal->status, refusal->body);
		if (a.err.kind != refusal->read)
			fail_msg("read, %d %s: %s", refusal->status, refusal->body,
			    tn_error_kind_name(a.err.kind));
		assert_int_equal(a.err.status, refusal->status);
		help_done(&a);
		help_answer(&a, &write_op, refusal->status, refusal->body);
		if (a.err.kind != refusal->write)
			fail_msg("write, %d %s: %s", refusal->status, refusal->body,
			    tn_error_kind_name(a.err.kind));
		assert_int_equal(a.err.status, refusal->status);
		help_done(&a);
	}
}

static void
the_platforms_words_are_passed_on(void **state)
{
	struct help_answer a;

	(void)state;
	help_answer(&a, &write_op, 400, PLAIN(400, "runtime is not supported"));
	assert_string_equal(a.err.message,
	    "the tenant answers 400: runtime is not supported");
	help_done(&a);
	help_answer(&a, &write_op, 409, "{\"message\":[1,2]}");
	assert_string_equal(a.err.message,
	    "the tenant answers 409 without an explanation");
	help_done(&a);
}

static void
foreign_words_are_made_printable(void **state)
{
	struct help_answer a;

	(void)state;
	help_answer(&a, &write_op, 400, "{\"message\":\"a\\u001b[31mb\\r\\nc\\u202ed\"}");
	assert_null(strchr(a.err.message, '\x1b'));
	assert_null(strchr(a.err.message, '\n'));
	assert_null(strchr(a.err.message, '\r'));
	assert_null(strstr(a.err.message, "\xe2\x80\xae"));
	help_done(&a);
}

static size_t
characters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* An answer of n times the piece, behind the fixed words. */
static size_t
length_of_long_words(const char *piece, size_t n)
{
	static const char before[] = "the tenant answers 400: ";
	struct tn_str body = TN_STR_INIT;
	struct help_answer a;
	size_t length;

	tn_str_add(&body, "{\"message\":\"");
	for (size_t i = 0; i < n; i++)
		tn_str_add(&body, piece);
	tn_str_add(&body, "\"}");
	help_answer(&a, &write_op, 400, tn_str_text(&body));
	tn_str_done(&body);
	assert_true(tn_text_starts(a.err.message, before));
	length = characters(a.err.message + strlen(before));
	help_done(&a);
	return length;
}

static void
long_words_are_cut_at_three_hundred_characters(void **state)
{
	(void)state;
	assert_int_equal(length_of_long_words("x", 300), 300);
	assert_int_equal(length_of_long_words("x", 301), 300);
	assert_int_equal(length_of_long_words("\xc3\xa9", 300), 300);
	assert_int_equal(length_of_long_words("\xc3\xa9", 20000), 300);
	assert_int_equal(length_of_long_words("\\u0001", 5000), 300);
}

static void
an_explanation_of_unreasonable_size_is_not_read(void **state)
{
	struct tn_str body = TN_STR_INIT;
	struct help_answer a;

	(void)state;
	tn_str_add(&body, "{\"message\":\"");
	for (size_t i = 0; i < 70000; i++)
		tn_str_add_char(&body, 'x');
	tn_str_add(&body, "\"}");
	help_answer(&a, &read_op, 500, tn_str_text(&body));
	assert_string_equal(a.err.message,
	    "the tenant answers 500 without an explanation");
	help_done(&a);
	tn_str_done(&body);
}

static void
a_missing_right_is_named_from_the_answer(void **state)
{
	struct help_answer a;

	(void)state;
	help_answer(&a, &write_op, 403,
	    BODY(403, "Insufficient scope, expected any of: delete:actions,x:y",
		"insufficient_scope"));
	assert_true(tn_text_starts(a.err.message,
	    "the right delete:actions,x:y is missing: the tenant answers 403"));
	assert_non_null(strstr(a.err.hint, "grant delete:actions,x:y"));
	assert_non_null(strstr(a.err.hint, "Machine to Machine"));
	help_done(&a);
}

static void
a_missing_right_that_is_not_told_is_the_operations_own(void **state)
{
	static const char *const messages[] = { "Insufficient scope",
		"Insufficient scope, expected any of:", "" };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(messages); i++) {
		struct tn_str body = TN_STR_INIT;
		struct help_answer a;

		tn_str_addf(&body,
		    "{\"message\":\"%s\",\"errorCode\":\"insufficient_scope\"}",
		    messages[i]);
		help_answer(&a, &write_op, 403, tn_str_text(&body));
		assert_int_equal(a.err.kind, TN_E_PERMISSION);
		assert_non_null(strstr(a.err.message, "right update:actions is missing"));
		help_done(&a);
		tn_str_done(&body);
	}
}

static void
refused_credentials_come_with_the_cure(void **state)
{
	struct help_answer a;

	(void)state;
	help_answer(&a, &read_op, 401, PLAIN(401, "Expired token received for X"));
	assert_non_null(strstr(a.err.hint, "new token"));
	help_done(&a);
	help_answer(&a, &read_op, 401, PLAIN(401, "Bad audience: https://x/"));
	assert_non_null(strstr(a.err.hint, "audience"));
	help_done(&a);
	help_answer(&a, &read_op, 302, "");
	assert_non_null(strstr(a.err.hint, "domain"));
	help_done(&a);
}

static void
an_error_may_go_unrecorded(void **state)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_http_response resp = help_response(403,
	    BODY(403, "x", "insufficient_scope"));
	struct tn_op_result result;

	(void)state;
	assert_int_equal(tn_auth0_provider.answer(&read_op, &resp, arena, &result, NULL),
	    -TN_E_PERMISSION);
	resp = help_response(200, "[]");
	assert_int_equal(tn_auth0_provider.answer(&read_op, &resp, arena, &result, NULL),
	    -TN_E_PLATFORM);
	assert_int_equal(tn_auth0_provider.answer(&write_op, &resp, arena, &result, NULL),
	    -TN_E_UNKNOWN);
}

/* Who is refused for the rate waits for the tenant, and sends nothing else meanwhile. */
static void
a_limit_is_told_from_a_failure(void **state)
{
	static const struct {
		int status;
		const char *body;
		bool for_rate;
	} rows[] = {
		{ 429, "{}", true },
		{ 500, "{\"message\":\"Global limit has been reached\"}", true },
		{ 500, "{\"message\":\"An internal server error occurred\"}", false },
		{ 503, "{\"message\":\"Global limit has been reached\"}", false },
		{ 500,
		    "{\"error\":\"access_denied\",\"error_description\":"
		    "\"Global limit has been reached\"}",
		    true },
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		struct help_answer a;

		help_answer(&a, &write_op, rows[i].status, rows[i].body);
		assert_int_equal(a.err.for_rate, rows[i].for_rate);
		if (rows[i].for_rate)
			assert_int_equal(a.err.kind, TN_E_TRANSIENT);
		help_done(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_refusal_has_its_kind),
		cmocka_unit_test(the_platforms_words_are_passed_on),
		cmocka_unit_test(foreign_words_are_made_printable),
		cmocka_unit_test(long_words_are_cut_at_three_hundred_characters),
		cmocka_unit_test(an_explanation_of_unreasonable_size_is_not_read),
		cmocka_unit_test(a_missing_right_is_named_from_the_answer),
		cmocka_unit_test(a_missing_right_that_is_not_told_is_the_operations_own),
		cmocka_unit_test(refused_credentials_come_with_the_cure),
		cmocka_unit_test(an_error_may_go_unrecorded),
		cmocka_unit_test(a_limit_is_told_from_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
