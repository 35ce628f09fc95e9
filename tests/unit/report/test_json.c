/* What programs read: it parses, fits schemas/report.json, and says the same as the text.
 */
#include "sheet.h"

#include "base/secret.h"
#include "json/json.h"

static struct sheet sheet;

static int
teardown(void **state TN_UNUSED)
{
	sheet_done(&sheet);
	return 0;
}

static void
member_is(const struct tn_value *object, const char *key, const char *text)
{
	assert_string_equal(tn_value_get_text(object, key), text);
}

static void
number_is(const struct tn_value *object, const char *key, int64_t wanted)
{
	int64_t number;

	assert_true(tn_value_to_int(tn_value_get(object, key), &number));
	assert_int_equal(number, wanted);
}

static const struct tn_value *
item(const struct tn_value *object, const char *key, size_t i)
{
	const struct tn_value *value = tn_value_at(tn_value_get(object, key), i);

	assert_non_null(value);
	return value;
}

static void
every_report_says_what_it_is(void **state TN_UNUSED)
{
	static const char *const names[] = { "validate", "plan", "apply", "drift" };

	for (unsigned i = 0; i < TN_ARRAY_LEN(names); i++) {
		const struct tn_value *json;

		sheet_init(&sheet, (enum tn_command)i);
		json = sheet_json(&sheet);
		member_is(json, "format_version", "1.0");
		member_is(json, "command", names[i]);
		member_is(json, "run", "2026-06-01T00:00:00Z-abcdef");
		number_is(json, "exit_status", 0);
		if (i < 3)
			sheet_done(&sheet);
	}
}

static void
findings_have_all_their_parts(void **state TN_UNUSED)
{
	const struct tn_mark mark = { "tenon.yaml", 7, 3 };
	const struct tn_value *json, *finding;
	struct tn_diag *diag;

	sheet_init(&sheet, TN_COMMAND_VALIDATE);
	diag = tn_diags_error(sheet.diags, "unknown-key", mark, "unknown key");
	tn_diags_resource(sheet.diags, diag, "action/a");
	tn_diags_hint(sheet.diags, diag, "did you mean \"b\"?");
	tn_diags_warning(sheet.diags, "odd", (struct tn_mark){ 0 }, "odd");
	sheet.result.exit = TN_EXIT_ERROR;
	json = sheet_json(&sheet);
	number_is(json, "exit_status", 1);
	finding = item(json, "findings", 0);
	member_is(finding, "severity", "error");
	member_is(finding, "code", "unknown-key");
	member_is(finding, "file", "tenon.yaml");
	number_is(finding, "line", 7);
	number_is(finding, "column", 3);
	member_is(finding, "resource", "action/a");
	member_is(finding, "message", "unknown key");
	member_is(finding, "hint", "did you mean \"b\"?");
	member_is(item(json, "findings", 1), "severity", "warning");
	assert_null(tn_value_get(item(json, "findings", 1), "file"));
}

static void
a_plan_holds_changes_steps_and_digest(void **state TN_UNUSED)
{
	static const char *const kinds[] = { "none", "create", "update", "deploy",
		"rollback" };
	static const struct tn_version version = { .id = "v1", .number = 1 };
	const struct tn_value *json, *plan, *rights;

	sheet_init(&sheet, TN_COMMAND_PLAN);
	for (unsigned i = 0; i < TN_ARRAY_LEN(kinds); i++) {
		struct tn_change *change = sheet_change(&sheet, (enum tn_change_kind)i,
		    kinds[i], "1\n", i == TN_CHANGE_CREATE ? NULL : "2\n");

		if (i == TN_CHANGE_ROLLBACK)
			change->version = &version;
		sheet_secret(&sheet, change, TN_SECRET_LATER, "KEY");
	}
	sheet_flow(&sheet, "none", "create none");
	sheet_plan(&sheet);
	sheet.result.missing_rights = (struct tn_rights){ { "create:actions", "b" }, 2 };
	json = sheet_json(&sheet);
	for (unsigned i = 0; i < TN_ARRAY_LEN(kinds); i++) {
		member_is(item(json, "actions", i), "name", kinds[i]);
		member_is(item(json, "actions", i), "change", kinds[i]);
		member_is(item(item(json, "actions", i), "secrets", 0), "change",
		    "checked-at-apply");
	}
	member_is(item(json, "bindings", 0), "trigger", "post-login");
	assert_true(tn_value_get_bool(item(json, "bindings", 0), "differs", false));
	rights = tn_value_get(json, "missing_rights");
	assert_int_equal(tn_value_count(rights), 2);
	assert_string_equal(tn_value_text(tn_value_at(rights, 0)), "create:actions");
	plan = tn_value_get(json, "plan");
	member_is(plan, "digest", sheet.plan->digest);
	assert_int_equal(tn_value_count(tn_value_get(plan, "steps")),
	    sheet.plan->n_steps);
	number_is(tn_value_get(plan, "counts"), "create", 1);
	number_is(tn_value_get(json, "calls"), "all", 9);
}

static void
what_is_blocked_has_its_reason(void **state TN_UNUSED)
{
	const struct tn_value *json;
	struct tn_change *change;

	sheet_init(&sheet, TN_COMMAND_APPLY);
	change = sheet_change(&sheet, TN_CHANGE_BLOCKED, "a", "1\n", "2\n");
	change->reason = "because";
	change->hint = "do that";
	sheet_flow(&sheet, "a", "a")->blocked = "no external";
	sheet_fail(&sheet, TN_EXIT_ERROR, TN_E_CONFLICT, "blocked", "hint");
	json = sheet_json(&sheet);
	member_is(item(json, "actions", 0), "change", "blocked");
	member_is(item(json, "actions", 0), "reason", "because");
	member_is(item(json, "actions", 0), "hint", "do that");
	member_is(item(json, "bindings", 0), "reason", "no external");
	member_is(tn_value_get(json, "error"), "kind", "conflict");
	member_is(tn_value_get(json, "error"), "message", "blocked");
	assert_null(tn_value_get(json, "plan"));
}

static void
drift_has_both_sides(void **state TN_UNUSED)
{
	const struct tn_value *json, *action;
	struct tn_change *change;

	sheet_init(&sheet, TN_COMMAND_DRIFT);
	change = sheet_change(&sheet, TN_CHANGE_UPDATE, "a", "files\n", "live\n");
	change->foreign_draft = true;
	sheet.strangers[sheet.diff.n_strangers++] = change->live;
	sheet.gone[sheet.diff.n_gone++] = change->live;
	sheet.result.exit = TN_EXIT_CHANGES;
	json = sheet_json(&sheet);
	number_is(json, "exit_status", 2);
	action = item(json, "actions", 0);
	member_is(action, "live_code", "live\n");
	member_is(action, "wanted_code", "files\n");
	member_is(action, "draft_code", "live\n");
	member_is(action, "live_since", "2026-05-06T06:06:06.123Z");
	number_is(action, "live_version", 3);
	assert_string_equal(tn_value_text(item(json, "strangers", 0)), "a");
	assert_string_equal(tn_value_text(item(json, "not_in_files", 0)), "a");
}

static void
an_apply_has_its_outcome_and_its_steps(void **state TN_UNUSED)
{
	static const struct {
		enum tn_apply_outcome outcome;
		const char *word;
		enum tn_step_state state;
		const char *state_word;
	} rows[] = {
		{ TN_APPLIED, "applied", TN_STEP_DONE, "done" },
		{ TN_PUT_BACK, "put-back", TN_STEP_UNDONE, "undone" },
		{ TN_NOT_PUT_BACK, "not-put-back", TN_STEP_STUCK, "stuck" },
		{ TN_NOT_STARTED, "nothing-written", TN_STEP_PENDING, "pending" },
		{ TN_STOPPED, "stopped", TN_STEP_FAILED, "failed" },
	};

	sheet_init(&sheet, TN_COMMAND_APPLY);
	sheet_change(&sheet, TN_CHANGE_CREATE, "a", "1\n", NULL);
	sheet_plan(&sheet);
	tn_error_set(&sheet.stuck, TN_E_TRANSIENT, "no answer");
	sheet_fail(&sheet, TN_EXIT_NOT_PUT_BACK, TN_E_PLATFORM, "failed", "look");
	sheet.error.status = 503;
	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		const struct tn_value *json, *apply, *step, *cost;

		sheet.result.applied_calls = 6;
		sheet.result.applied_ns = 1600 * TN_MSEC;
		sheet.plan->calls = 7;
		sheet.plan->time_ns = 2 * TN_SEC;
		sheet_apply(&sheet, rows[i].outcome, rows[i].state);
		sheet.applied.error = &sheet.error;
		sheet.steps[0].error = &sheet.error;
		sheet.steps[0].stuck = &sheet.stuck;
		sheet.steps[0].version = 4;
		sheet.result.recovery = &sheet.applied;
		json = sheet_json(&sheet);
		apply = tn_value_get(json, "apply");
		member_is(apply, "outcome", rows[i].word);
		number_is(tn_value_get(apply, "error"), "http_status", 503);
		step = item(apply, "steps", 0);
		member_is(step, "kind", "create");
		member_is(step, "name", "a");
		member_is(step, "state", rows[i].state_word);
		member_is(step, "action_id", "id-1");
		number_is(step, "version", 4);
		member_is(tn_value_get(step, "not_put_back"), "message", "no answer");
		assert_true(tn_value_equal(apply, tn_value_get(json, "recovery")));
		cost = tn_value_get(json, "cost");
		number_is(tn_value_get(cost, "foreseen"), "calls", 7);
		number_is(tn_value_get(cost, "foreseen"), "time_ns", 2 * TN_SEC);
		number_is(tn_value_get(cost, "taken"), "calls", 6);
		number_is(tn_value_get(cost, "taken"), "time_ns", 1600 * TN_MSEC);
	}
}

static void
every_kind_of_error_fits(void **state TN_UNUSED)
{
	for (unsigned kind = TN_E_INPUT; kind < TN_E__COUNT; kind++) {
		const struct tn_value *json;

		sheet_init(&sheet, TN_COMMAND_PLAN);
		sheet_fail(&sheet, TN_EXIT_ERROR, (enum tn_error_kind)kind, "m", NULL);
		json = sheet_json(&sheet);
		member_is(tn_value_get(json, "error"), "kind",
		    tn_error_kind_name((enum tn_error_kind)kind));
		if (kind + 1 < TN_E__COUNT)
			sheet_done(&sheet);
	}
}

static void
what_the_files_name_is_counted(void **state TN_UNUSED)
{
	const struct tn_value *files;
	int64_t n;

	sheet_init(&sheet, TN_COMMAND_VALIDATE);
	sheet.result.counts = (struct tn_project_counts){ 2, 3, 4, 5 };
	files = tn_value_get(sheet_json(&sheet), "files");
	assert_true(tn_value_to_int(tn_value_get(files, "tenants"), &n) && n == 2);
	assert_true(tn_value_to_int(tn_value_get(files, "actions"), &n) && n == 3);
	assert_true(tn_value_to_int(tn_value_get(files, "modules"), &n) && n == 4);
	assert_true(tn_value_to_int(tn_value_get(files, "flows"), &n) && n == 5);
}

static void
what_is_not_known_is_left_out(void **state TN_UNUSED)
{
	static const char *const keys[] = { "project", "tenant", "base_url", "commit",
		"error", "plan", "apply", "recovery", "actions", "missing_rights",
		"interrupted_run", "files" };
	const struct tn_value *json;

	sheet_init(&sheet, TN_COMMAND_VALIDATE);
	sheet.result.project = NULL;
	json = sheet_json(&sheet);
	for (size_t i = 0; i < TN_ARRAY_LEN(keys); i++)
		assert_null(tn_value_get(json, keys[i]));
}

static void
the_same_result_gives_the_same_bytes(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str first = TN_STR_INIT;

	sheet_init(&sheet, TN_COMMAND_PLAN);
	sheet_change(&sheet, TN_CHANGE_UPDATE, "a", "1\n", "2\n");
	sheet_plan(&sheet);
	sheet.result.commit = "0123456789abcdef";
	sheet_json(&sheet);
	tn_str_add(&first, tn_str_text(&sheet.json));
	sheet_json(&sheet);
	assert_string_equal(tn_str_text(&sheet.json), tn_str_text(&first));
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

/* A value that is a word of JSON, or one of ours, is taken out of texts and nothing else.
 */
static void
a_secret_does_not_break_the_form(void **state TN_UNUSED)
{
	static const char *const values[] = { "false", "format_version", "null" };
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_value *json = NULL;

	for (size_t i = 0; i < TN_ARRAY_LEN(values); i++) {
		TN_CLEANUP(tn_secret_unrefp)
		struct tn_secret *secret = tn_secret_new(values[i], strlen(values[i]));

		tn_redactor_add(redactor, secret);
	}
	sheet_init(&sheet, TN_COMMAND_PLAN);
	sheet.result.source = "a false name";
	tn_report_json(&sheet.result, redactor, &text);
	assert_int_equal(tn_json_parse(sheet.arena, tn_str_span(&text), NULL, &json,
			     NULL),
	    0);
	member_is(json, "format_version", "1.0");
	member_is(json, "source", "a (secret) name");
	assert_true(tn_value_is(tn_value_get(json, "dirty"), TN_VALUE_BOOL));
}

/* A name on the command line may be any bytes. */
static void
text_that_is_no_utf8_does_not_break_the_form(void **state TN_UNUSED)
{
	const struct tn_value *json;

	sheet_init(&sheet, TN_COMMAND_VALIDATE);
	sheet.result.source = "/srv/caf\xe9/login";
	json = sheet_json(&sheet);
	member_is(json, "source", "/srv/caf\xef\xbf\xbd/login");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_report_says_what_it_is),
		TEST(findings_have_all_their_parts),
		TEST(a_plan_holds_changes_steps_and_digest),
		TEST(what_is_blocked_has_its_reason),
		TEST(drift_has_both_sides),
		TEST(an_apply_has_its_outcome_and_its_steps),
		TEST(every_kind_of_error_fits),
		TEST(what_the_files_name_is_counted),
		TEST(what_is_not_known_is_left_out),
		TEST(the_same_result_gives_the_same_bytes),
		TEST(a_secret_does_not_break_the_form),
		TEST(text_that_is_no_utf8_does_not_break_the_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
