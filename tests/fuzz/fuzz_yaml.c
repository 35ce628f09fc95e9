/* YAML: what is refused has findings, what is accepted keeps to the bounds. */
#include "fuzz.h"

#include "json/json.h"
#include "yaml/yaml.h"

static const struct tn_yaml_limits tight = { .bytes = 300, .values = 40, .depth = 5 };

/* A value costs its struct, its place in a list or mapping that grows, and its text. */
static void
must_keep_to(const struct tn_yaml_limits *limits, const struct tn_value *value,
    size_t len, size_t memory)
{
	struct tree_size size = must_be_tree(value);

	must(len <= limits->bytes);
	must(size.values <= limits->values);
	must(size.depth <= limits->depth);
	/* An escape of two bytes may stand for a character of three. */
	must(size.text <= 2 * len + limits->bytes);
	must(memory <= ((size_t)64 << 10) + 64 * len + 512 * size.values + 8 * size.text);
}

static bool
parse(struct tn_span bytes, const struct tn_yaml_limits *limits, struct tn_str *json)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	struct tn_value *value;
	int r = tn_yaml_parse(arena, "f", bytes, limits, &value, diags);

	must_be_findings(diags, bytes.len);
	must(r == (tn_diags_errors(diags) > 0 ? -TN_E_INPUT : 0));
	if (r < 0) {
		must(value == NULL);
		return false;
	}
	must_keep_to(limits, value, bytes.len, tn_arena_size(arena));
	tn_json_write(value, json);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	TN_CLEANUP(tn_str_done) struct tn_str wide = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str narrow = TN_STR_INIT;
	struct tn_span span = tn_span_of((const char *)bytes, len);
	bool accepted = parse(span, &tn_yaml_limits_default, &wide);

	if (parse(span, &tight, &narrow)) {
		must(accepted);
		must(tn_span_equal(tn_str_span(&wide), tn_str_span(&narrow)));
	}
	return 0;
}
