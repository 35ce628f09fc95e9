#include "store/state.h"

#include "base/value.h"
#include "crypto/crypto.h"
#include "json/json.h"

/* Versioned: another form of documents must not pass for an equal one. */
#define DIGEST_DOMAIN "tenon-history-1"

#define CODE      "code"
#define CODE_HASH "code_sha256"

/* The document with the code's digest in place of the code, which goes to *code. */
static struct tn_value *
without_code(struct tn_arena *arena, const struct tn_value *document, const char **code,
    char digest[TN_SHA256_HEX])
{
	struct tn_value *out = tn_value_object(arena);

	for (size_t i = 0; i < document->count; i++) {
		const struct tn_member *member = &document->as.members[i];

		if (tn_text_equal(member->key, CODE) &&
		    tn_value_is(member->value, TN_VALUE_STRING)) {
			*code = tn_value_text(member->value);
			tn_sha256_hex(tn_span(*code), digest);
			tn_value_set_text(arena, out, CODE_HASH, digest);
		} else if (tn_text_equal(member->key, "content") &&
		    tn_value_is(member->value, TN_VALUE_OBJECT)) {
			tn_value_set(arena, out, member->key,
			    without_code(arena, member->value, code, digest));
		} else {
			tn_value_set(arena, out, member->key, member->value);
		}
	}
	return out;
}

/* The row with this digest; made with the statement when there is none. */
static int
find_or_insert(struct tn_sqlite *db, const char *find, const char *insert,
    const char *digest, const char *text, int64_t code, int64_t *out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *found = NULL;
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *inserted = NULL;
	int r = tn_stmt_prepare(db, find, &found, err);

	if (r < 0)
		return r;
	tn_stmt_bind_text(found, 1, digest);
	r = tn_stmt_step(found, err);
	if (r < 0)
		return r;
	if (r > 0) {
		*out = tn_stmt_int(found, 0);
		return 0;
	}
	r = tn_stmt_prepare(db, insert, &inserted, err);
	if (r < 0)
		return r;
	tn_stmt_bind_text(inserted, 1, digest);
	tn_stmt_bind_text(inserted, 2, text);
	if (code != 0)
		tn_stmt_bind_int(inserted, 3, code);
	r = tn_stmt_step(inserted, err);
	if (r < 0)
		return r;
	*out = tn_stmt_int(inserted, 0);
	return 0;
}

static int
put_code(struct tn_sqlite *db, const char *digest, const char *code, int64_t *out,
    struct tn_error *err)
{
	return find_or_insert(db, "SELECT id FROM code WHERE digest = ?1",
	    "INSERT INTO code (digest, text) VALUES (?1, ?2) RETURNING id", digest, code,
	    0, out, err);
}

int
tn_state_put_content(struct tn_sqlite *db, const struct tn_value *document, int64_t *out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	char code_digest[TN_SHA256_HEX], digest[TN_SHA256_HEX];
	const size_t domain = sizeof(DIGEST_DOMAIN); /* with its NUL */
	const char *code = NULL;
	int64_t code_row = 0;
	int r = 0;

	tn_str_add_bytes(&text, DIGEST_DOMAIN, domain);
	tn_json_write_canonical(without_code(arena, document, &code, code_digest), &text);
	tn_sha256_hex(tn_str_span(&text), digest);
	if (code != NULL)
		r = put_code(db, code_digest, code, &code_row, err);
	if (r < 0)
		return r;
	return find_or_insert(db, "SELECT id FROM content WHERE digest = ?1",
	    "INSERT INTO content (digest, document, code) VALUES (?1, ?2, ?3)"
	    " RETURNING id",
	    digest, tn_str_text(&text) + domain, code_row, out, err);
}

/* --- Reading --- */

static struct tn_value *
with_code(struct tn_arena *arena, const struct tn_value *document, const char *code)
{
	struct tn_value *out = tn_value_object(arena);

	for (size_t i = 0; i < document->count; i++) {
		const struct tn_member *member = &document->as.members[i];

		if (tn_text_equal(member->key, CODE_HASH))
			tn_value_set_text(arena, out, CODE, code);
		else if (tn_text_equal(member->key, "content") &&
		    tn_value_is(member->value, TN_VALUE_OBJECT))
			tn_value_set(arena, out, member->key,
			    with_code(arena, member->value, code));
		else
			tn_value_set(arena, out, member->key, member->value);
	}
	return out;
}

int
tn_state_join_content(const char *document, const char *code, const char *path,
    struct tn_arena *arena, const struct tn_value **out, struct tn_error *err)
{
	struct tn_value *value;

	if (document == NULL ||
	    tn_json_parse(arena, tn_span(document), NULL, &value, NULL) < 0 ||
	    !tn_value_is(value, TN_VALUE_OBJECT))
		return tn_state_damaged(path, "a document of the history is none", err);
	*out = with_code(arena, value, code);
	return 0;
}

/* --- Removing --- */

/* Removes a row that nobody needs any more. *next is what it needed itself; 0: nothing.
 */
static int
drop_row(struct tn_sqlite *db, const char *sql, int64_t row, int64_t *next,
    struct tn_error *err)
{
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	tn_stmt_bind_int(stmt, 1, row);
	r = tn_stmt_step(stmt, err);
	*next = r > 0 ? tn_stmt_int(stmt, 0) : 0;
	return r < 0 ? r : 0;
}

int
tn_state_drop_content(struct tn_sqlite *db, int64_t content, struct tn_error *err)
{
	static const char no_content[] =
	    "DELETE FROM content WHERE id = ?1"
	    " AND NOT EXISTS (SELECT 1 FROM object WHERE before = ?1)"
	    " AND NOT EXISTS (SELECT 1 FROM object WHERE after = ?1)"
	    " AND NOT EXISTS (SELECT 1 FROM object WHERE draft = ?1)"
	    " RETURNING code";
	static const char no_code[] =
	    "DELETE FROM code WHERE id = ?1"
	    " AND NOT EXISTS (SELECT 1 FROM content WHERE code = ?1) RETURNING 0";
	int64_t code = 0, none;
	int r = drop_row(db, no_content, content, &code, err);

	if (r < 0 || code == 0)
		return r;
	return drop_row(db, no_code, code, &none, err);
}
