#include "schema/check.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

#define SHORT     60
#define WORDS_MAX 20
#define SEARCHED  1000

static bool
is_simple(const char *key)
{
	static const char simple[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789_-/@";

	return *key != '\0' && key[strspn(key, simple)] == '\0';
}

static void
write_path(struct tn_schema_checker *c, const struct tn_schema_path *path,
    struct tn_str *out)
{
	const char *key;

	if (path->parent == NULL)
		return;
	write_path(c, path->parent, out);
	if (path->key == NULL) {
		tn_str_addf(out, "[%zu]", path->index);
		return;
	}
	key = tn_schema_short(c, path->key);
	if (is_simple(key)) {
		tn_str_add(out, out->len > 0 ? "." : "");
		tn_str_add(out, key);
	} else {
		tn_str_add(out, "[\"");
		tn_json_escape(tn_span(key), out);
		tn_str_add(out, "\"]");
	}
}

/* A key of megabytes is not searched for each finding below it: it may say anything. */
static bool
key_speaks_of_secrets(const char *key)
{
	static const char *const words[] = { "secret", "token", "password",
		"credential" };

	if (strnlen(key, SEARCHED + 1) > SEARCHED)
		return true;
	for (size_t i = 0; i < TN_ARRAY_LEN(words); i++) {
		if (strcasestr(key, words[i]) != NULL)
			return true;
	}
	return false;
}

/* Below a key that speaks of secrets somebody may have written the secret itself. */
static bool
speaks_of_secrets(const struct tn_schema_path *path)
{
	for (; path->parent != NULL; path = path->parent) {
		if (path->key != NULL && key_speaks_of_secrets(path->key))
			return true;
	}
	return false;
}

static bool
is_full(const struct tn_schema_checker *c)
{
	return tn_diags_count(c->diags) > TN_DIAGS_MAX;
}

struct tn_diag *
tn_schema_finding(struct tn_schema_checker *c, const struct tn_schema_path *path,
    const char *code, struct tn_mark mark, const char *format, ...)
{
	TN_CLEANUP(tn_str_done) struct tn_str message = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str where = TN_STR_INIT;
	struct tn_diag *diag;
	va_list args;

	/*
	 * Past the bound findings are only counted: a hostile document has a million of
	 * them.
	 */
	if (is_full(c))
		return tn_diags_error(c->diags, code, mark, "%s", "");
	va_start(args, format);
	tn_str_addv(&message, format, args);
	va_end(args);
	diag = tn_diags_error(c->diags, code, mark, "%s", tn_str_text(&message));
	diag->unquoted = speaks_of_secrets(path);
	write_path(c, path, &where);
	if (where.len > 0)
		tn_diags_resource(c->diags, diag, "%s", tn_str_text(&where));
	return diag;
}

void
tn_schema_hint_title(struct tn_schema_checker *c, struct tn_diag *diag,
    const struct tn_schema_node *node)
{
	while (node->title == NULL && node->ref != NULL)
		node = node->ref;
	if (node->title != NULL)
		tn_diags_hint(c->diags, diag, "expected %s", node->title);
}

void
tn_schema_hint_words(struct tn_schema_checker *c, struct tn_diag *diag, const char *word,
    const char *const *right, size_t count)
{
	TN_CLEANUP(tn_str_done) struct tn_str list = TN_STR_INIT;
	const char *nearest;

	if (is_full(c))
		return;
	nearest = word != NULL ? tn_text_nearest(word, right, count) : NULL;
	if (nearest != NULL) {
		tn_diags_hint(c->diags, diag, "did you mean \"%s\"?", nearest);
		return;
	}
	if (count == 0 || count > WORDS_MAX)
		return;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			tn_str_add(&list, i + 1 == count ? " or " : ", ");
		tn_str_add(&list, right[i]);
	}
	tn_diags_hint(c->diags, diag, "expected %s", tn_str_text(&list));
}

const char *
tn_schema_short(struct tn_schema_checker *c, const char *text)
{
	size_t len = strlen(text);

	if (len <= SHORT)
		return text;
	len = SHORT;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return tn_arena_printf(c->arena, "%.*s…", (int)len, text);
}
