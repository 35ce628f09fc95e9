#include "stage.h"

#include "base/mem.h"
#include "base/time.h"

#define START (INT64_C(1780272000) * TN_SEC)
#define STEPS 200000

/* --- the store --- */

/* An answer that comes from the loop. */
struct reply {
	struct reply *next;
	struct tn_timer timer;
	struct tn_error err;
	tn_store_done_fn *done;
	void *arg;
};

static void
answer(void *arg)
{
	struct reply *reply = arg;

	reply->done(reply->arg, tn_error_is_set(&reply->err) ? &reply->err : NULL);
	tn_error_done(&reply->err);
}

static void
answer_soon(struct fake_store *fake, bool fails, tn_store_done_fn *done, void *arg)
{
	struct reply *reply = tn_arena_new_object(fake->arena, struct reply);

	reply->next = fake->replies;
	fake->replies = reply;
	reply->done = done;
	reply->arg = arg;
	if (fails)
		tn_error_set(&reply->err, fake->kind, "the disk is full");
	tn_timer_start(&reply->timer, fake->loop, TN_MSEC, answer, reply);
}

static void
keep(struct fake_store *fake, const struct tn_record *record)
{
	struct tn_record *kept;

	fake->records = tn_arena_grow(fake->arena, fake->records, fake->n_records,
	    &fake->cap_records, sizeof(*fake->records));
	kept = &fake->records[fake->n_records++];
	*kept = *record;
	kept->event = tn_arena_text(fake->arena, record->event);
	kept->payload = tn_arena_text(fake->arena, record->payload);
	fake->covers += strcmp(record->event, "intended") == 0 ||
	    strcmp(record->event, "undoing") == 0;
}

static void
fake_append(struct tn_store *store, const char *run_id, const struct tn_record *records,
    size_t n, tn_store_done_fn *done, void *arg)
{
	struct fake_store *fake = (struct fake_store *)store;
	bool fails = fake->appends++ >= fake->sound && fake->failures > 0;

	assert_string_equal(run_id, "run-1");
	if (fails) {
		fake->failures--;
		tn_str_add(&fake->log, "[!]");
		answer_soon(fake, true, done, arg);
		return;
	}
	tn_str_add_char(&fake->log, '[');
	for (size_t i = 0; i < n; i++) {
		tn_str_add(&fake->log, i == 0 ? "" : " ");
		if (records[i].step > 0)
			tn_str_addf(&fake->log, "%u:", records[i].step);
		tn_str_add(&fake->log, records[i].event);
		keep(fake, &records[i]);
	}
	tn_str_add_char(&fake->log, ']');
	answer_soon(fake, false, done, arg);
}

static void
fake_end(struct tn_store *store, const char *run_id, const struct tn_record *last,
    const struct tn_settlement *settlement, tn_store_done_fn *done, void *arg)
{
	struct fake_store *fake = (struct fake_store *)store;

	assert_string_equal(run_id, "run-1");
	tn_str_addf(&fake->log, "<%s>", last->event);
	for (size_t i = 0; i < settlement->n_own; i++) {
		assert_true(fake->n_own < STAGE_MOST);
		assert_non_null(settlement->own[i].id);
		fake->own[fake->n_own++] = tn_strdup(settlement->own[i].name);
	}
	fake->n_secrets += settlement->n_secrets;
	fake->n_drafts += settlement->n_drafts;
	for (size_t i = 0; i < settlement->n_secrets; i++)
		assert_true(
		    tn_time_parse(settlement->secrets[i].updated_at, &fake->secret_time));
	fake->n_disowned += settlement->n_disown;
	answer_soon(fake, fake->end_fails, done, arg);
}

static const struct tn_store_ops fake_ops = { .append = fake_append, .end = fake_end };

static void
fake_init(struct fake_store *fake, struct tn_loop *loop)
{
	*fake = (struct fake_store){ .store = { .ops = &fake_ops },
		.loop = loop,
		.arena = tn_arena_new(),
		.kind = TN_E_SYSTEM };
}

/* What was not told of yet is not told of any more. */
static void
fake_forget(struct fake_store *fake)
{
	for (struct reply *reply = fake->replies; reply != NULL; reply = reply->next) {
		tn_timer_stop(&reply->timer);
		tn_error_done(&reply->err);
	}
	fake->replies = NULL;
}

static void
fake_done(struct fake_store *fake)
{
	fake_forget(fake);
	for (size_t i = 0; i < fake->n_own; i++)
		tn_free(fake->own[i]);
	tn_str_done(&fake->log);
	tn_arena_free(fake->arena);
}

/* --- the stage --- */

static void
on_call(void *arg, uint64_t n TN_UNUSED, const struct tn_sim_request *req)
{
	struct stage *stage = arg;

	if (strcmp(req->method, "GET") == 0 || strcmp(req->path, "/oauth/token") == 0)
		return;
	stage->writes++;
	if (stage->writes > stage->store.covers)
		stage->calls_are_covered = false;
}

static void
connect(struct stage *stage)
{
	const struct tn_sim_transport_options network = { .latency_ns = STAGE_LATENCY,
		.on_call = on_call,
		.arg = stage };
	struct tn_remote_options options = {
		.loop = stage->loop,
		.provider = &tn_auth0_provider,
		.connection = &stage->connection,
		.rand = &stage->rand,
		.user_agent = "tenon/test",
	};

	stage->transport = tn_sim_transport_new(stage->loop, stage->sim, &network);
	options.transport = stage->transport;
	stage->remote = tn_remote_new(&options);
}

void
stage_init(struct stage *stage)
{
	memset(stage, 0, sizeof(*stage));
	stage->loop = tn_loop_new_virtual(START);
	stage->sim = tn_sim_new(NULL);
	stage->secret = tn_secret_new("right-secret", 12);
	stage->connection = (struct tn_connection){
		.tenant = "dev",
		.provider = "auth0",
		.base_url = "https://acme.example",
		.client_id = "client",
		.client_secret = stage->secret,
	};
	tn_rand_init(&stage->rand, 11);
	stage->calls_are_covered = true;
	fake_init(&stage->store, stage->loop);
	connect(stage);
	stage_want_anew(stage);
}

void
stage_done(struct stage *stage)
{
	tn_remote_free(stage->remote);
	tn_apply_free(stage->apply);
	tn_transport_free(stage->transport);
	tn_plan_free(stage->plan);
	tn_want_free(stage->want);
	fake_done(&stage->store);
	tn_sim_free(stage->sim);
	tn_secret_unref(stage->secret);
	tn_str_done(&stage->moves);
	tn_loop_free(stage->loop);
}

void
stage_want_anew(struct stage *stage)
{
	struct tn_arena *arena;

	tn_want_free(stage->want);
	stage->want = tn_want_new();
	arena = stage->want->arena;
	stage->want->actions = tn_arena_array(arena, STAGE_MOST, struct tn_want_action);
	stage->want->flows = tn_arena_array(arena, 1, struct tn_want_flow);
	stage->n_secrets = 0;
}

void
stage_want(struct stage *stage, const char *name, const char *code, bool packages)
{
	static const struct tn_dependency axios = { "axios", "1.7.2", NULL };
	struct tn_want *want = stage->want;

	assert_true(want->n_actions < STAGE_MOST);
	/* They are sorted by name. */
	assert_true(want->n_actions == 0 ||
	    strcmp(want->actions[want->n_actions - 1].name, name) < 0);
	want->actions[want->n_actions++] = (struct tn_want_action){
		.name = name,
		.trigger = { "post-login", "v3" },
		.content = { .code = code,
		    .runtime = "node22",
		    .dependencies = packages ? &axios : NULL,
		    .n_dependencies = packages ? 1 : 0 },
	};
}

void
stage_want_renamed(struct stage *stage, const char *from)
{
	assert_true(stage->want->n_actions > 0);
	stage->want->actions[stage->want->n_actions - 1].renamed_from = from;
}

void
stage_want_secret(struct stage *stage, const char *name)
{
	static const char fingerprint[] =
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	struct tn_want_action *action;
	struct tn_secret_ref *ref = tn_arena_new_object(stage->want->arena,
	    struct tn_secret_ref);

	assert_true(stage->want->n_actions > 0);
	assert_true(stage->n_secrets < STAGE_MOST);
	action = &stage->want->actions[stage->want->n_actions - 1];
	*ref = (struct tn_secret_ref){ .name = name, .fingerprint = fingerprint };
	action->content.secrets = ref;
	action->content.n_secrets = 1;
	stage->secrets[stage->n_secrets++] = (struct tn_apply_secret){
		.action = action->name,
		.name = name,
		.value = stage->secret,
	};
}

void
stage_want_flow(struct stage *stage, const char *names)
{
	struct tn_arena *arena = stage->want->arena;
	struct tn_want_entry *entries = tn_arena_array(arena, STAGE_MOST,
	    struct tn_want_entry);
	size_t n = 0;

	while (*names != '\0') {
		size_t len = strcspn(names, " ");

		assert_true(n < STAGE_MOST);
		entries[n].kind = TN_ENTRY_ACTION;
		entries[n++].name = tn_arena_bytes(arena, names, len);
		names += len + strspn(names + len, " ");
	}
	stage->want->flows[0] = (struct tn_want_flow){ .trigger = "post-login",
		.entries = entries,
		.n_entries = n };
	stage->want->n_flows = 1;
}

static void
step(struct stage *stage, unsigned *steps)
{
	assert_true(++*steps < STEPS);
	if (!tn_loop_step(stage->loop))
		fail_msg("nothing is left to do, and it is not done");
}

struct reading {
	struct tn_live *live;
	bool done;
};

static void
on_live(void *arg, struct tn_live *live, const struct tn_error *err)
{
	struct reading *reading = arg;

	assert_null(err);
	reading->live = live;
	reading->done = true;
}

struct past {
	struct tn_arena *arena;
	const struct tn_action_versions *versions;
	size_t n;
	bool done;
};

static void
on_versions(void *arg, struct tn_arena *arena, const struct tn_action_versions *versions,
    size_t n, const struct tn_error *err)
{
	assert_null(err);
	*(struct past *)arg = (struct past){ arena, versions, n, true };
}

static void
read_past(struct stage *stage, const struct tn_live *live, struct past *past)
{
	const char *ids[2 * STAGE_MOST];
	unsigned steps = 0;

	assert_true(live->n_actions <= TN_ARRAY_LEN(ids));
	for (size_t i = 0; i < live->n_actions; i++)
		ids[i] = live->actions[i].id;
	tn_remote_versions(stage->remote, ids, live->n_actions, on_versions, past);
	while (!past->done)
		step(stage, &steps);
}

/* What is wanted and there is ours. */
static size_t
find_owned(const struct stage *stage, const struct tn_live *live, struct tn_owned *out)
{
	size_t n = 0;

	for (size_t i = 0; i < live->n_actions; i++)
		if (stage->owns_all ||
		    tn_want_action(stage->want, live->actions[i].name) != NULL)
			out[n++] = (struct tn_owned){ live->actions[i].name,
				live->actions[i].id };
	return n;
}

void
stage_plan(struct stage *stage)
{
	static const char *const triggers[] = { "post-login" };
	const struct tn_read_spec spec = { .triggers = triggers,
		.n_triggers = 1,
		.actions = true };
	struct tn_diff_options options = { 0 };
	struct past past = { 0 };
	struct tn_plan_input input = { .tenant = "dev",
		.provider = "auth0",
		.base_url = "https://acme.example",
		.project = "acme" };
	struct tn_owned owned[2 * STAGE_MOST];
	struct tn_known known = { .owned = owned };
	struct reading reading = { 0 };
	struct tn_diff *diff;
	unsigned steps = 0;

	tn_remote_read(stage->remote, &spec, on_live, &reading);
	while (!reading.done)
		step(stage, &steps);
	if (stage->looks_back)
		read_past(stage, reading.live, &past);
	options.versions = past.versions;
	options.n_versions = past.n;
	known.n_owned = find_owned(stage, reading.live, owned);
	diff = tn_diff_build(stage->want, reading.live, &known, &options);
	assert_false(tn_diff_blocked(diff));
	input.diff = diff;
	tn_plan_free(stage->plan);
	stage->plan = tn_plan_build(&input);
	tn_diff_free(diff);
	tn_live_free(reading.live);
	tn_arena_free(past.arena);
	stage->writes = 0;
}

static void
on_move(void *arg, const struct tn_step *moved, enum tn_step_state state)
{
	struct stage *stage = arg;

	tn_str_addf(&stage->moves, "%s%u:%s", stage->moves.len == 0 ? "" : " ",
	    moved->number, tn_step_state_name(state));
}

static void
on_done(void *arg, const struct tn_apply_report *report)
{
	struct stage *stage = arg;

	assert_null(stage->report);
	stage->report = report;
}

static struct tn_apply_options
options_of(struct stage *stage)
{
	return (struct tn_apply_options){
		.loop = stage->loop,
		.remote = stage->remote,
		.store = &stage->store.store,
		.run_id = "run-1",
		.cancel = &stage->cancel,
		.secrets = stage->secrets,
		.n_secrets = stage->n_secrets,
		.stop_on_failure = stage->stop,
		.progress = on_move,
		.progress_arg = stage,
	};
}

void
stage_start(struct stage *stage)
{
	struct tn_apply_options options = options_of(stage);

	stage->apply = tn_apply_start(stage->plan, &options, on_done, stage);
}

void
stage_finish(struct stage *stage)
{
	unsigned steps = 0;

	while (stage->report == NULL)
		step(stage, &steps);
}

void
stage_end(struct stage *stage)
{
	fake_forget(&stage->store);
	tn_remote_free(stage->remote);
	tn_apply_free(stage->apply);
	tn_transport_free(stage->transport);
	stage->apply = NULL;
	stage->report = NULL;
	tn_str_clear(&stage->moves);
	connect(stage);
}

void
stage_apply(struct stage *stage)
{
	stage_plan(stage);
	stage_start(stage);
	stage_finish(stage);
	assert_int_equal(stage->report->outcome, TN_APPLIED);
	assert_true(stage->calls_are_covered);
	stage_end(stage);
	fake_done(&stage->store);
	fake_init(&stage->store, stage->loop);
}

struct tn_apply *
stage_recover(struct stage *stage, size_t n, struct tn_error *err)
{
	struct tn_open_run *open = tn_arena_new_object(stage->store.arena,
	    struct tn_open_run);
	struct tn_apply_options options;

	stage_end(stage);
	options = options_of(stage);
	options.run_id = "run-2";
	*open = (struct tn_open_run){ "run-1", stage->store.records, n };
	stage->store.store.open_run = open;
	stage->writes = 0;
	stage->store.covers = 0;
	stage->apply = tn_apply_recover(&options, on_done, stage, err);
	return stage->apply;
}

void
stage_fault(struct stage *stage, const char *json)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	uint64_t id;

	if (tn_sim_fault_add_text(stage->sim, tn_loop_unix(stage->loop), json, &id,
		&err) < 0)
		fail_msg("%s: %s", json, err.message);
}

int
stage_other(struct stage *stage, const char *method, const char *path, const char *body)
{
	TN_CLEANUP(tn_str_done) struct tn_str full = TN_STR_INIT;
	struct tn_sim_request req = {
		.method = method,
		.authorization = tn_sim_admin_authorization(stage->sim),
		.content_type = "application/json",
		.body = tn_span(body),
	};
	struct tn_sim_reply reply = TN_SIM_REPLY_INIT;
	int status;

	tn_str_addf(&full, "/api/v2%s", path);
	req.path = tn_str_text(&full);
	tn_sim_call(stage->sim, tn_loop_unix(stage->loop), &req, &reply);
	status = reply.status;
	tn_sim_reply_done(&reply);
	return status;
}

static void
on_slept(void *arg)
{
	*(bool *)arg = true;
}

void
stage_sleep(struct stage *stage, int64_t ns)
{
	struct tn_timer timer = { 0 };
	bool over = false;
	unsigned steps = 0;

	tn_timer_start(&timer, stage->loop, ns, on_slept, &over);
	while (!over)
		step(stage, &steps);
}

char *
stage_look(struct stage *stage)
{
	int64_t now = tn_loop_unix(stage->loop);
	struct tn_str out = TN_STR_INIT;
	struct tn_sim_action_view action;
	struct tn_sim_binding_view binding;

	for (size_t i = 0; i < tn_sim_view_actions(stage->sim); i++) {
		tn_sim_view_action(stage->sim, i, now, &action);
		tn_str_addf(&out, "%s: draft %s, %s%s\n", action.name, action.draft.code,
		    action.deployed ? "runs " : "does not run",
		    action.deployed ? action.live.content.code : "");
	}
	tn_str_add(&out, "flow:");
	for (size_t i = 0; tn_sim_view_binding(stage->sim, "post-login", i, &binding);
	     i++)
		if (tn_sim_view_by_id(stage->sim, binding.action_id, now, &action))
			tn_str_addf(&out, " %s", action.name);
	return tn_str_take(&out);
}

void
stage_is(struct stage *stage, const char *look)
{
	TN_CLEANUP(tn_freep) char *now = stage_look(stage);

	assert_string_equal(now, look);
}
