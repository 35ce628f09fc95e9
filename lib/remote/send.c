#include "remote/job.h"

static int64_t
now_of(const struct tn_remote *remote)
{
	return tn_loop_now(remote->options.loop);
}

static void pump(void *arg);

void
tn_remote_kick(struct tn_remote *remote)
{
	tn_timer_start(&remote->pump, remote->options.loop, 0, pump, remote);
}

static void on_answer(void *arg, const struct tn_http_response *resp,
    const struct tn_error *failure);

static void
send_job(struct tn_job *job)
{
	TN_CLEANUP(tn_http_request_freep)
	struct tn_http_request *req = tn_http_request_clone(&job->request);
	struct tn_remote *remote = job->remote;

	tn_job_go(job, TN_JOB_IN_FLIGHT);
	if (job->attempts++ == 0)
		job->retry.started = now_of(remote);
	else
		remote->counts.retries++;
	if (job->kind == TN_JOB_TOKEN) {
		remote->counts.tokens++;
	} else {
		tn_http_header_secret(req, "Authorization", "Bearer ", remote->token);
		job->token_count = remote->token_count;
		remote->counts.calls++;
		remote->counts.writes += tn_job_writes(job);
		tn_rate_sent(&remote->rate, remote->in_flight - 1, now_of(remote));
	}
	job->sent_at = now_of(remote);
	job->call = tn_transport_submit(remote->options.transport, req, on_answer, job);
}

static void
complete_request(struct tn_job *job)
{
	const struct tn_remote *remote = job->remote;

	tn_http_header_add(&job->request, "Accept", "application/json");
	if (remote->user_agent != NULL)
		tn_http_header_add(&job->request, "User-Agent", remote->user_agent);
	job->request.deadline_ns = remote->options.call_deadline_ns;
}

static void
wake_waiting(struct tn_remote *remote, const struct tn_error *err)
{
	for (struct tn_job *job = remote->first; job != NULL; job = job->next) {
		if (job->state != TN_JOB_WAIT_TOKEN)
			continue;
		if (err != NULL || job->kind == TN_JOB_LOGIN)
			tn_job_end(job, err);
		else
			tn_job_go(job, TN_JOB_QUEUED);
	}
}

static void
on_token(void *arg, const struct tn_op_result *result TN_UNUSED,
    const struct tn_error *err)
{
	wake_waiting(arg, err);
}

/* Anew for each try: what is signed is good for one, and not for long. */
static int
prepare_token(struct tn_job *job, struct tn_error *err)
{
	const struct tn_remote_options *options = &job->remote->options;
	char id[TN_UUID_SIZE];
	const struct tn_token_moment moment = {
		.unix_s = tn_loop_unix(options->loop) / TN_SEC,
		.id = id,
		.redactor = options->redactor,
	};
	int r;

	tn_rand_uuid(options->rand, id);
	tn_http_request_done(&job->request);
	r = options->provider->token_request(options->connection, &moment, &job->request,
	    err);
	if (r == 0)
		complete_request(job);
	return r;
}

static void
send_token(struct tn_job *job)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	tn_job_go(job, TN_JOB_QUEUED);
	if (prepare_token(job, &err) < 0)
		tn_job_end(job, &err);
	else
		send_job(job);
}

/* A token for everybody who waits for one; at most one request at a time. */
static void
need_token(struct tn_remote *remote)
{
	struct tn_job *job;

	if (remote->token_job != NULL)
		return;
	job = tn_job_new(remote, TN_JOB_TOKEN);
	remote->token_job = job;
	job->done = on_token;
	job->arg = remote;
	send_token(job);
}

static void
wait_for_token(struct tn_job *job)
{
	tn_job_go(job, TN_JOB_WAIT_TOKEN);
	need_token(job->remote);
}

/* False: an answer will look again, or a timer that is set for the end of a pause. */
static bool
may_send(struct tn_remote *remote)
{
	int64_t left = tn_rate_left(&remote->rate, now_of(remote));

	if (left > 0) {
		tn_timer_start(&remote->pump, remote->options.loop, left, pump, remote);
		return false;
	}
	return remote->in_flight < remote->options.max_in_flight &&
	    tn_rate_may_send(&remote->rate, remote->in_flight);
}

static void
queue(struct tn_job *job)
{
	if (!tn_session_valid(job->remote)) {
		wait_for_token(job);
		return;
	}
	tn_job_go(job, TN_JOB_QUEUED);
	tn_remote_kick(job->remote);
}

/* Sends what may be sent now, first come, first served. */
static void
pump(void *arg)
{
	struct tn_remote *remote = arg;

	for (struct tn_job *job = remote->first; job != NULL; job = job->next) {
		if (!may_send(remote))
			return;
		if (job->state != TN_JOB_QUEUED || job->kind != TN_JOB_OP)
			continue;
		if (tn_session_valid(remote))
			send_job(job);
		else
			wait_for_token(job);
	}
}

static void
on_backoff(void *arg)
{
	struct tn_job *job = arg;

	if (job->kind == TN_JOB_TOKEN) {
		send_token(job);
		return;
	}
	tn_job_go(job, TN_JOB_QUEUED);
	tn_remote_kick(job->remote);
}

/*
 * Every answer tells of the next reset; only a refusal for the rate is about
 * waiting for it.
 */
static int64_t
asked_wait(const struct tn_remote *remote, const struct tn_http_response *resp,
    enum tn_retry_class class)
{
	if (resp == NULL)
		return -1;
	if (class != TN_RETRY_RATE)
		return tn_rate_retry_after(resp);
	return tn_rate_wait(resp, tn_loop_unix(remote->options.loop));
}

/* True when the job has been put off: it will be tried again, or ends as cancelled. */
static bool
try_again(struct tn_job *job, const struct tn_http_response *resp,
    const struct tn_error *err)
{
	struct tn_remote *remote = job->remote;
	struct tn_loop *loop = remote->options.loop;
	enum tn_retry_class class = tn_retry_class(err, tn_job_writes(job));
	int64_t wait = asked_wait(remote, resp, class);
	int64_t delay;

	if (!tn_retry_next(&job->retry, class, wait, tn_loop_now(loop),
		remote->options.rand, &delay))
		return false;
	if (tn_cancel_fired(remote->options.cancel)) {
		tn_job_end_cancelled(job);
		return true;
	}
	if (class == TN_RETRY_RATE && job->kind == TN_JOB_OP)
		tn_rate_pause(&remote->rate, tn_loop_now(loop), wait > 0 ? wait : delay);
	tn_job_go(job, TN_JOB_BACKOFF);
	tn_timer_start(&job->timer, loop, delay, on_backoff, job);
	tn_remote_kick(remote);
	return true;
}

/* A token that the tenant does not take any more costs one renewal per operation. */
static bool
renew(struct tn_job *job, const struct tn_error *err)
{
	struct tn_remote *remote = job->remote;

	if (err->kind != TN_E_AUTH || err->status != 401)
		return false;
	if (remote->ready_token || job->renewed)
		return false;
	job->renewed = true;
	tn_session_refused(remote, job->token_count);
	if (tn_cancel_fired(remote->options.cancel))
		tn_job_end_cancelled(job);
	else
		queue(job);
	return true;
}

static int
read_answer(struct tn_job *job, const struct tn_http_response *resp,
    struct tn_op_result *result, struct tn_error *err)
{
	const struct tn_provider *provider = job->remote->options.provider;
	struct tn_arena *arena = result->arena;
	struct tn_token token;
	int r;

	if (job->kind == TN_JOB_OP)
		return provider->answer(&job->op, resp, arena, result, err);
	r = provider->token_answer(resp, arena, &token, err);
	if (r == 0)
		tn_session_set(job->remote, &token);
	return r;
}

static void
note_answer(struct tn_job *job, const struct tn_http_response *resp)
{
	struct tn_remote *remote = job->remote;
	struct tn_bucket *bucket = &remote->rate.bucket;
	const struct tn_published_rate *published;
	int64_t took = now_of(remote) - job->sent_at;

	remote->answered++;
	remote->answered_ns += took;
	tn_bucket_took(bucket, took);
	tn_rate_note(&remote->rate, resp, remote->in_flight - 1, now_of(remote),
	    tn_loop_unix(remote->options.loop));
	published = tn_remote_published(remote);
	if (published != NULL && published->size == bucket->size)
		tn_bucket_presume(bucket, published->per_second);
}

static void
on_answer(void *arg, const struct tn_http_response *resp, const struct tn_error *failure)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_op_result result = { .arena = arena };
	struct tn_job *job = arg;

	job->call = NULL;
	if (resp == NULL) {
		tn_error_copy(&err, failure);
	} else {
		if (job->kind == TN_JOB_OP)
			note_answer(job, resp);
		if (read_answer(job, resp, &result, &err) == 0) {
			tn_job_finish(job, &result, NULL);
			return;
		}
		job->remote->counts.limited += err.for_rate;
	}
	if (job->kind == TN_JOB_OP && renew(job, &err))
		return;
	if (try_again(job, resp, &err))
		return;
	/* What is unknown of a read is only its answer. */
	if (err.kind == TN_E_UNKNOWN && !tn_job_writes(job))
		err.kind = TN_E_TRANSIENT;
	tn_job_finish(job, NULL, &err);
}

static void
copy_op(struct tn_job *job, const struct tn_op *op)
{
	job->op = (struct tn_op){
		.kind = op->kind,
		.page = op->page,
		.id = tn_arena_text(job->arena, op->id),
		.version_id = tn_arena_text(job->arena, op->version_id),
		.name = tn_arena_text(job->arena, op->name),
		.trigger.id = tn_arena_text(job->arena, op->trigger.id),
		.trigger.version = tn_arena_text(job->arena, op->trigger.version),
		.filter = op->filter,
	};
	job->op.filter.trigger = tn_arena_text(job->arena, op->filter.trigger);
	job->op.filter.name = tn_arena_text(job->arena, op->filter.name);
}

/* Builds the request at once, as what op points to is the caller's. */
static int
prepare(struct tn_job *job, const struct tn_op *op, struct tn_error *err)
{
	const struct tn_remote_options *options = &job->remote->options;
	int r;

	copy_op(job, op);
	r = options->provider->request(options->connection, op, &job->request, err);
	if (r == 0)
		complete_request(job);
	return r;
}

struct tn_job *
tn_job_start(struct tn_remote *remote, const struct tn_op *op, tn_remote_done_fn *done,
    void *arg)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_job *job = tn_job_new(remote, op != NULL ? TN_JOB_OP : TN_JOB_LOGIN);

	job->done = done;
	job->arg = arg;
	if (op != NULL && prepare(job, op, &err) < 0)
		tn_job_end(job, &err);
	else if (tn_cancel_fired(remote->options.cancel))
		tn_job_end_cancelled(job);
	else if (op == NULL && tn_session_valid(remote))
		tn_job_end(job, NULL);
	else
		queue(job);
	return job;
}
