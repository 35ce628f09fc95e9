/*
 * A tenant that tenon-sim has kept: whatever the file says, it is refused with words, or
 * it is a tenant that can be looked at, goes on, and is written down and read back the
 * same.
 */
#include "fuzz.h"

#include "json/json.h"
#include "sim/sim.h"

#define NOW (INT64_C(1800000000) * TN_SEC)

static void
must_answer(struct tn_sim *sim, const char *method, const char *path, const char *body,
    int status)
{
	TN_CLEANUP(tn_sim_reply_done) struct tn_sim_reply reply = TN_SIM_REPLY_INIT;
	const struct tn_sim_request req = {
		.method = method,
		.path = path,
		.authorization = tn_sim_admin_authorization(sim),
		.body = tn_span(body),
	};

	tn_sim_call(sim, NOW, &req, &reply);
	must(reply.status == status);
}

static void
must_go_on(struct tn_sim *sim)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();

	(void)must_be_tree(tn_sim_state_json(sim, NOW, arena));
	must_answer(sim, "GET", "/api/v2/actions/actions", "", 200);
	must_answer(sim, "GET", "/api/v2/actions/modules", "", 200);
	must_answer(sim, "GET", "/api/v2/actions/triggers/post-login/bindings", "", 200);
	must(tn_sim_execute(sim, NOW, "post-login", NULL) != NULL);
	must_answer(sim, "PATCH", "/api/v2/actions/triggers/post-login/bindings",
	    "{\"bindings\":[]}", 200);
}

static void
must_come_back(struct tn_sim *sim)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_sim_freep) struct tn_sim *other = tn_sim_new(NULL);
	const struct tn_value *saved = tn_sim_save(sim, arena);

	must(tn_sim_load(other, saved, NULL) == 0);
	must(tn_value_equal(tn_sim_save(other, arena), saved));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct tn_json_limits limits = { .bytes = 20000,
		.values = 2000,
		.depth = 16 };
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_sim_freep) struct tn_sim *sim = tn_sim_new(NULL);
	struct tn_value *value;
	int r;

	if (tn_json_parse(arena, tn_span_of((const char *)bytes, len), &limits, &value,
		NULL) < 0)
		return 0;
	r = tn_sim_load(sim, value, &err);
	must_be_told(r, &err);
	if (r < 0) {
		must(r == -TN_E_INPUT);
		return 0;
	}
	must_come_back(sim);
	must_go_on(sim);
	must_come_back(sim);
	return 0;
}
