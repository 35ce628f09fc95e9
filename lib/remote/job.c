#include "remote/job.h"

#include "base/mem.h"
#include "base/text.h"

#include <assert.h>

#define TO(state) (1u << (state))

static const unsigned may_go[TN_JOB__COUNT] = {
	[TN_JOB_NEW] = TO(TN_JOB_WAIT_TOKEN) | TO(TN_JOB_QUEUED) | TO(TN_JOB_ENDING),
	[TN_JOB_WAIT_TOKEN] = TO(TN_JOB_QUEUED) | TO(TN_JOB_ENDING),
	[TN_JOB_QUEUED] = TO(TN_JOB_WAIT_TOKEN) | TO(TN_JOB_IN_FLIGHT) |
	    TO(TN_JOB_ENDING),
	[TN_JOB_IN_FLIGHT] = TO(TN_JOB_WAIT_TOKEN) | TO(TN_JOB_QUEUED) |
	    TO(TN_JOB_BACKOFF) | TO(TN_JOB_ENDING) | TO(TN_JOB_DONE),
	[TN_JOB_BACKOFF] = TO(TN_JOB_QUEUED) | TO(TN_JOB_ENDING),
	[TN_JOB_ENDING] = TO(TN_JOB_DONE),
	[TN_JOB_DONE] = 0,
};

void
tn_job_go(struct tn_job *job, enum tn_job_state state)
{
	assert(may_go[job->state] & TO(state));
	tn_timer_stop(&job->timer);
	if (job->state == TN_JOB_IN_FLIGHT && job->kind == TN_JOB_OP)
		job->remote->in_flight--;
	if (state == TN_JOB_IN_FLIGHT && job->kind == TN_JOB_OP)
		job->remote->in_flight++;
	job->state = state;
}

static const struct tn_op_traits *
traits_of(const struct tn_job *job)
{
	return &job->remote->options.provider->traits[job->op.kind];
}

bool
tn_job_writes(const struct tn_job *job)
{
	return job->kind == TN_JOB_OP && traits_of(job)->writes;
}

static void
link_job(struct tn_remote *remote, struct tn_job *job)
{
	job->prev = remote->last;
	if (remote->last != NULL)
		remote->last->next = job;
	else
		remote->first = job;
	remote->last = job;
}

static void
unlink_job(struct tn_job *job)
{
	struct tn_remote *remote = job->remote;

	if (job->prev != NULL)
		job->prev->next = job->next;
	else
		remote->first = job->next;
	if (job->next != NULL)
		job->next->prev = job->prev;
	else
		remote->last = job->prev;
	if (remote->token_job == job)
		remote->token_job = NULL;
}

void
tn_job_put_first(struct tn_job *job)
{
	struct tn_remote *remote = job->remote;

	if (remote->first == job)
		return;
	unlink_job(job);
	job->prev = NULL;
	job->next = remote->first;
	job->next->prev = job;
	remote->first = job;
}

static void
free_job(struct tn_job *job)
{
	tn_timer_stop(&job->timer);
	tn_http_request_done(&job->request);
	tn_error_done(&job->err);
	tn_arena_free(job->arena);
	tn_free(job);
}

struct tn_job *
tn_job_new(struct tn_remote *remote, enum tn_job_kind kind)
{
	struct tn_job *job = tn_new(struct tn_job);

	job->remote = remote;
	job->kind = kind;
	job->arena = tn_arena_new();
	link_job(remote, job);
	return job;
}

/* Words for messages: what was tried, with what. */
static void
describe(const struct tn_job *job, struct tn_str *out)
{
	const char *object = job->op.name != NULL ? job->op.name : job->op.id;

	if (job->kind != TN_JOB_OP) {
		tn_str_add(out, "get a token for tenant");
		object = job->remote->options.connection->tenant;
	} else {
		tn_str_add(out, traits_of(job)->words);
		if (object == NULL || job->op.kind == TN_OP_GET_FLOW ||
		    job->op.kind == TN_OP_SET_FLOW)
			object = job->op.trigger.id;
	}
	if (object != NULL) {
		tn_str_add(out, " \"");
		tn_text_printable(tn_span(object), false, out);
		tn_str_add(out, "\"");
	}
	if (job->attempts > 1)
		tn_str_addf(out, ", tried %d times", job->attempts);
}

static void
add_context(const struct tn_job *job, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str words = TN_STR_INIT;

	/* What it waited for has said it. */
	if (job->kind == TN_JOB_LOGIN && err->kind != TN_E_CANCELLED)
		return;
	describe(job, &words);
	tn_error_context(err, "%s", tn_str_text(&words));
	if (err->attempts == 0)
		err->attempts = job->attempts;
}

void
tn_job_finish(struct tn_job *job, const struct tn_op_result *result, struct tn_error *err)
{
	tn_job_go(job, TN_JOB_DONE);
	unlink_job(job);
	tn_remote_kick(job->remote);
	if (result == NULL)
		add_context(job, err);
	job->done(job->arg, result, result == NULL ? err : NULL);
	free_job(job);
}

static void
on_ending(void *arg)
{
	struct tn_job *job = arg;
	const struct tn_op_result nothing = { 0 };

	if (tn_error_is_set(&job->err))
		tn_job_finish(job, NULL, &job->err);
	else
		tn_job_finish(job, &nothing, NULL);
}

void
tn_job_end(struct tn_job *job, const struct tn_error *err)
{
	tn_job_go(job, TN_JOB_ENDING);
	tn_error_copy(&job->err, err);
	tn_timer_start(&job->timer, job->remote->options.loop, 0, on_ending, job);
}

void
tn_job_end_cancelled(struct tn_job *job)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	tn_error_set(&err, TN_E_CANCELLED, "cancelled");
	tn_job_end(job, &err);
}

void
tn_job_drop(struct tn_job *job)
{
	struct tn_remote *remote;

	if (job == NULL)
		return;
	remote = job->remote;
	if (job->call != NULL)
		tn_transport_cancel(remote->options.transport, tn_take(job->call));
	if (job->state == TN_JOB_IN_FLIGHT && job->kind == TN_JOB_OP)
		remote->in_flight--;
	unlink_job(job);
	free_job(job);
	tn_remote_kick(remote);
}

void
tn_remote_call_off(struct tn_remote *remote)
{
	for (struct tn_job *job = remote->first; job != NULL; job = job->next) {
		if (job->state == TN_JOB_QUEUED && job->kind == TN_JOB_OP)
			tn_job_end_cancelled(job);
	}
}

void
tn_job_cancel_all(struct tn_remote *remote)
{
	struct tn_job *next;

	for (struct tn_job *job = remote->first; job != NULL; job = next) {
		next = job->next;
		if (job->state == TN_JOB_ENDING)
			continue;
		if (job->state == TN_JOB_IN_FLIGHT && tn_job_writes(job))
			continue;
		if (job->call != NULL)
			tn_transport_cancel(remote->options.transport,
			    tn_take(job->call));
		tn_job_end_cancelled(job);
	}
}
