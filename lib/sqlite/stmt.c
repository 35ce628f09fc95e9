#include "sqlite/sqlite.h"

#include <sqlite3.h>
#include <string.h>

#include "base/mem.h"
#include "sqlite/db.h"

void
tn_db_free_stmts(struct tn_sqlite *db)
{
	for (size_t i = 0; i < db->n_stmts; i++) {
		(void)sqlite3_finalize(db->stmts[i]->compiled);
		tn_free(db->stmts[i]);
	}
	tn_free(db->stmts);
	db->stmts = NULL;
	db->n_stmts = db->cap_stmts = 0;
}

/* The text is compared too: memory that is not a literal may hold other SQL by now. */
static struct tn_stmt *
find_idle(struct tn_sqlite *db, const char *sql)
{
	for (size_t i = 0; i < db->n_stmts; i++) {
		struct tn_stmt *stmt = db->stmts[i];

		if (stmt->sql == sql && !stmt->used &&
		    tn_text_equal(sqlite3_sql(stmt->compiled), sql))
			return stmt;
	}
	return NULL;
}

static int
compile(struct tn_sqlite *db, const char *sql, struct tn_stmt **out, struct tn_error *err)
{
	sqlite3_stmt *compiled = NULL;
	const char *rest = NULL;
	struct tn_stmt *stmt;
	int r;

	r = sqlite3_prepare_v3(db->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, &compiled,
	    &rest);
	if (r != SQLITE_OK)
		return tn_db_error(db, r, err);
	if (compiled == NULL || *rest != '\0') {
		(void)sqlite3_finalize(compiled);
		return tn_error_set(err, TN_E_BUG, "not one statement of SQL: %s", sql);
	}
	stmt = tn_new(struct tn_stmt);
	*stmt = (struct tn_stmt){ .db = db, .sql = sql, .compiled = compiled };
	db->stmts = tn_grow(db->stmts, db->n_stmts, &db->cap_stmts, sizeof(*db->stmts));
	db->stmts[db->n_stmts++] = stmt;
	*out = stmt;
	return 0;
}

int
tn_stmt_prepare(struct tn_sqlite *db, const char *sql, struct tn_stmt **out,
    struct tn_error *err)
{
	struct tn_stmt *stmt = find_idle(db, sql);
	int r;

	if (stmt == NULL) {
		r = compile(db, sql, &stmt, err);
		if (r < 0)
			return r;
	}
	stmt->used = true;
	*out = stmt;
	return 0;
}

void
tn_stmt_finish(struct tn_stmt *stmt)
{
	if (stmt == NULL)
		return;
	/* The result repeats what stepping said. */
	(void)sqlite3_reset(stmt->compiled);
	(void)sqlite3_clear_bindings(stmt->compiled);
	stmt->bound = SQLITE_OK;
	stmt->used = false;
}

static void
note_bound(struct tn_stmt *stmt, int r)
{
	if (stmt->bound == SQLITE_OK)
		stmt->bound = r;
}

void
tn_stmt_bind_text(struct tn_stmt *stmt, int index, const char *text)
{
	if (text == NULL)
		note_bound(stmt, sqlite3_bind_null(stmt->compiled, index));
	else
		note_bound(stmt,
		    sqlite3_bind_text64(stmt->compiled, index, text, strlen(text),
			SQLITE_TRANSIENT, SQLITE_UTF8));
}

void
tn_stmt_bind_bytes(struct tn_stmt *stmt, int index, struct tn_span bytes)
{
	/* A null pointer would bind NULL; no bytes are a value. */
	note_bound(stmt,
	    sqlite3_bind_blob64(stmt->compiled, index, bytes.len > 0 ? bytes.ptr : "",
		bytes.len, SQLITE_TRANSIENT));
}

void
tn_stmt_bind_int(struct tn_stmt *stmt, int index, int64_t number)
{
	note_bound(stmt, sqlite3_bind_int64(stmt->compiled, index, number));
}

int
tn_stmt_step(struct tn_stmt *stmt, struct tn_error *err)
{
	int r = stmt->bound;

	if (r != SQLITE_OK)
		return tn_db_error(stmt->db, r, err);
	r = sqlite3_step(stmt->compiled);
	if (r == SQLITE_ROW)
		return 1;
	return r == SQLITE_DONE ? 0 : tn_db_error(stmt->db, r, err);
}

int
tn_stmt_run(struct tn_stmt *stmt, struct tn_error *err)
{
	int r;

	do
		r = tn_stmt_step(stmt, err);
	while (r > 0);
	tn_stmt_finish(stmt);
	return r;
}

const char *
tn_stmt_text(struct tn_stmt *stmt, int column)
{
	return (const char *)sqlite3_column_text(stmt->compiled, column);
}

struct tn_span
tn_stmt_bytes(struct tn_stmt *stmt, int column)
{
	const char *bytes = sqlite3_column_blob(stmt->compiled, column);

	return tn_span_of(bytes, (size_t)sqlite3_column_bytes(stmt->compiled, column));
}

int64_t
tn_stmt_int(struct tn_stmt *stmt, int column)
{
	return sqlite3_column_int64(stmt->compiled, column);
}
