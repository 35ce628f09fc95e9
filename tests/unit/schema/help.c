#include "help.h"

#include <string.h>

#include "json/json.h"
#include "yaml/yaml.h"

static void
unquote(const char *text, struct tn_str *out)
{
	for (; *text != '\0'; text++)
		tn_str_add_char(out, *text == '\'' ? '"' : *text);
}

struct tn_schema *
compile(struct tn_arena *arena, const char *json, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_value *value;
	struct tn_schema *schema = NULL;

	unquote(json, &text);
	if (tn_json_parse(arena, tn_str_span(&text), NULL, &value, err) < 0)
		fail_msg("%s: %s", json, err->message);
	if (tn_schema_compile(value, &schema, err) < 0)
		assert_null(schema);
	return schema;
}

struct tn_value *
document(struct tn_arena *arena, const char *yaml)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	struct tn_value *value;

	if (tn_yaml_parse(arena, "a.yaml", tn_span(yaml), NULL, &value, diags) < 0)
		fail_msg("%s: %s", yaml, tn_diags_at(diags, 0)->message);
	return value;
}

void
validate(const struct tn_schema *schema, struct tn_arena *arena, struct tn_value *value,
    struct tn_str *out)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	int r = tn_schema_validate(schema, arena, value, diags);

	assert_int_equal(r, tn_diags_count(diags) > 0 ? -TN_E_INPUT : 0);
	tn_diags_sort(diags);
	for (size_t i = 0; i < tn_diags_count(diags); i++) {
		const struct tn_diag *diag = tn_diags_at(diags, i);

		tn_str_addf(out, "%u:%u %s %s: %s", diag->mark.line, diag->mark.col,
		    diag->code, diag->resource != NULL ? diag->resource : "-",
		    diag->message);
		if (diag->hint != NULL)
			tn_str_addf(out, " [%s]", diag->hint);
		tn_str_add(out, "\n");
	}
}

void
expect_valid(const char *schema, const char *yaml, const char *json)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_schema_freep)
	struct tn_schema *compiled = compile(arena, schema, &err);
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str wanted = TN_STR_INIT;
	struct tn_value *value = document(arena, yaml);

	if (compiled == NULL)
		fail_msg("%s: %s", schema, err.message);
	validate(compiled, arena, value, &out);
	assert_string_equal(tn_str_text(&out), "");
	tn_json_write(value, &out);
	unquote(json, &wanted);
	assert_string_equal(tn_str_text(&out), tn_str_text(&wanted));
}

void
expect_findings(const char *schema, const char *yaml, const char *findings)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_schema_freep)
	struct tn_schema *compiled = compile(arena, schema, &err);
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	if (compiled == NULL)
		fail_msg("%s: %s", schema, err.message);
	validate(compiled, arena, document(arena, yaml), &out);
	assert_string_equal(tn_str_text(&out), findings);
}
