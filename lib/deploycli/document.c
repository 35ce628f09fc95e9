#include "deploycli/reading.h"

#include "deploycli/rewrite.h"
#include "deploycli/ruler.h"
#include "json/json.h"
#include "yaml/yaml.h"

/* Places in the text that was parsed, and in the file that it comes from. */
struct places {
	const struct tn_keyword_text *text;
	struct tn_ruler parsed;
	struct tn_ruler file;
};

static void
put_back(const struct places *places, struct tn_mark *mark)
{
	size_t at;

	if (mark->line == 0)
		return;
	at = tn_ruler_byte(&places->parsed, mark->line, mark->col);
	if (at < places->text->bytes.len)
		at = tn_rewrite_origin(places->text, at);
	else
		at = places->file.text.len;
	tn_ruler_mark(&places->file, at, mark);
}

static void
put_back_all(const struct places *places, struct tn_value *value)
{
	put_back(places, &value->mark);
	if (value->kind == TN_VALUE_ARRAY) {
		for (size_t i = 0; i < value->count; i++)
			put_back_all(places, value->as.items[i]);
	} else if (value->kind == TN_VALUE_OBJECT) {
		for (size_t i = 0; i < value->count; i++) {
			put_back(places, &value->as.members[i].mark);
			put_back_all(places, value->as.members[i].value);
		}
	}
}

/* Plain words that are null to the tool; our schemas would take them for text. */
static void
read_nulls(struct tn_value *value)
{
	static const char *const words[] = { "null", "Null", "NULL", "~" };

	for (size_t i = 0; i < TN_ARRAY_LEN(words); i++)
		if (value->kind == TN_VALUE_SCALAR &&
		    tn_text_equal(value->as.text, words[i]))
			value->kind = TN_VALUE_NULL;
	if (value->kind == TN_VALUE_ARRAY)
		for (size_t i = 0; i < value->count; i++)
			read_nulls(value->as.items[i]);
	if (value->kind == TN_VALUE_OBJECT)
		for (size_t i = 0; i < value->count; i++)
			read_nulls(value->as.members[i].value);
}

static void
hand_on(struct tn_reading *reading, const struct places *places,
    const struct tn_diags *found)
{
	for (size_t i = 0; i < tn_diags_count(found); i++) {
		const struct tn_diag *from = tn_diags_at(found, i);
		struct tn_mark mark = from->mark;

		put_back(places, &mark);
		tn_diags_copy(reading->diags, from, mark);
	}
}

static int
parse(struct tn_reading *reading, const char *path, enum tn_keyword_form form,
    struct tn_span bytes, struct tn_value **out, struct tn_diags *diags)
{
	if (form == TN_KEYWORD_JSON)
		return tn_json_parse_file(reading->arena, path, bytes, NULL, out, diags);
	if (tn_yaml_parse(reading->arena, path, bytes, &tn_yaml_limits_default, out,
		diags) < 0)
		return -TN_E_INPUT;
	read_nulls(*out);
	return 0;
}

static void
parse_rewritten(struct tn_reading *reading, const char *path, enum tn_keyword_form form,
    struct tn_span file, const struct tn_keyword_text *text, struct tn_value **out)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *found = tn_diags_new();
	struct places places = { .text = text };

	tn_ruler_init(&places.parsed, tn_str_span(&text->bytes));
	tn_ruler_init(&places.file, file);
	if (parse(reading, path, form, tn_str_span(&text->bytes), out, found) == 0)
		put_back_all(&places, *out);
	else
		*out = NULL;
	hand_on(reading, &places, found);
	tn_ruler_done(&places.parsed);
	tn_ruler_done(&places.file);
}

int
tn_document_read(struct tn_reading *reading, const char *path, enum tn_keyword_form form,
    struct tn_value **out, struct tn_error *err)
{
	TN_CLEANUP(tn_keyword_text_done) struct tn_keyword_text text = { 0 };
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	int r = tn_tree_read(reading->tree, path, TN_TREE_FILE_MAX, &bytes, err);

	*out = NULL;
	if (r < 0) {
		tn_error_context(err, "cannot read %s", path);
		return r;
	}
	if (!tn_keywords_replace(&reading->keywords, path, tn_str_span(&bytes), form,
		&text))
		return 0;
	if (text.origin != NULL)
		parse_rewritten(reading, path, form, tn_str_span(&bytes), &text, out);
	else if (parse(reading, path, form, tn_str_span(&text.bytes), out,
		     reading->diags) < 0)
		*out = NULL;
	return 0;
}
