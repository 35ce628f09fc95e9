#include "sheet.h"

#include "base/file.h"
#include "base/mem.h"
#include "json/json.h"
#include "schema/schema.h"

void
sheet_init(struct sheet *sheet, enum tn_command command)
{
	memset(sheet, 0, sizeof(*sheet));
	sheet->arena = tn_arena_new();
	sheet->diags = tn_diags_new();
	sheet->diff = (struct tn_diff){ .changes = sheet->changes,
		.flows = sheet->flows,
		.gone = sheet->gone,
		.strangers = sheet->strangers };
	sheet->result = (struct tn_run_result){
		.command = command,
		.run_id = "2026-06-01T00:00:00Z-abcdef",
		.project = "acme",
		.source = ".",
		.diags = sheet->diags,
		.started_unix = INT64_C(1780272000) * TN_SEC,
		.ended_unix = INT64_C(1780272002) * TN_SEC,
	};
	if (command == TN_COMMAND_VALIDATE)
		return;
	sheet->result.tenant = "dev";
	sheet->result.base_url = "https://acme.example";
	sheet->result.diff = &sheet->diff;
	sheet->result.calls = 9;
	sheet->result.writes = 3;
	sheet->result.retries = 1;
}

void
sheet_done(struct sheet *sheet)
{
	tn_plan_free(sheet->plan);
	tn_diags_free(sheet->diags);
	tn_error_done(&sheet->error);
	tn_error_done(&sheet->stuck);
	tn_str_done(&sheet->text);
	tn_str_done(&sheet->json);
	tn_arena_free(sheet->arena);
}

static struct tn_live_action *
new_live(struct sheet *sheet, const char *name, const char *code)
{
	struct tn_live_action *live = tn_arena_new_object(sheet->arena,
	    struct tn_live_action);

	*live = (struct tn_live_action){
		.id = tn_arena_printf(sheet->arena, "id-%s", name),
		.name = name,
		.trigger = { "post-login", "v3" },
		.updated_at = "2026-05-05T05:05:05.123Z",
		.build = TN_BUILD_BUILT,
		.draft = { .code = code, .runtime = "node22" },
		.has_live = true,
		.live = { .id = "v3",
		    .number = 3,
		    .created_at = "2026-05-06T06:06:06.123Z",
		    .deployed = true,
		    .built = true,
		    .content = { .code = code, .runtime = "node22" } },
	};
	return live;
}

struct tn_change *
sheet_change(struct sheet *sheet, enum tn_change_kind kind, const char *name,
    const char *want, const char *live)
{
	struct tn_want_action *wanted = tn_arena_new_object(sheet->arena,
	    struct tn_want_action);
	struct tn_change *change = &sheet->changes[sheet->diff.n_changes++];

	assert_true(sheet->diff.n_changes <= SHEET_MOST);
	*wanted = (struct tn_want_action){ .name = name,
		.trigger = { "post-login", "v3" },
		.content = { .code = want, .runtime = "node22" } };
	*change = (struct tn_change){ .kind = kind, .want = wanted };
	if (live != NULL)
		change->live = new_live(sheet, name, live);
	if (live == NULL || strcmp(want, live) != 0)
		change->parts = TN_PART_CODE;
	return change;
}

void
sheet_secret(struct sheet *sheet, struct tn_change *change,
    enum tn_secret_change_kind kind, const char *name)
{
	struct tn_secret_change *all = tn_arena_array(sheet->arena, change->n_secrets + 1,
	    struct tn_secret_change);

	for (size_t i = 0; i < change->n_secrets; i++)
		all[i] = change->secrets[i];
	all[change->n_secrets++] = (struct tn_secret_change){ .kind = kind,
		.name = name };
	change->secrets = all;
	change->parts |= TN_PART_SECRETS;
}

static struct tn_flow
flow_of(struct sheet *sheet, const char *names)
{
	struct tn_binding *bindings = tn_arena_array(sheet->arena, SHEET_MOST,
	    struct tn_binding);
	size_t n = 0;

	while (*names != '\0') {
		size_t len = strcspn(names, " ");

		assert_true(n < SHEET_MOST);
		bindings[n++].action_name = tn_arena_bytes(sheet->arena, names, len);
		names += len + strspn(names + len, " ");
	}
	return (struct tn_flow){ "post-login", bindings, n };
}

struct tn_flow_change *
sheet_flow(struct sheet *sheet, const char *before, const char *after)
{
	struct tn_flow_change *flow = &sheet->flows[sheet->diff.n_flows++];

	*flow = (struct tn_flow_change){ .trigger = "post-login",
		.before = flow_of(sheet, before),
		.after = flow_of(sheet, after) };
	flow->differs = !tn_flow_equal(&flow->before, &flow->after);
	return flow;
}

void
sheet_plan(struct sheet *sheet)
{
	const struct tn_plan_input input = { .tenant = "dev",
		.provider = "auth0",
		.base_url = "https://acme.example",
		.project = "acme",
		.diff = &sheet->diff };

	sheet->plan = tn_plan_build(&input);
	sheet->result.plan = sheet->plan;
}

void
sheet_apply(struct sheet *sheet, enum tn_apply_outcome outcome, enum tn_step_state state)
{
	assert_true(sheet->plan->n_steps <= SHEET_MOST);
	for (size_t i = 0; i < sheet->plan->n_steps; i++)
		sheet->steps[i] = (struct tn_step_report){ .step = &sheet->plan->steps[i],
			.state = state,
			.action_id = "id-1" };
	sheet->applied = (struct tn_apply_report){ .outcome = outcome,
		.steps = sheet->steps,
		.n_steps = sheet->plan->n_steps };
	sheet->result.applied = &sheet->applied;
}

void
sheet_fail(struct sheet *sheet, enum tn_exit status, enum tn_error_kind kind,
    const char *message, const char *hint)
{
	tn_error_set(&sheet->error, kind, "%s", message);
	if (hint != NULL)
		tn_error_hint(&sheet->error, "%s", hint);
	sheet->result.exit = status;
	sheet->result.error = &sheet->error;
	if (sheet->result.applied != NULL)
		sheet->applied.error = &sheet->error;
}

const char *
sheet_text(struct sheet *sheet)
{
	const struct tn_report_options options = { .colour = sheet->colour,
		.plan_shown = sheet->plan_shown };

	tn_str_clear(&sheet->text);
	tn_report_text(&sheet->result, &options, &sheet->text);
	return tn_str_text(&sheet->text);
}

static struct tn_schema *
read_schema(struct sheet *sheet)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_value *document = NULL;
	struct tn_schema *schema = NULL;

	if (tn_file_read("schemas/report.json", 1 << 20, &text, &err) < 0 ||
	    tn_json_parse(sheet->arena, tn_str_span(&text), NULL, &document, &err) < 0 ||
	    tn_schema_compile(document, &schema, &err) < 0)
		fail_msg("%s", err.message);
	return schema;
}

const struct tn_value *
sheet_json(struct sheet *sheet)
{
	TN_CLEANUP(tn_schema_freep) struct tn_schema *schema = read_schema(sheet);
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_value *parsed;

	tn_str_clear(&sheet->json);
	tn_report_json(&sheet->result, NULL, &sheet->json);
	if (tn_json_parse(sheet->arena, tn_str_span(&sheet->json), NULL, &parsed, &err) <
	    0)
		fail_msg("%s\n%s", err.message, tn_str_text(&sheet->json));
	if (tn_schema_validate(schema, sheet->arena, parsed, diags) < 0)
		fail_msg("%s: %s\n%s", tn_diags_at(diags, 0)->resource,
		    tn_diags_at(diags, 0)->message, tn_str_text(&sheet->json));
	return parsed;
}

void
text_is(struct sheet *sheet, const char *text)
{
	assert_string_equal(sheet_text(sheet), text);
}

void
text_has(struct sheet *sheet, const char *words)
{
	if (strstr(sheet_text(sheet), words) == NULL)
		fail_msg("\"%s\" is not in:\n%s", words, tn_str_text(&sheet->text));
}
