#include "schema/node.h"

#include <string.h>

#include "base/arena.h"

static const struct {
	unsigned type;
	const char *words;
} type_words[] = {
	{ TN_TYPE_STRING, "text" },
	{ TN_TYPE_INTEGER, "an integer" },
	{ TN_TYPE_NUMBER, "a number" },
	{ TN_TYPE_BOOL, "true or false" },
	{ TN_TYPE_ARRAY, "a list" },
	{ TN_TYPE_OBJECT, "a mapping" },
	{ TN_TYPE_NULL, "nothing" },
};

void
tn_schema_describe_types(unsigned types, struct tn_str *out)
{
	unsigned left = types;

	for (size_t i = 0; i < TN_ARRAY_LEN(type_words) && left != 0; i++) {
		if ((left & type_words[i].type) == 0)
			continue;
		if (left != types)
			tn_str_add(out, left == type_words[i].type ? " or " : ", ");
		tn_str_add(out, type_words[i].words);
		left &= ~type_words[i].type;
	}
}

static bool
is_integer(const char *text)
{
	return strpbrk(text, ".eE") == NULL;
}

const char *
tn_schema_describe_kind(const struct tn_value *value)
{
	switch (value->kind) {
	case TN_VALUE_NULL:
		return "nothing";
	case TN_VALUE_BOOL:
		return value->as.boolean ? "true" : "false";
	case TN_VALUE_NUMBER:
		return is_integer(value->as.text) ? "an integer"
						  : "a number with a fraction";
	case TN_VALUE_STRING:
		return "text in quotes";
	case TN_VALUE_SCALAR:
		return "text";
	case TN_VALUE_ARRAY:
		return "a list";
	case TN_VALUE_OBJECT:
		return "a mapping";
	case TN_VALUE_SECRET:
		return "a secret";
	}
	return "something else";
}

bool
tn_schema_fits(unsigned types, const struct tn_value *value)
{
	if (types == 0)
		return true;
	switch (value->kind) {
	case TN_VALUE_NULL:
		return types & TN_TYPE_NULL;
	case TN_VALUE_BOOL:
		return types & TN_TYPE_BOOL;
	case TN_VALUE_NUMBER:
		return (types & TN_TYPE_NUMBER) ||
		    ((types & TN_TYPE_INTEGER) && is_integer(value->as.text));
	case TN_VALUE_STRING:
	case TN_VALUE_SECRET:
		return types & TN_TYPE_STRING;
	case TN_VALUE_SCALAR:
		return false;
	case TN_VALUE_ARRAY:
		return types & TN_TYPE_ARRAY;
	case TN_VALUE_OBJECT:
		return types & TN_TYPE_OBJECT;
	}
	return false;
}

static const char *
skip_digits(const char *text)
{
	return text + strspn(text, "0123456789");
}

/* By the grammar of JSON: no plus, no leading zeros, no 0x. */
static bool
is_number(const char *text)
{
	const char *digits = *text == '-' ? text + 1 : text;
	const char *end = skip_digits(digits);

	if (end == digits || (*digits == '0' && end > digits + 1))
		return false;
	if (*end == '.') {
		digits = end + 1;
		end = skip_digits(digits);
		if (end == digits)
			return false;
	}
	if (*end == 'e' || *end == 'E') {
		digits = end + 1;
		if (*digits == '+' || *digits == '-')
			digits++;
		end = skip_digits(digits);
		if (end == digits)
			return false;
	}
	return *end == '\0';
}

static void
become_bool(struct tn_value *value, bool boolean)
{
	value->kind = TN_VALUE_BOOL;
	value->count = 0;
	value->as.boolean = boolean;
}

void
tn_schema_type_scalar(unsigned types, struct tn_value *value)
{
	const char *text = value->as.text;

	if (value->kind != TN_VALUE_SCALAR)
		return;
	if (types & TN_TYPE_STRING) {
		value->kind = TN_VALUE_STRING;
		return;
	}
	if (types == 0)
		types = TN_TYPE_BOOL | TN_TYPE_NUMBER | TN_TYPE_NULL | TN_TYPE_STRING;
	if ((types & TN_TYPE_BOOL) && tn_text_equal(text, "true")) {
		become_bool(value, true);
	} else if ((types & TN_TYPE_BOOL) && tn_text_equal(text, "false")) {
		become_bool(value, false);
	} else if ((types & (TN_TYPE_NUMBER | TN_TYPE_INTEGER)) && is_number(text)) {
		value->kind = TN_VALUE_NUMBER;
	} else if ((types & TN_TYPE_NULL) &&
	    (tn_text_equal(text, "null") || tn_text_equal(text, "~"))) {
		value->kind = TN_VALUE_NULL;
		value->count = 0;
		value->as.text = NULL;
	} else if (types & TN_TYPE_STRING) {
		value->kind = TN_VALUE_STRING;
	}
}
