#include "store/state.h"

#include "base/mem.h"
#include "crypto/crypto.h"

/* --- What a load needs --- */

/* As hex, and never looked at: the digest of a random key is as good a key. */
static int
make_key(struct tn_sqlite *db, struct tn_error *err)
{
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *random = tn_crypto_key_new(TN_SHA256_SIZE);
	struct tn_stmt *stmt;
	char hex[TN_SHA256_HEX];
	int r = tn_stmt_prepare(db,
	    "INSERT INTO state_key (id, key) VALUES (1, ?1) ON CONFLICT DO NOTHING",
	    &stmt, err);

	if (r < 0)
		return r;
	tn_sha256_secret_hex(random, hex);
	tn_stmt_bind_text(stmt, 1, hex);
	tn_wipe(hex, sizeof(hex));
	return tn_stmt_run(stmt, err);
}

static int
make_tenant(struct tn_sqlite *db, const struct tn_store_scope *scope,
    struct tn_error *err)
{
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db,
	    "INSERT INTO tenant (provider, base_url) VALUES (?1, ?2)"
	    " ON CONFLICT DO NOTHING",
	    &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_text(stmt, 1, scope->provider);
	tn_stmt_bind_text(stmt, 2, scope->base_url);
	return tn_stmt_run(stmt, err);
}

static int
make_pin(struct tn_sqlite *db, const struct tn_store_scope *scope, struct tn_error *err)
{
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db,
	    "INSERT INTO pin (project, name, tenant)"
	    " SELECT ?1, ?2, id FROM tenant WHERE provider = ?3 AND base_url = ?4"
	    " ON CONFLICT (project, name) DO UPDATE SET tenant = excluded.tenant"
	    " WHERE NOT EXISTS (SELECT 1 FROM run"
	    "  WHERE run.tenant = pin.tenant AND run.project = pin.project)",
	    &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_text(stmt, 1, scope->project);
	tn_stmt_bind_text(stmt, 2, scope->tenant);
	tn_stmt_bind_text(stmt, 3, scope->provider);
	tn_stmt_bind_text(stmt, 4, scope->base_url);
	return tn_stmt_run(stmt, err);
}

int
tn_state_prepare(struct tn_sqlite *db, const char *path,
    const struct tn_store_scope *scope, struct tn_error *err)
{
	int r = tn_state_migrate(db, path, err);

	if (r == 0)
		r = make_key(db, err);
	if (r == 0)
		r = make_tenant(db, scope, err);
	return r == 0 ? make_pin(db, scope, err) : r;
}

/* --- Runs and their journal --- */

struct run_row {
	int64_t id;
	int64_t tenant;
	char *project; /* that began it: what it makes ours is that project's */
	struct tn_arena *arena;
	struct tn_run_facts facts; /* that come true when it ends well */
};

static void
run_row_done(struct run_row *row)
{
	tn_free(row->project);
	tn_arena_free(row->arena);
}

/* 1 when there is one, 0 when there is none. */
static int
find_run(struct tn_sqlite *db, const char *run_id, struct run_row *row,
    struct tn_error *err)
{
	static const char sql[] =
	    "SELECT id, project, ended IS NULL, dirty, commit_id, hold, lift FROM run"
	    " WHERE tenant = ?1 AND name = ?2";
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, row->tenant);
	tn_stmt_bind_text(stmt, 2, run_id);
	r = tn_stmt_step(stmt, err);
	if (r <= 0)
		return r;
	if (!tn_stmt_int(stmt, 2)) {
		r = tn_error_set(err, TN_E_CONFLICT, "run %s was ended by somebody else",
		    run_id);
		tn_error_hint(err,
		    "look at the tenant, and let one tenon at a time "
		    "work on it");
		return r;
	}
	row->id = tn_stmt_int(stmt, 0);
	row->project = tn_strdup(tn_stmt_text(stmt, 1));
	row->arena = tn_arena_new();
	row->facts = (struct tn_run_facts){
		.dirty = tn_stmt_int(stmt, 3) != 0,
		.commit = tn_arena_text(row->arena, tn_stmt_text(stmt, 4)),
		.hold = tn_arena_text(row->arena, tn_stmt_text(stmt, 5)),
		.lift = tn_arena_text(row->arena, tn_stmt_text(stmt, 6)),
	};
	return 1;
}

/* What the index run_open forbids, in words. */
static int
check_none_open(struct tn_sqlite *db, int64_t tenant, struct tn_error *err)
{
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	int r = tn_stmt_prepare(db,
	    "SELECT name FROM run WHERE tenant = ?1 AND ended IS NULL", &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, tenant);
	r = tn_stmt_step(stmt, err);
	if (r <= 0)
		return r;
	r = tn_error_set(err, TN_E_CONFLICT, "run %s of this tenant has not ended",
	    tn_stmt_text(stmt, 0));
	tn_error_hint(err, "run again: that one is finished or put back first");
	return r;
}

static int
insert_run(struct tn_sqlite *db, const struct tn_writer *writer, const char *run_id,
    int64_t unix_ns, struct run_row *row, struct tn_error *err)
{
	static const char sql[] =
	    "INSERT INTO run (tenant, begun, dirty, name, project, tenant_name, command,"
	    " who, source, commit_id, digest, target, hold, lift)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
	    " RETURNING id";
	const struct tn_run_facts *facts = writer->facts;
	const char *const texts[] = { run_id, writer->scope->project,
		writer->scope->tenant, facts->command, facts->who, facts->source,
		facts->commit, facts->digest, facts->target, facts->hold, facts->lift };
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	int r = check_none_open(db, row->tenant, err);

	if (r == 0)
		r = tn_stmt_prepare(db, sql, &stmt, err);
	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, row->tenant);
	tn_stmt_bind_int(stmt, 2, unix_ns);
	tn_stmt_bind_int(stmt, 3, facts->dirty);
	for (size_t i = 0; i < TN_ARRAY_LEN(texts); i++)
		tn_stmt_bind_text(stmt, (int)i + 4, texts[i]);
	r = tn_stmt_step(stmt, err);
	if (r < 0)
		return r;
	row->id = tn_stmt_int(stmt, 0);
	row->project = tn_strdup(writer->scope->project);
	row->facts = *facts;
	return 0;
}

static int
open_run(struct tn_sqlite *db, const struct tn_writer *writer, const char *run_id,
    const struct tn_record *first, struct run_row *row, struct tn_error *err)
{
	int r = find_run(db, run_id, row, err);

	if (r != 0)
		return r < 0 ? r : 0;
	return insert_run(db, writer, run_id, first->unix_ns, row, err);
}

static int
insert_record(struct tn_sqlite *db, const struct run_row *row,
    const struct tn_record *record, struct tn_error *err)
{
	static const char sql[] =
	    "INSERT INTO journal (run, seq, step, event, payload, unix_ns)"
	    " SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5"
	    " FROM journal WHERE run = ?1";
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, row->id);
	tn_stmt_bind_int(stmt, 2, record->step);
	tn_stmt_bind_text(stmt, 3, record->event);
	tn_stmt_bind_text(stmt, 4, record->payload);
	tn_stmt_bind_int(stmt, 5, record->unix_ns);
	return tn_stmt_run(stmt, err);
}

int
tn_state_append(struct tn_sqlite *db, const struct tn_writer *writer, const char *run_id,
    const struct tn_record *records, size_t n, struct tn_error *err)
{
	TN_CLEANUP(run_row_done) struct run_row row = { .tenant = writer->tenant };
	int r = open_run(db, writer, run_id, &records[0], &row, err);

	for (size_t i = 0; i < n && r == 0; i++)
		r = insert_record(db, &row, &records[i], err);
	return r;
}

/* --- Settlement --- */

/* What another project owns stays with it. */
static int
own(struct tn_sqlite *db, const struct run_row *row, const char *kind,
    const struct tn_owned *owned, struct tn_error *err)
{
	static const char sql[] =
	    "INSERT INTO owned (tenant, action_id, project, name, run, kind)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
	    " ON CONFLICT (tenant, action_id) DO UPDATE"
	    " SET name = excluded.name, run = excluded.run"
	    " WHERE owned.project = excluded.project";
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, row->tenant);
	tn_stmt_bind_text(stmt, 2, owned->id);
	tn_stmt_bind_text(stmt, 3, row->project);
	tn_stmt_bind_text(stmt, 4, owned->name);
	tn_stmt_bind_int(stmt, 5, row->id);
	tn_stmt_bind_text(stmt, 6, kind);
	return tn_stmt_run(stmt, err);
}

static int
remember_secret(struct tn_sqlite *db, const struct run_row *row,
    const struct tn_known_secret *secret, struct tn_error *err)
{
	static const char sql[] =
	    "INSERT INTO secret"
	    " (tenant, project, action_id, name, fingerprint, updated_at, run)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
	    " ON CONFLICT (tenant, project, action_id, name) DO UPDATE SET"
	    " fingerprint = excluded.fingerprint, updated_at = excluded.updated_at,"
	    " run = excluded.run";
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, row->tenant);
	tn_stmt_bind_text(stmt, 2, row->project);
	tn_stmt_bind_text(stmt, 3, secret->action_id);
	tn_stmt_bind_text(stmt, 4, secret->name);
	tn_stmt_bind_text(stmt, 5, secret->fingerprint);
	tn_stmt_bind_text(stmt, 6, secret->updated_at);
	tn_stmt_bind_int(stmt, 7, row->id);
	return tn_stmt_run(stmt, err);
}

static int
remember_draft(struct tn_sqlite *db, const struct run_row *row,
    const struct tn_known_draft *draft, struct tn_error *err)
{
	static const char sql[] =
	    "INSERT INTO draft (tenant, project, action_id, updated_at, run)"
	    " VALUES (?1, ?2, ?3, ?4, ?5)"
	    " ON CONFLICT (tenant, project, action_id) DO UPDATE SET"
	    " updated_at = excluded.updated_at, run = excluded.run";
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, row->tenant);
	tn_stmt_bind_text(stmt, 2, row->project);
	tn_stmt_bind_text(stmt, 3, draft->action_id);
	tn_stmt_bind_text(stmt, 4, draft->updated_at);
	tn_stmt_bind_int(stmt, 5, row->id);
	return tn_stmt_run(stmt, err);
}

/* ?1 tenant, ?2 project, ?3 action, and ?4 the name where the SQL has one. */
static int
remove_rows(struct tn_sqlite *db, const char *sql, const struct run_row *row,
    const char *action_id, const char *name, struct tn_error *err)
{
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, row->tenant);
	tn_stmt_bind_text(stmt, 2, row->project);
	tn_stmt_bind_text(stmt, 3, action_id);
	if (name != NULL)
		tn_stmt_bind_text(stmt, 4, name);
	return tn_stmt_run(stmt, err);
}

static int
disown(struct tn_sqlite *db, const struct run_row *row, const char *action_id,
    struct tn_error *err)
{
	static const char no_action[] =
	    "DELETE FROM owned WHERE tenant = ?1 AND project = ?2 AND action_id = ?3";
	static const char no_secrets[] =
	    "DELETE FROM secret WHERE tenant = ?1 AND project = ?2 AND action_id = ?3";
	static const char no_draft[] =
	    "DELETE FROM draft WHERE tenant = ?1 AND project = ?2 AND action_id = ?3";
	int r = remove_rows(db, no_action, row, action_id, NULL, err);

	if (r == 0)
		r = remove_rows(db, no_secrets, row, action_id, NULL, err);
	return r < 0 ? r : remove_rows(db, no_draft, row, action_id, NULL, err);
}

static int
forget_secret(struct tn_sqlite *db, const struct run_row *row,
    const struct tn_known_secret *secret, struct tn_error *err)
{
	static const char sql[] =
	    "DELETE FROM secret WHERE tenant = ?1 AND project = ?2 AND action_id = ?3"
	    " AND name = ?4";

	return remove_rows(db, sql, row, secret->action_id, secret->name, err);
}

static int
settle(struct tn_sqlite *db, const struct run_row *row, const struct tn_settlement *s,
    struct tn_error *err)
{
	int r = 0;

	for (size_t i = 0; i < s->n_disown && r == 0; i++)
		r = disown(db, row, s->disown[i], err);
	for (size_t i = 0; i < s->n_own && r == 0; i++)
		r = own(db, row, "action", &s->own[i], err);
	for (size_t i = 0; i < s->n_own_modules && r == 0; i++)
		r = own(db, row, "module", &s->own_modules[i], err);
	for (size_t i = 0; i < s->n_forget && r == 0; i++)
		r = forget_secret(db, row, &s->forget[i], err);
	for (size_t i = 0; i < s->n_secrets && r == 0; i++)
		r = remember_secret(db, row, &s->secrets[i], err);
	for (size_t i = 0; i < s->n_drafts && r == 0; i++)
		r = remember_draft(db, row, &s->drafts[i], err);
	return r;
}

/*
 * The plan in the run's first record goes: it was there for mending, and what is to be
 * kept of it is in the history, where equal code is stored once.
 */
static int
drop_plan(struct tn_sqlite *db, const struct run_row *row, struct tn_error *err)
{
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db,
	    "UPDATE journal SET payload = NULL WHERE run = ?1 AND seq = 1", &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, row->id);
	return tn_stmt_run(stmt, err);
}

static int
close_run(struct tn_sqlite *db, const struct run_row *row, const struct tn_record *last,
    struct tn_error *err)
{
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db, "UPDATE run SET ended = ?2, event = ?3 WHERE id = ?1",
	    &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, row->id);
	tn_stmt_bind_int(stmt, 2, last->unix_ns);
	tn_stmt_bind_text(stmt, 3, last->event);
	return tn_stmt_run(stmt, err);
}

/* What the run leaves to look back at, and what comes true by it. */
static int
remember(struct tn_sqlite *db, const struct run_row *row, const char *run_id,
    const struct tn_record *last, const struct tn_settlement *s, struct tn_error *err)
{
	int r = tn_state_put_objects(db, row->id, s->objects, s->n_objects, err);

	if (r < 0 || !s->applied)
		return r;
	return tn_state_come_true(db, row->tenant, row->project, &row->facts, run_id,
	    last->unix_ns, err);
}

int
tn_state_end(struct tn_sqlite *db, const struct tn_writer *writer, const char *run_id,
    const struct tn_record *last, const struct tn_settlement *settlement,
    struct tn_error *err)
{
	TN_CLEANUP(run_row_done) struct run_row row = { .tenant = writer->tenant };
	int r = open_run(db, writer, run_id, last, &row, err);

	if (r == 0)
		r = insert_record(db, &row, last, err);
	if (r == 0)
		r = settle(db, &row, settlement, err);
	if (r == 0)
		r = remember(db, &row, run_id, last, settlement, err);
	if (r == 0)
		r = drop_plan(db, &row, err);
	if (r == 0)
		r = close_run(db, &row, last, err);
	return r == 0 ? tn_state_prune(db, row.tenant, row.project, last->unix_ns, err)
		      : r;
}
