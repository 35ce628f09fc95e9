#include "status.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define COLUMNS 5
/* As git shows commits. */
#define COMMIT_SHOWN 9

/* One row of the table; texts live as long as the answer. */
struct row {
	struct tn_str cells[COLUMNS];
};

static void
add_printable(struct tn_str *out, const char *text)
{
	tn_text_printable(tn_span(text != NULL ? text : "-"), false, out);
}

/* What matters most of what it is and what became of it. */
static const char *
condition(const struct tn_value *sync)
{
	const char *state = tn_value_get_text(sync, "state");

	return tn_text_equal(state, "resting") ? tn_value_get_text(sync, "outcome")
					       : state;
}

static void
fill(struct row *row, const struct tn_value *sync)
{
	const char *commit = tn_value_get_text(sync, "commit");
	size_t shown = commit != NULL ? strnlen(commit, COMMIT_SHOWN) : 0;

	add_printable(&row->cells[0], tn_value_get_text(sync, "name"));
	add_printable(&row->cells[1], tn_value_get_text(sync, "mode"));
	add_printable(&row->cells[2], condition(sync));
	if (commit != NULL)
		tn_text_printable(tn_span_of(commit, shown), false, &row->cells[3]);
	else
		add_printable(&row->cells[3], NULL);
	add_printable(&row->cells[4], tn_value_get_text(sync, "summary"));
}

static void
fill_head(struct row *row)
{
	static const char *const head[COLUMNS] = { "SYNC", "MODE", "NOW", "COMMIT",
		"WHAT" };

	for (size_t i = 0; i < COLUMNS; i++)
		tn_str_add(&row->cells[i], head[i]);
}

static size_t
columns(const struct row *row, size_t cell)
{
	return tn_text_columns(tn_str_span(&row->cells[cell]));
}

static void
print_row(const struct row *row, const size_t widths[COLUMNS], struct tn_str *out)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		tn_str_add(out, tn_str_text(&row->cells[i]));
		if (i + 1 < COLUMNS)
			tn_str_addf(out, "%*s", (int)(widths[i] - columns(row, i) + 2),
			    "");
	}
	tn_str_add_char(out, '\n');
}

static void
table(const struct tn_value *syncs, struct tn_str *out)
{
	size_t n = tn_value_count(syncs), widths[COLUMNS] = { 0 };
	struct row *rows = tn_alloc(n + 1, sizeof(*rows));

	fill_head(&rows[0]);
	for (size_t i = 0; i < n; i++)
		fill(&rows[i + 1], tn_value_at(syncs, i));
	for (size_t i = 0; i <= n; i++)
		for (size_t k = 0; k < COLUMNS; k++)
			if (columns(&rows[i], k) > widths[k])
				widths[k] = columns(&rows[i], k);
	for (size_t i = 0; i <= n; i++) {
		print_row(&rows[i], widths, out);
		for (size_t k = 0; k < COLUMNS; k++)
			tn_str_done(&rows[i].cells[k]);
	}
	tn_free(rows);
}

static void
details(const struct tn_value *sync, struct tn_str *out)
{
	static const struct {
		const char *key, *label;
	} lines[] = {
		{ "name", "Sync" },
		{ "tenant", "Tenant" },
		{ "mode", "Mode" },
		{ "state", "State" },
		{ "outcome", "Last look" },
		{ "summary", "" },
		{ "looked_at", "Looked at" },
		{ "good_at", "Without trouble at" },
		{ "trouble_since", "Trouble since" },
		{ "commit", "Commit" },
		{ "seen", "Newest commit" },
		{ "run", "Last run" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(lines); i++) {
		const char *text = tn_value_get_text(sync, lines[i].key);

		if (text == NULL)
			continue;
		tn_str_addf(out, "%-20s", lines[i].label);
		add_printable(out, text);
		tn_str_add_char(out, '\n');
	}
}

void
status_text(const struct tn_value *root, bool whole, struct tn_str *out)
{
	const struct tn_value *syncs = tn_value_get(root, "syncs");

	if (whole && tn_value_count(syncs) == 1)
		details(tn_value_at(syncs, 0), out);
	else
		table(syncs, out);
}

void
status_accepted(const char *command, const char *sync, struct tn_str *out)
{
	static const struct {
		const char *command, *text;
	} words[] = {
		{ "sync", "is looked at as soon as there is a place" },
		{ "suspend", "is suspended; tenon resume ends that" },
		{ "resume", "goes on" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(words); i++)
		if (tn_text_equal(command, words[i].command)) {
			add_printable(out, sync);
			tn_str_addf(out, " %s.\n", words[i].text);
		}
}
