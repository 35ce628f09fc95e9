/*
 * Whoever may write to the tenant chooses names, codes and times there: none of that may
 * move the cursor, turn the direction of reading or pass for a line of ours.
 */
#include "sheet.h"

#include "base/text.h"

static struct sheet sheet;

/* Clears the screen, turns the direction, and writes a line that looks like ours. */
#define EVIL "x\x1b[2J\xe2\x80\xae\r\nApplied: 1 step, verified."

static int
setup(void **state TN_UNUSED)
{
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	sheet_done(&sheet);
	return 0;
}

/* No control character but newlines, and no line that begins as only ours may. */
static void
is_tame(const char *text)
{
	for (const char *at = text; *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at;

		if ((c < 0x20 && c != '\n') || c == 0x7f)
			fail_msg("\\x%02x in:\n%s", c, text);
	}
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_null(strstr(text, "\nApplied:"));
	assert_true(tn_utf8_valid(tn_span(text)));
}

static struct tn_change *
evil_change(enum tn_change_kind kind, const char *want, const char *live)
{
	struct tn_change *change = sheet_change(&sheet, kind, EVIL, want, live);

	sheet_secret(&sheet, change, TN_SECRET_FOREIGN, EVIL);
	if (live != NULL) {
		struct tn_live_action *there =
		    (struct tn_live_action *)(uintptr_t)change->live;

		there->updated_at = EVIL;
		there->live.created_at = EVIL;
		there->live.content.runtime = EVIL;
		there->draft.runtime = EVIL;
		change->parts |= TN_PART_RUNTIME;
	}
	return change;
}

static void
evil_flow(void)
{
	struct tn_flow_change *flow = sheet_flow(&sheet, "a", "a b");
	struct tn_binding *bindings =
	    (struct tn_binding *)(uintptr_t)flow->before.bindings;

	bindings[0].action_name = EVIL;
	bindings[0].display_name = "y" EVIL;
	bindings[0].installed = true;
}

/* Of what the tenant says; what the files say has passed the schema, but for code. */
static void
check_all(enum tn_command command)
{
	struct tn_change *change;

	sheet_init(&sheet, command);
	change = evil_change(TN_CHANGE_NONE, "1\n", "1\n");
	change->adopt = true;
	change->foreign_draft = true;
	evil_change(TN_CHANGE_UPDATE, "1\n", EVIL "\n");
	change = evil_change(TN_CHANGE_BLOCKED, EVIL, "1\n");
	change->reason = EVIL;
	change->hint = EVIL;
	evil_flow();
	sheet.flows[0].differs = true;
	sheet.gone[sheet.diff.n_gone++] = change->live;
	sheet.strangers[sheet.diff.n_strangers++] = change->live;
	tn_diags_hint(sheet.diags,
	    tn_diags_error(sheet.diags, "odd", (struct tn_mark){ EVIL, 1, 1 }, EVIL),
	    EVIL);
	sheet_fail(&sheet, TN_EXIT_ERROR, TN_E_CONFLICT, EVIL, EVIL);
	sheet.result.base_url = EVIL;
	is_tame(sheet_text(&sheet));
	sheet_json(&sheet);
	/* JSON has its own way to say it: nothing is lost, and nothing is raw. */
	for (const char *at = tn_str_text(&sheet.json); *at != '\0'; at++)
		assert_true((unsigned char)*at >= 0x20 || *at == '\n');
}

static void
a_plan_is_tame(void **state TN_UNUSED)
{
	check_all(TN_COMMAND_PLAN);
	text_has(&sheet, "x\\x1b[2J");
}

static void
a_drift_is_tame(void **state TN_UNUSED)
{
	check_all(TN_COMMAND_DRIFT);
	text_has(&sheet, "x\\x1b[2J");
}

static void
a_name_with_a_newline_is_one_entry_of_a_flow(void **state TN_UNUSED)
{
	sheet_init(&sheet, TN_COMMAND_PLAN);
	evil_flow();
	sheet.flows[0].differs = true;
	text_has(&sheet,
	    "        - x\\x1b[2J\\u{202e}\\x0d\\x0aApplied: 1 step, verified. (shown as "
	    "\"yx\\x1b[2J\\u{202e}\\x0d\\x0aApplied: 1 step, verified.\") [marketplace]\n");
	is_tame(tn_str_text(&sheet.text));
}

static void
what_is_stuck_is_tame(void **state TN_UNUSED)
{
	sheet_init(&sheet, TN_COMMAND_APPLY);
	sheet_change(&sheet, TN_CHANGE_CREATE, EVIL, "1\n", NULL);
	sheet_plan(&sheet);
	sheet_apply(&sheet, TN_NOT_PUT_BACK, TN_STEP_STUCK);
	tn_error_set(&sheet.stuck, TN_E_CONFLICT, EVIL);
	tn_error_hint(&sheet.stuck, EVIL);
	sheet.steps[0].stuck = &sheet.stuck;
	is_tame(sheet_text(&sheet));
	sheet.result.recovery = &sheet.applied;
	is_tame(sheet_text(&sheet));
	sheet_json(&sheet);
}

static const struct tn_content evil_content = { .code = EVIL "\n",
	.runtime = EVIL,
	.dependencies = &(struct tn_dependency){ .name = EVIL, .version = EVIL },
	.n_dependencies = 1,
	.secrets = &(struct tn_secret_ref){ .name = EVIL, .updated_at = EVIL },
	.n_secrets = 1 };

/* A state that somebody else has written. */
static struct tn_past_run
evil_run(struct tn_past_object *object)
{
	*object = (struct tn_past_object){ .kind = "action",
		.name = EVIL,
		.id = EVIL,
		.what = EVIL,
		.state = "stuck",
		.version_after = 2 };
	return (struct tn_past_run){ .run_id = EVIL,
		.tenant = EVIL,
		.project = EVIL,
		.facts = { .command = EVIL,
		    .who = EVIL,
		    .source = EVIL,
		    .commit = "ab\x1b[2J",
		    .digest = EVIL,
		    .target = EVIL,
		    .hold = "ab\x1b[2J" },
		.begun_ns = 1,
		.ended_ns = 2,
		.outcome = "applied",
		.objects = object,
		.n_objects = 1 };
}

static void
the_list_of_runs_is_tame(void **state TN_UNUSED)
{
	struct tn_past_object object;
	const struct tn_past_run run = evil_run(&object);
	const struct tn_history history = { .runs = &run, .n_runs = 1, .more = true };

	sheet_init(&sheet, TN_COMMAND_HISTORY);
	sheet.result.history = &history;
	is_tame(sheet_text(&sheet));
	text_has(&sheet, "put commit ab\\x1b[2J on hold\n");
}

static void
what_is_shown_is_tame(void **state TN_UNUSED)
{
	struct tn_past_object object;
	const struct tn_past_run run = evil_run(&object);
	const struct tn_content before = { .code = "1\n" };
	const struct tn_shown_object shown_object = { .object = &object,
		.before = &before,
		.after = &evil_content };
	const struct tn_version version = { .id = EVIL, .number = 1, .created_at = EVIL };
	const struct tn_shown_version shown_version = { &version, &run };
	const struct tn_live_action action = { .id = EVIL,
		.name = EVIL,
		.trigger = { EVIL, EVIL },
		.updated_at = EVIL,
		.draft = evil_content,
		.has_live = true,
		.live = version };
	const struct tn_shown of_run = { .run = &run,
		.objects = &shown_object,
		.n_objects = 1 };
	const struct tn_shown of_action = { .run = &run,
		.action = &action,
		.versions = &shown_version,
		.n_versions = 1 };

	sheet_init(&sheet, TN_COMMAND_SHOW);
	sheet.result.shown = &of_run;
	is_tame(sheet_text(&sheet));
	text_has(&sheet, "and could not be put back, version 2\n");
	sheet.result.shown = &of_action;
	is_tame(sheet_text(&sheet));
}

static void
a_rollback_is_tame(void **state TN_UNUSED)
{
	static const char *const remark = EVIL;
	const struct tn_hold hold = { "abcd", EVIL, 1 };

	sheet_init(&sheet, TN_COMMAND_ROLLBACK);
	sheet_change(&sheet, TN_CHANGE_UPDATE, "a", "1\n", "2\n");
	sheet_plan(&sheet);
	sheet.result.target = EVIL;
	sheet.result.hold = &hold;
	sheet.result.no_hold = "it is not known";
	sheet.result.remarks = &remark;
	sheet.result.n_remarks = 1;
	is_tame(sheet_text(&sheet));
	sheet_json(&sheet);
	text_has(&sheet, "Cannot come back:\n  ! x\\x1b[2J");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_plan_is_tame),
		TEST(a_drift_is_tame),
		TEST(a_name_with_a_newline_is_one_entry_of_a_flow),
		TEST(what_is_stuck_is_tame),
		TEST(the_list_of_runs_is_tame),
		TEST(what_is_shown_is_tame),
		TEST(a_rollback_is_tame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
