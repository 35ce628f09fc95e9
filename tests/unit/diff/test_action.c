/*
 * One wanted action against what is there. Every test begins with an action that is
 * ours, live and as wanted, with one secret that is known, and changes something.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "diff/diff.h"

#define ID   "id-1"
#define FP1  "fp-1"
#define FP2  "fp-2"
#define T1   "2026-01-01T00:00:00.1Z"
#define T2   "2026-02-02T00:00:00.2Z"
#define MOST 4

static struct tn_secret_ref want_secrets[MOST], draft_secrets[MOST], live_secrets[MOST];
static struct tn_known_secret known_secrets[MOST];
static struct tn_want_action wanted;
static struct tn_live_action action;
static struct tn_owned owned, others;
static struct tn_version versions[MOST];
static struct tn_action_versions held;
static struct tn_want want;
static struct tn_live live;
static struct tn_known known;
static struct tn_diff_options options;
static struct tn_diff *diff;

static struct tn_content
content(const struct tn_secret_ref *secrets)
{
	return (struct tn_content){
		.code = "code",
		.runtime = "node22",
		.secrets = secrets,
		.n_secrets = 1,
	};
}

static int
setup(void **state TN_UNUSED)
{
	memset(want_secrets, 0, sizeof(want_secrets));
	memset(draft_secrets, 0, sizeof(draft_secrets));
	memset(live_secrets, 0, sizeof(live_secrets));
	memset(known_secrets, 0, sizeof(known_secrets));
	memset(versions, 0, sizeof(versions));
	want_secrets[0] = (struct tn_secret_ref){ .name = "KEY", .fingerprint = FP1 };
	draft_secrets[0] = (struct tn_secret_ref){ .name = "KEY", .updated_at = T1 };
	live_secrets[0] = draft_secrets[0];
	known_secrets[0] = (struct tn_known_secret){
		.action_id = ID,
		.name = "KEY",
		.fingerprint = FP1,
		.updated_at = T1,
	};
	wanted = (struct tn_want_action){
		.name = "enrich",
		.trigger = { "post-login", "v3" },
		.content = content(want_secrets),
	};
	action = (struct tn_live_action){
		.id = ID,
		.name = "enrich",
		.trigger = { "post-login", "v3" },
		.updated_at = T1,
		.build = TN_BUILD_BUILT,
		.draft = content(draft_secrets),
		.has_live = true,
		.live = { .id = "v-5", .number = 5, .deployed = true, .built = true },
	};
	action.live.content = content(live_secrets);
	owned = (struct tn_owned){ .name = "enrich", .id = ID };
	others = (struct tn_owned){ .name = "enrich", .id = "id-of-nobody" };
	held = (struct tn_action_versions){ .action_id = ID, .versions = versions };
	want = (struct tn_want){ .project = "p", .actions = &wanted, .n_actions = 1 };
	live = (struct tn_live){ .actions = &action, .n_actions = 1 };
	known = (struct tn_known){
		.owned = &owned,
		.n_owned = 1,
		.others = &others,
		.n_others = 1,
		.secrets = known_secrets,
		.n_secrets = 1,
	};
	options = (struct tn_diff_options){ .versions = &held, .n_versions = 1 };
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_diff_free(diff);
	diff = NULL;
	return 0;
}

static const struct tn_change *
change(void)
{
	tn_diff_free(diff);
	diff = tn_diff_build(&want, &live, &known, &options);
	assert_int_equal(diff->n_changes, want.n_actions);
	assert_ptr_equal(diff->changes[0].want, &wanted);
	return &diff->changes[0];
}

static void
assert_kind(enum tn_change_kind kind, unsigned parts)
{
	const struct tn_change *made = change();

	assert_int_equal(made->kind, kind);
	assert_int_equal(made->parts, parts);
	assert_int_equal(made->version != NULL, kind == TN_CHANGE_ROLLBACK);
	assert_int_equal(made->reason != NULL, kind == TN_CHANGE_BLOCKED);
	assert_int_equal(made->hint != NULL, kind == TN_CHANGE_BLOCKED);
	assert_int_equal(tn_diff_empty(diff), kind == TN_CHANGE_NONE);
	assert_int_equal(tn_diff_blocked(diff), kind == TN_CHANGE_BLOCKED);
}

static void
assert_secret(size_t i, enum tn_secret_change_kind kind, const char *name,
    const char *fingerprint)
{
	const struct tn_secret_change *secret = &diff->changes[0].secrets[i];

	assert_true(i < diff->changes[0].n_secrets);
	assert_int_equal(secret->kind, kind);
	assert_string_equal(secret->name, name);
	if (fingerprint == NULL)
		assert_null(secret->fingerprint);
	else
		assert_string_equal(secret->fingerprint, fingerprint);
}

static void
nothing_changed_is_no_change(void **state TN_UNUSED)
{
	assert_kind(TN_CHANGE_NONE, 0);
	assert_false(diff->changes[0].adopt);
	assert_false(diff->changes[0].foreign_draft);
	assert_ptr_equal(diff->changes[0].live, &action);
	assert_int_equal(diff->changes[0].n_secrets, 1);
	assert_secret(0, TN_SECRET_KEEP, "KEY", FP1);
}

static void
what_is_not_there_is_created_with_all_it_has(void **state TN_UNUSED)
{
	live.n_actions = 0;
	assert_kind(TN_CHANGE_CREATE, TN_PART_CODE | TN_PART_RUNTIME | TN_PART_SECRETS);
	assert_null(diff->changes[0].live);
	assert_false(diff->changes[0].adopt);
	assert_secret(0, TN_SECRET_ADD, "KEY", FP1);
}

static void
what_is_created_with_code_alone_has_one_part(void **state TN_UNUSED)
{
	live.n_actions = 0;
	wanted.content = (struct tn_content){ .code = "" };
	assert_kind(TN_CHANGE_CREATE, TN_PART_CODE);
}

static void
what_is_created_with_dependencies_says_so(void **state TN_UNUSED)
{
	static const struct tn_dependency axios = { .name = "axios", .version = "1.7.2" };

	live.n_actions = 0;
	wanted.content = (struct tn_content){ .code = "",
		.dependencies = &axios,
		.n_dependencies = 1 };
	assert_kind(TN_CHANGE_CREATE, TN_PART_CODE | TN_PART_DEPENDENCIES);
}

static void
a_secret_without_value_of_a_new_action_comes_later(void **state TN_UNUSED)
{
	live.n_actions = 0;
	want_secrets[0].fingerprint = NULL;
	assert_kind(TN_CHANGE_CREATE, TN_PART_CODE | TN_PART_RUNTIME | TN_PART_SECRETS);
	assert_secret(0, TN_SECRET_LATER, "KEY", NULL);
}

static void
each_part_that_differs_is_an_update(void **state TN_UNUSED)
{
	static const struct tn_dependency axios = { .name = "axios", .version = "1.7.2" };

	wanted.content.code = "other";
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	wanted.content = content(want_secrets);
	wanted.content.runtime = "node18";
	assert_kind(TN_CHANGE_UPDATE, TN_PART_RUNTIME);
	wanted.content = content(want_secrets);
	wanted.content.dependencies = &axios;
	wanted.content.n_dependencies = 1;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_DEPENDENCIES);
	assert_false(diff->changes[0].foreign_draft);
	assert_secret(0, TN_SECRET_KEEP, "KEY", FP1);
}

static void
a_runtime_that_is_not_said_is_whatever_is_there(void **state TN_UNUSED)
{
	wanted.content.runtime = NULL;
	assert_kind(TN_CHANGE_NONE, 0);
}

/* Secrets: what is wanted, what the live one shows, what we remember. */

struct secret_row {
	const char *name;
	const char *fingerprint;      /* wanted */
	const char *known, *known_at; /* of our last write; NULL: never */
	const char *live_at;          /* NULL: the live action has no such secret */
	enum tn_secret_change_kind kind;
	bool differs;
};

static void
secrets_by_what_is_known(void **state TN_UNUSED)
{
	static const struct secret_row rows[] = {
		{ "kept", FP1, FP1, T1, T1, TN_SECRET_KEEP, false },
		{ "new value", FP2, FP1, T1, T1, TN_SECRET_CHANGE, true },
		{ "written by somebody", FP1, FP1, T1, T2, TN_SECRET_FOREIGN, true },
		{ "written by somebody, and new", FP2, FP1, T1, T2, TN_SECRET_FOREIGN,
		    true },
		{ "never written by us", FP1, NULL, NULL, T1, TN_SECRET_UNKNOWN, true },
		{ "not there", FP1, NULL, NULL, NULL, TN_SECRET_ADD, true },
		{ "gone since we wrote it", FP1, FP1, T1, NULL, TN_SECRET_ADD, true },
		{ "no value yet", NULL, FP1, T1, T1, TN_SECRET_LATER, false },
		{ "no value and never ours", NULL, NULL, NULL, T1, TN_SECRET_LATER,
		    false },
		{ "no value and not there", NULL, NULL, NULL, NULL, TN_SECRET_LATER,
		    true },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		const struct secret_row *row = &rows[i];

		setup(NULL);
		want_secrets[0].fingerprint = row->fingerprint;
		known_secrets[0].fingerprint = row->known;
		known_secrets[0].updated_at = row->known_at;
		known.n_secrets = row->known != NULL;
		draft_secrets[0].updated_at = live_secrets[0].updated_at = row->live_at;
		action.draft.n_secrets = row->live_at != NULL;
		action.live.content.n_secrets = row->live_at != NULL;
		assert_kind(row->differs ? TN_CHANGE_UPDATE : TN_CHANGE_NONE,
		    row->differs ? TN_PART_SECRETS : 0);
		assert_int_equal(diff->changes[0].n_secrets, 1);
		assert_secret(0, row->kind, "KEY", row->fingerprint);
	}
}

static void
a_platform_without_times_is_believed_by_fingerprint(void **state TN_UNUSED)
{
	draft_secrets[0].updated_at = live_secrets[0].updated_at = NULL;
	assert_kind(TN_CHANGE_NONE, 0);
	want_secrets[0].fingerprint = FP2;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_SECRETS);
	assert_secret(0, TN_SECRET_CHANGE, "KEY", FP2);
}

static void
a_secret_under_another_key_is_not_known(void **state TN_UNUSED)
{
	known_secrets[0].fingerprint = "key-1:" FP1;
	want_secrets[0].fingerprint = "key-2:" FP1;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_SECRETS);
	assert_secret(0, TN_SECRET_UNKNOWN, "KEY", "key-2:" FP1);
	want_secrets[0].fingerprint = "key-1:" FP2;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_SECRETS);
	assert_secret(0, TN_SECRET_CHANGE, "KEY", "key-1:" FP2);
	want_secrets[0].fingerprint = "key-1:" FP1;
	assert_kind(TN_CHANGE_NONE, 0);
}

static void
a_secret_of_another_action_is_not_known(void **state TN_UNUSED)
{
	known_secrets[0].action_id = "id-2";
	assert_kind(TN_CHANGE_UPDATE, TN_PART_SECRETS);
	assert_secret(0, TN_SECRET_UNKNOWN, "KEY", FP1);
}

static void
a_secret_that_is_not_wanted_is_removed(void **state TN_UNUSED)
{
	live_secrets[1] = draft_secrets[1] = (struct tn_secret_ref){ .name = "AAA",
		.updated_at = T1 };
	action.draft.n_secrets = action.live.content.n_secrets = 2;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_SECRETS);
	assert_int_equal(diff->changes[0].n_secrets, 2);
	assert_secret(0, TN_SECRET_REMOVE, "AAA", NULL);
	assert_secret(1, TN_SECRET_KEEP, "KEY", FP1);
}

static void
secrets_come_by_name(void **state TN_UNUSED)
{
	want_secrets[1] = (struct tn_secret_ref){ .name = "B", .fingerprint = FP2 };
	want_secrets[2] = (struct tn_secret_ref){ .name = "A", .fingerprint = FP2 };
	wanted.content.n_secrets = 3;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_SECRETS);
	assert_int_equal(diff->changes[0].n_secrets, 3);
	assert_secret(0, TN_SECRET_ADD, "A", FP2);
	assert_secret(1, TN_SECRET_ADD, "B", FP2);
	assert_secret(2, TN_SECRET_KEEP, "KEY", FP1);
}

static void
one_of_several_secrets_is_enough(void **state TN_UNUSED)
{
	want_secrets[0].fingerprint = FP2;
	want_secrets[1] = (struct tn_secret_ref){ .name = "OLD", .fingerprint = FP1 };
	live_secrets[1] = draft_secrets[1] = (struct tn_secret_ref){ .name = "OLD",
		.updated_at = T1 };
	known_secrets[1] = (struct tn_known_secret){ ID, "OLD", FP1, T1 };
	known.n_secrets = wanted.content.n_secrets = 2;
	action.draft.n_secrets = action.live.content.n_secrets = 2;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_SECRETS);
	assert_secret(0, TN_SECRET_CHANGE, "KEY", FP2);
	assert_secret(1, TN_SECRET_KEEP, "OLD", FP1);
}

static void
what_needs_a_write(void **state TN_UNUSED)
{
	assert_false(tn_secret_change_writes(TN_SECRET_KEEP));
	assert_false(tn_secret_change_writes(TN_SECRET_LATER));
	assert_true(tn_secret_change_writes(TN_SECRET_ADD));
	assert_true(tn_secret_change_writes(TN_SECRET_CHANGE));
	assert_true(tn_secret_change_writes(TN_SECRET_FOREIGN));
	assert_true(tn_secret_change_writes(TN_SECRET_UNKNOWN));
	assert_true(tn_secret_change_writes(TN_SECRET_REMOVE));
}

/* Adopting. */

static void
what_is_nobodys_is_adopted(void **state TN_UNUSED)
{
	known.n_owned = 0;
	wanted.content.n_secrets = action.draft.n_secrets = 0;
	action.live.content.n_secrets = 0;
	assert_kind(TN_CHANGE_NONE, 0);
	assert_true(diff->changes[0].adopt);
}

static void
a_secret_of_unknown_value_is_written_on_adoption(void **state TN_UNUSED)
{
	known.n_owned = 0;
	known.n_secrets = 0;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_SECRETS);
	assert_true(diff->changes[0].adopt);
	assert_false(diff->changes[0].foreign_draft);
	assert_secret(0, TN_SECRET_UNKNOWN, "KEY", FP1);
}

/* Drafts. */

static void
somebodys_draft_beside_what_is_wanted_is_reported_and_left(void **state TN_UNUSED)
{
	action.draft.code = "theirs";
	assert_kind(TN_CHANGE_NONE, 0);
	assert_true(diff->changes[0].foreign_draft);
	assert_secret(0, TN_SECRET_KEEP, "KEY", FP1);
}

static void
a_draft_that_is_wanted_is_deployed(void **state TN_UNUSED)
{
	action.live.content.code = "old";
	assert_kind(TN_CHANGE_DEPLOY, TN_PART_CODE);
	assert_false(diff->changes[0].foreign_draft);
	assert_secret(0, TN_SECRET_KEEP, "KEY", FP1);
	action.build = TN_BUILD_RUNNING;
	assert_kind(TN_CHANGE_DEPLOY, TN_PART_CODE);
}

static void
a_secret_written_and_not_deployed_is_deployed(void **state TN_UNUSED)
{
	known_secrets[0].updated_at = draft_secrets[0].updated_at = T2;
	assert_kind(TN_CHANGE_DEPLOY, TN_PART_SECRETS);
	assert_secret(0, TN_SECRET_STAGED, "KEY", FP1);
}

static void
a_wanted_draft_that_failed_to_build_is_written_again(void **state TN_UNUSED)
{
	action.live.content.code = "old";
	action.build = TN_BUILD_FAILED;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	assert_false(diff->changes[0].foreign_draft);
}

static void
somebodys_draft_is_not_overwritten(void **state TN_UNUSED)
{
	action.draft.code = "theirs";
	action.updated_at = T2;
	wanted.content.code = "ours";
	assert_kind(TN_CHANGE_BLOCKED, TN_PART_CODE);
	assert_true(diff->changes[0].foreign_draft);
	assert_non_null(strstr(diff->changes[0].reason, T2));
	assert_non_null(strstr(diff->changes[0].hint, "--overwrite-drafts"));
	action.updated_at = NULL;
	assert_kind(TN_CHANGE_BLOCKED, TN_PART_CODE);
	assert_non_null(strstr(diff->changes[0].reason, "draft"));
}

/* A run of ours left it, and nobody has written it since. */
static void
our_own_draft_is_overwritten_unasked(void **state TN_UNUSED)
{
	struct tn_known_draft left = { ID, T1 };

	known.drafts = &left;
	known.n_drafts = 1;
	wanted.content.code = "mended";
	action.draft.code = "broken";
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	assert_false(diff->changes[0].foreign_draft);
	left.updated_at = T2;
	assert_kind(TN_CHANGE_BLOCKED, TN_PART_CODE);
	left.updated_at = T1;
	left.action_id = "id-2";
	assert_kind(TN_CHANGE_BLOCKED, TN_PART_CODE);
	left.action_id = ID;
	action.updated_at = NULL;
	assert_kind(TN_CHANGE_BLOCKED, TN_PART_CODE);
}

static void
somebodys_draft_is_overwritten_when_asked_for(void **state TN_UNUSED)
{
	options.overwrite_drafts = true;
	action.draft.code = "theirs";
	wanted.content.code = "ours";
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	assert_true(diff->changes[0].foreign_draft);
}

/* The draft is written over, and it does not have what the live version has. */
static void
an_overwritten_draft_gets_the_secrets_that_it_lacks(void **state TN_UNUSED)
{
	options.overwrite_drafts = true;
	action.draft.n_secrets = 0;
	wanted.content.code = "ours";
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	assert_secret(0, TN_SECRET_ADD, "KEY", FP1);
	action.draft.n_secrets = 1;
	draft_secrets[0].updated_at = T2;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	assert_int_equal(diff->changes[0].n_secrets, 1);
	assert_secret(0, TN_SECRET_FOREIGN, "KEY", FP1);
}

static void
secrets_of_draft_and_version_are_removed_together(void **state TN_UNUSED)
{
	options.overwrite_drafts = true;
	live_secrets[1] = (struct tn_secret_ref){ .name = "A", .updated_at = T1 };
	draft_secrets[1] = (struct tn_secret_ref){ .name = "Z", .updated_at = T1 };
	action.draft.n_secrets = action.live.content.n_secrets = 2;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_SECRETS);
	assert_int_equal(diff->changes[0].n_secrets, 3);
	/* The draft does not have it any more. */
	assert_secret(0, TN_SECRET_STAGED, "A", NULL);
	assert_secret(1, TN_SECRET_KEEP, "KEY", FP1);
	assert_secret(2, TN_SECRET_REMOVE, "Z", NULL);
}

/* Never deployed. */

static void
our_own_undeployed_draft_is_deployed_or_written(void **state TN_UNUSED)
{
	action.has_live = false;
	assert_kind(TN_CHANGE_DEPLOY, 0);
	wanted.content.code = "ours";
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	assert_false(diff->changes[0].foreign_draft);
	assert_secret(0, TN_SECRET_KEEP, "KEY", FP1);
}

/* It was deployed with its creation, and its build failed: it is shown, and never ran. */
static void
a_version_that_was_never_built_does_not_run(void **state TN_UNUSED)
{
	action.live.built = false;
	action.build = TN_BUILD_FAILED;
	assert_kind(TN_CHANGE_UPDATE, 0);
	action.build = TN_BUILD_BUILT;
	assert_kind(TN_CHANGE_DEPLOY, 0);
	wanted.content.code = "mended";
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	assert_false(diff->changes[0].foreign_draft);
}

static void
an_undeployed_draft_of_nobody_is_foreign_unless_it_is_wanted(void **state TN_UNUSED)
{
	action.has_live = false;
	known.n_owned = 0;
	wanted.content.n_secrets = action.draft.n_secrets = 0;
	assert_kind(TN_CHANGE_DEPLOY, 0);
	assert_true(diff->changes[0].adopt);
	assert_false(diff->changes[0].foreign_draft);
	wanted.content.code = "ours";
	assert_kind(TN_CHANGE_BLOCKED, TN_PART_CODE);
	assert_true(diff->changes[0].foreign_draft);
	options.overwrite_drafts = true;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
}

/* Earlier versions. */

static void
hold(size_t i, int64_t number, const char *code)
{
	static const char *const ids[MOST] = { "v-1", "v-2", "v-3", "v-4" };

	versions[i] =
	    (struct tn_version){ .id = ids[i], .number = number, .built = true };
	versions[i].content = content(live_secrets);
	versions[i].content.code = code;
	held.n_versions = i + 1;
}

static void
an_earlier_version_is_rolled_back_to_and_the_newest_of_them(void **state TN_UNUSED)
{
	wanted.content.code = "good";
	hold(0, 4, "bad");
	hold(1, 2, "good");
	hold(2, 3, "good");
	hold(3, 1, "good");
	assert_kind(TN_CHANGE_ROLLBACK, TN_PART_CODE);
	assert_ptr_equal(diff->changes[0].version, &versions[2]);
	assert_secret(0, TN_SECRET_KEEP, "KEY", FP1);
}

static void
versions_of_another_action_are_not_looked_at(void **state TN_UNUSED)
{
	wanted.content.code = "good";
	hold(0, 4, "good");
	held.action_id = "id-2";
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
}

static void
a_version_that_was_not_built_or_that_runs_is_none_to_go_back_to(void **state TN_UNUSED)
{
	wanted.content.code = "good";
	hold(0, 4, "good");
	versions[0].built = false;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	versions[0].built = true;
	versions[0].id = action.live.id;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	versions[0].id = "v-1";
	assert_kind(TN_CHANGE_ROLLBACK, TN_PART_CODE);
}

static void
a_version_with_other_secrets_is_none_to_go_back_to(void **state TN_UNUSED)
{
	static const struct tn_secret_ref older = { .name = "KEY", .updated_at = T2 };

	wanted.content.code = "good";
	hold(0, 4, "good");
	versions[0].content.secrets = &older;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	versions[0].content.n_secrets = 0;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
}

static void
a_version_is_not_gone_back_to_with_a_secret_that_cannot_be_compared(
    void **state TN_UNUSED)
{
	wanted.content.code = "good";
	want_secrets[0].fingerprint = NULL;
	hold(0, 4, "good");
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	assert_secret(0, TN_SECRET_LATER, "KEY", NULL);
}

static void
a_rollback_respects_somebodys_draft(void **state TN_UNUSED)
{
	wanted.content.code = "good";
	action.draft.code = "theirs";
	hold(0, 4, "good");
	assert_kind(TN_CHANGE_BLOCKED, TN_PART_CODE);
	options.overwrite_drafts = true;
	assert_kind(TN_CHANGE_ROLLBACK, TN_PART_CODE);
	assert_true(diff->changes[0].foreign_draft);
}

static void
deploying_the_draft_goes_before_rolling_back(void **state TN_UNUSED)
{
	action.live.content.code = "bad";
	hold(0, 4, "code");
	assert_kind(TN_CHANGE_DEPLOY, TN_PART_CODE);
	action.build = TN_BUILD_FAILED;
	assert_kind(TN_CHANGE_ROLLBACK, TN_PART_CODE);
}

static void
a_version_that_the_platform_has_pruned_is_written_anew(void **state TN_UNUSED)
{
	wanted.content.code = "good";
	hold(0, 4, "bad");
	hold(1, 3, "worse");
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	options.n_versions = 0;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
}

/* A version that a person chose. */

static void
choose(int64_t number, const char *code)
{
	hold(0, number, code);
	wanted.version = &versions[0];
	wanted.content = versions[0].content;
}

static void
a_chosen_version_goes_live_whatever_is_known_of_its_secrets(void **state TN_UNUSED)
{
	choose(2, "good");
	known.n_secrets = 0;
	assert_kind(TN_CHANGE_ROLLBACK, TN_PART_CODE);
	assert_ptr_equal(diff->changes[0].version, &versions[0]);
	assert_int_equal(diff->changes[0].n_secrets, 1);
	assert_secret(0, TN_SECRET_KEEP, "KEY", NULL);
}

static void
a_chosen_version_brings_the_secrets_that_it_holds(void **state TN_UNUSED)
{
	static const struct tn_secret_ref then[] = {
		{ .name = "GONE", .updated_at = T1 },
		{ .name = "KEY", .updated_at = T2 },
	};

	live_secrets[1] = (struct tn_secret_ref){ .name = "NEW", .updated_at = T1 };
	draft_secrets[1] = live_secrets[1];
	action.draft.n_secrets = action.live.content.n_secrets = 2;
	choose(2, "code");
	versions[0].content.secrets = then;
	versions[0].content.n_secrets = 2;
	wanted.content = versions[0].content;
	assert_kind(TN_CHANGE_ROLLBACK, TN_PART_SECRETS);
	assert_int_equal(diff->changes[0].n_secrets, 3);
	assert_secret(0, TN_SECRET_RESTORE, "GONE", NULL);
	assert_secret(1, TN_SECRET_RESTORE, "KEY", NULL);
	assert_secret(2, TN_SECRET_REMOVE, "NEW", NULL);
}

static void
a_chosen_version_that_runs_already_is_no_change(void **state TN_UNUSED)
{
	choose(2, "code");
	assert_kind(TN_CHANGE_NONE, 0);
}

static void
a_chosen_version_does_not_overwrite_somebodys_draft_unasked(void **state TN_UNUSED)
{
	action.draft.code = "theirs";
	choose(2, "good");
	assert_kind(TN_CHANGE_BLOCKED, TN_PART_CODE);
	assert_true(diff->changes[0].foreign_draft);
	options.overwrite_drafts = true;
	assert_kind(TN_CHANGE_ROLLBACK, TN_PART_CODE);
	action.draft.code = "good";
	options.overwrite_drafts = false;
	assert_kind(TN_CHANGE_ROLLBACK, TN_PART_CODE);
	assert_false(diff->changes[0].foreign_draft);
}

/* Blocked by what it is. */

static void
a_marketplace_action_is_nobodys_to_change(void **state TN_UNUSED)
{
	action.installed = true;
	known.n_owned = 0;
	assert_kind(TN_CHANGE_BLOCKED, 0);
	assert_false(diff->changes[0].adopt);
	assert_non_null(strstr(diff->changes[0].reason, "marketplace"));
	assert_non_null(strstr(diff->changes[0].hint, "external"));
}

static void
another_projects_action_is_left_to_it(void **state TN_UNUSED)
{
	known.n_owned = 0;
	others.id = ID;
	assert_kind(TN_CHANGE_BLOCKED, 0);
	assert_false(diff->changes[0].adopt);
	assert_non_null(strstr(diff->changes[0].reason, "another project"));
}

/* All of it is new, and what is there goes. */
static void
replaced(void)
{
	const struct tn_change *made = change();

	assert_int_equal(made->kind, TN_CHANGE_REPLACE);
	assert_ptr_equal(made->live, &action);
	assert_true((made->parts & TN_PART_CODE) != 0);
	assert_false(tn_diff_empty(diff));
	assert_false(tn_diff_blocked(diff));
	assert_int_equal(diff->n_removals, 1);
	assert_ptr_equal(diff->removals[0].live, &action);
	assert_ptr_equal(diff->removals[0].replaced, made);
}

static void
another_trigger_needs_a_replacement(void **state TN_UNUSED)
{
	wanted.trigger.version = "v2";
	replaced();
	wanted.trigger = (struct tn_trigger){ "credentials-exchange", "v3" };
	replaced();
	action.trigger = (struct tn_trigger){ NULL, NULL };
	replaced();
	action.trigger = (struct tn_trigger){ "post-login", NULL };
	replaced();
	action.trigger = (struct tn_trigger){ "credentials-exchange", NULL };
	assert_kind(TN_CHANGE_NONE, 0);
}

static void
a_flip_makes_anew_what_runs_in_a_named_flow(void **state TN_UNUSED)
{
	const struct tn_binding bound = { .action_id = ID, .action_name = "enrich" };
	const struct tn_want_entry entry = { .kind = TN_ENTRY_ACTION, .name = "enrich" };
	const struct tn_flow flow = { "post-login", &bound, 1 };
	struct tn_want_flow named = { .trigger = "post-login",
		.entries = &entry,
		.n_entries = 1 };

	options.flip = true;
	live.flows = (struct tn_flow[]){ flow };
	live.n_flows = 1;
	want.flows = &named;
	want.n_flows = 1;
	assert_kind(TN_CHANGE_NONE, 0);
	wanted.content.code = "new";
	replaced();
	assert_true(diff->changes[0].flip);
	assert_int_equal(diff->changes[0].parts, TN_PART_CODE);
	assert_int_equal(diff->changes[0].secrets[0].kind, TN_SECRET_ADD);
	assert_true(diff->flows[0].differs);
	assert_null(diff->flows[0].after.bindings[0].action_id);
	/* Also one whose draft is what is wanted. */
	action.draft.code = "new";
	replaced();
	options.flip = false;
	assert_kind(TN_CHANGE_DEPLOY, TN_PART_CODE);
}

/* No write of a flow would switch it: it is changed as ever. */
static void
what_no_named_flow_runs_is_not_flipped(void **state TN_UNUSED)
{
	const struct tn_binding bound = { .action_id = ID, .action_name = "enrich" };
	const struct tn_want_entry entry = { .kind = TN_ENTRY_ACTION, .name = "enrich" };
	struct tn_flow flow = { "post-login", &bound, 1 };
	struct tn_want_flow named = { .trigger = "post-login",
		.entries = &entry,
		.n_entries = 1 };

	options.flip = true;
	wanted.content.code = "new";
	live.flows = &flow;
	want.flows = &named;
	want.n_flows = 1;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	live.n_flows = 1;
	want.n_flows = 0;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	want.n_flows = 1;
	named.n_entries = 0;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	named.n_entries = 1;
	flow.n_bindings = 0;
	assert_kind(TN_CHANGE_UPDATE, TN_PART_CODE);
	flow.n_bindings = 1;
	replaced();
	assert_true(diff->changes[0].flip);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_changed_is_no_change),
		TEST(what_is_not_there_is_created_with_all_it_has),
		TEST(what_is_created_with_code_alone_has_one_part),
		TEST(what_is_created_with_dependencies_says_so),
		TEST(a_secret_without_value_of_a_new_action_comes_later),
		TEST(each_part_that_differs_is_an_update),
		TEST(a_runtime_that_is_not_said_is_whatever_is_there),
		TEST(secrets_by_what_is_known),
		TEST(a_platform_without_times_is_believed_by_fingerprint),
		TEST(a_secret_under_another_key_is_not_known),
		TEST(a_secret_of_another_action_is_not_known),
		TEST(a_secret_that_is_not_wanted_is_removed),
		TEST(secrets_come_by_name),
		TEST(one_of_several_secrets_is_enough),
		TEST(what_needs_a_write),
		TEST(what_is_nobodys_is_adopted),
		TEST(a_secret_of_unknown_value_is_written_on_adoption),
		TEST(somebodys_draft_beside_what_is_wanted_is_reported_and_left),
		TEST(a_draft_that_is_wanted_is_deployed),
		TEST(a_secret_written_and_not_deployed_is_deployed),
		TEST(a_wanted_draft_that_failed_to_build_is_written_again),
		TEST(somebodys_draft_is_not_overwritten),
		TEST(our_own_draft_is_overwritten_unasked),
		TEST(somebodys_draft_is_overwritten_when_asked_for),
		TEST(an_overwritten_draft_gets_the_secrets_that_it_lacks),
		TEST(secrets_of_draft_and_version_are_removed_together),
		TEST(our_own_undeployed_draft_is_deployed_or_written),
		TEST(a_version_that_was_never_built_does_not_run),
		TEST(an_undeployed_draft_of_nobody_is_foreign_unless_it_is_wanted),
		TEST(an_earlier_version_is_rolled_back_to_and_the_newest_of_them),
		TEST(versions_of_another_action_are_not_looked_at),
		TEST(a_version_that_was_not_built_or_that_runs_is_none_to_go_back_to),
		TEST(a_version_with_other_secrets_is_none_to_go_back_to),
		TEST(a_version_is_not_gone_back_to_with_a_secret_that_cannot_be_compared),
		TEST(a_rollback_respects_somebodys_draft),
		TEST(deploying_the_draft_goes_before_rolling_back),
		TEST(a_version_that_the_platform_has_pruned_is_written_anew),
		TEST(a_chosen_version_goes_live_whatever_is_known_of_its_secrets),
		TEST(a_chosen_version_brings_the_secrets_that_it_holds),
		TEST(a_chosen_version_that_runs_already_is_no_change),
		TEST(a_chosen_version_does_not_overwrite_somebodys_draft_unasked),
		TEST(a_marketplace_action_is_nobodys_to_change),
		TEST(another_projects_action_is_left_to_it),
		TEST(another_trigger_needs_a_replacement),
		TEST(a_flip_makes_anew_what_runs_in_a_named_flow),
		TEST(what_no_named_flow_runs_is_not_flipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
