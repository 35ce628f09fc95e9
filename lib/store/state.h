/*
 * The state in its tables: what is read for one scope and what is written. Transactions
 * are the caller's. Inside the room only.
 */
#ifndef TN_STORE_STATE_H
#define TN_STORE_STATE_H

#include "sqlite/sqlite.h"
#include "store/store.h"

/* What a load reads. known's arena holds the open run too. */
struct tn_loaded {
	int64_t tenant; /* its row */
	struct tn_secret *key;
	struct tn_known *known;
	const struct tn_open_run *open_run;
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
int tn_state_append(struct tn_sqlite *db, int64_t tenant, const char *project,
    const char *run_id, const struct tn_record *records, size_t n,
    struct tn_error *err) TN_MUST_USE;
int tn_state_end(struct tn_sqlite *db, int64_t tenant, const char *project,
    const char *run_id, const struct tn_record *last,
    const struct tn_settlement *settlement, struct tn_error *err) TN_MUST_USE;

#endif
