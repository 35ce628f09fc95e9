#include "world.h"

#include <stdio.h>

#include "base/mem.h"

struct tn_loop *loop;
struct tn_memdisk *disk;

#define A "https://a.example.com"
#define B "https://b.example.com"

const struct tn_store_scope shop = { "auth0", A, "prod", "shop" };
const struct tn_store_scope crm = { "auth0", A, "prod", "crm" };
const struct tn_store_scope other_tenant = { "auth0", B, "test", "shop" };

int
world_up(void **state TN_UNUSED)
{
	loop = tn_loop_new_virtual(NOW);
	disk = tn_memdisk_new();
	return 0;
}

int
world_down(void **state TN_UNUSED)
{
	tn_memdisk_free(tn_take(disk));
	tn_loop_free(tn_take(loop));
	return 0;
}

struct tn_store *
store_of(const struct tn_store_scope *scope)
{
	return tn_store_sqlite(loop, "state.db", disk, scope);
}

struct tn_store *
locked(const struct tn_store_scope *scope)
{
	struct tn_store *store = store_of(scope);

	fine(load(store, true));
	return store;
}

struct tn_store *
unlocked(const struct tn_store_scope *scope)
{
	struct tn_store *store = store_of(scope);

	fine(load(store, false));
	return store;
}

/* --- Operations --- */

void
note_answer(void *arg, const struct tn_error *err)
{
	struct waiting *waiting = arg;

	waiting->told++;
	if (err == NULL)
		return;
	assert_int_not_equal(err->kind, TN_E_NONE);
	waiting->answer.kind = err->kind;
	(void)snprintf(waiting->answer.message, sizeof(waiting->answer.message), "%s",
	    err->message);
	(void)snprintf(waiting->answer.hint, sizeof(waiting->answer.hint), "%s",
	    err->hint != NULL ? err->hint : "");
}

void
wait_for(struct waiting *waiting)
{
	for (int i = 0; i < 1000 && waiting->told == 0; i++)
		assert_true(tn_loop_step(loop));
	assert_int_equal(waiting->told, 1);
}

struct answer
load(struct tn_store *store, bool lock)
{
	struct waiting waiting = { 0 };

	tn_store_load(store, lock, note_answer, &waiting);
	assert_int_equal(waiting.told, 0);
	wait_for(&waiting);
	return waiting.answer;
}

struct answer
append(struct tn_store *store, const char *run, const struct tn_record *records, size_t n)
{
	struct waiting waiting = { 0 };

	tn_store_append(store, run, records, n, note_answer, &waiting);
	assert_int_equal(waiting.told, 0);
	wait_for(&waiting);
	return waiting.answer;
}

struct answer
append_one(struct tn_store *store, const char *run, unsigned step, const char *event,
    const char *payload)
{
	const struct tn_record record = { step, event, payload, NOW + 1 };

	return append(store, run, &record, 1);
}

struct answer
end(struct tn_store *store, const char *run, const char *event,
    const struct tn_settlement *settlement)
{
	const struct tn_record last = { 0, event, NULL, NOW + 2 };
	struct waiting waiting = { 0 };

	tn_store_end(store, run, &last, settlement, note_answer, &waiting);
	assert_int_equal(waiting.told, 0);
	wait_for(&waiting);
	return waiting.answer;
}

void
fine(struct answer answer)
{
	if (answer.kind != TN_E_NONE)
		fail_msg("%s (%s)", answer.message, answer.hint);
}

static void
has_words(const char *text, const char *words)
{
	if (strstr(text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", text, words);
}

void
refused(struct answer answer, enum tn_error_kind kind, const char *message,
    const char *hint)
{
	assert_string_equal(tn_error_kind_name(answer.kind), tn_error_kind_name(kind));
	has_words(answer.message, message);
	has_words(answer.hint, hint);
}

/* --- What is there --- */

static void
add_owned(struct tn_str *text, const char *title, const struct tn_owned *owned, size_t n)
{
	tn_str_add(text, title);
	for (size_t i = 0; i < n; i++)
		tn_str_addf(text, " %s=%s", owned[i].id, owned[i].name);
}

void
known_is(const struct tn_store *store, const char *expected)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	const struct tn_known *known = store->known;

	add_owned(&text, "own", known->owned, known->n_owned);
	add_owned(&text, " | others", known->others, known->n_others);
	tn_str_add(&text, " | secrets");
	for (size_t i = 0; i < known->n_secrets; i++) {
		const struct tn_known_secret *secret = &known->secrets[i];

		tn_str_addf(&text, " %s.%s=%s@%s", secret->action_id, secret->name,
		    secret->fingerprint,
		    secret->updated_at != NULL ? secret->updated_at : "-");
	}
	for (size_t i = 0; i < known->n_drafts; i++)
		tn_str_addf(&text, "%s %s@%s", i == 0 ? " | drafts" : "",
		    known->drafts[i].action_id, known->drafts[i].updated_at);
	assert_string_equal(tn_str_text(&text), expected);
}

void
open_run_is(const struct tn_store *store, const char *expected)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	const struct tn_open_run *run = store->open_run;

	tn_str_addf(&text, "%s", run == NULL ? "none" : run->run_id);
	if (run != NULL)
		tn_str_add(&text, ":");
	for (size_t i = 0; run != NULL && i < run->n_records; i++) {
		const struct tn_record *record = &run->records[i];

		tn_str_add(&text, " ");
		if (record->step > 0)
			tn_str_addf(&text, "%u:", record->step);
		tn_str_add(&text, record->event);
		tn_str_add(&text, record->payload);
	}
	assert_string_equal(tn_str_text(&text), expected);
}

/* --- The database --- */

struct tn_sqlite *
database(const char *path, struct tn_memdisk *on)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_sqlite *db = NULL;

	if (tn_sqlite_open(path, on, &db, &err) < 0)
		fail_msg("%s", err.message);
	return db;
}

void
sql(struct tn_sqlite *db, const char *text)
{
	struct tn_error err = TN_ERROR_INIT;

	if (tn_sqlite_exec(db, text, &err) < 0)
		fail_msg("%s: %s", text, err.message);
}

void
rows_are(struct tn_sqlite *db, const char *query, int columns, const char *expected)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	int r;

	assert_int_equal(tn_stmt_prepare(db, query, &stmt, NULL), 0);
	while ((r = tn_stmt_step(stmt, NULL)) > 0) {
		if (text.len > 0)
			tn_str_add(&text, ";");
		for (int i = 0; i < columns; i++) {
			const char *column = tn_stmt_text(stmt, i);

			tn_str_addf(&text, "%s%s", i > 0 ? "," : "",
			    column != NULL ? column : "-");
		}
	}
	assert_int_equal(r, 0);
	assert_string_equal(tn_str_text(&text), expected);
}
