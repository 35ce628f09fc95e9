/* Requests as data: what is kept as text, what as a secret, and the bytes made of both.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "http/message.h"

#define URL "https://acme.example/api/v2/actions?page=1"

static struct tn_secret *
secret_of(const char *text)
{
	return tn_secret_new(text, strlen(text));
}

/* The caller frees. */
static char *
assembled(const struct tn_http_bytes *bytes)
{
	struct tn_str out = TN_STR_INIT;

	tn_http_assemble(bytes, &out);
	return tn_str_take(&out);
}

static void
assert_body(const struct tn_http_request *req, const char *expected)
{
	TN_CLEANUP(tn_freep) char *body = assembled(&req->body);

	assert_string_equal(body, expected);
}

static void
methods_have_their_names(void **state TN_UNUSED)
{
	assert_string_equal(tn_http_method_name(TN_HTTP_GET), "GET");
	assert_string_equal(tn_http_method_name(TN_HTTP_POST), "POST");
	assert_string_equal(tn_http_method_name(TN_HTTP_PATCH), "PATCH");
	assert_string_equal(tn_http_method_name(TN_HTTP_PUT), "PUT");
	assert_string_equal(tn_http_method_name(TN_HTTP_DELETE), "DELETE");
}

static void
a_request_owns_its_url(void **state TN_UNUSED)
{
	char url[] = URL;
	struct tn_http_request req;

	tn_http_request_init(&req, TN_HTTP_PATCH, url);
	url[0] = 'X';
	assert_int_equal(req.method, TN_HTTP_PATCH);
	assert_string_equal(req.url, URL);
	assert_null(req.resource);
	assert_int_equal(req.n_headers, 0);
	assert_int_equal(req.body.count, 0);
	tn_http_request_done(&req);
	assert_null(req.arena);
}

static void
header_texts_are_found_without_case(void **state TN_UNUSED)
{
	struct tn_secret *token = secret_of("t0ken");
	struct tn_http_request req;

	tn_http_request_init(&req, TN_HTTP_GET, URL);
	tn_http_header_add(&req, "Accept", "application/json");
	tn_http_header_add(&req, "X-Empty", "");
	tn_http_header_secret(&req, "Authorization", "Bearer ", token);
	tn_secret_unref(token);
	assert_string_equal(tn_http_header_text(&req, "ACCEPT"), "application/json");
	assert_string_equal(tn_http_header_text(&req, "x-empty"), "");
	assert_null(tn_http_header_text(&req, "X-Other"));
	assert_null(tn_http_header_text(&req, "Authorization"));
	tn_http_request_done(&req);
}

static void
a_secret_header_is_assembled_after_its_prefix(void **state TN_UNUSED)
{
	struct tn_secret *token = secret_of("abc.def");
	struct tn_http_request req;
	TN_CLEANUP(tn_freep) char *value = NULL;

	tn_http_request_init(&req, TN_HTTP_GET, URL);
	tn_http_header_secret(&req, "Authorization", "Bearer ", token);
	tn_secret_unref(token); /* the request has a reference of its own */
	value = assembled(&req.headers[0].value);
	assert_string_equal(value, "Bearer abc.def");
	tn_http_request_done(&req);
}

static void
secrets_are_encoded_for_their_place(void **state TN_UNUSED)
{
	static const struct {
		const char *secret;
		enum tn_http_encoding encoding;
		const char *expected;
	} cases[] = {
		{ "plain", TN_HTTP_RAW, "plain" },
		{ "a\"b\\c\n&=", TN_HTTP_RAW, "a\"b\\c\n&=" },
		{ "plain", TN_HTTP_JSON, "plain" },
		{ "a\"b\\c", TN_HTTP_JSON, "a\\\"b\\\\c" },
		{ "\n\t\x01", TN_HTTP_JSON, "\\n\\t\\u0001" },
		{ "plain", TN_HTTP_FORM, "plain" },
		{ "a b&c=d%e+f", TN_HTTP_FORM, "a%20b%26c%3Dd%25e%2Bf" },
		{ "\xc3\xbc", TN_HTTP_FORM, "%C3%BC" },
		{ "", TN_HTTP_RAW, "" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_secret *secret = secret_of(cases[i].secret);
		struct tn_http_request req;

		tn_http_request_init(&req, TN_HTTP_POST, URL);
		tn_http_body_secret(&req, secret, cases[i].encoding);
		tn_secret_unref(secret);
		assert_body(&req, cases[i].expected);
		tn_http_request_done(&req);
	}
}

static void
a_form_is_text_and_secrets_in_turn(void **state TN_UNUSED)
{
	struct tn_secret *secret = secret_of("p&w");
	struct tn_http_request req;

	tn_http_request_init(&req, TN_HTTP_POST, URL);
	tn_http_body_text(&req, "grant_type=client_credentials&client_secret=");
	tn_http_body_secret(&req, secret, TN_HTTP_FORM);
	tn_http_body_text(&req, "");
	tn_http_body_text(&req, "&audience=x");
	tn_secret_unref(secret);
	assert_body(&req, "grant_type=client_credentials&client_secret=p%26w&audience=x");
	tn_http_request_done(&req);
}

static void
json_keeps_a_secret_as_a_reference_until_it_is_assembled(void **state TN_UNUSED)
{
	struct tn_secret *secret = secret_of("s\"3cret");
	struct tn_arena *arena = tn_arena_new();
	struct tn_value *value = tn_value_object(arena);
	struct tn_http_request req;

	tn_value_set_text(arena, value, "name", "API_KEY");
	tn_value_set(arena, value, "value", tn_value_secret(arena, secret));
	tn_value_set_bool(arena, value, "last", true);
	tn_http_request_init(&req, TN_HTTP_POST, URL);
	tn_http_body_json(&req, value);
	tn_arena_free(arena); /* nothing of the tree is needed any more */
	tn_secret_unref(secret);
	for (size_t i = 0; i < req.body.count; i++) {
		struct tn_span text = req.body.pieces[i].text;

		assert_true(
		    text.len == 0 || memmem(text.ptr, text.len, "3cret", 5) == NULL);
	}
	assert_string_equal(tn_http_header_text(&req, "content-type"),
	    "application/json");
	assert_body(&req,
	    "{\"name\":\"API_KEY\",\"value\":\"s\\\"3cret\",\"last\":true}");
	tn_http_request_done(&req);
}

static void
a_large_json_body_arrives_whole(void **state TN_UNUSED)
{
	enum { COUNT = 3000, LONG = 200000 };
	struct tn_arena *arena = tn_arena_new();
	struct tn_value *value = tn_value_array(arena);
	struct tn_http_request req;
	struct tn_str expected = TN_STR_INIT;
	char *code = tn_alloc(LONG + 1, 1);

	memset(code, 'x', LONG);
	tn_value_push(arena, value, tn_value_string(arena, code));
	tn_str_addf(&expected, "[\"%s\"", code);
	for (int i = 0; i < COUNT; i++) {
		tn_value_push(arena, value, tn_value_int(arena, i));
		tn_str_addf(&expected, ",%d", i);
	}
	tn_str_add(&expected, "]");
	tn_http_request_init(&req, TN_HTTP_PUT, URL);
	tn_http_body_json(&req, value);
	assert_body(&req, tn_str_text(&expected));
	tn_http_request_done(&req);
	tn_str_done(&expected);
	tn_arena_free(arena);
	tn_free(code);
}

static void
assembling_appends_and_does_not_move_once_it_began(void **state TN_UNUSED)
{
	struct tn_secret *secret = secret_of("\x01\x02\x03\x04\x01\x02\x03\x04");
	struct tn_http_request req;
	struct tn_str out = TN_STR_INIT;

	tn_http_request_init(&req, TN_HTTP_POST, URL);
	for (int i = 0; i < 100; i++)
		tn_http_body_secret(&req, secret, TN_HTTP_JSON);
	tn_str_add(&out, "before:");
	tn_http_assemble(&req.body, &out);
	assert_int_equal(out.len, strlen("before:") + 100u * 8u * strlen("\\u0001"));
	assert_memory_equal(out.ptr, "before:\\u0001\\u0002", 19);
	/* The room was made beforehand, for the worst case: growing by halves would show.
	 */
	assert_true(out.cap < out.len + 64);
	assert_false(tn_str_overflowed(&out));
	tn_wipe(out.ptr, out.len);
	tn_str_done(&out);
	tn_http_request_done(&req);
	tn_secret_unref(secret);
}

static void
a_body_past_the_bound_is_noticed(void **state TN_UNUSED)
{
	struct tn_http_request req;
	struct tn_str out;

	tn_str_init(&out, 8);
	tn_http_request_init(&req, TN_HTTP_POST, URL);
	tn_http_body_text(&req, "123456789");
	tn_http_assemble(&req.body, &out);
	assert_true(tn_str_overflowed(&out));
	tn_str_done(&out);
	tn_http_request_done(&req);
}

static void
a_clone_stands_alone(void **state TN_UNUSED)
{
	struct tn_secret *secret = secret_of("v&1");
	struct tn_http_request req;
	struct tn_http_request *clone;
	TN_CLEANUP(tn_freep) char *header = NULL;

	tn_http_request_init(&req, TN_HTTP_POST, URL);
	req.resource = tn_arena_text(req.arena, "/actions/{id}");
	req.deadline_ns = 5;
	req.max_answer = 7;
	tn_http_header_add(&req, "Accept", "text/plain");
	tn_http_header_secret(&req, "Authorization", "Bearer ", secret);
	tn_http_body_text(&req, "k=");
	tn_http_body_secret(&req, secret, TN_HTTP_FORM);
	clone = tn_http_request_clone(&req);
	tn_http_request_done(&req);
	tn_secret_unref(secret);

	assert_int_equal(clone->method, TN_HTTP_POST);
	assert_string_equal(clone->url, URL);
	assert_string_equal(clone->resource, "/actions/{id}");
	assert_int_equal(clone->deadline_ns, 5);
	assert_int_equal(clone->max_answer, 7);
	assert_int_equal(clone->n_headers, 2);
	assert_string_equal(tn_http_header_text(clone, "accept"), "text/plain");
	header = assembled(&clone->headers[1].value);
	assert_string_equal(header, "Bearer v&1");
	assert_body(clone, "k=v%261");
	tn_http_request_free(clone);
	tn_http_request_free(NULL);
}

static void
a_label_has_no_query_and_nothing_for_a_terminal_to_obey(void **state TN_UNUSED)
{
	static const struct {
		enum tn_http_method method;
		const char *url, *expected;
	} cases[] = {
		{ TN_HTTP_GET, "https://a.example/x?token=1", "GET https://a.example/x" },
		{ TN_HTTP_DELETE, "https://a.example/x#y", "DELETE https://a.example/x" },
		{ TN_HTTP_PUT, "https://a.example", "PUT https://a.example" },
		{ TN_HTTP_POST, "https://a\x1b[2J/", "POST https://a\\x1b[2J/" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_http_request req;
		struct tn_str label = TN_STR_INIT;

		tn_http_request_init(&req, cases[i].method, cases[i].url);
		tn_http_request_label(&req, &label);
		assert_string_equal(tn_str_text(&label), cases[i].expected);
		tn_str_done(&label);
		tn_http_request_done(&req);
	}
}

static void
the_last_field_of_a_name_counts(void **state TN_UNUSED)
{
	static const struct tn_http_field fields[] = {
		{ "retry-after", "1" },
		{ "x-a", "a" },
		{ "retry-after", "2" },
	};
	const struct tn_http_response resp = { 200, fields, 3, { NULL, 0 } };

	assert_string_equal(tn_http_response_field(&resp, "retry-after"), "2");
	assert_string_equal(tn_http_response_field(&resp, "Retry-After"), "2");
	assert_string_equal(tn_http_response_field(&resp, "X-A"), "a");
	assert_null(tn_http_response_field(&resp, "x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(methods_have_their_names),
		cmocka_unit_test(a_request_owns_its_url),
		cmocka_unit_test(header_texts_are_found_without_case),
		cmocka_unit_test(a_secret_header_is_assembled_after_its_prefix),
		cmocka_unit_test(secrets_are_encoded_for_their_place),
		cmocka_unit_test(a_form_is_text_and_secrets_in_turn),
		cmocka_unit_test(
		    json_keeps_a_secret_as_a_reference_until_it_is_assembled),
		cmocka_unit_test(a_large_json_body_arrives_whole),
		cmocka_unit_test(assembling_appends_and_does_not_move_once_it_began),
		cmocka_unit_test(a_body_past_the_bound_is_noticed),
		cmocka_unit_test(a_clone_stands_alone),
		cmocka_unit_test(a_label_has_no_query_and_nothing_for_a_terminal_to_obey),
		cmocka_unit_test(the_last_field_of_a_name_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
