/*
 * The state in its tables: what is read for one scope and what is written. Transactions
 * are the caller's. Inside the room only.
 */
#ifndef TN_STORE_STATE_H
#define TN_STORE_STATE_H

#include "sqlite/sqlite.h"
#include "store/store.h"

/* What a load reads. known's arena holds all else too. */
struct tn_loaded {
	int64_t tenant; /* its row */
	struct tn_secret *key;
	struct tn_known *known;
	const struct tn_open_run *open_run;
	const struct tn_applied *applied;
	const struct tn_hold *holds;
	size_t n_holds;
};

/* Who writes: the tenant's row, and what a run that begins is kept as. */
struct tn_writer {
	int64_t tenant;
	const struct tn_store_scope *scope;
	const struct tn_run_facts *facts;
};

void tn_loaded_done(struct tn_loaded *loaded);

/*
 * migrate.c: 1 when the tables are of today, 0 when they are older or not there yet.
 * TN_E_SYSTEM when they are newer or another program's.
 */
int tn_state_current(struct tn_sqlite *db, const char *path,
    struct tn_error *err) TN_MUST_USE;
int tn_state_migrate(struct tn_sqlite *db, const char *path,
    struct tn_error *err) TN_MUST_USE;

/*
 * read.c: 1 when everything is there, 0 when tables, key, tenant or pin are missing.
 * TN_E_INPUT when the tenant is pinned to another address.
 */
int tn_state_read(struct tn_sqlite *db, const char *path,
    const struct tn_store_scope *scope, struct tn_loaded *out,
    struct tn_error *err) TN_MUST_USE;

/* The contents cannot be: gives TN_E_SYSTEM with the cure. */
int tn_state_damaged(const char *path, const char *what, struct tn_error *err);

/* write.c: makes what is missing, so that a read gives 1. */
int tn_state_prepare(struct tn_sqlite *db, const char *path,
    const struct tn_store_scope *scope, struct tn_error *err) TN_MUST_USE;
/* TN_E_CONFLICT when the run has ended, or is begun while another one is open. */
int tn_state_append(struct tn_sqlite *db, const struct tn_writer *writer,
    const char *run_id, const struct tn_record *records, size_t n,
    struct tn_error *err) TN_MUST_USE;
int tn_state_end(struct tn_sqlite *db, const struct tn_writer *writer, const char *run_id,
    const struct tn_record *last, const struct tn_settlement *settlement,
    struct tn_error *err) TN_MUST_USE;

/* holds.c */
int tn_state_read_holds(struct tn_sqlite *db, const char *path, const char *project,
    struct tn_loaded *out, struct tn_error *err) TN_MUST_USE;
int tn_state_hold(struct tn_sqlite *db, int64_t tenant, const char *project,
    const char *commit, const char *run_id, int64_t unix_ns,
    struct tn_error *err) TN_MUST_USE;
int tn_state_lift(struct tn_sqlite *db, int64_t tenant, const char *project,
    const char *commit, struct tn_error *err) TN_MUST_USE;
/* The facts of a run that ended well, or had nothing to do, come true. */
int tn_state_come_true(struct tn_sqlite *db, int64_t tenant, const char *project,
    const struct tn_run_facts *facts, const char *run_id, int64_t unix_ns,
    struct tn_error *err) TN_MUST_USE;

/* content.c: a document and its code; *out is the row. */
int tn_state_put_content(struct tn_sqlite *db, const struct tn_value *document,
    int64_t *out, struct tn_error *err) TN_MUST_USE;
/* Removes it and its code unless an object, or another content, has them. */
int tn_state_drop_content(struct tn_sqlite *db, int64_t content,
    struct tn_error *err) TN_MUST_USE;
/* The document with its code, as text and code of a row say it. */
int tn_state_join_content(const char *document, const char *code, const char *path,
    struct tn_arena *arena, const struct tn_value **out,
    struct tn_error *err) TN_MUST_USE;

/* past.c: writes the objects of a run that ends, and reads runs. */
int tn_state_put_objects(struct tn_sqlite *db, int64_t run,
    const struct tn_past_object *objects, size_t n, struct tn_error *err) TN_MUST_USE;
int tn_state_read_history(struct tn_sqlite *db, const char *path, int64_t tenant,
    const char *project, const struct tn_history_query *query, struct tn_history **out,
    struct tn_error *err) TN_MUST_USE;

/* prune.c: by the rule in history.h; a bounded part of it at a time. */
int tn_state_prune(struct tn_sqlite *db, int64_t tenant, const char *project,
    int64_t unix_ns, struct tn_error *err) TN_MUST_USE;

#endif
