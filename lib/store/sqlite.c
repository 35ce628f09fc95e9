#include "store/store.h"

#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/mem.h"
#include "sqlite/memdisk.h"
#include "store/lock.h"
#include "store/state.h"

/* An operation whose work is done and that is not told of yet. */
struct result {
	tn_store_done_fn *done;       /* or, of a question about the past: */
	tn_store_history_fn *receive; /* NULL for all else */
	void *arg;
	struct tn_error error;
	struct tn_loaded loaded; /* of a load that went well */
	struct tn_history *history;
	struct result *next;
};

struct tn_store_sqlite {
	struct tn_store store; /* first: what callers hold */
	struct tn_loop *loop;
	struct tn_timer timer;
	struct result *results, **last;
	struct tn_arena *arena;
	const char *path;
	struct tn_memdisk *disk;
	struct tn_memdisk *own_disk; /* the same when it goes with the store; or NULL */
	struct tn_store_scope scope;
	struct tn_store_lock lock;
	struct tn_sqlite *db; /* NULL until a load went well */
	int64_t tenant;
	struct tn_secret *key;
	struct tn_lock_holder holder;
	struct tn_arena *facts_arena;
	struct tn_run_facts facts; /* of the runs that it begins */
};

static struct tn_store_sqlite *
from_store(struct tn_store *store)
{
	return (struct tn_store_sqlite *)store;
}

/* --- Telling the caller, in order --- */

static void
result_free(struct result *result)
{
	tn_loaded_done(&result->loaded);
	tn_history_free(result->history);
	tn_error_done(&result->error);
	tn_free(result);
}

TN_DEFINE_FREEP(result, result_free)

static void
show_loaded(struct tn_store_sqlite *state, struct tn_loaded *loaded)
{
	if (loaded->known == NULL)
		return;
	tn_secret_unref(state->key);
	tn_known_free(state->store.known);
	state->key = tn_take(loaded->key);
	state->store.key = state->key;
	state->store.known = tn_take(loaded->known);
	state->store.open_run = loaded->open_run;
	state->store.applied = loaded->applied;
	state->store.holds = loaded->holds;
	state->store.n_holds = loaded->n_holds;
}

/* The store may be freed by whom it tells, so nothing of it is touched after that. */
static void
tell(void *arg)
{
	struct tn_store_sqlite *state = arg;
	TN_CLEANUP(result_freep) struct result *result = state->results;
	const struct tn_error *err = tn_error_is_set(&result->error) ? &result->error
								     : NULL;

	state->results = result->next;
	if (state->results == NULL)
		state->last = &state->results;
	else
		tn_timer_start(&state->timer, state->loop, 0, tell, state);
	show_loaded(state, &result->loaded);
	if (result->receive != NULL)
		result->receive(result->arg, tn_take(result->history), err);
	else
		result->done(result->arg, err);
}

static struct result *
add_result(struct tn_store_sqlite *state, tn_store_done_fn *done, void *arg)
{
	struct result *result = tn_new(struct result);

	result->done = done;
	result->arg = arg;
	*state->last = result;
	state->last = &result->next;
	if (!tn_timer_active(&state->timer))
		tn_timer_start(&state->timer, state->loop, 0, tell, state);
	return result;
}

/* --- Load --- */

static int
make_directory(const char *path, struct tn_error *err)
{
	const char *slash = strrchr(path, '/');
	TN_CLEANUP(tn_freep) char *directory = NULL;
	int r;

	if (slash == NULL || slash == path)
		return 0;
	directory = tn_strndup(path, (size_t)(slash - path));
	r = tn_file_mkdirs(directory, err);
	if (r < 0) {
		tn_error_context(err, "the state file \"%s\"", path);
		tn_error_hint(err, "make its directory, writable for this user");
	}
	return r;
}

/* A snapshot: it neither waits for a writer nor makes one wait. */
static int
read_snapshot(struct tn_store_sqlite *state, struct tn_sqlite *db, struct tn_loaded *out,
    struct tn_error *err)
{
	int r = tn_sqlite_exec(db, "BEGIN", err);

	if (r < 0)
		return r;
	r = tn_state_read(db, state->path, &state->scope, out, err);
	tn_sqlite_rollback(db);
	return r;
}

static int
make_and_read(struct tn_store_sqlite *state, struct tn_sqlite *db, struct tn_loaded *out,
    struct tn_error *err)
{
	int r = tn_sqlite_begin(db, err);

	if (r < 0)
		return r;
	r = tn_state_prepare(db, state->path, &state->scope, err);
	if (r == 0)
		r = tn_state_read(db, state->path, &state->scope, out, err);
	if (r == 0)
		r = tn_state_damaged(state->path, "a tenant has no row", err);
	if (r > 0)
		return tn_sqlite_commit(db, err);
	tn_sqlite_rollback(db);
	return r;
}

static int
read_or_make(struct tn_store_sqlite *state, struct tn_sqlite *db, struct tn_loaded *out,
    struct tn_error *err)
{
	int r = read_snapshot(state, db, out, err);

	if (r == 0) {
		tn_loaded_done(out);
		r = make_and_read(state, db, out, err);
	}
	if (r < 0)
		tn_loaded_done(out);
	return r < 0 ? r : 0;
}

/* A database that could not be read is opened anew by the next try. */
static int
open_and_read(struct tn_store_sqlite *state, struct tn_loaded *out, struct tn_error *err)
{
	TN_CLEANUP(tn_sqlite_closep) struct tn_sqlite *db = NULL;
	int r;

	if (state->db != NULL)
		return read_or_make(state, state->db, out, err);
	r = tn_sqlite_open(state->path, state->disk, &db, err);
	if (r < 0)
		return r;
	r = read_or_make(state, db, out, err);
	if (r == 0)
		state->db = tn_take(db);
	return r;
}

static int
load(struct tn_store_sqlite *state, bool lock, struct tn_loaded *out,
    struct tn_error *err)
{
	bool take = lock && !state->lock.held;
	int r = 0;

	if (state->disk == NULL && state->db == NULL)
		r = make_directory(state->path, err);
	/* First the lock: what is read then does not change any more. */
	if (r == 0 && take)
		r = tn_store_lock_take(&state->lock, state->path, state->disk,
		    &state->scope, &state->holder, tn_loop_unix(state->loop), err);
	if (r < 0)
		return r;
	r = open_and_read(state, out, err);
	if (r == 0)
		state->tenant = out->tenant;
	else if (take)
		tn_store_lock_give(&state->lock);
	return r;
}

/* --- Operations: the work is done at once, and told of from the loop --- */

static void
sqlite_load(struct tn_store *store, bool lock, tn_store_done_fn *done, void *arg)
{
	struct tn_store_sqlite *state = from_store(store);
	struct result *result = add_result(state, done, arg);

	(void)load(state, lock, &result->loaded, &result->error);
}

static void
sqlite_sign(struct tn_store *store, const struct tn_lock_holder *holder)
{
	struct tn_store_sqlite *state = from_store(store);

	state->holder = (struct tn_lock_holder){
		.who = tn_arena_text(state->arena, holder->who),
		.command = tn_arena_text(state->arena, holder->command),
		.run_id = tn_arena_text(state->arena, holder->run_id),
	};
}

static void
sqlite_introduce(struct tn_store *store, const struct tn_run_facts *facts)
{
	struct tn_store_sqlite *state = from_store(store);
	struct tn_arena *arena = tn_arena_new();

	state->facts = (struct tn_run_facts){
		.command = tn_arena_text(arena, facts->command),
		.who = tn_arena_text(arena, facts->who),
		.source = tn_arena_text(arena, facts->source),
		.commit = tn_arena_text(arena, facts->commit),
		.dirty = facts->dirty,
		.digest = tn_arena_text(arena, facts->digest),
		.target = tn_arena_text(arena, facts->target),
		.hold = tn_arena_text(arena, facts->hold),
		.lift = tn_arena_text(arena, facts->lift),
	};
	tn_arena_free(state->facts_arena);
	state->facts_arena = arena;
}

static struct tn_writer
writer_of(const struct tn_store_sqlite *state)
{
	return (struct tn_writer){ state->tenant, &state->scope, &state->facts };
}

static int
begin_write(struct tn_store_sqlite *state, struct tn_error *err)
{
	if (state->db == NULL || !state->lock.held)
		return tn_error_set(err, TN_E_BUG,
		    "the state is written without the lock of tenant %s",
		    state->scope.tenant);
	return tn_sqlite_begin(state->db, err);
}

static int
finish_write(struct tn_store_sqlite *state, int r, struct tn_error *err)
{
	if (r == 0)
		return tn_sqlite_commit(state->db, err);
	tn_sqlite_rollback(state->db);
	return r;
}

static void
sqlite_append(struct tn_store *store, const char *run_id, const struct tn_record *records,
    size_t n, tn_store_done_fn *done, void *arg)
{
	struct tn_store_sqlite *state = from_store(store);
	struct tn_error *err = &add_result(state, done, arg)->error;

	struct tn_writer writer = writer_of(state);

	if (n == 0 || begin_write(state, err) < 0)
		return;
	(void)finish_write(state,
	    tn_state_append(state->db, &writer, run_id, records, n, err), err);
}

static void
sqlite_end(struct tn_store *store, const char *run_id, const struct tn_record *last,
    const struct tn_settlement *settlement, tn_store_done_fn *done, void *arg)
{
	struct tn_store_sqlite *state = from_store(store);
	struct tn_error *err = &add_result(state, done, arg)->error;

	struct tn_writer writer = writer_of(state);

	if (begin_write(state, err) < 0)
		return;
	(void)finish_write(state,
	    tn_state_end(state->db, &writer, run_id, last, settlement, err), err);
}

/* What a run that had nothing to do would say is known already. */
static bool
is_no_news(const struct tn_store_sqlite *state)
{
	const struct tn_applied *applied = state->store.applied;
	const struct tn_run_facts *facts = &state->facts;

	return applied != NULL && applied->dirty == facts->dirty &&
	    tn_text_equal(applied->commit, facts->commit) && facts->hold == NULL &&
	    facts->lift == NULL;
}

static void
sqlite_note_applied(struct tn_store *store, const char *run_id, tn_store_done_fn *done,
    void *arg)
{
	struct tn_store_sqlite *state = from_store(store);
	struct tn_error *err = &add_result(state, done, arg)->error;

	if (is_no_news(state) || begin_write(state, err) < 0)
		return;
	(void)finish_write(state,
	    tn_state_come_true(state->db, state->tenant, state->scope.project,
		&state->facts, run_id, tn_loop_unix(state->loop), err),
	    err);
}

static void
sqlite_hold(struct tn_store *store, const char *commit, const char *run_id,
    tn_store_done_fn *done, void *arg)
{
	struct tn_store_sqlite *state = from_store(store);
	struct tn_error *err = &add_result(state, done, arg)->error;

	if (begin_write(state, err) < 0)
		return;
	(void)finish_write(state,
	    tn_state_hold(state->db, state->tenant, state->scope.project, commit, run_id,
		tn_loop_unix(state->loop), err),
	    err);
}

static void
sqlite_lift(struct tn_store *store, const char *commit, tn_store_done_fn *done, void *arg)
{
	struct tn_store_sqlite *state = from_store(store);
	struct tn_error *err = &add_result(state, done, arg)->error;

	if (begin_write(state, err) < 0)
		return;
	(void)finish_write(state,
	    tn_state_lift(state->db, state->tenant, state->scope.project, commit, err),
	    err);
}

/* A snapshot, as a load without the lock is. */
static int
read_history(struct tn_store_sqlite *state, const struct tn_history_query *query,
    struct tn_history **out, struct tn_error *err)
{
	int r;

	if (state->db == NULL)
		return tn_error_set(err, TN_E_BUG,
		    "the history of tenant %s is read before the state is loaded",
		    state->scope.tenant);
	r = tn_sqlite_exec(state->db, "BEGIN", err);
	if (r < 0)
		return r;
	r = tn_state_read_history(state->db, state->path, state->tenant,
	    state->scope.project, query, out, err);
	tn_sqlite_rollback(state->db);
	return r;
}

static void
sqlite_history(struct tn_store *store, const struct tn_history_query *query,
    tn_store_history_fn *done, void *arg)
{
	struct tn_store_sqlite *state = from_store(store);
	struct result *result = add_result(state, NULL, arg);

	result->receive = done;
	(void)read_history(state, query, &result->history, &result->error);
}

static void
sqlite_free(struct tn_store *store)
{
	struct tn_store_sqlite *state = from_store(store);

	tn_timer_stop(&state->timer);
	while (state->results != NULL) {
		struct result *result = state->results;

		state->results = result->next;
		result_free(result);
	}
	/* Before the database goes: that one keeps a disk in memory alive. */
	tn_store_lock_give(&state->lock);
	tn_sqlite_close(state->db);
	tn_memdisk_free(state->own_disk);
	tn_secret_unref(state->key);
	tn_known_free(store->known);
	tn_arena_free(state->facts_arena);
	tn_arena_free(state->arena);
	tn_free(state);
}

static const struct tn_store_ops sqlite_ops = {
	.load = sqlite_load,
	.sign = sqlite_sign,
	.introduce = sqlite_introduce,
	.append = sqlite_append,
	.end = sqlite_end,
	.note_applied = sqlite_note_applied,
	.hold = sqlite_hold,
	.lift = sqlite_lift,
	.history = sqlite_history,
	.free = sqlite_free,
};

struct tn_store *
tn_store_sqlite(struct tn_loop *loop, const char *path, struct tn_memdisk *disk,
    const struct tn_store_scope *scope)
{
	struct tn_store_sqlite *state = tn_new(struct tn_store_sqlite);
	struct tn_arena *arena = tn_arena_new();

	state->store.ops = &sqlite_ops;
	state->loop = loop;
	state->last = &state->results;
	state->arena = arena;
	state->path = tn_arena_text(arena, path);
	state->disk = disk;
	state->scope = (struct tn_store_scope){
		.provider = tn_arena_text(arena, scope->provider),
		.base_url = tn_arena_text(arena, scope->base_url),
		.tenant = tn_arena_text(arena, scope->tenant),
		.project = tn_arena_text(arena, scope->project),
	};
	return &state->store;
}

struct tn_store *
tn_store_memory(struct tn_loop *loop, const struct tn_store_scope *scope)
{
	struct tn_memdisk *disk = tn_memdisk_new();
	struct tn_store *store = tn_store_sqlite(loop, "state.db", disk, scope);

	from_store(store)->own_disk = disk;
	return store;
}
