/* What is in a saved plan, for people. */
#include "sheet.h"

static struct sheet sheet;

static int
teardown(void **state TN_UNUSED)
{
	sheet_done(&sheet);
	return 0;
}

/* The plan of the sheet goes through its file. */
static void
saved_is(const struct tn_plan_origin *origin, const char *before, const char *after)
{
	const struct tn_report_options options = { .colour = false };
	TN_CLEANUP(tn_saved_plan_freep) struct tn_saved_plan *saved = NULL;
	TN_CLEANUP(tn_str_done) struct tn_str file = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str expected = TN_STR_INIT;

	tn_saved_plan_write(sheet.plan, &sheet.diff, origin, &file);
	assert_int_equal(tn_saved_plan_read(tn_str_span(&file), &saved, NULL), 0);
	tn_report_saved(saved, &options, &text);
	tn_str_addf(&expected, "%s%s\n%s", before, sheet.plan->digest, after);
	assert_string_equal(tn_str_text(&text), tn_str_text(&expected));
}

static void
steps_and_what_cannot_be_undone(void **state TN_UNUSED)
{
	static const struct tn_plan_origin origin = { .run_id = "r",
		.made_at = "2026-05-04T03:02:01Z",
		.source = ".",
		.commit = "0123456789abcdef",
		.dirty = true,
		.overwrite_drafts = true };
	struct tn_change *change;

	sheet_init(&sheet, TN_COMMAND_PLAN);
	change = sheet_change(&sheet, TN_CHANGE_CREATE, "new\n", "1\n", NULL);
	sheet_secret(&sheet, change, TN_SECRET_LATER, "KEY");
	change = sheet_change(&sheet, TN_CHANGE_DEPLOY, "never ran", "1\n", "1\n");
	((struct tn_live_action *)(uintptr_t)change->live)->has_live = false;
	sheet_change(&sheet, TN_CHANGE_NONE, "theirs", "1\n", "1\n")->adopt = true;
	sheet_plan(&sheet);
	saved_is(&origin,
	    "acme on dev (https://acme.example)\n"
	    "The plan of 2026-05-04T03:02:01Z, commit 0123456789 with changes that are not "
	    "committed, digest ",
	    "  1 create new\\x0a\n"
	    "  2 deploy never ran\n"
	    "    adopt theirs\n"
	    "    secret KEY of action/new\\x0a: checked at apply\n"
	    "Cannot be undone:\n"
	    "  2 deploy never ran\n"
	    "      the action was never deployed, and the platform has no way to undeploy\n"
	    "Drafts that somebody else wrote may be overwritten.\n");
}

static void
nothing_to_do(void **state TN_UNUSED)
{
	static const struct tn_plan_origin origin = { .run_id = "r",
		.made_at = "now",
		.source = "." };

	sheet_init(&sheet, TN_COMMAND_PLAN);
	sheet_plan(&sheet);
	saved_is(&origin, "acme on dev (https://acme.example)\nThe plan of now, digest ",
	    "Nothing is written to the tenant, as far as was known.\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(steps_and_what_cannot_be_undone, teardown),
		cmocka_unit_test_teardown(nothing_to_do, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
