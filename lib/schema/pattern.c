#include "schema/node.h"

#include <string.h>

#include "base/arena.h"

static int
refuse(struct tn_error *err, const char *why)
{
	return tn_error_set(err, TN_E_INPUT, "the pattern %s", why);
}

/* Behind "[": to the closing bracket, or NULL when the class is not common to both
 * languages. */
static const char *
skip_class(const char *at)
{
	if (*at == '^')
		at++;
	if (*at == ']')
		return NULL;
	for (; *at != ']'; at++) {
		if (*at == '\0' || *at == '\\' || (unsigned char)*at >= 0x80 ||
		    (*at == '[' && strchr(":.=", at[1]) != NULL))
			return NULL;
	}
	return at;
}

/* At "{": to the closing brace of {m}, {m,} or {m,n}, or NULL. */
static const char *
skip_count(const char *at)
{
	size_t digits = strspn(at + 1, "0123456789");

	if (digits == 0)
		return NULL;
	at += 1 + digits;
	if (*at == ',')
		at += 1 + strspn(at + 1, "0123456789");
	return *at == '}' ? at : NULL;
}

/*
 * One item of the pattern with what repeats it; *why and NULL when it is not
 * common to both.
 */
static const char *
skip_item(const char *at, const char **why)
{
	const char *end = at;

	if (*at == '\\' && (at[1] == '\0' || strchr(".[](){}*+?^$|\\", at[1]) == NULL))
		*why = "has an escape that is not common to ECMA and POSIX";
	else if (*at == '.' || (unsigned char)*at >= 0x80)
		*why = "counts bytes where ECMA counts characters";
	else if (*at == '[' && (end = skip_class(at + 1)) == NULL)
		*why = "has a class that is not common to ECMA and POSIX";
	else if (*at == '(' && at[1] == '?')
		*why = "has a group that is not common to ECMA and POSIX";
	else if (*at != '\0' && strchr("*+?{}^$", *at) != NULL)
		*why = "has a special character where it cannot stand";
	if (*why != NULL)
		return NULL;
	end += *at == '\\' ? 2 : 1;
	if (*at == '(' || *at == '|')
		return end;
	if (*end != '{')
		return *end != '\0' && strchr("*+?", *end) != NULL ? end + 1 : end;
	end = skip_count(end);
	if (end == NULL) {
		*why = "has a count that is not {m}, {m,} or {m,n}";
		return NULL;
	}
	return end + 1;
}

static int
check(const char *text, struct tn_error *err)
{
	size_t len = strlen(text);
	const char *at = text + 1, *last = text + len - 1;
	const char *why = NULL;
	int depth = 0;

	if (len < 2 || *text != '^' || *last != '$')
		return refuse(err, "does not begin with ^ and end with $");
	while (why == NULL && at < last) {
		depth += (*at == '(') - (*at == ')');
		if (depth < 0)
			why = "has a parenthesis without its partner";
		else if (*at == '|' && depth == 0)
			why = "has a | outside of parentheses";
		else
			at = skip_item(at, &why);
	}
	if (why == NULL && depth > 0)
		why = "has a parenthesis without its partner";
	if (why == NULL && at > last)
		why = "ends with an escaped $";
	return why != NULL ? refuse(err, why) : 0;
}

int
tn_schema_pattern(struct tn_schema *schema, const char *text, const regex_t **out,
    struct tn_error *err)
{
	struct tn_schema_regex *entry;
	char why[128];
	int r = check(text, err);

	if (r < 0)
		return r;
	entry = tn_arena_new_object(schema->arena, struct tn_schema_regex);
	r = regcomp(&entry->regex, text, REG_EXTENDED | REG_NOSUB);
	if (r != 0) {
		regerror(r, &entry->regex, why, sizeof(why));
		return tn_error_set(err, TN_E_INPUT, "the pattern does not compile: %s",
		    why);
	}
	entry->next = schema->regexes;
	schema->regexes = entry;
	*out = &entry->regex;
	return 0;
}
