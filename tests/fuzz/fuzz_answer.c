/*
 * What a server answers: the head by lines up to an empty one, then the body. It is read
 * as the answer to every operation, as one of the token endpoint, and for what it says
 * about the rate.
 */
#include "fuzz.h"

#include <string.h>

#include "auth0/auth0.h"
#include "base/secret.h"
#include "http/answer.h"
#include "remote/rate.h"

/* With its end, as libcurl hands lines out. */
static struct tn_span
whole_line(struct tn_span *rest)
{
	const char *start = rest->ptr;

	(void)next_line(rest);
	return tn_span_of(start, (size_t)(rest->ptr - start));
}

static void
must_be_fields(const struct tn_http_response *resp)
{
	must(resp->n_fields <= TN_ANSWER_FIELDS);
	for (size_t i = 0; i < resp->n_fields; i++) {
		const struct tn_http_field *field = &resp->fields[i];

		must_be_words(field->name);
		for (const char *c = field->name; *c != '\0'; c++)
			must(!(*c >= 'A' && *c <= 'Z') && *c > ' ');
		must(strpbrk(field->value, "\r\n") == NULL);
		must(tn_http_response_field(resp, field->name) != NULL);
	}
}

static void
must_be_action(const struct tn_live_action *action)
{
	must_be_words(action->id);
	must(action->name != NULL);
	must(action->trigger.id != NULL && action->trigger.version != NULL);
	must(!action->has_live || action->live.id != NULL);
}

static void
must_be_result(const struct tn_op_result *result)
{
	for (size_t i = 0; i < result->n_actions; i++)
		must_be_action(&result->actions[i]);
	for (size_t i = 0; i < result->n_versions; i++)
		must_be_words(result->versions[i].id);
	for (size_t i = 0; i < result->flow.n_bindings; i++)
		must_be_words(result->flow.bindings[i].action_id);
	for (size_t i = 0; i < result->n_triggers; i++)
		must_be_words(result->triggers[i].trigger.id);
	if (result->execution != NULL)
		must_be_words(result->execution->id);
	if (result->test != NULL)
		must(tn_value_is(result->test->answer, TN_VALUE_OBJECT));
}

static void
read_as(enum tn_op_kind kind, const struct tn_http_response *resp)
{
	const struct tn_op op = {
		.kind = kind,
		.id = "4a5cdd1e-0b3a-4d2b-9b1e-2f0f1c9a8f11",
		.name = "enrich-token",
		.trigger = { "post-login", "v3" },
	};
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_op_result result = { .arena = arena };
	int r = tn_auth0_provider.answer(&op, resp, arena, &result, &err);

	must_be_told(r, &err);
	if (r == 0)
		must_be_result(&result);
}

static void
read_as_token(const struct tn_http_response *resp)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_token token = { 0 };
	int r = tn_auth0_provider.token_answer(resp, arena, &token, &err);

	must_be_told(r, &err);
	must((token.secret != NULL) == (r == 0));
	must(token.life_s >= 0);
	tn_secret_unref(token.secret);
}

static void
read_rate(const struct tn_http_response *resp)
{
	const int64_t now = 5 * TN_SEC, unix_now = INT64_C(1780272000) * TN_SEC;
	struct tn_rate rate = { 0 };

	must(tn_rate_retry_after(resp) >= -1);
	must(tn_rate_wait(resp, unix_now) >= -1);
	tn_rate_note(&rate, resp, 2, now, unix_now);
	must(tn_rate_left(&rate, now) >= 0);
	must(tn_rate_left(&rate, now) <= TN_RATE_WAIT_MAX);
	must(tn_rate_left(&rate, now + TN_RATE_WAIT_MAX) == 0);
	must(tn_rate_may_send(&rate, 0));
}

/* "HTTP/1.1 404 Not Found": what libcurl reads itself. */
static int
status_of(struct tn_span line)
{
	int status = 0;

	if (line.len < 12)
		return 200;
	for (size_t i = 9; i < 12; i++) {
		if (line.ptr[i] < '0' || line.ptr[i] > '9')
			return 200;
		status = status * 10 + (line.ptr[i] - '0');
	}
	return status;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct tn_span rest = tn_span_of((const char *)bytes, len);
	int status = status_of(rest);
	struct tn_http_response resp;
	struct tn_answer answer;
	bool good = true;

	tn_answer_init(&answer, 4096);
	while (good && !answer.head_ended && rest.len > 0)
		good = tn_answer_line(&answer, whole_line(&rest));
	good = good && tn_answer_bytes(&answer, rest);
	must(good == (answer.fault == TN_ANSWER_FINE));
	if (good) {
		resp = tn_answer_response(&answer, status);
		must_be_fields(&resp);
		for (int kind = 0; kind < TN_OP__COUNT; kind++)
			read_as((enum tn_op_kind)kind, &resp);
		read_as_token(&resp);
		read_rate(&resp);
	}
	tn_answer_done(&answer);
	return 0;
}
