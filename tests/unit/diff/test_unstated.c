/*
 * Actions whose files leave parts out: those stay what the tenant has. Every test begins
 * with a live, clean action of ours that has all parts, and with files that say its code
 * alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "diff/diff.h"

#define ID "id-1"

static const unsigned all_but_code = TN_PART_RUNTIME | TN_PART_DEPENDENCIES |
    TN_PART_SECRETS;

static struct tn_secret_ref secrets[2], other_secrets[1];
static struct tn_dependency dependencies[1], other_dependencies[1];
static struct tn_want_action wanted;
static struct tn_live_action action;
static struct tn_owned owned;
static struct tn_version version;
static struct tn_action_versions held;
static struct tn_diff_options options;
static struct tn_diff *diff;

static struct tn_content
content(const char *code)
{
	return (struct tn_content){
		.code = code,
		.runtime = "node18",
		.dependencies = dependencies,
		.n_dependencies = 1,
		.secrets = secrets,
		.n_secrets = 2,
	};
}

static int
setup(void **state TN_UNUSED)
{
	secrets[0] = (struct tn_secret_ref){ .name = "Z", .updated_at = "t1" };
	secrets[1] = (struct tn_secret_ref){ .name = "A", .updated_at = "t2" };
	other_secrets[0] = (struct tn_secret_ref){ .name = "Z", .updated_at = "t1" };
	dependencies[0] = (struct tn_dependency){ "axios", "1.7.2", NULL };
	other_dependencies[0] = (struct tn_dependency){ "axios", "1.8.0", NULL };
	wanted = (struct tn_want_action){
		.name = "enrich",
		.trigger = { "post-login", "v3" },
		.content = { .code = "code" },
		.unstated = all_but_code,
	};
	action = (struct tn_live_action){
		.id = ID,
		.name = "enrich",
		.trigger = { "post-login", "v3" },
		.build = TN_BUILD_BUILT,
		.draft = content("code"),
		.has_live = true,
		.live = { .id = "v-5", .number = 5, .deployed = true, .built = true },
	};
	action.live.content = content("code");
	owned = (struct tn_owned){ .name = "enrich", .id = ID };
	held = (struct tn_action_versions){ .action_id = ID };
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
change_of(bool is_there)
{
	static struct tn_want want;
	static struct tn_live live;
	static struct tn_known known;

	want = (struct tn_want){ .project = "p", .actions = &wanted, .n_actions = 1 };
	live = (struct tn_live){ .actions = &action, .n_actions = is_there };
	known = (struct tn_known){ .owned = &owned, .n_owned = 1 };
	tn_diff_free(diff);
	diff = tn_diff_build(&want, &live, &known, &options);
	assert_int_equal(diff->n_changes, 1);
	return &diff->changes[0];
}

static const struct tn_change *
change(enum tn_change_kind kind, unsigned parts)
{
	const struct tn_change *made = change_of(true);

	assert_int_equal(made->kind, kind);
	assert_int_equal(made->parts, parts);
	return made;
}

/* The wanted content with what the tenant has in the places that were left open. */
static void
assert_filled(const struct tn_change *made, const char *code)
{
	const struct tn_content whole = content(code);

	assert_string_equal(made->want->content.code, code);
	assert_string_equal(made->want->content.runtime, "node18");
	assert_int_equal(tn_content_differs(&made->want->content, &whole), 0);
}

static void
stated_parts_that_are_equal_are_no_change(void **state TN_UNUSED)
{
	assert_filled(change(TN_CHANGE_NONE, 0), "code");
	assert_false(diff->changes[0].foreign_draft);
	assert_true(tn_diff_empty(diff));
}

static void
each_part_is_compared_as_soon_as_it_is_stated(void **state TN_UNUSED)
{
	wanted.unstated = all_but_code & ~(unsigned)TN_PART_DEPENDENCIES;
	change(TN_CHANGE_UPDATE, TN_PART_DEPENDENCIES);
	wanted.unstated = all_but_code & ~(unsigned)TN_PART_SECRETS;
	change(TN_CHANGE_UPDATE, TN_PART_SECRETS);
	wanted.unstated = all_but_code & ~(unsigned)TN_PART_RUNTIME;
	wanted.content.runtime = "node22";
	change(TN_CHANGE_UPDATE, TN_PART_RUNTIME);
}

static void
an_update_keeps_what_is_not_stated(void **state TN_UNUSED)
{
	const struct tn_change *made;

	wanted.content.code = "new code";
	made = change(TN_CHANGE_UPDATE, TN_PART_CODE);
	assert_filled(made, "new code");
	assert_int_equal(made->n_secrets, 2);
	assert_string_equal(made->secrets[0].name, "A");
	assert_string_equal(made->secrets[1].name, "Z");
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(made->secrets[i].kind, TN_SECRET_KEEP);
		assert_null(made->secrets[i].fingerprint);
	}
}

static void
code_can_be_left_out(void **state TN_UNUSED)
{
	wanted.content = (struct tn_content){ .runtime = "node18" };
	wanted.unstated = TN_PART_CODE | TN_PART_DEPENDENCIES | TN_PART_SECRETS;
	assert_filled(change(TN_CHANGE_NONE, 0), "code");
	wanted.content.runtime = "node22";
	assert_string_equal(change(TN_CHANGE_UPDATE, TN_PART_RUNTIME)->want->content.code,
	    "code");
}

/* What runs counts, and a draft beside it is somebody's. */
static void
somebodys_draft_of_an_open_part_is_reported_and_left(void **state TN_UNUSED)
{
	action.draft.dependencies = other_dependencies;
	assert_true(change(TN_CHANGE_NONE, 0)->foreign_draft);
	wanted.content.code = "new code";
	change(TN_CHANGE_BLOCKED, TN_PART_CODE);
	options.overwrite_drafts = true;
	assert_filled(change(TN_CHANGE_UPDATE, TN_PART_CODE), "new code");
}

/* Their values are nobody's to write: a deploy of such a draft would change what runs. */
static void
a_draft_with_other_secrets_is_not_written_over(void **state TN_UNUSED)
{
	wanted.content.code = "new code";
	action.draft.secrets = other_secrets;
	action.draft.n_secrets = 1;
	options.overwrite_drafts = true;
	assert_non_null(
	    strstr(change(TN_CHANGE_BLOCKED, TN_PART_CODE)->reason, "secrets"));
	action.draft.secrets = secrets;
	action.draft.n_secrets = 2;
	change(TN_CHANGE_UPDATE, TN_PART_CODE);
}

static void
the_draft_stands_in_where_nothing_runs(void **state TN_UNUSED)
{
	action.has_live = false;
	action.draft.dependencies = other_dependencies;
	assert_ptr_equal(change(TN_CHANGE_DEPLOY, 0)->want->content.dependencies,
	    other_dependencies);
}

/* Going back must not take the open parts along. */
static void
a_version_is_gone_back_to_when_its_open_parts_are_those_that_run(void **state TN_UNUSED)
{
	version = (struct tn_version){ .id = "v-4",
		.number = 4,
		.built = true,
		.content = content("old code") };
	held.versions = &version;
	held.n_versions = 1;
	wanted.content.code = "old code";
	assert_ptr_equal(change(TN_CHANGE_ROLLBACK, TN_PART_CODE)->version, &version);
	version.content.dependencies = other_dependencies;
	change(TN_CHANGE_UPDATE, TN_PART_CODE);
	version.content = content("old code");
	version.content.secrets = other_secrets;
	version.content.n_secrets = 1;
	change(TN_CHANGE_UPDATE, TN_PART_CODE);
}

static void
a_creation_needs_code_and_nothing_else(void **state TN_UNUSED)
{
	const struct tn_change *made = change_of(false);

	assert_int_equal(made->kind, TN_CHANGE_CREATE);
	assert_int_equal(made->parts, TN_PART_CODE);
	wanted.content.code = NULL;
	wanted.unstated |= TN_PART_CODE;
	made = change_of(false);
	assert_int_equal(made->kind, TN_CHANGE_BLOCKED);
	assert_non_null(strstr(made->reason, "code"));
	assert_non_null(made->hint);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(stated_parts_that_are_equal_are_no_change),
		TEST(each_part_is_compared_as_soon_as_it_is_stated),
		TEST(an_update_keeps_what_is_not_stated),
		TEST(code_can_be_left_out),
		TEST(somebodys_draft_of_an_open_part_is_reported_and_left),
		TEST(a_draft_with_other_secrets_is_not_written_over),
		TEST(the_draft_stands_in_where_nothing_runs),
		TEST(a_version_is_gone_back_to_when_its_open_parts_are_those_that_run),
		TEST(a_creation_needs_code_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
