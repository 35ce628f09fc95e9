/*
 * What git and the tenant cannot tell: which objects are ours, the fingerprint and
 * the platform's time of each secret we wrote, the journal of a run, the history of
 * runs (store/history.h), the commits on hold, and the lock.
 *
 * One small interface that completes from the loop, so that an engine may do its
 * work over a network; SQLite is the engine there is. Every record carries the
 * run; the journal is append-only; a run is closed in one commit together with
 * what it made ours. Losing the state loses no tenant data.
 */
#ifndef TN_STORE_STORE_H
#define TN_STORE_STORE_H

#include "base/loop.h"
#include "base/secret.h"
#include "model/tenant.h"
#include "store/history.h"

struct tn_store;
struct tn_memdisk;

/* Whose state: one tenant of one project. */
struct tn_store_scope {
	const char *provider;
	const char *base_url; /* what the tenant's name stays pinned to */
	const char *tenant;
	const char *project;
};

typedef void tn_store_done_fn(void *arg, const struct tn_error *err);
/* The history is the receiver's to free; NULL and err when it could not be read. */
typedef void tn_store_history_fn(void *arg, struct tn_history *history,
    const struct tn_error *err);

/* A line of a run's journal. */
struct tn_record {
	unsigned step;     /* 0: the run itself */
	const char *event; /* "begin", "intended", "done", … : the words are apply's */
	const char *payload; /* JSON text, or NULL */
	int64_t unix_ns;
};

/*
 * A run that was begun and not ended: its holder died, or something could not be put
 * back. Without the lock it may also be one that is under way. There is one at most for a
 * tenant. Another project of the tenant may have begun it: its records say all that
 * mending it takes, and whoever comes next does so, as everybody's flows are concerned.
 */
struct tn_open_run {
	const char *run_id;
	const struct tn_record *records; /* in the order written */
	size_t n_records;
};

/*
 * What a run that ends makes known, to the project that began it. What another project
 * owns stays with it.
 */
struct tn_settlement {
	const struct tn_owned *own; /* created or adopted */
	size_t n_own;
	const struct tn_owned *own_modules; /* the same of modules */
	size_t n_own_modules;
	/* Ids of actions and modules that are gone, with their secrets. */
	const char *const *disown;
	size_t n_disown;
	const struct tn_known_secret
	    *secrets; /* written by this run: replaces by action and name */
	size_t n_secrets;
	const struct tn_known_secret *forget; /* by action and name */
	size_t n_forget;
	const struct tn_known_draft *drafts; /* written by this run: replaces by action */
	size_t n_drafts;
	/* For the history: what became of each object that was touched. */
	const struct tn_past_object *objects;
	size_t n_objects;
	bool applied; /* what the run was begun for is what the tenant holds now: its
			 facts (commit, hold, lift) come true */
};

/* What others read who find the lock taken. Each text may be NULL. */
struct tn_lock_holder {
	const char *who; /* "alice@build7" */
	const char *command;
	const char *run_id;
};

struct tn_store_ops {
	void (
	    *load)(struct tn_store *store, bool lock, tn_store_done_fn *done, void *arg);
	void (*sign)(struct tn_store *store, const struct tn_lock_holder *holder);
	void (*introduce)(struct tn_store *store, const struct tn_run_facts *facts);
	void (*append)(struct tn_store *store, const char *run_id,
	    const struct tn_record *records, size_t n, tn_store_done_fn *done, void *arg);
	void (*end)(struct tn_store *store, const char *run_id,
	    const struct tn_record *last, const struct tn_settlement *settlement,
	    tn_store_done_fn *done, void *arg);
	void (*note_applied)(struct tn_store *store, const char *run_id,
	    tn_store_done_fn *done, void *arg);
	void (*hold)(struct tn_store *store, const char *commit, const char *run_id,
	    tn_store_done_fn *done, void *arg);
	void (*lift)(struct tn_store *store, const char *commit, tn_store_done_fn *done,
	    void *arg);
	void (*history)(struct tn_store *store, const struct tn_history_query *query,
	    tn_store_history_fn *done, void *arg);
	void (*free)(struct tn_store *store);
};

struct tn_store {
	const struct tn_store_ops *ops;
	/*
	 * Filled by load, right before it tells that it is done, and owned by the store:
	 * they live until the next load that goes well, or until the store is freed.
	 */
	struct tn_known *known;
	const struct tn_secret *key;        /* for fingerprints: the state's own */
	const struct tn_open_run *open_run; /* NULL when there is none */
	/* Of this project on this tenant. */
	const struct tn_applied *applied; /* NULL: nothing that is known of */
	const struct tn_hold *holds;      /* by commit */
	size_t n_holds;
};

/*
 * Every operation is told of once, from the loop and never from inside the call; several
 * that are started in a row are carried out and told of in their order. What they are
 * given is theirs during the call only. After an error nothing has changed, and trying
 * again is allowed. The error is borrowed during done, and done may free the store.
 *
 * Opens or makes the state, checks the tenant's pin, and fills the fields above. With
 * lock: takes the tenant's lock, or fails with TN_E_LOCKED at once, with the holder and
 * since when in the message. Whoever waits for a lock tries again. It ends with its
 * process: what a dead holder has left behind stops nobody. TN_E_INPUT when the
 * tenant's name is pinned to another address, which it is from its first run on. May be
 * called again, to see what has been settled since; the lock is kept then. Without the
 * lock it waits for nobody and nobody waits for it, unless something has to be made.
 */
void tn_store_load(struct tn_store *store, bool lock, tn_store_done_fn *done, void *arg);
/* Before the lock is taken: who takes it; copied. */
void tn_store_sign(struct tn_store *store, const struct tn_lock_holder *holder);
/*
 * What every run that this store begins from now on is kept as; copied. A run that was
 * begun by another one and is ended by this store keeps its own.
 */
void tn_store_introduce(struct tn_store *store, const struct tn_run_facts *facts);
/*
 * All records in one commit, synced before done. The first record of a run is its
 * "begin". TN_E_CONFLICT when the run has ended, or would be a second open one: somebody
 * else works on the tenant in spite of the lock. TN_E_BUG without the lock.
 */
void tn_store_append(struct tn_store *store, const char *run_id,
    const struct tn_record *records, size_t n, tn_store_done_fn *done, void *arg);
/*
 * The last record, the settlement and the run's end in one commit. A run that was never
 * begun (it wrote nothing to the tenant) is recorded with its end. open_run stays as it
 * is until the next load. Errors as above.
 */
void tn_store_end(struct tn_store *store, const char *run_id,
    const struct tn_record *last, const struct tn_settlement *settlement,
    tn_store_done_fn *done, void *arg);
/*
 * A run that found the tenant to be as wanted, and had nothing to do: the facts that were
 * introduced come true. Writes only when that is something new.
 */
void tn_store_note_applied(struct tn_store *store, const char *run_id,
    tn_store_done_fn *done, void *arg);
/*
 * Puts a commit on hold, and takes it off; doing either twice changes nothing. Needs the
 * lock, and shows with the next load. A run that rolls back rather says so in its facts:
 * then the hold is there when what it rolled back is, and not before.
 */
void tn_store_hold(struct tn_store *store, const char *commit, const char *run_id,
    tn_store_done_fn *done, void *arg);
void tn_store_lift(struct tn_store *store, const char *commit, tn_store_done_fn *done,
    void *arg);
const struct tn_hold *tn_store_held(const struct tn_store *store, const char *commit);
/* Runs of the past, see store/history.h. Needs a load before, and no lock. */
void tn_store_history(struct tn_store *store, const struct tn_history_query *query,
    tn_store_history_fn *done, void *arg);
/* Gives the lock back. Operations that were not told of yet are not told of any more. */
void tn_store_free(struct tn_store *store);
TN_DEFINE_FREEP(tn_store, tn_store_free)

/*
 * SQLite at path; locks in files beside it, one per tenant. disk: in memory, for tests.
 * scope is copied.
 */
struct tn_store *tn_store_sqlite(struct tn_loop *loop, const char *path,
    struct tn_memdisk *disk, const struct tn_store_scope *scope);
/* One that nobody else sees, and that is forgotten when it is freed. */
struct tn_store *tn_store_memory(struct tn_loop *loop,
    const struct tn_store_scope *scope);

#endif
