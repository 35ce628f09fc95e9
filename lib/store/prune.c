#include "store/state.h"

/* At one end of a run: a state that was not pruned for long gets there step by step. */
#define AT_ONCE 20

#define DAY (INT64_C(24) * 3600 * 1000000000)

struct rows {
	int64_t *items;
	size_t n, cap;
};

static void
add_row(struct rows *rows, struct tn_arena *arena, int64_t row)
{
	if (row == 0)
		return;
	rows->items = tn_arena_grow(arena, rows->items, rows->n, &rows->cap,
	    sizeof(*rows->items));
	rows->items[rows->n++] = row;
}

static int
find_old(struct tn_sqlite *db, int64_t tenant, const char *project, int64_t unix_ns,
    struct tn_arena *arena, struct rows *out, struct tn_error *err)
{
	static const char sql[] =
	    "SELECT id FROM (SELECT id, name, ended, row_number() OVER (ORDER BY id DESC)"
	    "  AS age FROM run"
	    "  WHERE tenant = ?1 AND project = ?2 AND ended IS NOT NULL AND pruned IS NULL)"
	    " WHERE age > ?3 AND (age > ?4 OR ended < ?5) AND name NOT IN"
	    "  (SELECT run_name FROM applied WHERE tenant = ?1 AND project = ?2)"
	    " ORDER BY id LIMIT ?6";
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, tenant);
	tn_stmt_bind_text(stmt, 2, project);
	tn_stmt_bind_int(stmt, 3, TN_HISTORY_KEEP_RUNS);
	tn_stmt_bind_int(stmt, 4, TN_HISTORY_MOST);
	tn_stmt_bind_int(stmt, 5, unix_ns - TN_HISTORY_KEEP_DAYS * DAY);
	tn_stmt_bind_int(stmt, 6, AT_ONCE);
	while ((r = tn_stmt_step(stmt, err)) > 0)
		add_row(out, arena, tn_stmt_int(stmt, 0));
	return r;
}

static int
contents_of(struct tn_sqlite *db, int64_t run, struct tn_arena *arena, struct rows *out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	int r = tn_stmt_prepare(db,
	    "SELECT before, after, draft FROM object WHERE run = ?1", &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, run);
	while ((r = tn_stmt_step(stmt, err)) > 0)
		for (int i = 0; i < 3; i++)
			add_row(out, arena, tn_stmt_int(stmt, i));
	return r;
}

static int
of_run(struct tn_sqlite *db, const char *sql, int64_t run, struct tn_error *err)
{
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, run);
	return tn_stmt_run(stmt, err);
}

/* What it made ours names its row, which then stays behind without all the rest. */
static int
prune_run(struct tn_sqlite *db, int64_t run, struct tn_error *err)
{
	static const char *const sql[] = {
		"DELETE FROM object WHERE run = ?1",
		"DELETE FROM journal WHERE run = ?1",
		"UPDATE run SET pruned = 1 WHERE id = ?1",
		"DELETE FROM run WHERE id = ?1"
		" AND NOT EXISTS (SELECT 1 FROM owned WHERE run = ?1)"
		" AND NOT EXISTS (SELECT 1 FROM secret WHERE run = ?1)"
		" AND NOT EXISTS (SELECT 1 FROM draft WHERE run = ?1)",
	};
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct rows contents = { 0 };
	int r = contents_of(db, run, arena, &contents, err);

	for (size_t i = 0; i < TN_ARRAY_LEN(sql) && r == 0; i++)
		r = of_run(db, sql[i], run, err);
	for (size_t i = 0; i < contents.n && r == 0; i++)
		r = tn_state_drop_content(db, contents.items[i], err);
	return r;
}

int
tn_state_prune(struct tn_sqlite *db, int64_t tenant, const char *project, int64_t unix_ns,
    struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct rows old = { 0 };
	int r = find_old(db, tenant, project, unix_ns, arena, &old, err);

	for (size_t i = 0; i < old.n && r == 0; i++)
		r = prune_run(db, old.items[i], err);
	return r;
}
