/*
 * One operation on its way, and the remote that carries it: what the files of this room
 * share. remote.h is the way in for everybody else.
 *
 *     (start) -> WAIT_TOKEN -> QUEUED -> IN_FLIGHT -> DONE
 *                    ^           ^          |  |
 *                    |           +- BACKOFF +  |
 *                    +----- refused token -----+
 *
 * Whatever ends without an answer passes through ENDING, a timer of no length, so that
 * completion comes from the loop. tn_job_go makes every move, from a table.
 */
#ifndef TN_REMOTE_JOB_H
#define TN_REMOTE_JOB_H

#include "remote/rate.h"
#include "remote/remote.h"
#include "remote/retry.h"

enum tn_job_kind {
	TN_JOB_OP,
	TN_JOB_LOGIN, /* waits for a token, no more */
	TN_JOB_TOKEN, /* gets one; needs none, and does not count as in flight */
};

enum tn_job_state {
	TN_JOB_NEW,
	TN_JOB_WAIT_TOKEN,
	TN_JOB_QUEUED,
	TN_JOB_IN_FLIGHT,
	TN_JOB_BACKOFF,
	TN_JOB_ENDING,
	TN_JOB_DONE,
	TN_JOB__COUNT
};

struct tn_job {
	struct tn_remote *remote;
	struct tn_job *prev, *next; /* of remote->jobs */
	enum tn_job_kind kind;
	enum tn_job_state state;
	struct tn_arena *arena;
	struct tn_op op; /* what an answer is read with; texts in the arena */
	struct tn_http_request request; /* without authorization */
	struct tn_call *call;
	struct tn_timer timer;
	struct tn_retry retry;
	int64_t sent_at; /* the last try */
	int attempts;
	bool renewed;         /* a 401 has cost a token already */
	unsigned token_count; /* which token the last try was sent with */
	struct tn_error err;  /* of ENDING; not set: a success */
	tn_remote_done_fn *done;
	void *arg;
};

struct tn_batch;

struct tn_remote {
	struct tn_remote_options options;
	char *user_agent;
	struct tn_cancel_hook hook;
	struct tn_job *first, *last; /* in the order in which they came */
	struct tn_batch *batches;
	unsigned in_flight;
	struct tn_timer pump;
	struct tn_rate rate;
	struct tn_remote_counts counts;
	int64_t answered; /* calls of operations, and the time that they took together */
	int64_t answered_ns;

	struct tn_secret *token; /* NULL: none */
	bool ready_token;        /* the connection's: cannot be renewed */
	int64_t token_until;     /* monotonic; INT64_MAX: not known */
	unsigned token_count;    /* tokens so far */
	struct tn_job *token_job;
	struct tn_arena *rights_arena;
	struct tn_token rights; /* without the secret */
};

/* --- job.c: the life of a job --- */

/* At the end of the queue, in state NEW; the caller sets done and arg. */
struct tn_job *tn_job_new(struct tn_remote *remote, enum tn_job_kind kind);
/* Before all others: it is sent next. */
void tn_job_put_first(struct tn_job *job);
/* Ends what the old state has running; the caller starts what the new one needs. */
void tn_job_go(struct tn_job *job, enum tn_job_state state);
bool tn_job_writes(const struct tn_job *job);
/*
 * The last act of a job, only from the loop: result, or NULL and err, which
 * gets the words of the operation. The receiver may end the remote: nothing of
 * it may be touched after.
 */
void tn_job_finish(struct tn_job *job, const struct tn_op_result *result,
    struct tn_error *err);
/* Completes from the loop; err NULL is a success without a result. */
void tn_job_end(struct tn_job *job, const struct tn_error *err);
void tn_job_end_cancelled(struct tn_job *job);
/* Forgets it: done is not called any more. Accepts NULL. */
void tn_job_drop(struct tn_job *job);
/* What is left to do after the cancel token has fired. */
void tn_job_cancel_all(struct tn_remote *remote);

/* --- remote.c --- */

/* Of the largest bucket that is published and not larger than the tenant's; NULL: none.
 */
const struct tn_published_rate *tn_remote_published(const struct tn_remote *remote);

/* --- send.c: the queue, tries and answers --- */

/* op NULL: a login. */
struct tn_job *tn_job_start(struct tn_remote *remote, const struct tn_op *op,
    tn_remote_done_fn *done, void *arg);
/* The queue is looked at soon, from the loop. */
void tn_remote_kick(struct tn_remote *remote);

/* --- session.c: the token --- */

/* The connection's own token, if it has one; else one that was kept. */
void tn_session_init(struct tn_remote *remote);
void tn_session_done(struct tn_remote *remote);
bool tn_session_valid(const struct tn_remote *remote);
/* Takes over the secret; rights are copied. */
void tn_session_set(struct tn_remote *remote, struct tn_token *token);
/* The tenant has refused the token of that count. */
void tn_session_refused(struct tn_remote *remote, unsigned token_count);

/* --- read.c --- */

/* Drops whatever is being read. */
void tn_batch_free_all(struct tn_remote *remote);

#endif
