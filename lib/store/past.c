#include "store/state.h"

#include <string.h>

#include "base/mem.h"

/* --- Writing --- */

static int
put_optional(struct tn_sqlite *db, const struct tn_value *document, int64_t *out,
    struct tn_error *err)
{
	*out = 0;
	return document == NULL ? 0 : tn_state_put_content(db, document, out, err);
}

static void
bind_row(struct tn_stmt *stmt, int index, int64_t row)
{
	if (row == 0)
		tn_stmt_bind_text(stmt, index, NULL);
	else
		tn_stmt_bind_int(stmt, index, row);
}

static int
insert_object(struct tn_sqlite *db, int64_t run, size_t seq,
    const struct tn_past_object *object, const int64_t contents[3], struct tn_error *err)
{
	static const char sql[] =
	    "INSERT INTO object (run, seq, kind, name, platform_id, what, state,"
	    " before, after, draft, version_before, version_after,"
	    " version_before_id, version_after_id)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, run);
	tn_stmt_bind_int(stmt, 2, (int64_t)seq);
	tn_stmt_bind_text(stmt, 3, object->kind);
	tn_stmt_bind_text(stmt, 4, object->name);
	tn_stmt_bind_text(stmt, 5, object->id);
	tn_stmt_bind_text(stmt, 6, object->what);
	tn_stmt_bind_text(stmt, 7, object->state);
	for (int i = 0; i < 3; i++)
		bind_row(stmt, 8 + i, contents[i]);
	tn_stmt_bind_int(stmt, 11, object->version_before);
	tn_stmt_bind_int(stmt, 12, object->version_after);
	tn_stmt_bind_text(stmt, 13, object->version_before_id);
	tn_stmt_bind_text(stmt, 14, object->version_after_id);
	return tn_stmt_run(stmt, err);
}

int
tn_state_put_objects(struct tn_sqlite *db, int64_t run,
    const struct tn_past_object *objects, size_t n, struct tn_error *err)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		int64_t contents[3];

		r = put_optional(db, objects[i].before, &contents[0], err);
		if (r == 0)
			r = put_optional(db, objects[i].after, &contents[1], err);
		if (r == 0)
			r = put_optional(db, objects[i].draft, &contents[2], err);
		if (r == 0)
			r = insert_object(db, run, i + 1, &objects[i], contents, err);
	}
	return r;
}

/* --- Reading --- */

struct reader {
	struct tn_sqlite *db;
	const char *path;
	const struct tn_history_query *query;
	struct tn_arena *arena;
	struct tn_past_run *runs;
	int64_t *rows; /* of runs */
	size_t n, cap, cap_rows;
	struct known_content *contents; /* that were read already, by row */
	size_t n_contents, cap_contents;
};

struct known_content {
	int64_t row;
	const struct tn_value *document;
	const char *digest;
};

/* Where the content is among those that are known, or where it belongs. */
static size_t
place_of(const struct reader *reader, int64_t row)
{
	size_t low = 0, high = reader->n_contents;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (reader->contents[middle].row < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
fetch_content(struct reader *reader, int64_t row, struct known_content *out,
    struct tn_error *err)
{
	static const char sql[] = "SELECT content.digest, content.document, code.text"
				  " FROM content LEFT JOIN code ON code.id = content.code"
				  " WHERE content.id = ?1";
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	int r = tn_stmt_prepare(reader->db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, row);
	r = tn_stmt_step(stmt, err);
	if (r < 0)
		return r;
	if (r == 0 || tn_stmt_text(stmt, 0) == NULL)
		return tn_state_damaged(reader->path, "a document of the history is gone",
		    err);
	out->row = row;
	out->digest = tn_arena_text(reader->arena, tn_stmt_text(stmt, 0));
	out->document = NULL;
	if (!reader->query->contents)
		return 0;
	return tn_state_join_content(tn_stmt_text(stmt, 1), tn_stmt_text(stmt, 2),
	    reader->path, reader->arena, &out->document, err);
}

/* Equal contents of several runs are read once. */
static int
read_content(struct reader *reader, int64_t row, const struct tn_value **document,
    const char **digest, struct tn_error *err)
{
	size_t at = place_of(reader, row);
	struct known_content *contents;
	int r;

	if (row == 0)
		return 0;
	if (at == reader->n_contents || reader->contents[at].row != row) {
		struct known_content content;

		r = fetch_content(reader, row, &content, err);
		if (r < 0)
			return r;
		contents = tn_arena_grow(reader->arena, reader->contents,
		    reader->n_contents, &reader->cap_contents, sizeof(*contents));
		memmove(&contents[at + 1], &contents[at],
		    (reader->n_contents - at) * sizeof(*contents));
		contents[at] = content;
		reader->contents = contents;
		reader->n_contents++;
	}
	*document = reader->contents[at].document;
	*digest = reader->contents[at].digest;
	return 0;
}

static const char *
text(const struct reader *reader, struct tn_stmt *stmt, int column)
{
	return tn_arena_text(reader->arena, tn_stmt_text(stmt, column));
}

static int
read_object(struct reader *reader, struct tn_stmt *stmt, struct tn_past_object *out,
    struct tn_error *err)
{
	int r;

	*out = (struct tn_past_object){
		.kind = text(reader, stmt, 0),
		.name = text(reader, stmt, 1),
		.id = text(reader, stmt, 2),
		.what = text(reader, stmt, 3),
		.state = text(reader, stmt, 4),
		.version_before = tn_stmt_int(stmt, 8),
		.version_after = tn_stmt_int(stmt, 9),
		.version_before_id = text(reader, stmt, 10),
		.version_after_id = text(reader, stmt, 11),
	};
	if (out->kind == NULL || out->name == NULL || out->what == NULL ||
	    out->state == NULL)
		return tn_state_damaged(reader->path, "an object of the history is none",
		    err);
	r = read_content(reader, tn_stmt_int(stmt, 5), &out->before, &out->before_digest,
	    err);
	if (r == 0)
		r = read_content(reader, tn_stmt_int(stmt, 6), &out->after,
		    &out->after_digest, err);
	if (r == 0)
		r = read_content(reader, tn_stmt_int(stmt, 7), &out->draft,
		    &out->draft_digest, err);
	return r;
}

static int
read_objects(struct reader *reader, int64_t row, struct tn_past_run *run,
    struct tn_error *err)
{
	static const char sql[] =
	    "SELECT kind, name, platform_id, what, state, before, after, draft,"
	    " version_before, version_after, version_before_id, version_after_id"
	    " FROM object WHERE run = ?1 AND (?2 OR what <> '" TN_PAST_KEPT "')"
	    " ORDER BY seq";
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	struct tn_past_object *objects = NULL;
	size_t cap = 0;
	int r = tn_stmt_prepare(reader->db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, row);
	tn_stmt_bind_int(stmt, 2, reader->query->kept);
	while ((r = tn_stmt_step(stmt, err)) > 0) {
		objects = tn_arena_grow(reader->arena, objects, run->n_objects, &cap,
		    sizeof(*objects));
		r = read_object(reader, stmt, &objects[run->n_objects++], err);
		if (r < 0)
			return r;
	}
	run->objects = objects;
	return r;
}

static int
read_run(struct reader *reader, struct tn_stmt *stmt, struct tn_error *err)
{
	struct tn_past_run *run;

	reader->runs = tn_arena_grow(reader->arena, reader->runs, reader->n, &reader->cap,
	    sizeof(*reader->runs));
	reader->rows = tn_arena_grow(reader->arena, reader->rows, reader->n,
	    &reader->cap_rows, sizeof(*reader->rows));
	reader->rows[reader->n] = tn_stmt_int(stmt, 0);
	run = &reader->runs[reader->n++];
	*run = (struct tn_past_run){
		.run_id = text(reader, stmt, 1),
		.project = text(reader, stmt, 2),
		.begun_ns = tn_stmt_int(stmt, 3),
		.ended_ns = tn_stmt_int(stmt, 4),
		.outcome = text(reader, stmt, 5),
		.tenant = text(reader, stmt, 6),
		.facts = {
			.command = text(reader, stmt, 7),
			.who = text(reader, stmt, 8),
			.source = text(reader, stmt, 9),
			.commit = text(reader, stmt, 10),
			.dirty = tn_stmt_int(stmt, 11) != 0,
			.digest = text(reader, stmt, 12),
			.target = text(reader, stmt, 13),
			.hold = text(reader, stmt, 14),
			.lift = text(reader, stmt, 15),
		},
	};
	if (run->run_id == NULL || run->project == NULL)
		return tn_state_damaged(reader->path, "a run has no name", err);
	return 0;
}

/* What the query leaves open is NULL, and holds for every run. */
static const char query_sql[] =
    "SELECT id, name, project, begun, ended, event, tenant_name, command, who, source,"
    " commit_id, dirty, digest, target, hold, lift FROM run"
    " WHERE tenant = ?1 AND pruned IS NULL AND (?2 IS NULL OR project = ?2)"
    " AND (?3 IS NULL OR substr(name, 1, length(?3)) = ?3)"
    " AND (?4 IS NULL OR substr(commit_id, 1, length(?4)) = ?4)"
    " AND (?5 IS NULL OR event = ?5)"
    " AND (?6 IS NULL OR id > (SELECT max(id) FROM run AS other"
    "  WHERE other.tenant = ?1 AND other.name = ?6))"
    " AND (NOT ?7 OR EXISTS (SELECT 1 FROM object WHERE object.run = run.id"
    "  AND what <> '" TN_PAST_KEPT "'"
    "  AND (?8 IS NULL OR kind = ?8) AND (?9 IS NULL OR object.name = ?9)"
    "  AND (?10 IS NULL OR platform_id = ?10)"
    "  AND (?11 = 0 OR ?11 IN (version_before, version_after))"
    "  AND (?12 IS NULL OR EXISTS (SELECT 1 FROM content"
    "   WHERE content.digest = ?12 AND content.id IN (before, after, draft)))))"
    " ORDER BY id DESC LIMIT ?13";

static void
bind_query(struct tn_stmt *stmt, int64_t tenant, const char *project,
    const struct tn_history_query *query, size_t limit)
{
	bool objects = query->object_kind != NULL || query->object_name != NULL ||
	    query->object_id != NULL || query->version != 0 || query->digest != NULL;

	tn_stmt_bind_int(stmt, 1, tenant);
	tn_stmt_bind_text(stmt, 2, query->all_projects ? NULL : project);
	tn_stmt_bind_text(stmt, 3, query->run_id);
	tn_stmt_bind_text(stmt, 4, query->commit);
	tn_stmt_bind_text(stmt, 5, query->outcome);
	tn_stmt_bind_text(stmt, 6, query->after_run);
	tn_stmt_bind_int(stmt, 7, objects);
	tn_stmt_bind_text(stmt, 8, query->object_kind);
	tn_stmt_bind_text(stmt, 9, query->object_name);
	tn_stmt_bind_text(stmt, 10, query->object_id);
	tn_stmt_bind_int(stmt, 11, query->version);
	tn_stmt_bind_text(stmt, 12, query->digest);
	tn_stmt_bind_int(stmt, 13, (int64_t)limit + 1);
}

static size_t
limit_of(const struct tn_history_query *query)
{
	return query->limit == 0 || query->limit > TN_HISTORY_MOST ? TN_HISTORY_MOST
								   : query->limit;
}

static int
read_runs(struct reader *reader, int64_t tenant, const char *project,
    struct tn_history *out, struct tn_error *err)
{
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	size_t limit = limit_of(reader->query);
	int r = tn_stmt_prepare(reader->db, query_sql, &stmt, err);

	if (r < 0)
		return r;
	bind_query(stmt, tenant, project, reader->query, limit);
	while ((r = tn_stmt_step(stmt, err)) > 0) {
		if (reader->n == limit) {
			out->more = true;
			return 0;
		}
		r = read_run(reader, stmt, err);
		if (r < 0)
			return r;
	}
	return r;
}

int
tn_state_read_history(struct tn_sqlite *db, const char *path, int64_t tenant,
    const char *project, const struct tn_history_query *query, struct tn_history **out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_history_freep)
	struct tn_history *history = tn_new(struct tn_history);
	struct reader reader = { .db = db, .path = path, .query = query };
	int r;

	history->arena = reader.arena = tn_arena_new();
	r = read_runs(&reader, tenant, project, history, err);
	for (size_t i = 0; i < reader.n && r == 0; i++)
		r = read_objects(&reader, reader.rows[i], &reader.runs[i], err);
	if (r < 0)
		return r;
	history->runs = reader.runs;
	history->n_runs = reader.n;
	*out = tn_take(history);
	return 0;
}
