/* JSON: what the scan lets pass json-c reads, and what is written is read back the same.
 */
#include "fuzz.h"

#include "json/json.h"

static const struct tn_json_limits tight = { .bytes = 300, .values = 40, .depth = 5 };

static void
must_read_back(const struct tn_value *value, struct tn_span written)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *again;

	must(tn_json_parse(arena, written, NULL, &again, NULL) == 0);
	must(tn_value_equal(value, again));
}

static void
must_be_canonical(struct tn_span written)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str again = TN_STR_INIT;
	struct tn_value *value;

	must(tn_json_parse(arena, written, NULL, &value, NULL) == 0);
	tn_json_write_canonical(value, &again);
	must(tn_span_equal(written, tn_str_span(&again)));
}

static void
must_be_written(const struct tn_value *value)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_json_write(value, &text);
	must_read_back(value, tn_str_span(&text));
	tn_str_clear(&text);
	tn_json_write_pretty(value, &text);
	must_read_back(value, tn_str_span(&text));
	tn_str_clear(&text);
	tn_json_write_canonical(value, &text);
	must_read_back(value, tn_str_span(&text));
	must_be_canonical(tn_str_span(&text));
}

/* A disagreement of scan and json-c is TN_E_BUG, which must_be_told does not accept. */
static bool
parse(struct tn_span bytes, const struct tn_json_limits *limits)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_value *value;
	struct tree_size size;
	int r = tn_json_parse(arena, bytes, limits, &value, &err);

	must_be_told(r, &err);
	if (r < 0) {
		must(r == -TN_E_INPUT || r == -TN_E_LIMIT);
		return false;
	}
	size = must_be_tree(value);
	must(bytes.len <= limits->bytes);
	must(size.values <= limits->values);
	must(size.depth <= limits->depth);
	must(size.text <= bytes.len);
	must_be_written(value);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct tn_span span = tn_span_of((const char *)bytes, len);
	bool accepted = parse(span, &tn_json_limits_default);

	if (parse(span, &tight))
		must(accepted);
	return 0;
}
