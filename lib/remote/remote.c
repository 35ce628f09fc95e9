#include "remote/remote.h"

#include "base/mem.h"
#include "remote/job.h"

#define DEFAULT_IN_FLIGHT 4

static void
on_cancel(void *arg)
{
	tn_job_cancel_all(arg);
}

struct tn_remote *
tn_remote_new(const struct tn_remote_options *options)
{
	struct tn_remote *remote = tn_new(struct tn_remote);

	remote->options = *options;
	if (remote->options.max_in_flight == 0)
		remote->options.max_in_flight = DEFAULT_IN_FLIGHT;
	if (remote->options.call_deadline_ns == 0)
		remote->options.call_deadline_ns = TN_REMOTE_DEADLINE;
	remote->rate.bucket.share = options->rate_share;
	remote->user_agent = tn_strdup(options->user_agent);
	if (options->cancel != NULL && !tn_cancel_fired(options->cancel))
		tn_cancel_hook(options->cancel, &remote->hook, on_cancel, remote);
	tn_session_init(remote);
	return remote;
}

void
tn_remote_free(struct tn_remote *remote)
{
	if (remote == NULL)
		return;
	tn_cancel_unhook(&remote->hook);
	tn_batch_free_all(remote);
	while (remote->first != NULL)
		tn_job_drop(remote->first);
	tn_timer_stop(&remote->pump);
	tn_session_done(remote);
	tn_free(remote->user_agent);
	tn_free(remote);
}

void
tn_remote_op(struct tn_remote *remote, const struct tn_op *op, tn_remote_done_fn *done,
    void *arg)
{
	tn_job_start(remote, op, done, arg);
}

int64_t
tn_remote_call_deadline(const struct tn_remote *remote)
{
	return remote->options.call_deadline_ns;
}

void
tn_remote_login(struct tn_remote *remote, tn_remote_done_fn *done, void *arg)
{
	tn_job_start(remote, NULL, done, arg);
}

static bool
is_among(const char *right, const char *const *rights, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (tn_text_equal(rights[i], right))
			return true;
	}
	return false;
}

struct tn_rights
tn_remote_missing_rights(const struct tn_remote *remote, const enum tn_op_kind *ops,
    size_t n_ops)
{
	const struct tn_token *token = &remote->rights;
	struct tn_rights missing = { .n = 0 };

	for (size_t i = 0; token->has_rights && i < n_ops; i++) {
		const char *right = remote->options.provider->traits[ops[i]].right;

		if (!is_among(right, token->rights, token->n_rights) &&
		    !is_among(right, missing.items, missing.n))
			missing.items[missing.n++] = right;
	}
	/* Somebody may give it: the next run is to see that. */
	if (missing.n > 0 && remote->options.tokens != NULL)
		tn_tokens_forget(remote->options.tokens, remote->options.connection);
	return missing;
}

const struct tn_published_rate *
tn_remote_published(const struct tn_remote *remote)
{
	const struct tn_provider *provider = remote->options.provider;
	const struct tn_published_rate *best = NULL;

	for (size_t i = 0; i < provider->n_rates; i++) {
		const struct tn_published_rate *rate = &provider->rates[i];

		if (rate->size <= remote->rate.bucket.size &&
		    (best == NULL || rate->size > best->size))
			best = rate;
	}
	return best;
}

/* As long as nothing is known of it, that of the next smaller bucket: it may fill too
 * slowly, which errs on the safe side. */
static int64_t
rate_of(const struct tn_remote *remote)
{
	const struct tn_bucket *bucket = &remote->rate.bucket;
	const struct tn_published_rate *published = tn_remote_published(remote);
	int64_t known = tn_bucket_rate(bucket);

	if (known > 0 || published == NULL)
		return known;
	return tn_bucket_part(bucket, published->per_second);
}

struct tn_pace
tn_remote_pace(struct tn_remote *remote)
{
	return (struct tn_pace){
		.call_ns = remote->answered > 0 ? remote->answered_ns / remote->answered
						: 0,
		.ready = tn_rate_ready(&remote->rate, tn_loop_now(remote->options.loop)),
		.per_second = rate_of(remote),
	};
}

bool
tn_remote_is_held(struct tn_remote *remote)
{
	const struct tn_job *job = remote->first;

	while (job != NULL && (job->state != TN_JOB_QUEUED || job->kind != TN_JOB_OP))
		job = job->next;
	return job != NULL && remote->in_flight < remote->options.max_in_flight &&
	    (tn_rate_left(&remote->rate, tn_loop_now(remote->options.loop)) > 0 ||
		!tn_rate_may_send(&remote->rate, remote->in_flight));
}

struct tn_remote_counts
tn_remote_counts(const struct tn_remote *remote)
{
	return remote->counts;
}
