#include "sim/sim.h"

#include "json/json.h"
#include "sim/core.h"
#include <string.h>

struct control {
	struct tn_sim *sim;
	int64_t now;
	const struct tn_sim_request *req;
	struct tn_sim_reply *reply;
	struct tn_arena *arena;
};

static void
refuse(struct control *control, int status, const char *message)
{
	struct tn_value *body = tn_value_object(control->arena);

	tn_value_set_text(control->arena, body, "error", message);
	tn_sim_reply_json(control->reply, status, body);
}

static void
show_calls(struct control *control)
{
	tn_sim_reply_json(control->reply, 200,
	    tn_sim_calls_json(control->sim, control->arena));
}

static void
show_state(struct control *control)
{
	tn_sim_reply_json(control->reply, 200,
	    tn_sim_state_json(control->sim, control->now, control->arena));
}

static void
reset(struct control *control)
{
	tn_sim_reset(control->sim);
	tn_sim_reply_json(control->reply, 204, NULL);
}

static void
add_fault(struct control *control)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_value *description, *body;
	uint64_t id = 0;
	int r;

	r = tn_json_parse(control->arena, control->req->body, NULL, &description, &err);
	if (r == 0)
		r = tn_sim_fault_add(control->sim, control->now, description, &id, &err);
	if (r < 0) {
		refuse(control, 400, err.message);
	} else {
		body = tn_value_object(control->arena);
		tn_value_set_int(control->arena, body, "id", (int64_t)id);
		tn_sim_reply_json(control->reply, 201, body);
	}
	tn_error_done(&err);
}

/* The body, which has the id of a trigger that there is; NULL after a refusal. */
static const struct tn_value *
read_body(struct control *control)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_value *body;

	if (tn_json_parse(control->arena, control->req->body, NULL, &body, &err) < 0) {
		refuse(control, 400, err.message);
		return NULL;
	}
	if (tn_sim_trigger_any(tn_value_get_text(body, "trigger_id")) == NULL) {
		refuse(control, 400, "\"trigger_id\" names no trigger");
		return NULL;
	}
	return body;
}

static void
answer_id(struct control *control, const char *id)
{
	struct tn_value *body = tn_value_object(control->arena);

	tn_value_set_text(control->arena, body, "id", id);
	tn_sim_reply_json(control->reply, 201, body);
}

static void
execute(struct control *control)
{
	const struct tn_value *body = read_body(control);

	if (body != NULL)
		answer_id(control,
		    tn_sim_execute(control->sim, control->now,
			tn_value_get_text(body, "trigger_id"),
			tn_value_get_text(body, "fails")));
}

static void
install(struct control *control)
{
	const struct tn_value *body = read_body(control);
	const char *name = tn_value_get_text(body, "name");
	char id[TN_UUID_SIZE];

	if (body == NULL)
		return;
	if (name == NULL || tn_sim_world_named(&control->sim->world, name) != NULL) {
		refuse(control, 400, "\"name\" is missing, or taken");
		return;
	}
	tn_sim_install(control->sim, control->now, tn_value_get_text(body, "trigger_id"),
	    name, id);
	answer_id(control, id);
}

/* 0 for what is no number that a fault could have. */
static uint64_t
read_id(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	uint64_t id = 0;

	if (digits == 0 || digits > 18 || text[digits] != '\0')
		return 0;
	for (; *text != '\0'; text++)
		id = id * 10 + (uint64_t)(*text - '0');
	return id;
}

static void
remove_fault(struct control *control)
{
	uint64_t id = read_id(control->req->path + strlen("/_sim/faults/"));

	if (tn_sim_fault_remove(control->sim, id))
		tn_sim_reply_json(control->reply, 204, NULL);
	else
		refuse(control, 404, "there is no fault with that id");
}

static void
dispatch(struct control *control)
{
	static const struct {
		const char *method, *path;
		void (*run)(struct control *control);
	} paths[] = {
		{ "GET", "/_sim/calls", show_calls },
		{ "GET", "/_sim/state", show_state },
		{ "POST", "/_sim/reset", reset },
		{ "POST", "/_sim/faults", add_fault },
		{ "POST", "/_sim/executions", execute },
		{ "POST", "/_sim/installed", install },
	};
	const struct tn_sim_request *req = control->req;

	for (size_t i = 0; i < TN_ARRAY_LEN(paths); i++) {
		if (!tn_text_equal(req->path, paths[i].path))
			continue;
		if (tn_text_equal(req->method, paths[i].method))
			paths[i].run(control);
		else
			refuse(control, 405, "this path takes another method");
		return;
	}
	if (tn_text_starts(req->path, "/_sim/faults/")) {
		if (tn_text_equal(req->method, "DELETE"))
			remove_fault(control);
		else
			refuse(control, 405, "this path takes another method");
		return;
	}
	refuse(control, 404,
	    "there are /_sim/calls, /_sim/state, /_sim/reset, /_sim/faults, "
	    "/_sim/executions, /_sim/installed");
}

bool
tn_sim_control(struct tn_sim *sim, int64_t unix_ns, const struct tn_sim_request *req,
    struct tn_sim_reply *reply)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = NULL;

	if (!tn_text_starts(req->path, "/_sim/"))
		return false;
	arena = tn_arena_new();
	dispatch(&(struct control){ .sim = sim,
	    .now = unix_ns,
	    .req = req,
	    .reply = reply,
	    .arena = arena });
	return true;
}
