#include "values.h"

#include <string.h>

#include "base/text.h"
#include "base/time.h"

int
value_refuse(struct tn_error *err, const char *option, const char *value,
    const char *cure)
{
	int r = tn_error_set(err, TN_E_INPUT, "%s does not take \"%s\"", option, value);

	tn_error_hint(err, "%s", cure);
	return r;
}

int
value_number(const char *option, const char *value, uint64_t max, uint64_t *out,
    struct tn_error *err)
{
	size_t digits = strspn(value, "0123456789");
	uint64_t n = 0;

	if (digits == 0 || digits > 19 || value[digits] != '\0')
		return value_refuse(err, option, value, "give a whole number");
	for (; *value != '\0'; value++)
		n = n * 10 + (uint64_t)(*value - '0');
	if (n > max)
		return tn_error_set(err, TN_E_INPUT, "%s is at most %llu", option,
		    (unsigned long long)max);
	*out = n;
	return 0;
}

int
value_count(const char *option, const char *value, uint64_t min, uint64_t max,
    unsigned *out, struct tn_error *err)
{
	uint64_t n;
	int r = value_number(option, value, max, &n, err);

	if (r < 0)
		return r;
	if (n < min)
		return tn_error_set(err, TN_E_INPUT, "%s is at least %llu", option,
		    (unsigned long long)min);
	*out = (unsigned)n;
	return 0;
}

int
value_duration(const char *option, const char *value, int64_t *out, struct tn_error *err)
{
	if (!tn_duration_parse(value, out) || *out < 0)
		return value_refuse(err, option, value,
		    "give a number with its unit: 20ms, 2s, 5m, 24h");
	return 0;
}

/* Which of two words it is. */
int
value_word(const char *option, const char *value, const char *no, const char *yes,
    bool *out, struct tn_error *err)
{
	int r;

	*out = tn_text_equal(value, yes);
	if (*out || tn_text_equal(value, no))
		return 0;
	r = tn_error_set(err, TN_E_INPUT, "%s does not take \"%s\"", option, value);
	tn_error_hint(err, "give %s or %s", yes, no);
	return r;
}

/* The scopes separated by spaces, as tokens carry them; commas are easier in a shell. */
const char *
value_scopes(struct tn_arena *arena, const char *text)
{
	static const char *const known[] = { "read:actions", "create:actions",
		"update:actions", "delete:actions" };
	struct tn_str scopes = TN_STR_INIT;
	const char *copy;
	bool good = true;

	while (*text != '\0' && good) {
		size_t n = strcspn(text, ", ");

		good = false;
		for (size_t i = 0; i < TN_ARRAY_LEN(known); i++)
			good = good || tn_span_is(tn_span_of(text, n), known[i]);
		if (scopes.len > 0)
			tn_str_add_char(&scopes, ' ');
		tn_str_add_bytes(&scopes, text, n);
		text += n + (text[n] != '\0');
	}
	copy = good && scopes.len > 0 ? tn_arena_text(arena, tn_str_text(&scopes)) : NULL;
	tn_str_done(&scopes);
	return copy;
}
