/* The transport that can only read, in virtual time, around one that notes what it is
 * told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "http/transport.h"

#define TOKEN_URL "https://acme.example/oauth/token"

/* The inner transport: holds its calls until the test completes them. */
struct tn_call {
	tn_http_done_fn *done;
	void *arg;
	char *line;
};

enum { MAX_CALLS = 32 };

struct inner {
	struct tn_transport transport;
	struct tn_call calls[MAX_CALLS];
	size_t submitted, cancelled;
};

static struct tn_call *
inner_submit(struct tn_transport *transport, const struct tn_http_request *req,
    tn_http_done_fn *done, void *arg)
{
	struct inner *inner = (struct inner *)transport;
	struct tn_call *call = &inner->calls[inner->submitted++];
	struct tn_str line = TN_STR_INIT;

	tn_http_request_label(req, &line);
	*call = (struct tn_call){ done, arg, tn_str_take(&line) };
	return call;
}

static void
inner_cancel(struct tn_transport *transport, struct tn_call *call)
{
	struct inner *inner = (struct inner *)transport;

	inner->cancelled++;
	call->done = NULL;
}

static void
inner_free(struct tn_transport *transport TN_UNUSED)
{
	fail_msg("the inner transport is not owned");
}

static const struct tn_transport_ops inner_ops = { inner_submit, inner_cancel,
	inner_free };

static struct world {
	struct tn_loop *loop;
	struct inner inner;
	struct tn_transport *readonly;
} world;

static int
setup_with(const char *token_url)
{
	world = (struct world){ .inner.transport.ops = &inner_ops };
	world.loop = tn_loop_new_virtual(0);
	world.readonly = tn_transport_readonly(world.loop, &world.inner.transport,
	    token_url);
	return 0;
}

static int
setup(void **state TN_UNUSED)
{
	return setup_with(TOKEN_URL);
}

static int
setup_without_token(void **state TN_UNUSED)
{
	return setup_with(NULL);
}

static int
teardown(void **state TN_UNUSED)
{
	tn_transport_free(world.readonly);
	tn_loop_free(world.loop);
	for (size_t i = 0; i < world.inner.submitted; i++)
		tn_free(world.inner.calls[i].line);
	return 0;
}

struct end {
	unsigned completions;
	int status;
	struct tn_error err;
};

static void
on_done(void *arg, const struct tn_http_response *resp, const struct tn_error *err)
{
	struct end *end = arg;

	end->completions++;
	if (resp != NULL)
		end->status = resp->status;
	if (err != NULL)
		tn_error_copy(&end->err, err);
}

static struct tn_call *
submit(struct end *end, enum tn_http_method method, const char *url)
{
	struct tn_http_request req;
	struct tn_call *call;

	tn_http_request_init(&req, method, url);
	call = tn_transport_submit(world.readonly, &req, on_done, end);
	tn_http_request_done(&req);
	return call;
}

static void
run_loop(void)
{
	while (tn_loop_step(world.loop))
		;
}

static void
reads_and_the_token_pass(void **state TN_UNUSED)
{
	static const struct tn_http_response ok = { .status = 200 };
	static const struct tn_error lost = { .kind = TN_E_UNKNOWN, .message = NULL };
	struct end get = { 0 }, token = { 0 };

	submit(&get, TN_HTTP_GET, "https://acme.example/api/v2/actions?page=1");
	submit(&token, TN_HTTP_POST, TOKEN_URL);
	run_loop();
	assert_int_equal(world.inner.submitted, 2);
	assert_string_equal(world.inner.calls[0].line,
	    "GET https://acme.example/api/v2/actions");
	assert_string_equal(world.inner.calls[1].line, "POST " TOKEN_URL);
	assert_int_equal(get.completions, 0);
	world.inner.calls[0].done(world.inner.calls[0].arg, &ok, NULL);
	world.inner.calls[1].done(world.inner.calls[1].arg, NULL, &lost);
	assert_int_equal(get.completions, 1);
	assert_int_equal(get.status, 200);
	assert_int_equal(token.completions, 1);
	assert_int_equal(token.err.kind, TN_E_UNKNOWN);
	tn_error_done(&token.err);
}

static void
writes_are_refused_and_never_sent(void **state TN_UNUSED)
{
	static const struct {
		enum tn_http_method method;
		const char *url;
	} cases[] = {
		{ TN_HTTP_POST, "https://acme.example/api/v2/actions/actions" },
		{ TN_HTTP_POST, TOKEN_URL "?x=1" },
		{ TN_HTTP_POST, TOKEN_URL "/" },
		{ TN_HTTP_POST, "https://acme.example/oauth/Token" },
		{ TN_HTTP_POST, "https://evil.example/oauth/token" },
		{ TN_HTTP_PATCH, TOKEN_URL },
		{ TN_HTTP_PUT, TOKEN_URL },
		{ TN_HTTP_DELETE, TOKEN_URL },
		{ TN_HTTP_DELETE, "https://acme.example/api/v2/actions/actions/1" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct end end = { 0 };

		submit(&end, cases[i].method, cases[i].url);
		assert_int_equal(end.completions, 0); /* never from inside submit */
		run_loop();
		assert_int_equal(end.completions, 1);
		assert_int_equal(end.err.kind, TN_E_BUG);
		assert_non_null(strstr(end.err.message, "may only read"));
		assert_null(strstr(end.err.message, "x=1"));
		tn_error_done(&end.err);
	}
	assert_int_equal(world.inner.submitted, 0);
}

static void
without_a_token_url_nothing_is_posted(void **state TN_UNUSED)
{
	struct end end = { 0 };

	submit(&end, TN_HTTP_POST, TOKEN_URL);
	run_loop();
	assert_int_equal(end.err.kind, TN_E_BUG);
	assert_int_equal(world.inner.submitted, 0);
	tn_error_done(&end.err);
}

static void
calls_can_be_cancelled(void **state TN_UNUSED)
{
	struct end read = { 0 }, write = { 0 }, kept = { 0 };
	struct tn_call *first = submit(&read, TN_HTTP_GET, "https://a/");
	struct tn_call *second = submit(&write, TN_HTTP_PUT, "https://a/");

	submit(&kept, TN_HTTP_PUT, "https://a/");
	tn_transport_cancel(world.readonly, first);
	tn_transport_cancel(world.readonly, second);
	tn_transport_cancel(world.readonly, NULL);
	run_loop();
	assert_int_equal(world.inner.cancelled, 1);
	assert_int_equal(read.completions, 0);
	assert_int_equal(write.completions, 0);
	assert_int_equal(kept.completions, 1);
	tn_error_done(&kept.err);
}

static void
freeing_cancels_all_silently(void **state TN_UNUSED)
{
	struct end ends[4] = { 0 };

	submit(&ends[0], TN_HTTP_GET, "https://a/");
	submit(&ends[1], TN_HTTP_PUT, "https://a/");
	submit(&ends[2], TN_HTTP_GET, "https://a/");
	submit(&ends[3], TN_HTTP_DELETE, "https://a/");
	tn_transport_free(world.readonly);
	world.readonly = NULL;
	run_loop();
	assert_int_equal(world.inner.cancelled, 2);
	for (size_t i = 0; i < TN_ARRAY_LEN(ends); i++)
		assert_int_equal(ends[i].completions, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_and_the_token_pass, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(writes_are_refused_and_never_sent, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(without_a_token_url_nothing_is_posted,
		    setup_without_token, teardown),
		cmocka_unit_test_setup_teardown(calls_can_be_cancelled, setup, teardown),
		cmocka_unit_test_setup_teardown(freeing_cancels_all_silently, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
