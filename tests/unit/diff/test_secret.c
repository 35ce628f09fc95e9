/*
 * Everything that can be so of one secret: what is wanted of it, what we know, what the
 * draft has and what runs; and what becomes of the action and of the secret. All else of
 * the action is as wanted, and somebody's draft may be overwritten.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "diff/diff.h"

#define WANTED "fp-wanted"
#define OTHER  "fp-other"
/* The platform's time of our last write, and of somebody's. */
#define OURS   "2026-01-01T00:00:00.1Z"
#define THEIRS "2026-02-02T00:00:00.2Z"

/* A cell: what becomes of the action (None, Deploy, Update), "!" when a draft that is not
 * ours is involved, and what becomes of the secret. */
struct cell {
	enum tn_change_kind kind;
	bool foreign;
	bool listed; /* there is anything to say about the secret */
	enum tn_secret_change_kind secret;
};

/* What runs: no version, one without the secret, with our value, with another one. */
enum { LIVES = 4, DRAFTS = 3 };

static const struct row {
	const char *what;
	const char *wanted; /* fingerprint; NULL: its value is not at hand */
	bool unwanted;
	const char *known; /* fingerprint of our last write; NULL: we never wrote it */
	/* For each draft (without it, with our value, with another one), by what runs. */
	const char *cells[DRAFTS];
} rows[] = {
	{ "our last write is what is wanted", WANTED, false, WANTED,
	    { "UA  UA  N!K U!F", "DK  DS  NK  DS", "UF  U!A N!K UF" } },
	{ "our last write was another value", WANTED, false, OTHER,
	    { "UA  UA  U!C U!F", "UC  U!A UC  U!C", "UF  U!A U!C UF" } },
	{ "we never wrote it", WANTED, false, NULL,
	    { "UA  UA  U!U U!U", "UU  U!A UU  U!U", "UU  U!A U!U UU" } },
	{ "the value is not at hand", NULL, false, WANTED,
	    { "UL  UL  N!L N!L", "DL  DL  NL  N!L", "DL  DL  N!L NL" } },
	{ "the value is not at hand, and we never wrote it", NULL, false, NULL,
	    { "UL  UL  N!L N!L", "DL  DL  NL  N!L", "DL  DL  N!L NL" } },
	{ "it is not wanted", NULL, true, WANTED,
	    { "D-  N-  DS  DS", "UR  N!- UR  U!R", "UR  N!- U!R UR" } },
	{ "it is not wanted, and we never wrote it", NULL, true, NULL,
	    { "D-  N-  DS  DS", "UR  N!- UR  U!R", "UR  N!- U!R UR" } },
};

static struct cell
read_cell(const char *text)
{
	static const char letters[] = "KACFUSLR";
	static const enum tn_secret_change_kind kinds[] = { TN_SECRET_KEEP, TN_SECRET_ADD,
		TN_SECRET_CHANGE, TN_SECRET_FOREIGN, TN_SECRET_UNKNOWN, TN_SECRET_STAGED,
		TN_SECRET_LATER, TN_SECRET_REMOVE };
	struct cell cell = { .kind = text[0] == 'N' ? TN_CHANGE_NONE
		    : text[0] == 'D'                ? TN_CHANGE_DEPLOY
						    : TN_CHANGE_UPDATE };

	cell.foreign = text[1] == '!';
	text += cell.foreign ? 2 : 1;
	cell.listed = *text != '-';
	if (cell.listed)
		cell.secret = kinds[strchr(letters, *text) - letters];
	return cell;
}

static struct tn_content
content(const struct tn_secret_ref *secret, bool there)
{
	return (struct tn_content){ .code = "code",
		.runtime = "node22",
		.secrets = secret,
		.n_secrets = there };
}

/* Draft and version by their column: 0 without the secret, 1 ours, 2 another. */
static struct tn_diff *
compare(const struct row *row, unsigned draft, unsigned live_at)
{
	const char *const times[] = { NULL, OURS, THEIRS };
	const struct tn_secret_ref want_secret = { .name = "KEY",
		.fingerprint = row->wanted };
	const struct tn_secret_ref draft_secret = { .name = "KEY",
		.updated_at = times[draft] };
	const struct tn_secret_ref live_secret = { .name = "KEY",
		.updated_at = live_at == 0 ? NULL : times[live_at - 1] };
	struct tn_want_action wanted = { .name = "a",
		.trigger = { "post-login", "v3" },
		.content = content(&want_secret, !row->unwanted) };
	struct tn_live_action action = { .id = "id",
		.name = "a",
		.trigger = { "post-login", "v3" },
		.build = TN_BUILD_BUILT,
		.draft = content(&draft_secret, draft > 0),
		.has_live = live_at > 0,
		.live = { .id = "v", .number = 1, .built = true } };
	struct tn_owned owned = { "a", "id" };
	struct tn_known_secret secret = { "id", "KEY", row->known, OURS };
	const struct tn_want want = { .actions = &wanted, .n_actions = 1 };
	const struct tn_live live = { .actions = &action, .n_actions = 1 };
	const struct tn_known known = { .owned = &owned,
		.n_owned = 1,
		.secrets = &secret,
		.n_secrets = row->known != NULL };
	const struct tn_diff_options options = { .overwrite_drafts = true };

	action.live.content = content(&live_secret, live_at > 1);
	return tn_diff_build(&want, &live, &known, &options);
}

static void
check_cell(const struct row *row, unsigned draft, unsigned live)
{
	const struct cell cell = read_cell(row->cells[draft] + 4 * (size_t)live);
	TN_CLEANUP(tn_diff_freep) struct tn_diff *diff = compare(row, draft, live);
	const struct tn_change *change = &diff->changes[0];

	if (change->kind != cell.kind || change->foreign_draft != cell.foreign ||
	    change->n_secrets != cell.listed ||
	    (cell.listed && change->secrets[0].kind != cell.secret))
		fail_msg("%s, draft %u, live %u: %s%s %s", row->what, draft, live,
		    tn_change_kind_name(change->kind), change->foreign_draft ? "!" : "",
		    change->n_secrets == 0
			? "-"
			: tn_secret_change_name(change->secrets[0].kind));
	/* Without its value it still is said whose it is. */
	if (cell.listed)
		assert_int_equal(change->secrets[0].theirs,
		    cell.secret == TN_SECRET_LATER && row->known != NULL && draft != 1 &&
			(cell.kind == TN_CHANGE_NONE ? live == 3 : draft == 2));
	/* What is written needs what it was made from. */
	if (cell.listed && tn_secret_change_writes(cell.secret) &&
	    cell.secret != TN_SECRET_REMOVE)
		assert_string_equal(change->secrets[0].fingerprint, WANTED);
}

static void
every_case(void **state TN_UNUSED)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++)
		for (unsigned draft = 0; draft < DRAFTS; draft++)
			for (unsigned live = 0; live < LIVES; live++)
				check_cell(&rows[i], draft, live);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
