#include "world.h"

#include "base/mem.h"

const struct tn_op world_list_triggers = { .kind = TN_OP_LIST_TRIGGERS };

static const struct tn_content content = { .code = "exports.x = 1;" };
const struct tn_op world_create_op = {
	.kind = TN_OP_CREATE_ACTION,
	.name = "fresh",
	.trigger = { "post-login", "v3" },
	.content = &content,
};

void
world_open_on(struct world *world, struct tn_loop *loop,
    const struct tn_sim_options *options, int64_t latency_ns)
{
	struct tn_sim_transport_options network = { .latency_ns = latency_ns };

	*world = (struct world){ .loop = loop };
	world->sim = tn_sim_new(options);
	world->transport = tn_sim_transport_new(loop, world->sim, &network);
	world->secret = tn_secret_new("right-secret", 12);
	world->connection = (struct tn_connection){
		.tenant = "dev",
		.provider = "auth0",
		.base_url = "https://acme.example",
		.client_id = "client",
		.client_secret = world->secret,
	};
	tn_rand_init(&world->rand, 7);
	world->options = (struct tn_remote_options){
		.loop = world->loop,
		.transport = world->transport,
		.provider = &tn_auth0_provider,
		.connection = &world->connection,
		.rand = &world->rand,
		.cancel = &world->cancel,
		.user_agent = "tenon/test",
	};
}

void
world_open(struct world *world, const struct tn_sim_options *options, int64_t latency_ns)
{
	world_open_on(world, tn_loop_new_virtual(WORLD_START), options, latency_ns);
}

void
world_connect(struct world *world)
{
	world->remote = tn_remote_new(&world->options);
}

void
world_init(struct world *world, const struct tn_sim_options *options, int64_t latency_ns)
{
	world_open(world, options, latency_ns);
	world_connect(world);
}

void
world_done(struct world *world)
{
	tn_remote_free(world->remote);
	tn_transport_free(world->transport);
	tn_sim_free(world->sim);
	tn_secret_unref(world->secret);
	tn_loop_free(world->loop);
}

void
world_until(struct world *world, const bool *flag)
{
	for (unsigned steps = 0; !*flag; steps++) {
		assert_true(steps < 1000000);
		if (!tn_loop_step(world->loop))
			fail_msg("nothing is left to do, and it has not happened");
	}
}

void
world_drain(struct world *world)
{
	unsigned steps = 0;

	while (tn_loop_step(world->loop))
		assert_true(++steps < 1000000);
}

static void
set_flag(void *arg)
{
	*(bool *)arg = true;
}

void
world_sleep(struct world *world, int64_t ns)
{
	struct tn_timer timer = { 0 };
	bool over = false;

	tn_timer_start(&timer, world->loop, ns, set_flag, &over);
	world_until(world, &over);
}

int64_t
world_now(const struct world *world)
{
	return tn_loop_now(world->loop);
}

uint64_t
world_fault(struct world *world, const char *json)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	uint64_t id = 0;

	if (tn_sim_fault_add_text(world->sim, tn_loop_unix(world->loop), json, &id,
		&err) < 0)
		fail_msg("%s: %s", json, err.message);
	return id;
}

int
world_admin(struct world *world, const char *method, const char *path, const char *body)
{
	struct tn_sim_request req = {
		.method = method,
		.path = path,
		.authorization = tn_sim_admin_authorization(world->sim),
		.content_type = "application/json",
		.body = tn_span(body),
	};
	struct tn_sim_reply reply = TN_SIM_REPLY_INIT;
	int status;

	tn_sim_call(world->sim, tn_loop_unix(world->loop), &req, &reply);
	status = reply.status;
	tn_sim_reply_done(&reply);
	return status;
}

void
world_install(struct world *world, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
		char id[37];

		tn_str_addf(&name, "a%zu", i);
		tn_sim_install(world->sim, tn_loop_unix(world->loop), "post-login",
		    tn_str_text(&name), id);
	}
}

void
world_create(struct world *world, const char *name, char id_out[37])
{
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	struct tn_sim_action_view view;

	tn_str_addf(&body,
	    "{\"name\":\"%s\",\"supported_triggers\":[{\"id\":\"post-login\","
	    "\"version\":\"v3\"}],\"code\":\"x\"}",
	    name);
	assert_int_equal(world_admin(world, "POST",
			     world->connection.dialect == TN_DIALECT_OLDER
				 ? "/api/v2/actions"
				 : "/api/v2/actions/actions",
			     tn_str_text(&body)),
	    201);
	assert_true(
	    tn_sim_view_by_name(world->sim, name, tn_loop_unix(world->loop), &view));
	assert_int_equal(strlen(view.id), 36);
	memcpy(id_out, view.id, 37);
}

void
outcome_take(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	static unsigned order;
	struct outcome *outcome = arg;

	assert_true((result == NULL) != (err == NULL));
	outcome->times++;
	outcome->done = true;
	outcome->order = ++order;
	if (result == NULL) {
		assert_true(tn_error_is_set(err));
		tn_error_copy(&outcome->err, err);
		return;
	}
	outcome->n_actions = result->n_actions;
	outcome->n_triggers = result->n_triggers;
	outcome->n_bindings = result->flow.n_bindings;
	if (result->n_actions > 0)
		outcome->id = tn_strdup(result->actions[0].id);
	else if (result->n_versions > 0)
		outcome->id = tn_strdup(result->versions[0].id);
}

void
outcome_done(struct outcome *outcome)
{
	tn_error_done(&outcome->err);
	tn_free(outcome->id);
}

void
world_op(struct world *world, const struct tn_op *op, struct outcome *outcome)
{
	*outcome = (struct outcome){ 0 };
	tn_remote_op(world->remote, op, outcome_take, outcome);
	assert_false(outcome->done);
	world_until(world, &outcome->done);
	assert_int_equal(outcome->times, 1);
}

void
world_meet(struct world *world)
{
	struct outcome outcome;

	world_op(world, &world_list_triggers, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	outcome_done(&outcome);
}
