#include "run/machine.h"

#include "base/mem.h"
#include "crypto/crypto.h"

/* Between two tries to take a lock that somebody has. */
#define LOCK_PAUSE (200 * TN_MSEC)

/* Compare. */

static void
compare(struct tn_run *run)
{
	const struct tn_diff_options options = {
		/* What an interrupted run left in drafts is nobody else's. */
		.overwrite_drafts = run->options.overwrite_drafts ||
		    run->result.open_run != NULL,
		.leave_secrets = run->want->no_state && !run->options.write_secrets,
		.flip = run->options.flip,
		.entity_bound = run->options.delete_entity_bound,
		.n_entity_bound = run->options.n_delete_entity_bound,
		.versions = run->versions,
		.n_versions = run->n_versions,
	};

	if (run->want->no_state)
		tn_run_own_by_name(run);
	tn_diff_free(run->diff);
	run->diff = tn_diff_build(run->want, run->live, run->store->known, &options);
}

/*
 * What was approved for an action with deferred secrets is no rollback: that needs their
 * values to be known.
 */
static void
drop_versions(struct tn_run *run)
{
	struct tn_action_versions *kept = tn_arena_array(run->want->arena,
	    run->n_versions, struct tn_action_versions);
	size_t n = 0;

	for (size_t i = 0; i < run->n_versions; i++) {
		const struct tn_live_action *live = tn_live_by_id(run->live,
		    run->versions[i].action_id);

		if (live == NULL ||
		    !tn_saved_plan_defers(run->saved, "action", live->name, NULL))
			kept[n++] = run->versions[i];
	}
	run->versions = kept;
	run->n_versions = n;
}

void
tn_run_compare_deferred(struct tn_run *run)
{
	tn_secret_box_fingerprint(&run->secrets, tn_run_key(run), NULL, run->want);
	drop_versions(run);
	compare(run);
}

static bool
is_fingerprinted(const struct tn_content *content)
{
	for (size_t i = 0; i < content->n_secrets; i++)
		if (content->secrets[i].fingerprint != NULL)
			return true;
	return false;
}

static bool
has_fingerprint(const struct tn_want *want)
{
	for (size_t i = 0; i < want->n_actions; i++)
		if (is_fingerprinted(&want->actions[i].content))
			return true;
	for (size_t i = 0; i < want->n_modules; i++)
		if (is_fingerprinted(&want->modules[i].content))
			return true;
	return false;
}

const char *
tn_run_key_id(const struct tn_run *run)
{
	char id[TN_KEY_ID_SIZE];

	if (!has_fingerprint(run->want))
		return NULL;
	tn_key_id(tn_run_key(run), TN_KEY_DOMAIN, id);
	return tn_arena_text(run->want->arena, id);
}

static void
on_flows(void *arg, struct tn_live *live, const struct tn_error *err)
{
	TN_CLEANUP(tn_live_freep) struct tn_live *owned = live;
	struct tn_run *run = arg;

	if (err != NULL) {
		tn_run_finish_error(run, err);
		return;
	}
	tn_live_take_flows(run->live, owned);
	compare(run);
	tn_run_compared(run);
}

/* What is to be deleted may still be bound where the files name no flow. */
static void
read_flows(struct tn_run *run)
{
	const struct tn_read_spec spec = { .triggers = run->diff->flow_needs,
		.n_triggers = run->diff->n_flow_needs };

	tn_remote_read(run->remote, &spec, on_flows, run);
}

static void
on_triggers(void *arg, struct tn_live *live, const struct tn_error *err)
{
	TN_CLEANUP(tn_live_freep) struct tn_live *owned = live;
	struct tn_run *run = arg;

	if (err != NULL) {
		tn_run_finish_error(run, err);
		return;
	}
	tn_live_take_triggers(run->live, owned);
	compare(run);
	if (run->diff->n_flow_needs > 0)
		read_flows(run);
	else
		tn_run_compared(run);
}

static void
read_triggers(struct tn_run *run)
{
	const struct tn_read_spec spec = { .trigger_list = true };

	tn_remote_read(run->remote, &spec, on_triggers, run);
}

static void
on_modules(void *arg, struct tn_live *live, const struct tn_error *err)
{
	TN_CLEANUP(tn_live_freep) struct tn_live *owned = live;
	struct tn_run *run = arg;

	if (err != NULL) {
		tn_run_finish_error(run, err);
		return;
	}
	tn_live_take_modules(run->live, owned);
	read_triggers(run);
}

static void
read_modules(struct tn_run *run)
{
	const struct tn_diff *diff = run->diff;

	if (diff->n_module_needs > 0)
		tn_remote_modules(run->remote, diff->module_needs, diff->n_module_needs,
		    on_modules, run);
	else
		read_triggers(run);
}

static void
on_versions(void *arg, struct tn_arena *arena, const struct tn_action_versions *versions,
    size_t n, const struct tn_error *err)
{
	struct tn_run *run = arg;

	run->versions_arena = arena;
	if (err != NULL) {
		tn_run_finish_error(run, err);
		return;
	}
	run->versions = versions;
	run->n_versions = n;
	read_modules(run);
}

/* Only what differs is looked at closer: its versions, for a rollback, modules that it
 * uses, and what the tenant offers. */
static void
read_closer(struct tn_run *run)
{
	TN_CLEANUP(tn_freep)
	const char **ids = tn_alloc(run->diff->n_changes, sizeof(*ids));
	size_t n = 0;

	for (size_t i = 0; i < run->diff->n_changes; i++) {
		const struct tn_change *change = &run->diff->changes[i];

		if (change->kind == TN_CHANGE_UPDATE && change->live->has_live)
			ids[n++] = change->live->id;
	}
	if (n > 0 && run->versions_arena == NULL)
		tn_remote_versions(run->remote, ids, n, on_versions, run);
	else
		read_modules(run);
}

void
tn_run_compare(struct tn_run *run)
{
	compare(run);
	if (tn_diff_empty(run->diff))
		tn_run_compared(run);
	else
		read_closer(run);
}

static void
on_live(void *arg, struct tn_live *live, const struct tn_error *err)
{
	struct tn_run *run = arg;

	run->live = live;
	if (err != NULL)
		tn_run_finish_error(run, err);
	else if (tn_run_is_past(run))
		tn_run_want_past(run);
	else
		tn_run_compare(run);
}

/* Read. */

/* A tenant may not have the feature: nobody asks who has nothing to do with it. Who
 * deletes what others made has. */
static bool
concerns_modules(const struct tn_run *run)
{
	const struct tn_want *want = run->want;
	size_t n = want->n_modules + run->store->known->n_modules;

	for (size_t i = 0; i < want->n_actions; i++)
		n += want->actions[i].n_modules;
	return n > 0 ||
	    (want->delete_mode == TN_DELETE_ALL && !want->partial && !want->actions_only);
}

static void
read_all(struct tn_run *run)
{
	TN_CLEANUP(tn_freep)
	const char **triggers = tn_alloc(run->want->n_flows, sizeof(*triggers));
	const struct tn_read_spec spec = { .triggers = triggers,
		.n_triggers = run->want->n_flows,
		.actions = true,
		.modules = concerns_modules(run) };

	for (size_t i = 0; i < run->want->n_flows; i++)
		triggers[i] = run->want->flows[i].trigger;
	tn_remote_read(run->remote, &spec, on_live, run);
}

void
tn_run_read_tenant(struct tn_run *run)
{
	tn_run_note(run, TN_NOTE_READING);
	tn_run_log_in(run, read_all);
}

/* State, and what a killed run left. */

const struct tn_secret *
tn_run_key(const struct tn_run *run)
{
	return run->key != NULL ? run->key : run->store->key;
}

void
tn_run_note_open_run(struct tn_run *run)
{
	if (run->store->open_run == NULL)
		return;
	run->open_run = tn_strdup(run->store->open_run->run_id);
	run->result.open_run = run->open_run;
}

static void
use_state(struct tn_run *run)
{
	if (!tn_command_writes(run->options.command))
		tn_run_note_open_run(run);
	if (tn_run_check_hold(run) < 0) {
		tn_run_finish_error(run, NULL);
		return;
	}
	if (run->options.to_run != NULL) {
		tn_recall_start(run);
		return;
	}
	tn_secret_box_fingerprint(&run->secrets, tn_run_key(run), run->saved, run->want);
	if (tn_run_check_key(run))
		tn_run_read_tenant(run);
}

static void
on_reloaded(void *arg, const struct tn_error *err)
{
	struct tn_run *run = arg;

	if (run->finished)
		return; /* stopped meanwhile: there is no remote any more */
	if (err != NULL)
		tn_run_finish_error(run, err);
	else
		use_state(run);
}

static void
on_recovered(void *arg, const struct tn_apply_report *report)
{
	struct tn_run *run = arg;

	run->applying = false;
	run->result.recovery = report;
	if (report->outcome == TN_NOT_PUT_BACK) {
		tn_error_copy(&run->error, report->error);
		tn_run_finish(run, TN_EXIT_NOT_PUT_BACK);
		return;
	}
	if (report->outcome == TN_APPLIED && report->error != NULL) {
		tn_run_finish_error(run, report->error);
		return;
	}
	if (tn_cancel_fired(run->options.cancel)) {
		tn_cancel_error(run->options.cancel, "stopped", &run->error);
		tn_run_finish(run, TN_EXIT_ERROR);
		return;
	}
	/* Ownership and secrets are as the mended run left them. */
	tn_store_load(run->store, true, on_reloaded, run);
}

static void
recover(struct tn_run *run)
{
	struct tn_apply_options options = tn_run_apply_options(run);

	tn_run_note(run, TN_NOTE_MENDING);
	run->applying = true;
	run->recovery = tn_apply_recover(&options, on_recovered, run, &run->error);
	if (run->recovery == NULL)
		tn_run_finish_error(run, NULL);
}

static void load_state(void *arg);

/* Nobody tells when a lock is free: it is tried again. */
static bool
waits_for_lock(struct tn_run *run, const struct tn_error *err)
{
	int64_t now = tn_loop_now(run->options.loop);

	if (err->kind != TN_E_LOCKED || run->options.lock_timeout_ns == 0)
		return false;
	if (run->lock_until == 0) {
		run->lock_until = now + run->options.lock_timeout_ns;
		tn_run_note(run, TN_NOTE_WAITING);
	}
	if (now >= run->lock_until)
		return false;
	tn_timer_start(&run->lock_timer, run->options.loop, LOCK_PAUSE, load_state, run);
	return true;
}

static void
on_loaded(void *arg, const struct tn_error *err)
{
	struct tn_run *run = arg;

	if (run->finished)
		return; /* as above */
	if (err != NULL && waits_for_lock(run, err))
		return;
	if (err != NULL)
		tn_run_finish_error(run, err);
	else if (run->store->open_run != NULL && tn_command_writes(run->options.command))
		recover(run);
	else
		use_state(run);
}

void
tn_run_open_remote(struct tn_run *run)
{
	struct tn_transport *transport = run->options.transport;
	struct tn_remote_options options = {
		.rate_share = run->entry->rate_share,
		.loop = run->options.loop,
		.provider = run->provider,
		.connection = &run->connection,
		.rand = &run->rand,
		.redactor = run->options.redactor,
		.tokens = run->options.tokens,
		.user_agent = run->options.user_agent,
		.call_deadline_ns = run->options.call_deadline_ns,
	};

	if (!tn_command_writes(run->options.command) &&
	    run->options.command != TN_COMMAND_TEST) {
		TN_CLEANUP(tn_str_done) struct tn_str token_url = TN_STR_INIT;

		tn_str_addf(&token_url, "%s/oauth/token", run->connection.base_url);
		run->readonly = tn_transport_readonly(run->options.loop, transport,
		    tn_str_text(&token_url));
		transport = run->readonly;
	}
	options.transport = transport;
	run->remote = tn_remote_new(&options);
}

/* Of those that take the lock. */
static const char *
locking_command(enum tn_command command)
{
	if (command == TN_COMMAND_UNLOCK)
		return "unlock";
	return command == TN_COMMAND_ROLLBACK ? "rollback" : "apply";
}

void
tn_run_make_store(struct tn_run *run)
{
	const struct tn_store_scope scope = {
		.provider = run->provider->name,
		.base_url = run->entry->base_url,
		.tenant = run->entry->tenant,
		.project = run->want->project,
	};

	const struct tn_lock_holder holder = {
		.who = run->options.who,
		.command = locking_command(run->options.command),
		.run_id = run->run_id,
	};

	run->store = run->options.state_path == NULL
	    ? tn_store_memory(run->options.loop, &scope)
	    : tn_store_sqlite(run->options.loop, run->options.state_path,
		  run->options.disk, &scope);
	tn_store_sign(run->store, &holder);
}

static void
load_state(void *arg)
{
	struct tn_run *run = arg;

	tn_store_load(run->store, tn_command_writes(run->options.command), on_loaded,
	    run);
}

void
tn_run_open(struct tn_run *run)
{
	tn_run_open_remote(run);
	tn_run_make_store(run);
	load_state(run);
}
