/*
 * The wall around SQLite: a database with prepared statements, transactions
 * and errors of ours.
 *
 * A database is opened on a disk: the machine's own files, or a disk in memory
 * (sqlite/memdisk.h) that forgets what was not synced. WAL, synchronous=FULL, foreign
 * keys on, no trusted schema, secure_delete; a busy database is waited for up to
 * TN_SQLITE_BUSY_MS, which is the one wait outside of the loop.
 *
 * Errors: TN_E_SYSTEM with path and cure when the file is in use, full, not writable or
 * damaged; TN_E_CONFLICT when a constraint of the schema says no; TN_E_LIMIT for a value
 * over SQLite's bound; TN_E_BUG for SQL that is wrong.
 */
#ifndef TN_SQLITE_SQLITE_H
#define TN_SQLITE_SQLITE_H

#include "base/error.h"
#include "base/str.h"

#define TN_SQLITE_BUSY_MS 2000

struct tn_sqlite;
struct tn_stmt;
struct tn_memdisk;

/*
 * disk NULL: the machine's files. The file is created with mode 0600, in a directory that
 * is there; a link in place of the file is refused, and a file that others than its owner
 * and group can read or write.
 */
int tn_sqlite_open(const char *path, struct tn_memdisk *disk, struct tn_sqlite **out,
    struct tn_error *err) TN_MUST_USE;
/* Rolls back what is not committed. Statements of it are not touched any more. */
void tn_sqlite_close(struct tn_sqlite *db);
TN_DEFINE_FREEP(tn_sqlite, tn_sqlite_close)

/* One or several statements without parameters. */
int tn_sqlite_exec(struct tn_sqlite *db, const char *sql,
    struct tn_error *err) TN_MUST_USE;

int tn_sqlite_begin(struct tn_sqlite *db,
    struct tn_error *err) TN_MUST_USE; /* IMMEDIATE */
/*
 * When it fails the transaction is rolled back; only after a power cut right then may
 * what it wrote be there all the same, as a whole.
 */
int tn_sqlite_commit(struct tn_sqlite *db, struct tn_error *err) TN_MUST_USE;
void tn_sqlite_rollback(struct tn_sqlite *db);

/* PRAGMA user_version. */
int tn_sqlite_version(struct tn_sqlite *db, int *out, struct tn_error *err) TN_MUST_USE;
int tn_sqlite_set_version(struct tn_sqlite *db, int version,
    struct tn_error *err) TN_MUST_USE;

/*
 * A prepared statement. The database keeps compiled statements by the address of their
 * SQL (a literal), so preparing again costs nothing. Bind from 1; step gives 1 for a row,
 * 0 for the end, negative for an error, a wrong bind included; columns from 0. Text of a
 * column is borrowed until the next step.
 */
int tn_stmt_prepare(struct tn_sqlite *db, const char *sql, struct tn_stmt **out,
    struct tn_error *err) TN_MUST_USE;
void tn_stmt_finish(
    struct tn_stmt *stmt); /* gives it back to the database; NULL allowed */
TN_DEFINE_FREEP(tn_stmt, tn_stmt_finish)
void tn_stmt_bind_text(struct tn_stmt *stmt, int index,
    const char *text); /* NULL binds NULL */
void tn_stmt_bind_bytes(struct tn_stmt *stmt, int index, struct tn_span bytes);
void tn_stmt_bind_int(struct tn_stmt *stmt, int index, int64_t number);
int tn_stmt_step(struct tn_stmt *stmt, struct tn_error *err) TN_MUST_USE;
/* Steps to the end, for statements that give no rows, and finishes the statement. */
int tn_stmt_run(struct tn_stmt *stmt, struct tn_error *err) TN_MUST_USE;
const char *tn_stmt_text(struct tn_stmt *stmt, int column); /* NULL for NULL */
struct tn_span tn_stmt_bytes(struct tn_stmt *stmt, int column);
int64_t tn_stmt_int(struct tn_stmt *stmt, int column);

#endif
