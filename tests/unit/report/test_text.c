/* What people read. */
#include "sheet.h"

#define HEADER "acme on dev (https://acme.example)\n"

static struct sheet sheet;

static int
setup_as(enum tn_command command)
{
	sheet_init(&sheet, command);
	return 0;
}

static int
setup_validate(void **state TN_UNUSED)
{
	return setup_as(TN_COMMAND_VALIDATE);
}

static int
setup_plan(void **state TN_UNUSED)
{
	return setup_as(TN_COMMAND_PLAN);
}

static int
setup_apply(void **state TN_UNUSED)
{
	return setup_as(TN_COMMAND_APPLY);
}

static int
setup_drift(void **state TN_UNUSED)
{
	return setup_as(TN_COMMAND_DRIFT);
}

static int
teardown(void **state TN_UNUSED)
{
	sheet_done(&sheet);
	return 0;
}

/* --- validate --- */

static void
valid_files_are_counted(void **state TN_UNUSED)
{
	sheet.result.counts.tenants = 1;
	sheet.result.counts.actions = 2;
	sheet.result.counts.flows = 3;
	text_is(&sheet, "acme\nValid: 1 tenant, 2 actions, 3 flows.\n");
}

static void
a_finding_has_place_resource_words_code_and_hint(void **state TN_UNUSED)
{
	const struct tn_mark mark = { "tenon.yaml", 7, 3 };
	struct tn_diag *diag = tn_diags_error(sheet.diags, "unknown-key", mark,
	    "unknown key \"runtme\"");

	tn_diags_resource(sheet.diags, diag, "action/a");
	tn_diags_hint(sheet.diags, diag, "did you mean \"runtime\"?");
	tn_diags_warning(sheet.diags, "odd", (struct tn_mark){ "b.js", 0, 0 }, "odd");
	sheet.result.exit = TN_EXIT_ERROR;
	text_is(&sheet,
	    "acme\n"
	    "tenon.yaml:7:3: error: action/a: unknown key \"runtme\" [unknown-key]\n"
	    "  → did you mean \"runtime\"?\n"
	    "b.js: warning: odd [odd]\n"
	    "1 error, 1 warning. This run wrote nothing.\n");
	tn_diags_error(sheet.diags, "other", (struct tn_mark){ 0 }, "no place");
	text_has(&sheet,
	    "\nerror: no place [other]\n2 errors, 1 warning. This run wrote nothing.\n");
}

/* --- plan --- */

static void
every_kind_of_change_has_its_lines(void **state TN_UNUSED)
{
	static const struct tn_version version = { .id = "v1", .number = 1 };
	struct tn_change *change;

	change = sheet_change(&sheet, TN_CHANGE_CREATE, "a-new", "1\n2\n", NULL);
	sheet_secret(&sheet, change, TN_SECRET_ADD, "KEY");
	change = sheet_change(&sheet, TN_CHANGE_UPDATE, "b-changed", "1\n3\n", "1\n2\n");
	sheet_secret(&sheet, change, TN_SECRET_KEEP, "SAME");
	sheet_secret(&sheet, change, TN_SECRET_CHANGE, "OTHER");
	sheet_secret(&sheet, change, TN_SECRET_REMOVE, "OLD");
	sheet_change(&sheet, TN_CHANGE_DEPLOY, "c-drafted", "2\n", "1\n");
	change = sheet_change(&sheet, TN_CHANGE_ROLLBACK, "d-back", "1\n", "2\n");
	change->version = &version;
	sheet_change(&sheet, TN_CHANGE_NONE, "e-same", "1\n", "1\n");
	change = sheet_change(&sheet, TN_CHANGE_NONE, "f-adopted", "1\n", "1\n");
	change->adopt = true;
	sheet_flow(&sheet, "b-changed c-drafted", "a-new b-changed");
	sheet.gone[sheet.diff.n_gone++] = sheet.changes[4].live;
	sheet_plan(&sheet);
	sheet_text(&sheet);
	assert_true(tn_text_starts(tn_str_text(&sheet.text),
	    HEADER
	    "  + action a-new  create for post-login@v3, node22, 2 lines of code\n"
	    "      + secret KEY (new)\n"
	    "  ~ action b-changed  update: code, secrets\n"
	    "      ~ secret OTHER (another value)\n"
	    "      - secret OLD (not wanted any more)\n"
	    "          1\n"
	    "        - 2\n"
	    "        + 3\n"
	    "  ~ action c-drafted  deploy the draft, which is what is wanted: code\n"
	    "        - 1\n"
	    "        + 2\n"
	    "  ~ action d-back  roll back to version 1, which is what is wanted: code\n"
	    "        - 2\n"
	    "        + 1\n"
	    "    action f-adopted  adopt as it is: nothing is written to the tenant\n"
	    "  ~ bindings post-login\n"
	    "        + a-new\n"
	    "          b-changed\n"
	    "        - c-drafted\n"
	    "    action e-same  not in the files any more: kept, it is not deleted\n"
	    "\nPlan: 1 to create, 1 to update, 1 to deploy, 1 to roll back, 1 binding to "
	    "set, 0 to delete. "));
	text_has(&sheet, " calls, about ");
	text_has(&sheet, "\nDigest: ");
	text_has(&sheet, sheet.plan->digest);
}

static void
nothing_to_do_is_one_line(void **state TN_UNUSED)
{
	sheet_change(&sheet, TN_CHANGE_NONE, "a", "1\n", "1\n");
	sheet_plan(&sheet);
	text_is(&sheet, HEADER "Nothing to do: the tenant is what the files say.\n");
}

static void
values_of_before_and_after_are_told(void **state TN_UNUSED)
{
	static const struct tn_dependency old[] = { { "axios", "1.7.1", NULL },
		{ "uuid", "9.0.0", NULL } };
	static const struct tn_dependency new[] = { { "axios", "1.7.2", NULL } };
	struct tn_change *change = sheet_change(&sheet, TN_CHANGE_UPDATE, "a", "1\n",
	    "1\n");
	struct tn_content *want =
	    &((struct tn_want_action *)(uintptr_t)change->want)->content;
	struct tn_live_action *live = (struct tn_live_action *)(uintptr_t)change->live;

	want->dependencies = new;
	want->n_dependencies = 1;
	live->live.content.dependencies = old;
	live->live.content.n_dependencies = 2;
	live->live.content.runtime = "node18-actions";
	change->parts = TN_PART_RUNTIME | TN_PART_DEPENDENCIES;
	sheet_plan(&sheet);
	text_has(&sheet,
	    "  ~ action a  update: runtime, dependencies\n"
	    "      ~ runtime node18-actions → node22\n"
	    "      + dependency axios@1.7.2\n"
	    "      - dependency axios@1.7.1\n"
	    "      - dependency uuid@9.0.0\n");
}

static void
what_is_blocked_says_why_and_what_to_do(void **state TN_UNUSED)
{
	struct tn_change *change = sheet_change(&sheet, TN_CHANGE_BLOCKED, "a", "2\n",
	    "1\n");
	struct tn_flow_change *flow = sheet_flow(&sheet, "a", "a");

	change->reason = "it has a draft that is not ours";
	change->hint = "deploy it";
	flow->blocked = "there is no \"x\"";
	sheet_fail(&sheet, TN_EXIT_ERROR, TN_E_CONFLICT, "some changes cannot be made",
	    "each says why");
	text_is(&sheet,
	    HEADER "  ! action a  cannot be changed: it has a draft that is not ours\n"
		   "      → deploy it\n"
		   "  ! bindings post-login  cannot be set: there is no \"x\"\n"
		   "Error: some changes cannot be made\n"
		   "  → each says why\n");
}

static void
what_cannot_be_undone_stands_before_the_summary(void **state TN_UNUSED)
{
	struct tn_change *change = sheet_change(&sheet, TN_CHANGE_DEPLOY, "a", "1\n",
	    "1\n");

	((struct tn_live_action *)(uintptr_t)change->live)->has_live = false;
	sheet_plan(&sheet);
	text_has(&sheet,
	    "\nCannot be undone:\n"
	    "  ! deploy of a: the action was never deployed, and the platform has no way "
	    "to undeploy\n"
	    "\nPlan: ");
}

static void
missing_rights_are_told_by_a_plan(void **state TN_UNUSED)
{
	sheet_change(&sheet, TN_CHANGE_CREATE, "a", "1\n", NULL);
	sheet_plan(&sheet);
	sheet.result.missing_rights = (struct tn_rights){ { "create:actions" }, 1 };
	text_has(&sheet,
	    "Applying would be refused: the credential lacks the right create:actions.\n");
	sheet.result.missing_rights = (struct tn_rights){ { "a", "b" }, 2 };
	text_has(&sheet, "lacks the rights a and b.\n");
	sheet.result.missing_rights = (struct tn_rights){ { "a", "b", "c" }, 3 };
	text_has(&sheet, "lacks the rights a, b and c.\n");
}

static void
an_interrupted_run_is_named(void **state TN_UNUSED)
{
	sheet_plan(&sheet);
	sheet.result.open_run = "run-7";
	text_has(&sheet, "Run run-7 is under way or was interrupted");
	text_has(&sheet, "The next apply mends it first.\n");
}

static void
the_commit_stands_in_the_header(void **state TN_UNUSED)
{
	sheet_plan(&sheet);
	sheet.result.commit = "0123456789abcdef0123456789abcdef01234567";
	text_has(&sheet, "(https://acme.example), commit 0123456789\n");
	sheet.result.dirty = true;
	text_has(&sheet, ", commit 0123456789 with changes that are not committed\n");
}

static void
a_secret_that_is_checked_later_is_told_of_what_is_unchanged(void **state TN_UNUSED)
{
	struct tn_change *change = sheet_change(&sheet, TN_CHANGE_NONE, "a", "1\n",
	    "1\n");

	sheet_secret(&sheet, change, TN_SECRET_LATER, "KEY");
	sheet_secret(&sheet, change, TN_SECRET_KEEP, "SAME");
	sheet_plan(&sheet);
	text_is(&sheet,
	    "acme on dev (https://acme.example)\n"
	    "    action a  as it is, unless a secret has another value\n"
	    "      ~ secret KEY (checked at apply)\n"
	    "Nothing to do as far as can be said: 1 secret is checked at apply.\n");
}

/* Whoever wrote the file of a plan says when it was made, and what is in it. */
static void
a_stale_plan_says_what_moved(void **state TN_UNUSED)
{
	static const struct tn_moved moved[] = {
		{ TN_MOVED_FILES, "action/a\n", "it is another one" },
		{ TN_MOVED_SECRET, "action/b", "the secret \x1b[2J has another value" },
	};
	static const struct tn_saved_plan saved = { .digest = "0123",
		.origin = { .run_id = "r",
		    .made_at = "noon\x1b",
		    .source = ".",
		    .commit = "\n0123456789" } };

	sheet.result.saved = &saved;
	sheet.result.moved = moved;
	sheet.result.n_moved = TN_ARRAY_LEN(moved);
	sheet_fail(&sheet, TN_EXIT_STALE, TN_E_CONFLICT, "the plan is stale",
	    "plan again");
	text_is(&sheet,
	    "acme on dev (https://acme.example)\n"
	    "The plan of noon\\x1b, commit \\x0a012345678, digest 0123\n"
	    "Moved since the plan was saved:\n"
	    "  ! files   action/a\\x0a: it is another one\n"
	    "  ! secret  action/b: the secret \\x1b[2J has another value\n"
	    "Error: the plan is stale\n"
	    "  → plan again\n");
}

/* --- drift --- */

static void
drift_says_what_somebody_did_and_since_when(void **state TN_UNUSED)
{
	struct tn_change *change = sheet_change(&sheet, TN_CHANGE_UPDATE, "a", "files\n",
	    "live\n");

	sheet_secret(&sheet, change, TN_SECRET_FOREIGN, "KEY");
	sheet_change(&sheet, TN_CHANGE_CREATE, "b", "1\n", NULL);
	change = sheet_change(&sheet, TN_CHANGE_NONE, "c", "1\n", "1\n");
	change->foreign_draft = true;
	((struct tn_live_action *)(uintptr_t)change->live)->draft.code = "half\n";
	sheet_flow(&sheet, "x a", "a");
	sheet.strangers[sheet.diff.n_strangers++] = sheet.changes[0].live;
	sheet.result.exit = TN_EXIT_CHANGES;
	sheet_text(&sheet);
	assert_true(tn_text_starts(tn_str_text(&sheet.text),
	    HEADER
	    "  ~ action a  runs version 3, which is not what the files say, since "
	    "2026-05-06T06:06:06Z\n"
	    "        - files\n"
	    "        + live\n"
	    "      secret KEY was written by somebody else\n"
	    "  ~ action b  is not in the tenant\n"
	    "  ~ action c  has a draft that is neither what runs nor what the files say, "
	    "since 2026-05-05T05:05:05Z\n"
	    "        - 1\n"
	    "        + half\n"
	    "  ~ bindings post-login  are not bound as the files say\n"
	    "        + x\n"
	    "          a\n"
	    "\nDrift: "));
	text_has(&sheet, "\nOther people's actions, left alone (1): a\n");
}

static void
no_drift_is_one_line(void **state TN_UNUSED)
{
	sheet_change(&sheet, TN_CHANGE_NONE, "a", "1\n", "1\n");
	sheet_flow(&sheet, "a", "a");
	text_is(&sheet, HEADER "No drift: the tenant is what the files say.\n");
}

/* --- apply --- */

static void
applied_is_counted(void **state TN_UNUSED)
{
	sheet_change(&sheet, TN_CHANGE_CREATE, "a", "1\n", NULL);
	sheet_change(&sheet, TN_CHANGE_CREATE, "b", "1\n", NULL);
	sheet_plan(&sheet);
	sheet_apply(&sheet, TN_APPLIED, TN_STEP_DONE);
	sheet.plan_shown = true;
	sheet.result.applied_calls = 6;
	sheet.result.applied_ns = 1600 * TN_MSEC;
	sheet.plan->calls = 7;
	sheet.plan->time_ns = 2 * TN_SEC;
	text_is(&sheet,
	    "Applied: 2 steps, verified. 9 calls, 3 of them writes, 2 s.\n"
	    "Of these the apply took 6 calls and 2 s; the plan foresaw 7 and 2 s.\n");
}

static void
adopted_alone_wrote_nothing(void **state TN_UNUSED)
{
	sheet_plan(&sheet);
	sheet_apply(&sheet, TN_APPLIED, TN_STEP_DONE);
	text_has(&sheet, "Recorded as ours; nothing was written to the tenant.\n");
}

static void
put_back_names_what_failed_first(void **state TN_UNUSED)
{
	sheet_change(&sheet, TN_CHANGE_CREATE, "a", "1\n", NULL);
	sheet_plan(&sheet);
	sheet_apply(&sheet, TN_PUT_BACK, TN_STEP_UNDONE);
	sheet_fail(&sheet, TN_EXIT_PUT_BACK, TN_E_PLATFORM, "the build failed", "look");
	sheet.plan_shown = true;
	text_is(&sheet,
	    "Error: the build failed\n"
	    "  → look\n"
	    "The apply failed, and everything was put back: the tenant is as it was "
	    "before.\n");
}

static void
not_put_back_names_what_remains_and_what_to_do(void **state TN_UNUSED)
{
	sheet_change(&sheet, TN_CHANGE_CREATE, "a", "1\n", NULL);
	sheet_change(&sheet, TN_CHANGE_CREATE, "b", "1\n", NULL);
	sheet_plan(&sheet);
	sheet_apply(&sheet, TN_NOT_PUT_BACK, TN_STEP_UNDONE);
	sheet_fail(&sheet, TN_EXIT_NOT_PUT_BACK, TN_E_PLATFORM, "the build failed", NULL);
	tn_error_set(&sheet.stuck, TN_E_TRANSIENT, "no answer");
	tn_error_hint(&sheet.stuck, "delete it by hand");
	sheet.steps[1].state = TN_STEP_STUCK;
	sheet.steps[1].stuck = &sheet.stuck;
	sheet.plan_shown = true;
	text_is(&sheet,
	    "Error: the build failed\n"
	    "The apply failed, and this could not be put back:\n"
	    "  ! create of b: no answer\n"
	    "      → delete it by hand\n");
}

static void
not_started_wrote_nothing(void **state TN_UNUSED)
{
	sheet_change(&sheet, TN_CHANGE_CREATE, "a", "1\n", NULL);
	sheet_plan(&sheet);
	sheet_apply(&sheet, TN_NOT_STARTED, TN_STEP_PENDING);
	sheet_fail(&sheet, TN_EXIT_ERROR, TN_E_SYSTEM, "the disk is full", NULL);
	text_has(&sheet,
	    "Error: the disk is full\nThis run wrote nothing to the tenant.\n");
}

static void
declined_wrote_nothing(void **state TN_UNUSED)
{
	sheet_plan(&sheet);
	sheet.result.declined = true;
	text_has(&sheet, "Declined: this run wrote nothing.\n");
}

static void
a_recovery_is_told_by_its_outcome(void **state TN_UNUSED)
{
	static const struct {
		enum tn_apply_outcome outcome;
		const char *words;
	} rows[] = {
		{ TN_APPLIED, "had done everything but deleting" },
		{ TN_PUT_BACK, "A run was interrupted: 1 of its steps were put back" },
		{ TN_NOT_STARTED, "A run was interrupted before it wrote anything.\n" },
		{ TN_NOT_PUT_BACK, "not everything of it could be put back:\n" },
		{ TN_STOPPED,
		    "left where it failed was interrupted then: 0 of its 1 steps" },
	};

	sheet_change(&sheet, TN_CHANGE_CREATE, "a", "1\n", NULL);
	sheet_plan(&sheet);
	sheet_apply(&sheet, TN_APPLIED, TN_STEP_UNDONE);
	sheet.result.applied = NULL;
	sheet.result.recovery = &sheet.applied;
	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		sheet.applied.outcome = rows[i].outcome;
		text_has(&sheet, rows[i].words);
	}
	sheet_apply(&sheet, TN_APPLIED, TN_STEP_DONE);
	sheet.result.applied = NULL;
	text_has(&sheet, "had done everything: it is finished now.\n");
}

static void
progress_tells_the_moves_that_matter(void **state TN_UNUSED)
{
	const struct tn_step step = { .number = 3,
		.kind = TN_STEP_DEPLOY,
		.name = "a\x1b[2J" };
	const struct tn_report_options options = { .colour = false };
	static const char *const wanted[TN_STEP_STATE__COUNT] = {
		[TN_STEP_INFLIGHT] = "  3 deploy a\\x1b[2J: …\n",
		[TN_STEP_DONE] = "  3 deploy a\\x1b[2J: done\n",
		[TN_STEP_FAILED] = "  3 deploy a\\x1b[2J: failed\n",
		[TN_STEP_UNDONE] = "  3 deploy a\\x1b[2J: put back\n",
		[TN_STEP_STUCK] = "  3 deploy a\\x1b[2J: could not be put back\n",
	};

	for (unsigned i = 0; i < TN_STEP_STATE__COUNT; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str line = TN_STR_INIT;

		tn_report_progress(&step, (enum tn_step_state)i, &options, &line);
		assert_string_equal(tn_str_text(&line),
		    wanted[i] == NULL ? "" : wanted[i]);
	}
}

/* --- colours --- */

static void
colours_are_there_when_asked_for_and_change_nothing_else(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str bare = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str plain = TN_STR_INIT;

	sheet_change(&sheet, TN_CHANGE_CREATE, "a", "1\n", NULL);
	sheet_change(&sheet, TN_CHANGE_UPDATE, "b", "1\n", "2\n");
	sheet_plan(&sheet);
	tn_str_add(&plain, sheet_text(&sheet));
	assert_null(strchr(tn_str_text(&plain), '\x1b'));
	sheet.colour = true;
	sheet_text(&sheet);
	text_has(&sheet, "\x1b[32m+\x1b[0m action a");
	text_has(&sheet, "\x1b[33m~\x1b[0m action b");
	text_has(&sheet, "\x1b[31m-\x1b[0m 2");
	text_has(&sheet, "\x1b[1mPlan:\x1b[0m");
	for (const char *at = sheet_text(&sheet); *at != '\0'; at++) {
		if (*at == '\x1b')
			at = strchr(at, 'm');
		else
			tn_str_add_char(&bare, *at);
	}
	assert_string_equal(tn_str_text(&bare), tn_str_text(&plain));
}

static void
the_same_result_gives_the_same_bytes(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str first = TN_STR_INIT;

	sheet_change(&sheet, TN_CHANGE_UPDATE, "b", "1\n", "2\n");
	sheet_flow(&sheet, "a b", "b a");
	sheet_plan(&sheet);
	tn_str_add(&first, sheet_text(&sheet));
	assert_string_equal(sheet_text(&sheet), tn_str_text(&first));
}

#define TEST(name, kind) cmocka_unit_test_setup_teardown(name, setup_##kind, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(valid_files_are_counted, validate),
		TEST(a_finding_has_place_resource_words_code_and_hint, validate),
		TEST(every_kind_of_change_has_its_lines, plan),
		TEST(nothing_to_do_is_one_line, plan),
		TEST(values_of_before_and_after_are_told, plan),
		TEST(what_is_blocked_says_why_and_what_to_do, plan),
		TEST(what_cannot_be_undone_stands_before_the_summary, plan),
		TEST(missing_rights_are_told_by_a_plan, plan),
		TEST(an_interrupted_run_is_named, plan),
		TEST(the_commit_stands_in_the_header, plan),
		TEST(a_secret_that_is_checked_later_is_told_of_what_is_unchanged, plan),
		TEST(a_stale_plan_says_what_moved, plan),
		TEST(drift_says_what_somebody_did_and_since_when, drift),
		TEST(no_drift_is_one_line, drift),
		TEST(applied_is_counted, apply),
		TEST(adopted_alone_wrote_nothing, apply),
		TEST(put_back_names_what_failed_first, apply),
		TEST(not_put_back_names_what_remains_and_what_to_do, apply),
		TEST(not_started_wrote_nothing, apply),
		TEST(declined_wrote_nothing, apply),
		TEST(a_recovery_is_told_by_its_outcome, apply),
		TEST(progress_tells_the_moves_that_matter, apply),
		TEST(colours_are_there_when_asked_for_and_change_nothing_else, plan),
		TEST(the_same_result_gives_the_same_bytes, plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
