#include "help.h"

#include <string.h>

static void
show_mark(struct tn_mark mark, bool marks, struct tn_str *out)
{
	if (marks)
		tn_str_addf(out, "@%u:%u", mark.line, mark.col);
}

void
show(const struct tn_value *value, bool marks, struct tn_str *out)
{
	bool object = value->kind == TN_VALUE_OBJECT;

	if (value->kind == TN_VALUE_NULL) {
		tn_str_add(out, "null");
	} else if (value->kind == TN_VALUE_SCALAR) {
		tn_str_add(out, value->as.text);
	} else if (value->kind == TN_VALUE_STRING) {
		tn_str_addf(out, "'%s'", value->as.text);
	} else {
		assert_true(object || value->kind == TN_VALUE_ARRAY);
		tn_str_add(out, object ? "{" : "[");
		for (size_t i = 0; i < value->count; i++) {
			const struct tn_member *member = object ? &value->as.members[i]
								: NULL;

			tn_str_add(out, i > 0 ? " " : "");
			if (object) {
				tn_str_add(out, member->key);
				show_mark(member->mark, marks, out);
				tn_str_add(out, "=");
			}
			show(object ? member->value : value->as.items[i], marks, out);
		}
		tn_str_add(out, object ? "}" : "]");
	}
	show_mark(value->mark, marks, out);
}

void
show_findings(struct tn_diags *diags, struct tn_str *out)
{
	tn_diags_sort(diags);
	for (size_t i = 0; i < tn_diags_count(diags); i++) {
		const struct tn_diag *diag = tn_diags_at(diags, i);

		assert_string_equal(diag->mark.file, "dir/a.yaml");
		tn_str_addf(out, "%u:%u %s: %s", diag->mark.line, diag->mark.col,
		    diag->code, diag->message);
		if (diag->hint != NULL)
			tn_str_addf(out, " [%s]", diag->hint);
		tn_str_add(out, "\n");
	}
}

static void
expect(struct tn_span text, bool marks, const char *shown)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	struct tn_value *value;

	if (tn_yaml_parse(arena, "dir/a.yaml", text, NULL, &value, diags) < 0) {
		show_findings(diags, &out);
		fail_msg("%.*s: %s", (int)text.len, text.ptr, tn_str_text(&out));
	}
	assert_int_equal(tn_diags_count(diags), 0);
	assert_string_equal(value->mark.file, "dir/a.yaml");
	show(value, marks, &out);
	assert_string_equal(tn_str_text(&out), shown);
}

void
expect_tree(struct tn_span text, const char *shown)
{
	expect(text, false, shown);
}

void
expect_marks(struct tn_span text, const char *shown)
{
	expect(text, true, shown);
}

void
expect_findings(struct tn_span text, const struct tn_yaml_limits *limits,
    const char *findings)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	struct tn_value *value = tn_value_null(arena);

	if (tn_yaml_parse(arena, "dir/a.yaml", text, limits, &value, diags) == 0)
		fail_msg("accepted: %.*s", (int)text.len, text.ptr);
	assert_null(value);
	show_findings(diags, &out);
	assert_string_equal(tn_str_text(&out), findings);
}
