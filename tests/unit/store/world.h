/* A loop in virtual time, and operations of a store that wait for their answer. */
#ifndef TN_UNIT_STORE_WORLD_H
#define TN_UNIT_STORE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "sqlite/memdisk.h"
#include "sqlite/sqlite.h"
#include "store/store.h"

#define NOW (INT64_C(1700000000) * TN_SEC) /* 2023-11-14T22:13:20Z */

/* Of one run: see world_up and world_down. */
extern struct tn_loop *loop;
extern struct tn_memdisk *disk;

/* Fixtures of a test: a new loop and a new disk. */
int world_up(void **state);
int world_down(void **state);

/* What an operation said. */
struct answer {
	enum tn_error_kind kind; /* TN_E_NONE: it went well */
	char message[600];
	char hint[300];
};

extern const struct tn_store_scope shop;         /* project shop, tenant prod at A */
extern const struct tn_store_scope crm;          /* project crm, the same tenant */
extern const struct tn_store_scope other_tenant; /* project shop, tenant test at B */

/* On the disk of the world. */
struct tn_store *store_of(const struct tn_store_scope *scope);
/* Loaded with the lock; the test fails when it cannot be. */
struct tn_store *locked(const struct tn_store_scope *scope);
struct tn_store *unlocked(const struct tn_store_scope *scope);

/* For operations that are started by hand; gives what done said. */
void note_answer(void *arg, const struct tn_error *err);
struct waiting {
	struct answer answer;
	unsigned told;
};
void wait_for(struct waiting *waiting);

struct answer load(struct tn_store *store, bool lock);
struct answer append(struct tn_store *store, const char *run,
    const struct tn_record *records, size_t n);
struct answer append_one(struct tn_store *store, const char *run, unsigned step,
    const char *event, const char *payload);
struct answer end(struct tn_store *store, const char *run, const char *event,
    const struct tn_settlement *settlement);

/* The test fails unless it went well. */
void fine(struct answer answer);
/* The kind, and words of message and hint. */
void refused(struct answer answer, enum tn_error_kind kind, const char *message,
    const char *hint);

/* "own 1=a 2=b | others 3=c | secrets 1.KEY=f@t": for comparing as a whole. */
void known_is(const struct tn_store *store, const char *text);
/* "run: begin{payload} 1:intended 1:done"; "none" when there is no open run. */
void open_run_is(const struct tn_store *store, const char *text);

/* The database, past the store. */
struct tn_sqlite *database(const char *path, struct tn_memdisk *on);
void sql(struct tn_sqlite *db, const char *text);
/* The columns of all rows: "a,b;c,d". NULL is "-". */
void rows_are(struct tn_sqlite *db, const char *query, int columns, const char *text);

#endif
