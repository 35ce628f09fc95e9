#include "store/state.h"

/* What the tenant holds of a project, and which commits must not come back. */

static int
read_applied(struct tn_sqlite *db, const char *path, const char *project,
    struct tn_loaded *out, struct tn_error *err)
{
	static const char sql[] = "SELECT run_name, commit_id, dirty, since FROM applied"
				  " WHERE tenant = ?1 AND project = ?2";
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	struct tn_arena *arena = out->known->arena;
	struct tn_applied *applied;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, out->tenant);
	tn_stmt_bind_text(stmt, 2, project);
	r = tn_stmt_step(stmt, err);
	if (r <= 0)
		return r;
	if (tn_stmt_text(stmt, 0) == NULL)
		return tn_state_damaged(path, "what was applied names no run", err);
	applied = tn_arena_new_object(arena, struct tn_applied);
	applied->run_id = tn_arena_text(arena, tn_stmt_text(stmt, 0));
	applied->commit = tn_arena_text(arena, tn_stmt_text(stmt, 1));
	applied->dirty = tn_stmt_int(stmt, 2) != 0;
	applied->since_ns = tn_stmt_int(stmt, 3);
	out->applied = applied;
	return 0;
}

static int
read_list(struct tn_sqlite *db, const char *path, const char *project,
    struct tn_loaded *out, struct tn_error *err)
{
	static const char sql[] =
	    "SELECT commit_id, run_name, since FROM hold"
	    " WHERE tenant = ?1 AND project = ?2 ORDER BY commit_id";
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	struct tn_arena *arena = out->known->arena;
	struct tn_hold *holds = NULL;
	size_t cap = 0;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, out->tenant);
	tn_stmt_bind_text(stmt, 2, project);
	while ((r = tn_stmt_step(stmt, err)) > 0) {
		if (tn_stmt_text(stmt, 0) == NULL || tn_stmt_text(stmt, 1) == NULL)
			return tn_state_damaged(path, "a hold names no commit", err);
		holds = tn_arena_grow(arena, holds, out->n_holds, &cap, sizeof(*holds));
		holds[out->n_holds++] = (struct tn_hold){
			.commit = tn_arena_text(arena, tn_stmt_text(stmt, 0)),
			.run_id = tn_arena_text(arena, tn_stmt_text(stmt, 1)),
			.since_ns = tn_stmt_int(stmt, 2),
		};
	}
	out->holds = holds;
	return r;
}

int
tn_state_read_holds(struct tn_sqlite *db, const char *path, const char *project,
    struct tn_loaded *out, struct tn_error *err)
{
	int r = read_applied(db, path, project, out, err);

	return r < 0 ? r : read_list(db, path, project, out, err);
}

int
tn_state_hold(struct tn_sqlite *db, int64_t tenant, const char *project,
    const char *commit, const char *run_id, int64_t unix_ns, struct tn_error *err)
{
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db,
	    "INSERT INTO hold (tenant, project, commit_id, run_name, since)"
	    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
	    &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, tenant);
	tn_stmt_bind_text(stmt, 2, project);
	tn_stmt_bind_text(stmt, 3, commit);
	tn_stmt_bind_text(stmt, 4, run_id);
	tn_stmt_bind_int(stmt, 5, unix_ns);
	return tn_stmt_run(stmt, err);
}

int
tn_state_lift(struct tn_sqlite *db, int64_t tenant, const char *project,
    const char *commit, struct tn_error *err)
{
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db,
	    "DELETE FROM hold WHERE tenant = ?1 AND project = ?2 AND commit_id = ?3",
	    &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, tenant);
	tn_stmt_bind_text(stmt, 2, project);
	tn_stmt_bind_text(stmt, 3, commit);
	return tn_stmt_run(stmt, err);
}

/* The same commit again is no news: since when it is there, and by which run, stays. */
static int
set_applied(struct tn_sqlite *db, int64_t tenant, const char *project,
    const struct tn_run_facts *facts, const char *run_id, int64_t unix_ns,
    struct tn_error *err)
{
	static const char sql[] =
	    "INSERT INTO applied (tenant, project, commit_id, dirty, run_name, since)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
	    " ON CONFLICT (tenant, project) DO UPDATE SET commit_id = excluded.commit_id,"
	    " dirty = excluded.dirty, run_name = excluded.run_name, since = excluded.since"
	    " WHERE applied.commit_id IS NOT excluded.commit_id"
	    "  OR applied.dirty OR excluded.dirty OR excluded.commit_id IS NULL";
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, tenant);
	tn_stmt_bind_text(stmt, 2, project);
	tn_stmt_bind_text(stmt, 3, facts->commit);
	tn_stmt_bind_int(stmt, 4, facts->dirty);
	tn_stmt_bind_text(stmt, 5, run_id);
	tn_stmt_bind_int(stmt, 6, unix_ns);
	return tn_stmt_run(stmt, err);
}

int
tn_state_come_true(struct tn_sqlite *db, int64_t tenant, const char *project,
    const struct tn_run_facts *facts, const char *run_id, int64_t unix_ns,
    struct tn_error *err)
{
	int r = set_applied(db, tenant, project, facts, run_id, unix_ns, err);

	if (r == 0 && facts->lift != NULL)
		r = tn_state_lift(db, tenant, project, facts->lift, err);
	if (r == 0 && facts->hold != NULL)
		r = tn_state_hold(db, tenant, project, facts->hold, run_id, unix_ns, err);
	return r;
}
