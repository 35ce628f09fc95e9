#include "auth0/object.h"

/* An error of any form is one; its words are where the form has them. */
static void
read_failure(const struct tn_value *object, bool *failed, const char **words)
{
	const struct tn_value *error = tn_value_get(object, "error");

	*failed = tn_auth0_has(object, "error");
	*words = tn_value_text(error);
	if (*words == NULL)
		*words = tn_value_get_text(error, "message");
	if (*words == NULL)
		*words = tn_value_get_text(error, "msg");
}

static int
read_result(const struct tn_value *item, struct tn_arena *arena TN_UNUSED, void *to,
    struct tn_error *err)
{
	struct tn_execution_result *out = to;
	int r = tn_auth0_text(item, "action_name", "", &out->action_name, err);

	if (r == 0)
		r = tn_auth0_text(item, "started_at", NULL, &out->started_at, err);
	if (r == 0)
		r = tn_auth0_text(item, "ended_at", NULL, &out->ended_at, err);
	if (r == 0)
		read_failure(item, &out->failed, &out->error);
	return r;
}

static const struct tn_auth0_list results_list = { "results", false,
	sizeof(struct tn_execution_result), read_result };

int
tn_auth0_read_execution(const struct tn_value *item, struct tn_arena *arena, void *to,
    struct tn_error *err)
{
	struct tn_execution *out = to;
	void *items = NULL;
	int r = tn_auth0_needed_text(item, "id", &out->id, err);

	if (r == 0)
		r = tn_auth0_text(item, "trigger_id", "", &out->trigger, err);
	if (r == 0)
		r = tn_auth0_text(item, "status", "", &out->status, err);
	if (r == 0)
		r = tn_auth0_text(item, "created_at", NULL, &out->created_at, err);
	if (r == 0)
		r = tn_auth0_text(item, "updated_at", NULL, &out->updated_at, err);
	if (r == 0)
		r = tn_auth0_read_list(item, &results_list, arena, &items,
		    &out->n_results, err);
	out->results = items;
	return r;
}

/* An older tenant lists what ran; the run has failed when one of it has. */
static int
read_older_test(const struct tn_value *answer, struct tn_arena *arena,
    struct tn_test_run *out, struct tn_error *err)
{
	void *items = NULL;
	const struct tn_execution_result *results;
	size_t n;
	int r = tn_auth0_read_list(answer, &results_list, arena, &items, &n, err);

	if (r < 0)
		return r;
	results = items;
	for (size_t i = 0; i < n && !out->failed; i++) {
		out->failed = results[i].failed;
		out->error = results[i].error;
	}
	out->answer = answer;
	return 0;
}

int
tn_auth0_read_test(const struct tn_value *item, struct tn_arena *arena, void *to,
    struct tn_error *err)
{
	struct tn_test_run *out = to;
	const struct tn_value *payload;
	int r = tn_auth0_part(item, "payload", TN_VALUE_OBJECT, &payload, err);

	if (r < 0)
		return r;
	if (payload != NULL) {
		read_failure(payload, &out->failed, &out->error);
		out->answer = payload;
		return 0;
	}
	if (!tn_auth0_has(item, "results"))
		return tn_error_set(err, TN_E_PLATFORM,
		    "\"payload\" is missing: nothing is told of the run");
	return read_older_test(item, arena, out, err);
}
