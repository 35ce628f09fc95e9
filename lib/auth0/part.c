#include "auth0/part.h"

#include <strings.h>

static int
wrong_type(const char *key, const struct tn_value *value, enum tn_value_kind expected,
    struct tn_error *err)
{
	return tn_error_set(err, TN_E_PLATFORM,
	    "\"%s\" should be of type %s, but it is of type %s", key,
	    tn_value_kind_name(expected), tn_value_kind_name(value->kind));
}

bool
tn_auth0_has(const struct tn_value *object, const char *key)
{
	const struct tn_value *value = tn_value_get(object, key);

	return value != NULL && !tn_value_is(value, TN_VALUE_NULL);
}

int
tn_auth0_text(const struct tn_value *object, const char *key, const char *otherwise,
    const char **out, struct tn_error *err)
{
	const struct tn_value *value = tn_value_get(object, key);

	*out = otherwise;
	if (!tn_auth0_has(object, key))
		return 0;
	if (!tn_value_is(value, TN_VALUE_STRING))
		return wrong_type(key, value, TN_VALUE_STRING, err);
	*out = tn_value_text(value);
	return 0;
}

int
tn_auth0_needed_text(const struct tn_value *object, const char *key, const char **out,
    struct tn_error *err)
{
	int r = tn_auth0_text(object, key, NULL, out, err);

	if (r < 0)
		return r;
	if (*out == NULL || (*out)[0] == '\0')
		return tn_error_set(err, TN_E_PLATFORM, "\"%s\" is missing", key);
	return 0;
}

int
tn_auth0_part(const struct tn_value *object, const char *key, enum tn_value_kind kind,
    const struct tn_value **out, struct tn_error *err)
{
	const struct tn_value *value = tn_value_get(object, key);

	*out = NULL;
	if (!tn_auth0_has(object, key))
		return 0;
	if (!tn_value_is(value, kind))
		return wrong_type(key, value, kind, err);
	*out = value;
	return 0;
}

int
tn_auth0_read_list(const struct tn_value *object, const struct tn_auth0_list *list,
    struct tn_arena *arena, void **items_out, size_t *n_out, struct tn_error *err)
{
	const struct tn_value *array;
	char *items;
	size_t n;
	int r = tn_auth0_part(object, list->key, TN_VALUE_ARRAY, &array, err);

	if (r < 0)
		return r;
	if (array == NULL && list->needed)
		return tn_error_set(err, TN_E_PLATFORM, "\"%s\" is missing", list->key);
	n = tn_value_count(array);
	items = tn_arena_alloc(arena, n, list->size);
	for (size_t i = 0; i < n; i++) {
		const struct tn_value *item = tn_value_at(array, i);

		if (!tn_value_is(item, TN_VALUE_OBJECT))
			r = wrong_type("item", item, TN_VALUE_OBJECT, err);
		else
			r = list->read(item, arena, items + i * list->size, err);
		if (r < 0) {
			tn_error_context(err, "%s[%zu]", list->key, i);
			return r;
		}
	}
	*items_out = items;
	*n_out = n;
	return 0;
}

bool
tn_auth0_is_word(const char *text, const char *word)
{
	return text != NULL && strcasecmp(text, word) == 0;
}
