/*
 * Calls to the local tenant, one on each line as "METHOD PATH?QUERY BODY": whatever they
 * are, each gets an answer of the platform's kind, and the tenant stays one that can be
 * kept. Half a minute passes between two of them; $1 to $9 in them stand for the
 * ids of the actions that are there.
 */
#include "fuzz.h"

#include <string.h>

#include "json/json.h"
#include "sim/view.h"

#define START     (INT64_C(1800000000) * TN_SEC)
#define MAX_CALLS 30

/* Up to the byte, which goes too; all of it where there is none. */
static struct tn_span
take_until(struct tn_span *rest, char end)
{
	const char *at = memchr(rest->ptr, end, rest->len);
	struct tn_span part = tn_span_of(rest->ptr,
	    at == NULL ? rest->len : (size_t)(at - rest->ptr));

	*rest = tn_span_of(rest->ptr + part.len + (at != NULL),
	    rest->len - part.len - (at != NULL));
	return part;
}

/* The text with ids in the places of $1 to $9. */
static const char *
expand(struct tn_arena *arena, const struct tn_sim *sim, struct tn_span text)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	size_t n = tn_sim_view_actions(sim);

	for (size_t i = 0; i < text.len; i++) {
		struct tn_sim_action_view view;
		size_t k = i + 1 < text.len ? (size_t)(text.ptr[i + 1] - '1') : 9;

		if (text.ptr[i] != '$' || k >= 9 || k >= n) {
			tn_str_add_char(&out, text.ptr[i]);
			continue;
		}
		tn_sim_view_action(sim, k, START, &view);
		tn_str_add(&out, view.id);
		i++;
	}
	return tn_arena_bytes(arena, tn_str_text(&out), out.len);
}

static void
must_be_answer(const struct tn_sim_reply *reply)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *body;
	int64_t status;

	must(reply->status >= 200 && reply->status < 500);
	if (reply->status == 204) {
		must(reply->body.len == 0);
		return;
	}
	must(tn_json_parse(arena, tn_str_span(&reply->body), NULL, &body, NULL) == 0);
	if (reply->status < 300)
		return;
	must(tn_value_to_int(tn_value_get(body, "statusCode"), &status) &&
	    status == reply->status);
	must_be_words(tn_value_get_text(body, "message"));
}

static void
make_call(struct tn_sim *sim, int64_t now, struct tn_span line)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_sim_reply_done) struct tn_sim_reply reply = TN_SIM_REPLY_INIT;
	struct tn_span method = take_until(&line, ' ');
	struct tn_span url = take_until(&line, ' ');
	struct tn_span path = take_until(&url, '?');
	struct tn_sim_request req = {
		.method = expand(arena, sim, method),
		.query = expand(arena, sim, url),
		.authorization = tn_sim_admin_authorization(sim),
	};

	req.path = tn_arena_printf(arena, "/api/v2%s", expand(arena, sim, path));
	req.body = tn_span(expand(arena, sim, line));
	tn_sim_call(sim, now, &req, &reply);
	must_be_answer(&reply);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_sim_freep) struct tn_sim *sim = tn_sim_new(NULL);
	TN_CLEANUP(tn_sim_freep) struct tn_sim *other = tn_sim_new(NULL);
	struct tn_span rest = tn_span_of((const char *)bytes, len);
	int64_t now = START;

	for (size_t i = 0; i < MAX_CALLS && rest.len > 0; i++, now += 30 * TN_SEC)
		make_call(sim, now, take_until(&rest, '\n'));
	(void)must_be_tree(tn_sim_state_json(sim, now, arena));
	must(tn_sim_load(other, tn_sim_save(sim, arena), NULL) == 0);
	return 0;
}
