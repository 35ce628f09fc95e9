#include "report/style.h"

#include "base/mem.h"
#include "base/text.h"
#include "json/json.h"

/* Rows of cells; each column is as wide as its widest cell. */

#define MAX_COLUMNS 7

struct table {
	struct tn_arena *arena;
	const char *const *heads; /* one for each column */
	size_t n_columns;
	const char *(*rows)[MAX_COLUMNS]; /* printable */
	size_t n_rows, cap;
};

/* A row in which nothing stands yet. */
static const char **
add_row(struct table *table)
{
	table->rows = tn_arena_grow(table->arena, table->rows, table->n_rows, &table->cap,
	    sizeof(*table->rows));
	for (size_t i = 0; i < MAX_COLUMNS; i++)
		table->rows[table->n_rows][i] = "-";
	return table->rows[table->n_rows++];
}

/* Foreign text, or a dash where there is none. */
static const char *
cell(const struct table *table, const char *text)
{
	TN_CLEANUP(tn_str_done) struct tn_str printable = TN_STR_INIT;

	if (text == NULL || text[0] == '\0')
		return "-";
	tn_text_printable(tn_span(text), false, &printable);
	return tn_arena_text(table->arena, tn_str_text(&printable));
}

static size_t
width_of(const struct table *table, size_t column)
{
	size_t width = tn_text_columns(tn_span(table->heads[column]));

	for (size_t i = 0; i < table->n_rows; i++) {
		size_t columns = tn_text_columns(tn_span(table->rows[i][column]));

		width = columns > width ? columns : width;
	}
	return width;
}

/* Nothing is written behind the last column. */
static void
print_row(const struct tn_style *style, const struct table *table,
    const char *const *cells, const size_t *widths)
{
	for (size_t i = 0; i < table->n_columns; i++) {
		size_t columns = tn_text_columns(tn_span(cells[i]));

		tn_str_add(style->out, cells[i]);
		if (i + 1 < table->n_columns)
			tn_str_addf(style->out, "%*s", (int)(widths[i] - columns + 2),
			    "");
	}
}

static void
print_table(const struct tn_style *style, const struct table *table)
{
	size_t widths[MAX_COLUMNS];

	for (size_t i = 0; i < table->n_columns; i++)
		widths[i] = width_of(table, i);
	tn_style_begin(style, TN_BOLD);
	print_row(style, table, table->heads, widths);
	tn_style_end(style);
	tn_str_add_char(style->out, '\n');
	for (size_t i = 0; i < table->n_rows; i++) {
		print_row(style, table, table->rows[i], widths);
		tn_str_add_char(style->out, '\n');
	}
}

#define TABLE(where, titles)                                                            \
	{                                                                               \
		.arena = (where), .heads = (titles), .n_columns = TN_ARRAY_LEN(titles), \
	}

/* --- each kind --- */

static const char *
runs(const struct table *table, const struct tn_live_action *action)
{
	if (!action->has_live)
		return "no";
	if (action->live.number == 0)
		return "yes";
	return tn_arena_printf(table->arena, "version %lld",
	    (long long)action->live.number);
}

static const char *
draft_of(const struct tn_live_action *action)
{
	if (action->installed)
		return "marketplace";
	if (action->build != TN_BUILD_BUILT)
		return tn_build_name(action->build);
	return tn_live_action_clean(action) ? "the same" : "differs";
}

/* The code of the one that was asked for: what runs, else the draft. */
static void
print_code(const struct tn_style *style, const struct tn_live_action *action)
{
	const char *code = action->has_live ? action->live.content.code
					    : action->draft.code;

	tn_str_add_char(style->out, '\n');
	tn_text_printable(tn_span(code), true, style->out);
	if (!tn_text_ends(tn_str_text(style->out), "\n"))
		tn_str_add_char(style->out, '\n');
}

static void
print_actions(const struct tn_style *style, struct tn_arena *arena,
    const struct tn_seen *seen)
{
	static const char *const heads[] = { "NAME", "TRIGGER", "RUNTIME", "RUNS",
		"DRAFT", "ID" };
	const struct tn_live *live = seen->live;
	struct table table = TABLE(arena, heads);

	for (size_t i = 0; i < live->n_actions; i++) {
		const struct tn_live_action *action = &live->actions[i];
		const char **row = add_row(&table);

		row[0] = cell(&table, action->name);
		row[1] = cell(&table,
		    tn_arena_printf(arena, "%s@%s", action->trigger.id,
			action->trigger.version));
		row[2] = cell(&table,
		    action->has_live ? action->live.content.runtime
				     : action->draft.runtime);
		row[3] = runs(&table, action);
		row[4] = draft_of(action);
		row[5] = cell(&table, action->id);
	}
	print_table(style, &table);
	if (seen->one)
		print_code(style, &live->actions[0]);
}

static void
print_versions(const struct tn_style *style, struct tn_arena *arena,
    const struct tn_action_versions *versions)
{
	static const char *const heads[] = { "VERSION", "MADE", "RUNTIME", "RUNS", "ID" };
	struct table table = TABLE(arena, heads);

	for (size_t i = 0; i < versions->n_versions; i++) {
		const struct tn_version *version = &versions->versions[i];
		const char **row = add_row(&table);

		row[0] = tn_arena_printf(arena, "%lld", (long long)version->number);
		row[1] = cell(&table, version->created_at);
		row[2] = cell(&table, version->content.runtime);
		row[3] = version->deployed ? "yes" : "no";
		row[4] = cell(&table, version->id);
	}
	print_table(style, &table);
}

/* Of several flows, those in which nothing is bound are left out. */
static void
print_bindings(const struct tn_style *style, struct tn_arena *arena,
    const struct tn_live *live)
{
	static const char *const heads[] = { "TRIGGER", "PLACE", "ACTION", "SHOWN AS",
		"ACTION ID" };
	struct table table = TABLE(arena, heads);

	for (size_t i = 0; i < live->n_flows; i++) {
		const struct tn_flow *flow = &live->flows[i];

		for (size_t k = 0; k < flow->n_bindings; k++) {
			const struct tn_binding *binding = &flow->bindings[k];
			const char **row = add_row(&table);

			row[0] = cell(&table, flow->trigger);
			row[1] = tn_arena_printf(arena, "%zu", k + 1);
			row[2] = cell(&table, binding->action_name);
			row[3] = cell(&table, binding->display_name);
			row[4] = cell(&table, binding->action_id);
		}
	}
	print_table(style, &table);
}

static const char *
joined(const struct table *table, const char *const *texts, size_t n)
{
	TN_CLEANUP(tn_str_done) struct tn_str all = TN_STR_INIT;

	for (size_t i = 0; i < n; i++)
		tn_str_addf(&all, "%s%s", i > 0 ? ", " : "", texts[i]);
	return cell(table, tn_str_text(&all));
}

static void
print_triggers(const struct tn_style *style, struct tn_arena *arena,
    const struct tn_live *live)
{
	static const char *const heads[] = { "TRIGGER", "STATUS", "BOUND BY",
		"RUNTIMES" };
	struct table table = TABLE(arena, heads);

	for (size_t i = 0; i < live->n_triggers; i++) {
		const struct tn_trigger_info *info = &live->triggers[i];
		const char **row = add_row(&table);

		row[0] = cell(&table,
		    tn_arena_printf(arena, "%s@%s", info->trigger.id,
			info->trigger.version));
		row[1] = info->current ? "current" : "deprecated";
		row[2] = info->entity_bound ? "another resource" : "bindings";
		row[3] = joined(&table, info->runtimes, info->n_runtimes);
	}
	print_table(style, &table);
}

static void
print_execution(const struct tn_style *style, struct tn_arena *arena,
    const struct tn_execution *execution)
{
	static const char *const heads[] = { "ACTION", "STARTED", "ENDED", "OUTCOME" };
	struct table table = TABLE(arena, heads);

	tn_style_text(style, execution->trigger);
	tn_str_add(style->out, ": ");
	tn_style_text(style, execution->status);
	tn_str_add_char(style->out, '\n');
	for (size_t i = 0; i < execution->n_results; i++) {
		const struct tn_execution_result *result = &execution->results[i];
		const char **row = add_row(&table);

		row[0] = cell(&table, result->action_name);
		row[1] = cell(&table, result->started_at);
		row[2] = cell(&table, result->ended_at);
		row[3] = result->error != NULL ? cell(&table, result->error)
		    : result->failed           ? "failed"
					       : "well";
	}
	print_table(style, &table);
}

static void
print_modules(const struct tn_style *style, struct tn_arena *arena,
    const struct tn_live *live)
{
	static const char *const heads[] = { "NAME", "NEWEST", "DRAFT", "ID" };
	struct table table = TABLE(arena, heads);

	if (live->modules_off) {
		tn_str_add(style->out, "This tenant does not have modules.\n");
		return;
	}
	for (size_t i = 0; i < live->n_modules; i++) {
		const struct tn_live_module *module = &live->modules[i];
		const char **row = add_row(&table);

		row[0] = cell(&table, module->name);
		if (module->latest_number > 0)
			row[1] = tn_arena_printf(arena, "version %lld",
			    (long long)module->latest_number);
		row[2] = module->all_published ? "the same" : "differs";
		row[3] = cell(&table, module->id);
	}
	print_table(style, &table);
}

static void
print_test(const struct tn_style *style, const struct tn_seen *seen)
{
	TN_CLEANUP(tn_str_done) struct tn_str answer = TN_STR_INIT;

	tn_style_text(style, seen->action);
	if (!seen->test->failed) {
		tn_str_add(style->out, " ran without an error:\n");
	} else {
		tn_style_begin(style, TN_RED);
		tn_str_add(style->out, " failed");
		tn_style_end(style);
		if (seen->test->error != NULL) {
			tn_str_add(style->out, ": ");
			tn_style_text(style, seen->test->error);
		}
		tn_str_add_char(style->out, '\n');
	}
	tn_json_write_pretty(seen->test->answer, &answer);
	tn_text_printable(tn_str_span(&answer), true, style->out);
}

static void
print_kind(const struct tn_style *style, struct tn_arena *arena,
    const struct tn_seen *seen)
{
	switch (seen->kind) {
	case TN_LOOK_ACTIONS:
		print_actions(style, arena, seen);
		return;
	case TN_LOOK_VERSIONS:
		print_versions(style, arena, seen->versions);
		return;
	case TN_LOOK_BINDINGS:
		print_bindings(style, arena, seen->live);
		return;
	case TN_LOOK_TRIGGERS:
		print_triggers(style, arena, seen->live);
		return;
	case TN_LOOK_EXECUTIONS:
		print_execution(style, arena, seen->execution);
		return;
	case TN_LOOK_MODULES:
		print_modules(style, arena, seen->live);
		return;
	}
}

void
tn_report_seen(const struct tn_style *style, const struct tn_seen *seen)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();

	if (seen->test != NULL)
		print_test(style, seen);
	else
		print_kind(style, arena, seen);
}
