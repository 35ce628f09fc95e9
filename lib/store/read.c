#include "store/state.h"

#include <limits.h>
#include <string.h>

#include "base/mem.h"

#define KEY_DIGITS 64

void
tn_loaded_done(struct tn_loaded *loaded)
{
	tn_secret_unref(loaded->key);
	tn_known_free(loaded->known);
	memset(loaded, 0, sizeof(*loaded));
}

int
tn_state_damaged(const char *path, const char *what, struct tn_error *err)
{
	int r = tn_error_set(err, TN_E_SYSTEM, "the state file \"%s\" is damaged: %s",
	    path, what);

	tn_error_hint(err,
	    "put a copy of it back, or move it away and begin with an empty one: "
	    "nothing in the tenant is lost, only the record of what is ours");
	return r;
}

/* The columns are declared so; only a damaged file has NULL in them. */
static bool
has_text(struct tn_stmt *stmt, int columns)
{
	for (int i = 0; i < columns; i++)
		if (tn_stmt_text(stmt, i) == NULL)
			return false;
	return true;
}

/* --- Key and pin --- */

static bool
is_key(const char *text)
{
	return text != NULL && strlen(text) == KEY_DIGITS &&
	    strspn(text, "0123456789abcdef") == KEY_DIGITS;
}

/*
 * The digits themselves are the key, so that it can be given to another machine as it
 * stands in the file.
 */
static int
read_key(struct tn_sqlite *db, const char *path, struct tn_loaded *out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	int r = tn_stmt_prepare(db, "SELECT key FROM state_key WHERE id = 1", &stmt, err);

	if (r < 0)
		return r;
	r = tn_stmt_step(stmt, err);
	if (r <= 0)
		return r;
	if (!is_key(tn_stmt_text(stmt, 0)))
		return tn_state_damaged(path, "its key is no key", err);
	out->key = tn_secret_new(tn_stmt_text(stmt, 0), KEY_DIGITS);
	return 1;
}

static int
wrong_address(const struct tn_store_scope *scope, const char *provider,
    const char *base_url, struct tn_error *err)
{
	int r = tn_error_set(err, TN_E_INPUT,
	    "tenant %s of project %s is %s at %s as far as the state knows, and is now "
	    "said to be %s at %s",
	    scope->tenant, scope->project, provider, base_url, scope->provider,
	    scope->base_url);

	tn_error_hint(err,
	    "put the address back, or give the other tenant a name of its own");
	return r;
}

static int
read_pin(struct tn_sqlite *db, const char *path, const struct tn_store_scope *scope,
    struct tn_loaded *out, struct tn_error *err)
{
	/* A name is pinned by the first run; before that it may have been a slip of the
	 * pen. */
	static const char sql[] =
	    "SELECT tenant.provider, tenant.base_url, tenant.id,"
	    " EXISTS (SELECT 1 FROM run"
	    "  WHERE run.tenant = pin.tenant AND run.project = pin.project)"
	    " FROM pin JOIN tenant ON tenant.id = pin.tenant"
	    " WHERE pin.project = ?1 AND pin.name = ?2";
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_text(stmt, 1, scope->project);
	tn_stmt_bind_text(stmt, 2, scope->tenant);
	r = tn_stmt_step(stmt, err);
	if (r <= 0)
		return r;
	if (!has_text(stmt, 2))
		return tn_state_damaged(path, "a tenant has no address", err);
	if (!tn_text_equal(tn_stmt_text(stmt, 0), scope->provider) ||
	    !tn_text_equal(tn_stmt_text(stmt, 1), scope->base_url))
		return !tn_stmt_int(stmt, 3) ? 0
					     : wrong_address(scope, tn_stmt_text(stmt, 0),
						   tn_stmt_text(stmt, 1), err);
	out->tenant = tn_stmt_int(stmt, 2);
	return 1;
}

/* --- What is known --- */

struct owned_list {
	struct tn_owned *items;
	size_t n, cap;
};

static void
add_owned(struct owned_list *list, struct tn_arena *arena, struct tn_stmt *stmt)
{
	list->items = tn_arena_grow(arena, list->items, list->n, &list->cap,
	    sizeof(*list->items));
	list->items[list->n++] = (struct tn_owned){
		.id = tn_arena_text(arena, tn_stmt_text(stmt, 1)),
		.name = tn_arena_text(arena, tn_stmt_text(stmt, 2)),
	};
}

/* Ours and others', for each kind of thing. */
struct owned_lists {
	struct owned_list owned, others, modules, other_modules;
};

static struct owned_list *
list_of(struct owned_lists *lists, bool ours, const char *kind)
{
	if (tn_text_equal(kind, "module"))
		return ours ? &lists->modules : &lists->other_modules;
	return ours ? &lists->owned : &lists->others;
}

static int
read_owned(struct tn_sqlite *db, const char *path, const char *project,
    struct tn_loaded *out, struct tn_error *err)
{
	static const char sql[] = "SELECT project, action_id, name, kind FROM owned"
				  " WHERE tenant = ?1 ORDER BY action_id";
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	struct tn_known *known = out->known;
	struct owned_lists lists = { 0 };
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, out->tenant);
	while ((r = tn_stmt_step(stmt, err)) > 0) {
		bool ours = tn_text_equal(tn_stmt_text(stmt, 0), project);

		if (!has_text(stmt, 4))
			return tn_state_damaged(path, "an action has no name", err);
		add_owned(list_of(&lists, ours, tn_stmt_text(stmt, 3)), known->arena,
		    stmt);
	}
	known->owned = lists.owned.items;
	known->n_owned = lists.owned.n;
	known->others = lists.others.items;
	known->n_others = lists.others.n;
	known->modules = lists.modules.items;
	known->n_modules = lists.modules.n;
	known->other_modules = lists.other_modules.items;
	known->n_other_modules = lists.other_modules.n;
	return r;
}

static int
read_secrets(struct tn_sqlite *db, const char *path, const char *project,
    struct tn_loaded *out, struct tn_error *err)
{
	static const char sql[] =
	    "SELECT action_id, name, fingerprint, updated_at FROM secret"
	    " WHERE tenant = ?1 AND project = ?2 ORDER BY action_id, name";
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	struct tn_known *known = out->known;
	size_t cap = 0;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, out->tenant);
	tn_stmt_bind_text(stmt, 2, project);
	while ((r = tn_stmt_step(stmt, err)) > 0) {
		if (!has_text(stmt, 3))
			return tn_state_damaged(path, "a secret has no fingerprint", err);
		known->secrets = tn_arena_grow(known->arena, known->secrets,
		    known->n_secrets, &cap, sizeof(*known->secrets));
		known->secrets[known->n_secrets++] = (struct tn_known_secret){
			.action_id = tn_arena_text(known->arena, tn_stmt_text(stmt, 0)),
			.name = tn_arena_text(known->arena, tn_stmt_text(stmt, 1)),
			.fingerprint = tn_arena_text(known->arena, tn_stmt_text(stmt, 2)),
			.updated_at = tn_arena_text(known->arena, tn_stmt_text(stmt, 3)),
		};
	}
	return r;
}

static int
read_drafts(struct tn_sqlite *db, const char *path, const char *project,
    struct tn_loaded *out, struct tn_error *err)
{
	static const char sql[] = "SELECT action_id, updated_at FROM draft"
				  " WHERE tenant = ?1 AND project = ?2"
				  " ORDER BY action_id";
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	struct tn_known *known = out->known;
	size_t cap = 0;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, out->tenant);
	tn_stmt_bind_text(stmt, 2, project);
	while ((r = tn_stmt_step(stmt, err)) > 0) {
		if (!has_text(stmt, 2))
			return tn_state_damaged(path, "a draft has no time", err);
		known->drafts = tn_arena_grow(known->arena, known->drafts,
		    known->n_drafts, &cap, sizeof(*known->drafts));
		known->drafts[known->n_drafts++] = (struct tn_known_draft){
			.action_id = tn_arena_text(known->arena, tn_stmt_text(stmt, 0)),
			.updated_at = tn_arena_text(known->arena, tn_stmt_text(stmt, 1)),
		};
	}
	return r;
}

/* --- The open run --- */

static int
read_record(struct tn_stmt *stmt, const char *path, struct tn_arena *arena,
    struct tn_record *out, struct tn_error *err)
{
	int64_t step = tn_stmt_int(stmt, 2);

	if (!has_text(stmt, 1) || step < 0 || step > UINT_MAX)
		return tn_state_damaged(path, "a record of a run is none", err);
	*out = (struct tn_record){
		.event = tn_arena_text(arena, tn_stmt_text(stmt, 0)),
		.payload = tn_arena_text(arena, tn_stmt_text(stmt, 1)),
		.step = (unsigned)step,
		.unix_ns = tn_stmt_int(stmt, 3),
	};
	return 0;
}

static int
read_journal(struct tn_sqlite *db, const char *path, int64_t run, struct tn_arena *arena,
    struct tn_open_run *out, struct tn_error *err)
{
	static const char sql[] = "SELECT event, payload, step, unix_ns FROM journal"
				  " WHERE run = ?1 ORDER BY seq";
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	struct tn_record *records = NULL;
	size_t cap = 0;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, run);
	while ((r = tn_stmt_step(stmt, err)) > 0) {
		records = tn_arena_grow(arena, records, out->n_records, &cap,
		    sizeof(*records));
		r = read_record(stmt, path, arena, &records[out->n_records++], err);
		if (r < 0)
			return r;
	}
	out->records = records;
	return r;
}

static int
read_open_run(struct tn_sqlite *db, const char *path, struct tn_loaded *out,
    struct tn_error *err)
{
	static const char sql[] =
	    "SELECT name, id FROM run WHERE tenant = ?1 AND ended IS NULL";
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	struct tn_arena *arena = out->known->arena;
	struct tn_open_run *open;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, out->tenant);
	r = tn_stmt_step(stmt, err);
	if (r <= 0)
		return r;
	if (!has_text(stmt, 1))
		return tn_state_damaged(path, "a run has no name", err);
	open = tn_arena_new_object(arena, struct tn_open_run);
	open->run_id = tn_arena_text(arena, tn_stmt_text(stmt, 0));
	out->open_run = open;
	return read_journal(db, path, tn_stmt_int(stmt, 1), arena, open, err);
}

int
tn_state_read(struct tn_sqlite *db, const char *path, const struct tn_store_scope *scope,
    struct tn_loaded *out, struct tn_error *err)
{
	int r = tn_state_current(db, path, err);

	if (r <= 0)
		return r;
	r = read_key(db, path, out, err);
	if (r <= 0)
		return r;
	r = read_pin(db, path, scope, out, err);
	if (r <= 0)
		return r;
	out->known = tn_known_new();
	r = read_owned(db, path, scope->project, out, err);
	if (r == 0)
		r = read_secrets(db, path, scope->project, out, err);
	if (r == 0)
		r = read_drafts(db, path, scope->project, out, err);
	if (r == 0)
		r = read_open_run(db, path, out, err);
	if (r == 0)
		r = tn_state_read_holds(db, path, scope->project, out, err);
	return r < 0 ? r : 1;
}
