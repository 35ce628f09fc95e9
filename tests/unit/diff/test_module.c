/*
 * Modules wanted against live, and what the uses of an action come to. Every test begins
 * with one module of ours that is published as wanted, as a list shows it, and an action
 * that runs with its version 2.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "diff/diff.h"

#define ID "m-1"
#define F1 "1111111111111111111111111111111111111111111111111111111111111111"
#define F2 "2222222222222222222222222222222222222222222222222222222222222222"

static struct tn_want_module wanted;
static struct tn_secret_ref wanted_secrets[2], live_secrets[2];
static struct tn_live_module modules[2];
static struct tn_want_use uses[2];
static struct tn_want_action want_action;
static struct tn_module_ref refs[2];
static struct tn_live_action action;
static struct tn_owned owned_module, owned_action;
static struct tn_known_secret known_secrets[1];
static struct tn_version versions[1];
static struct tn_want want;
static struct tn_live live;
static struct tn_known known;
static struct tn_diff_options options;
static struct tn_diff *diff;

static int
setup(void **state TN_UNUSED)
{
	wanted = (struct tn_want_module){ .name = "greeter",
		.content = { .code = "code" } };
	modules[0] = (struct tn_live_module){
		.id = ID,
		.name = "greeter",
		.updated_at = "t1",
		.draft = { .code = "code" },
		.all_published = true,
		.latest_number = 2,
	};
	modules[1] = (struct tn_live_module){
		.id = "m-2",
		.name = "other",
		.draft = { .code = "theirs" },
		.all_published = true,
		.latest_number = 5,
	};
	uses[0] = (struct tn_want_use){ .name = "greeter" };
	want_action = (struct tn_want_action){
		.name = "enrich",
		.trigger = { "post-login", "v3" },
		.content = { .code = "x" },
		.modules = uses,
		.n_modules = 1,
	};
	refs[0] = (struct tn_module_ref){ "greeter", 2, ID, "v-2" };
	action = (struct tn_live_action){
		.id = "a-1",
		.name = "enrich",
		.trigger = { "post-login", "v3" },
		.build = TN_BUILD_BUILT,
		.draft = { .code = "x", .modules = refs, .n_modules = 1 },
		.has_live = true,
		.live = { .id = "w-1", .number = 1, .deployed = true, .built = true },
	};
	action.live.content = action.draft;
	owned_module = (struct tn_owned){ .name = "greeter", .id = ID };
	owned_action = (struct tn_owned){ .name = "enrich", .id = "a-1" };
	want = (struct tn_want){
		.project = "p",
		.actions = &want_action,
		.n_actions = 1,
		.modules = &wanted,
		.n_modules = 1,
	};
	live = (struct tn_live){
		.actions = &action,
		.n_actions = 1,
		.modules = modules,
		.n_modules = 1,
	};
	known = (struct tn_known){
		.owned = &owned_action,
		.n_owned = 1,
		.modules = &owned_module,
		.n_modules = 1,
		.secrets = known_secrets,
	};
	options = (struct tn_diff_options){ 0 };
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_diff_free(diff);
	diff = NULL;
	return 0;
}

static const struct tn_module_change *
module_change(enum tn_module_change_kind kind, unsigned parts)
{
	tn_diff_free(diff);
	diff = tn_diff_build(&want, &live, &known, &options);
	assert_int_equal(diff->n_modules, 1);
	if (diff->modules[0].kind != kind)
		fail_msg("the change is %s",
		    tn_module_change_kind_name(diff->modules[0].kind));
	assert_int_equal(diff->modules[0].parts, parts);
	return &diff->modules[0];
}

static const struct tn_change *
action_change(enum tn_change_kind kind, unsigned parts)
{
	tn_diff_free(diff);
	diff = tn_diff_build(&want, &live, &known, &options);
	assert_int_equal(diff->n_changes, 1);
	if (diff->changes[0].kind != kind)
		fail_msg("the change is %s", tn_change_kind_name(diff->changes[0].kind));
	assert_int_equal(diff->changes[0].parts, parts);
	return &diff->changes[0];
}

static void
know_latest(const char *code)
{
	modules[0].has_latest = true;
	modules[0].latest = (struct tn_version){ .id = "v-2", .number = 2 };
	modules[0].latest.content.code = code;
}

static void
assert_need(size_t at, const char *id, bool of_versions)
{
	assert_true(at < diff->n_module_needs);
	assert_string_equal(diff->module_needs[at].id, id);
	assert_int_equal(diff->module_needs[at].versions, of_versions);
}

/* --- Modules ---------------------------------------------------------------------- */

static void
what_is_published_as_wanted_is_no_change(void **state TN_UNUSED)
{
	const struct tn_module_change *made = module_change(TN_MODULE_NONE, 0);

	assert_false(made->adopt || made->foreign_draft);
	action_change(TN_CHANGE_NONE, 0);
	assert_true(tn_diff_empty(diff));
	assert_int_equal(diff->n_module_needs, 0);
	assert_int_equal(diff->n_gone_modules, 0);
	assert_int_equal(diff->n_stranger_modules, 0);
}

static void
a_module_that_is_not_there_is_created(void **state TN_UNUSED)
{
	live.n_modules = 0;
	module_change(TN_MODULE_CREATE, TN_PART_CODE);
	assert_false(tn_diff_empty(diff) || tn_diff_blocked(diff));
	live.modules_off = true;
	module_change(TN_MODULE_BLOCKED, TN_PART_CODE);
	assert_true(tn_diff_blocked(diff));
	assert_non_null(strstr(diff->modules[0].reason, "feature"));
}

static void
another_content_is_an_update(void **state TN_UNUSED)
{
	wanted.content.code = "new";
	module_change(TN_MODULE_UPDATE, TN_PART_CODE);
	assert_int_equal(diff->n_module_needs, 1);
	assert_need(0, ID, false);
	know_latest("code");
	module_change(TN_MODULE_UPDATE, TN_PART_CODE);
	assert_int_equal(diff->n_module_needs, 0);
}

static void
a_draft_that_is_wanted_is_published(void **state TN_UNUSED)
{
	modules[0].all_published = false;
	module_change(TN_MODULE_PUBLISH, 0);
	know_latest("old");
	module_change(TN_MODULE_PUBLISH, TN_PART_CODE);
	modules[0].has_latest = false;
	modules[0].latest_number = 0;
	module_change(TN_MODULE_PUBLISH, 0);
	assert_int_equal(diff->n_module_needs, 0);
}

static void
a_foreign_draft_is_overwritten_only_when_told(void **state TN_UNUSED)
{
	const struct tn_module_change *made;

	modules[0].all_published = false;
	modules[0].draft.code = "somebody's";
	know_latest("old");
	made = module_change(TN_MODULE_BLOCKED, TN_PART_CODE);
	assert_true(made->foreign_draft);
	assert_non_null(strstr(made->reason, "t1"));
	assert_non_null(strstr(made->hint, "--overwrite-drafts"));
	options.overwrite_drafts = true;
	module_change(TN_MODULE_UPDATE, TN_PART_CODE);
}

/* Never published: whoever owns it wrote it. */
static void
an_own_draft_without_versions_is_ours_to_change(void **state TN_UNUSED)
{
	modules[0].all_published = false;
	modules[0].latest_number = 0;
	modules[0].draft.code = "half";
	assert_false(module_change(TN_MODULE_UPDATE, TN_PART_CODE)->foreign_draft);
	known.n_modules = 0;
	assert_true(module_change(TN_MODULE_BLOCKED, TN_PART_CODE)->foreign_draft);
}

static void
a_waiting_draft_is_left_alone_when_the_version_is_wanted(void **state TN_UNUSED)
{
	modules[0].all_published = false;
	modules[0].draft.code = "somebody's";
	know_latest("code");
	assert_true(module_change(TN_MODULE_NONE, 0)->foreign_draft);
	assert_true(tn_diff_empty(diff));
}

static void
nobodys_is_adopted_and_anothers_is_left(void **state TN_UNUSED)
{
	known.n_modules = 0;
	assert_true(module_change(TN_MODULE_NONE, 0)->adopt);
	known.other_modules = &owned_module;
	known.n_other_modules = 1;
	assert_false(module_change(TN_MODULE_BLOCKED, 0)->adopt);
}

static void
secrets_are_compared_by_what_we_know(void **state TN_UNUSED)
{
	const struct tn_module_change *made;

	wanted_secrets[0] = (struct tn_secret_ref){ .name = "TOKEN", .fingerprint = F1 };
	live_secrets[0] = (struct tn_secret_ref){ .name = "TOKEN", .updated_at = "s1" };
	wanted.content.secrets = wanted_secrets;
	wanted.content.n_secrets = 1;
	modules[0].draft.secrets = live_secrets;
	modules[0].draft.n_secrets = 1;
	known_secrets[0] = (struct tn_known_secret){ ID, "TOKEN", F1, "s1" };
	known.n_secrets = 1;
	made = module_change(TN_MODULE_NONE, 0);
	assert_int_equal(made->secrets[0].kind, TN_SECRET_KEEP);
	known_secrets[0].fingerprint = F2;
	made = module_change(TN_MODULE_UPDATE, TN_PART_SECRETS);
	assert_int_equal(made->secrets[0].kind, TN_SECRET_CHANGE);
	known_secrets[0] = (struct tn_known_secret){ ID, "TOKEN", F1, "s0" };
	made = module_change(TN_MODULE_UPDATE, TN_PART_SECRETS);
	assert_int_equal(made->secrets[0].kind, TN_SECRET_FOREIGN);
	known.n_secrets = 0;
	made = module_change(TN_MODULE_UPDATE, TN_PART_SECRETS);
	assert_int_equal(made->secrets[0].kind, TN_SECRET_UNKNOWN);
	live.n_modules = 0;
	made = module_change(TN_MODULE_CREATE, TN_PART_CODE | TN_PART_SECRETS);
	assert_int_equal(made->secrets[0].kind, TN_SECRET_ADD);
}

static void
what_nobody_wants_is_ours_or_a_strangers(void **state TN_UNUSED)
{
	live.n_modules = 2;
	want.n_modules = 0;
	want_action.n_modules = 0;
	tn_diff_free(diff);
	diff = tn_diff_build(&want, &live, &known, &options);
	assert_int_equal(diff->n_gone_modules, 1);
	assert_string_equal(diff->gone_modules[0]->name, "greeter");
	assert_int_equal(diff->n_stranger_modules, 1);
	assert_string_equal(diff->stranger_modules[0]->name, "other");
}

/* "greeter other(kept)" */
static void
removes(const char *expected)
{
	TN_CLEANUP(tn_str_done) struct tn_str got = TN_STR_INIT;

	tn_diff_free(diff);
	diff = tn_diff_build(&want, &live, &known, &options);
	for (size_t i = 0; i < diff->n_module_removals; i++)
		tn_str_addf(&got, "%s%s%s", i == 0 ? "" : " ",
		    diff->module_removals[i].live->name,
		    diff->module_removals[i].kept != NULL ? "(kept)" : "");
	assert_string_equal(tn_str_text(&got), expected);
}

static void
the_mode_says_which_modules_go(void **state TN_UNUSED)
{
	static struct tn_owned others;

	live.n_modules = 2;
	live.n_actions = 0;
	want.n_modules = 0;
	want_action.n_modules = 0;
	want.delete_mode = TN_DELETE_NONE;
	removes("");
	want.delete_mode = TN_DELETE_MANAGED;
	removes("greeter");
	assert_int_equal(diff->n_module_needs, 1);
	assert_string_equal(diff->module_needs[0].id, ID);
	want.delete_mode = TN_DELETE_ALL;
	removes("greeter other");
	/* Never another project's. */
	others = (struct tn_owned){ "other", "m-2" };
	known.others = &others;
	known.n_others = 1;
	removes("greeter");
	/* Nothing is said about modules. */
	want.actions_only = true;
	removes("");
	want.actions_only = false;
	want.partial = true;
	removes("");
}

static void
a_module_in_use_stays(void **state TN_UNUSED)
{
	want.delete_mode = TN_DELETE_MANAGED;
	want.n_modules = 0;
	want.n_actions = 0;
	known.n_owned = 0;
	/* By somebody else's action: what runs, and the draft alone. */
	removes("greeter(kept)");
	assert_non_null(strstr(diff->module_removals[0].kept, "enrich"));
	assert_true(tn_diff_empty(diff));
	action.live.content.n_modules = 0;
	removes("greeter(kept)");
	action.draft.n_modules = 0;
	removes("greeter");
	assert_false(tn_diff_empty(diff));
	/* By what the files want: pinned, as it is not theirs. */
	want.n_actions = 1;
	live.n_actions = 0;
	uses[0].version = 2;
	removes("greeter(kept)");
}

static void
what_is_changed_or_deleted_uses_it_no_more(void **state TN_UNUSED)
{
	want.delete_mode = TN_DELETE_MANAGED;
	want.n_modules = 0;
	want_action.n_modules = 0;
	removes("greeter");
	assert_int_equal(diff->changes[0].kind, TN_CHANGE_UPDATE);
	want.n_actions = 0;
	removes("greeter");
	assert_int_equal(diff->n_removals, 1);
	/* Bound where the files do not look: the action stays, and so does the module. */
	{
		const struct tn_binding bound = { .action_id = "a-1",
			.action_name = "enrich" };
		struct tn_flow flow = { "post-login", &bound, 1 };

		live.flows = &flow;
		live.n_flows = 1;
		removes("greeter(kept)");
	}
}

static void
files_without_anything_delete_no_module_unasked(void **state TN_UNUSED)
{
	want.delete_mode = TN_DELETE_MANAGED;
	want.n_actions = 0;
	live.n_actions = 0;
	removes("");
	assert_false(tn_diff_removes_all(diff));
	want.n_modules = 0;
	removes("greeter");
	assert_true(tn_diff_removes_all(diff));
	want.n_actions = 1;
	want_action.n_modules = 0;
	removes("greeter");
	assert_false(tn_diff_removes_all(diff));
}

/* --- Uses ------------------------------------------------------------------------- */

static const struct tn_module_ref *
ref_of(const struct tn_change *made, size_t at)
{
	assert_true(at < made->want->content.n_modules);
	return &made->want->content.modules[at];
}

static void
a_module_that_changes_changes_who_uses_it(void **state TN_UNUSED)
{
	const struct tn_module_ref *ref;

	wanted.content.code = "new";
	ref = ref_of(action_change(TN_CHANGE_UPDATE, TN_PART_MODULES), 0);
	assert_string_equal(ref->name, "greeter");
	assert_int_equal(ref->number, 0);
	assert_string_equal(ref->module_id, ID);
	assert_null(ref->version_id);
	live.n_modules = 0;
	ref = ref_of(action_change(TN_CHANGE_UPDATE, TN_PART_MODULES), 0);
	assert_null(ref->module_id);
}

static void
an_older_version_in_use_is_brought_up(void **state TN_UNUSED)
{
	const struct tn_module_ref *ref;

	refs[0].number = 1;
	refs[0].version_id = "v-1";
	ref = ref_of(action_change(TN_CHANGE_UPDATE, TN_PART_MODULES), 0);
	assert_int_equal(ref->number, 2);
	assert_null(ref->version_id);
	assert_int_equal(diff->n_module_needs, 1);
	assert_need(0, ID, false);
	know_latest("code");
	ref = ref_of(action_change(TN_CHANGE_UPDATE, TN_PART_MODULES), 0);
	assert_string_equal(ref->version_id, "v-2");
	assert_int_equal(diff->n_module_needs, 0);
}

/* The id of a version that some action uses needs no call. */
static void
ids_in_use_are_known(void **state TN_UNUSED)
{
	want_action.content.code = "y";
	assert_string_equal(
	    ref_of(action_change(TN_CHANGE_UPDATE, TN_PART_CODE), 0)->version_id, "v-2");
	assert_int_equal(diff->n_module_needs, 0);
}

static void
what_the_files_do_not_use_is_taken_out(void **state TN_UNUSED)
{
	want_action.n_modules = 0;
	action_change(TN_CHANGE_UPDATE, TN_PART_MODULES);
	want_action.unstated = TN_PART_MODULES;
	assert_int_equal(action_change(TN_CHANGE_NONE, 0)->want->content.n_modules, 1);
}

static void
a_pin_takes_the_version_that_it_names(void **state TN_UNUSED)
{
	const struct tn_change *made;

	live.n_modules = 2;
	uses[0] = (struct tn_want_use){ .name = "other", .version = 3 };
	made = action_change(TN_CHANGE_UPDATE, TN_PART_MODULES);
	assert_int_equal(ref_of(made, 0)->number, 3);
	assert_int_equal(diff->n_module_needs, 1);
	assert_need(0, "m-2", true);
	versions[0] = (struct tn_version){ .id = "o-3", .number = 3 };
	modules[1].has_versions = true;
	modules[1].versions = versions;
	modules[1].n_versions = 1;
	made = action_change(TN_CHANGE_UPDATE, TN_PART_MODULES);
	assert_string_equal(ref_of(made, 0)->version_id, "o-3");
	assert_int_equal(diff->n_module_needs, 0);
	versions[0].number = 4;
	made = action_change(TN_CHANGE_BLOCKED, 0);
	assert_non_null(strstr(made->reason, "version 3"));
	live.n_modules = 1;
	made = action_change(TN_CHANGE_BLOCKED, 0);
	assert_non_null(strstr(made->reason, "none of that name"));
}

static void
a_pin_that_is_in_use_is_no_change(void **state TN_UNUSED)
{
	live.n_modules = 2;
	want.n_modules = 0;
	uses[0] = (struct tn_want_use){ .name = "greeter", .version = 2 };
	action_change(TN_CHANGE_NONE, 0);
	assert_int_equal(diff->n_module_needs, 0);
}

static void
a_new_action_is_created_with_its_modules(void **state TN_UNUSED)
{
	live.n_actions = 0;
	assert_string_equal(
	    ref_of(action_change(TN_CHANGE_CREATE, TN_PART_CODE | TN_PART_MODULES), 0)
		->module_id,
	    ID);
	assert_need(0, ID, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_published_as_wanted_is_no_change),
		TEST(a_module_that_is_not_there_is_created),
		TEST(another_content_is_an_update),
		TEST(a_draft_that_is_wanted_is_published),
		TEST(a_foreign_draft_is_overwritten_only_when_told),
		TEST(an_own_draft_without_versions_is_ours_to_change),
		TEST(a_waiting_draft_is_left_alone_when_the_version_is_wanted),
		TEST(nobodys_is_adopted_and_anothers_is_left),
		TEST(secrets_are_compared_by_what_we_know),
		TEST(what_nobody_wants_is_ours_or_a_strangers),
		TEST(the_mode_says_which_modules_go),
		TEST(a_module_in_use_stays),
		TEST(what_is_changed_or_deleted_uses_it_no_more),
		TEST(files_without_anything_delete_no_module_unasked),
		TEST(a_module_that_changes_changes_who_uses_it),
		TEST(an_older_version_in_use_is_brought_up),
		TEST(ids_in_use_are_known),
		TEST(what_the_files_do_not_use_is_taken_out),
		TEST(a_pin_takes_the_version_that_it_names),
		TEST(a_pin_that_is_in_use_is_no_change),
		TEST(a_new_action_is_created_with_its_modules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
