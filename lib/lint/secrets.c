/*
 * Which secrets the code uses: event.secrets.NAME and what is written instead of it. An
 * undeclared one is an error where the code would use a value that is never there; code
 * that looks first whether it is there may do without.
 */
#include "lint/code.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static bool
is_one_of(const struct tn_code *code, size_t i, const char *const *texts, size_t n)
{
	struct tn_span text = tn_code_text(code, i);

	for (size_t k = 0; k < n; k++) {
		if (tn_span_is(text, texts[k]))
			return true;
	}
	return false;
}

/* Whether the code asks about the value between both tokens instead of using it. */
static bool
is_asked_about(const struct tn_code *code, size_t before, size_t behind)
{
	static const char *const asks_before[] = { "!", "&&", "||", "?\?", "typeof",
		"void", "delete", "===", "==", "!==", "!=", "?" };
	static const char *const asks_behind[] = { "&&", "||", "?\?", "?", "?.",
		"===", "==", "!==", "!=", "=", "?\?=", "||=", "&&=" };

	if (is_one_of(code, before, asks_before, TN_ARRAY_LEN(asks_before)) ||
	    is_one_of(code, behind, asks_behind, TN_ARRAY_LEN(asks_behind)))
		return true;
	/* if (event.secrets.NAME), Boolean(event.secrets.NAME) */
	return tn_code_at(code, before)->id == TN_JS_PAREN_OPEN &&
	    tn_code_at(code, behind)->id == TN_JS_PAREN_CLOSE &&
	    (tn_code_at(code, before - 1)->id == TN_JS_IF ||
		tn_code_at(code, before - 1)->id == TN_JS_WHILE ||
		tn_code_is_name(code, before - 1, "Boolean"));
}

/* An object of names, from which each is taken. */
struct pattern {
	enum tn_code_surety surety;
};

static void
use_key(struct tn_code *code, size_t key, void *arg)
{
	const struct pattern *pattern = arg;
	enum tn_code_surety surety = pattern->surety;
	struct tn_span name;
	size_t behind = key + 1;

	if (key == SIZE_MAX) {
		code->secrets.unclear = true;
		return;
	}
	if (!tn_code_literal(code, key, &name))
		name = tn_code_text(code, key);
	if (tn_code_at(code, behind)->id == TN_JS_COLON)
		behind += 2;
	if (tn_code_at(code, behind)->id == TN_JS_EQUALS && surety > TN_CODE_LIKELY)
		surety = TN_CODE_LIKELY; /* there is a default */
	tn_code_use(&code->secrets, name, code->tokens[key].at, surety);
}

static void
use_pattern(struct tn_code *code, size_t close, enum tn_code_surety surety)
{
	struct pattern pattern = { surety };

	tn_code_keys(code, code->tokens[close].partner, use_key, &pattern);
}

/*
 * At what follows an expression for the secrets, which begins at start: a member of them.
 * False when it is none.
 */
static bool
use_member(struct tn_code *code, size_t start, size_t i, enum tn_code_surety surety)
{
	struct tn_span name;
	size_t place, behind;

	if (tn_code_at(code, i)->id == TN_JS_OPTIONAL_DOT &&
	    tn_code_at(code, i + 1)->id == TN_JS_BRACKET_OPEN)
		i++;
	if (tn_code_is_dot(code, i) && tn_code_at(code, i + 1)->kind == TN_JS_NAME) {
		place = i + 1;
		name = tn_code_text(code, place);
		behind = i + 2;
	} else if (tn_code_at(code, i)->id == TN_JS_BRACKET_OPEN &&
	    tn_code_literal(code, i + 1, &name) &&
	    tn_code_at(code, i + 2)->id == TN_JS_BRACKET_CLOSE) {
		place = i + 1;
		behind = i + 3;
	} else {
		return false;
	}
	/* A secret is text; what is called is a method of every object. */
	if (tn_code_at(code, behind)->id == TN_JS_PAREN_OPEN ||
	    code->tokens[place].escaped) {
		code->secrets.unclear = true;
		return true;
	}
	if (surety > TN_CODE_LIKELY && is_asked_about(code, start - 1, behind))
		surety = TN_CODE_LIKELY;
	tn_code_use(&code->secrets, name, code->tokens[place].at, surety);
	return true;
}

static bool
declares(const struct tn_code *code, size_t i)
{
	uint8_t id = tn_code_at(code, i)->id;

	return id == TN_JS_CONST || id == TN_JS_LET || id == TN_JS_VAR;
}

/*
 * The secrets as a whole, from start to behind: taken apart by a pattern, given another
 * name, asked for one, or handed on to where nobody sees what becomes of them.
 */
static void
use_whole(struct tn_code *code, size_t start, enum tn_code_surety surety)
{
	struct tn_span name;

	if (tn_code_at(code, start - 1)->id == TN_JS_EQUALS) {
		if (tn_code_at(code, start - 2)->id == TN_JS_BRACE_CLOSE) {
			use_pattern(code, start - 2, surety);
			return;
		}
		if (tn_code_at(code, start - 2)->kind == TN_JS_NAME &&
		    declares(code, start - 3)) {
			tn_code_add_name(&code->aliases, tn_code_text(code, start - 2));
			return;
		}
	}
	if (tn_code_at(code, start - 1)->id == TN_JS_IN &&
	    tn_code_literal(code, start - 2, &name)) {
		tn_code_use(&code->secrets, name, code->tokens[start - 2].at,
		    TN_CODE_MAYBE);
		return;
	}
	code->secrets.unclear = true;
}

/*
 * secrets in braces: as a key of a pattern it gets another name, or is taken apart. Where
 * it is not seen that the pattern is of the event, both may be anything.
 */
static void
see_key(struct tn_code *code, size_t i)
{
	const struct tn_code_token *open = tn_code_at(code, code->tokens[i].open);
	size_t behind = (size_t)open->partner + 1;
	bool ours = tn_code_at(code, behind)->id == TN_JS_EQUALS &&
	    tn_code_has_name(&code->roots, tn_code_text(code, behind + 1));

	if (!ours)
		code->secrets.unclear = true;
	if (open->id != TN_JS_BRACE_OPEN)
		return;
	if (tn_code_at(code, i + 1)->id == TN_JS_COLON &&
	    tn_code_at(code, i + 2)->id == TN_JS_BRACE_OPEN)
		use_pattern(code, code->tokens[i + 2].partner,
		    ours ? TN_CODE_LIKELY : TN_CODE_MAYBE);
	else if (ours && tn_code_at(code, i + 1)->id == TN_JS_COLON)
		tn_code_add_name(&code->aliases, tn_code_text(code, i + 2));
	else if (ours)
		tn_code_add_name(&code->aliases, tn_code_text(code, i));
}

void
tn_code_see_secrets(struct tn_code *code, size_t i)
{
	bool alias = tn_code_has_name(&code->aliases, tn_code_text(code, i));

	if (tn_code_is_dot(code, i - 1)) {
		bool root = tn_code_at(code, i - 2)->kind == TN_JS_NAME &&
		    !tn_code_is_dot(code, i - 3);
		enum tn_code_surety surety = root &&
			tn_code_has_name(&code->roots, tn_code_text(code, i - 2))
		    ? TN_CODE_SURE
		    : TN_CODE_MAYBE;

		if (use_member(code, i - 2, i + 1, surety))
			return;
		if (root)
			use_whole(code, i - 2, surety);
		else
			code->secrets.unclear = true;
	} else if (!use_member(code, i, i + 1, alias ? TN_CODE_LIKELY : TN_CODE_MAYBE)) {
		/* What is assigned to it is seen behind it. */
		if (declares(code, i - 1) && tn_code_at(code, i + 1)->id == TN_JS_EQUALS)
			return;
		see_key(code, i);
	}
}

/* In the parentheses of a function's parameters. */
static bool
is_parameter(const struct tn_code *code, size_t i)
{
	uint32_t open = code->tokens[i].open;
	uint8_t behind;

	if (tn_code_at(code, i + 1)->id == TN_JS_ARROW)
		return true;
	if (tn_code_at(code, open)->id != TN_JS_PAREN_OPEN)
		return false;
	behind = tn_code_at(code, tn_code_at(code, open)->partner + 1)->id;
	return behind == TN_JS_ARROW || behind == TN_JS_BRACE_OPEN;
}

void
tn_code_see_root(struct tn_code *code, size_t i)
{
	struct tn_span name = tn_code_text(code, i);

	if (tn_code_has_name(&code->aliases, name)) {
		if (!use_member(code, i, i + 1, TN_CODE_LIKELY))
			code->secrets.unclear = true;
		return;
	}
	if (!tn_code_has_name(&code->roots, name))
		return;
	code->root_seen = true;
	if (tn_code_is_dot(code, i + 1) && tn_code_at(code, i + 2)->kind == TN_JS_NAME)
		return;
	if (is_parameter(code, i) ||
	    (tn_code_at(code, i - 1)->id == TN_JS_EQUALS &&
		tn_code_at(code, i - 2)->id == TN_JS_BRACE_CLOSE))
		return;
	code->secrets.unclear = true; /* handed on, with the secrets in it */
}

/* --- Judging ------------------------------------------------------------------------ */

static int
compare_names(const void *a, const void *b)
{
	const char *const *x = a;
	const char *const *y = b;

	return strcmp(*x, *y);
}

static int
compare_span(const struct tn_span *span, const char *name)
{
	int order = strncmp(span->ptr, name, span->len);

	return order != 0 ? order : -(name[span->len] != '\0');
}

static enum tn_code_finding
undeclared(enum tn_code_surety surety)
{
	return surety == TN_CODE_SURE ? TN_CODE_UNDECLARED_SECRET
				      : TN_CODE_DOUBTFUL_SECRET;
}

/*
 * Both lists are sorted: they are walked together. What is used more than once counts at
 * its first place, and as sure only if all its uses are.
 */
static void
judge(struct tn_code *code, const char *const *declared, size_t n_declared, bool unused)
{
	const struct tn_code_uses *uses = &code->secrets;
	size_t i = 0, k = 0;

	while (i < uses->n || k < n_declared) {
		const struct tn_code_use *first = i < uses->n ? &uses->items[i] : NULL;
		enum tn_code_surety least = TN_CODE_SURE;
		int order = first == NULL ? 1
		    : k == n_declared     ? -1
					  : compare_span(&first->name, declared[k]);

		if (order > 0 && unused)
			tn_code_find(code, TN_CODE_UNUSED_SECRET, TN_CODE_NOWHERE,
			    tn_span(declared[k]));
		if (order >= 0)
			k++;
		if (order > 0)
			continue;
		for (; i < uses->n && tn_span_equal(uses->items[i].name, first->name);
		     i++) {
			if (uses->items[i].surety < least)
				least = uses->items[i].surety;
		}
		if (order < 0 && least > TN_CODE_MAYBE)
			tn_code_find(code, undeclared(least), first->at, first->name);
	}
}

void
tn_code_judge_secrets(struct tn_code *code)
{
	const struct tn_content *content = code->about->content;
	size_t n = content->n_secrets;
	TN_CLEANUP(tn_freep) const char **declared = NULL;

	if ((code->about->unstated & TN_PART_SECRETS) != 0)
		return;
	declared = tn_alloc(n + 1, sizeof(*declared));
	for (size_t i = 0; i < n; i++)
		declared[i] = content->secrets[i].name;
	if (n > 1)
		qsort(declared, n, sizeof(*declared), compare_names);
	tn_code_sort_uses(&code->secrets);
	judge(code, declared, n, code->root_seen && !code->secrets.unclear);
}
