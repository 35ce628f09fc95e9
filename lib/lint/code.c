#include "lint/code.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* --- Tokens ------------------------------------------------------------------------- */

const struct tn_code_token *
tn_code_at(const struct tn_code *code, size_t i)
{
	static const struct tn_code_token none = {
		.kind = UINT8_MAX,
		.partner = TN_CODE_NOWHERE,
		.open = TN_CODE_NOWHERE,
	};

	return i < code->n ? &code->tokens[i] : &none;
}

struct tn_span
tn_code_text(const struct tn_code *code, size_t i)
{
	const struct tn_code_token *token = tn_code_at(code, i);

	return tn_span_of(code->about->text.ptr + token->at, token->len);
}

bool
tn_code_is_name(const struct tn_code *code, size_t i, const char *name)
{
	return tn_code_at(code, i)->kind == TN_JS_NAME &&
	    tn_span_is(tn_code_text(code, i), name);
}

bool
tn_code_is_dot(const struct tn_code *code, size_t i)
{
	uint8_t id = tn_code_at(code, i)->id;

	return id == TN_JS_DOT || id == TN_JS_OPTIONAL_DOT;
}

bool
tn_code_literal(const struct tn_code *code, size_t i, struct tn_span *out)
{
	const struct tn_code_token *token = tn_code_at(code, i);
	struct tn_span text = tn_code_text(code, i);

	if (token->kind != TN_JS_STRING && token->kind != TN_JS_TEMPLATE)
		return false;
	*out = tn_span_of(text.ptr + 1, text.len - 2);
	return memchr(out->ptr, '\\', out->len) == NULL;
}

static bool
opens(const struct tn_js_token *token)
{
	return token->id == TN_JS_BRACE_OPEN || token->id == TN_JS_PAREN_OPEN ||
	    token->id == TN_JS_BRACKET_OPEN || token->kind == TN_JS_TEMPLATE_HEAD;
}

static bool
closes(const struct tn_js_token *token)
{
	return token->id == TN_JS_BRACE_CLOSE || token->id == TN_JS_PAREN_CLOSE ||
	    token->id == TN_JS_BRACKET_CLOSE || token->kind == TN_JS_TEMPLATE_TAIL;
}

/* The lexer has seen to it that brackets fit. */
static void
add_token(struct tn_code *code, const struct tn_js_token *token, uint32_t *open)
{
	struct tn_code_token *new = &code->tokens[code->n];

	new->partner = TN_CODE_NOWHERE;
	if (closes(token)) {
		new->partner = *open;
		code->tokens[*open].partner = (uint32_t)code->n;
		*open = code->tokens[*open].open;
	}
	new->open = *open;
	if (opens(token))
		*open = (uint32_t)code->n;
	new->at = (uint32_t)token->at;
	new->len = (uint32_t)token->len;
	new->kind = (uint8_t)token->kind;
	new->id = (uint8_t)token->id;
	new->escaped = token->escaped;
	code->n++;
}

/* --- Findings ----------------------------------------------------------------------- */

/* The word stands between both parts of the message. An error unless it says otherwise.
 */
static const struct kind {
	enum tn_severity severity;
	const char *code;
	const char *before;
	const char *after;
	const char *hint;
} kinds[] = {
	[TN_CODE_MISSING_HANDLER] = {
	    .code = "missing-handler",
	    .before = "the code does not export ",
	    .after = ", which is what the trigger calls",
	    .hint = "write `exports.NAME = async (event, api) => { … }`",
	},
	[TN_CODE_UNCLEAR_HANDLER] = {
	    .severity = TN_SEVERITY_WARNING,
	    .code = "unclear-handler",
	    .before = "the code does not show that it exports ",
	    .after = ", which is what the trigger calls",
	    .hint = "write `exports.NAME = …`, and it can be checked",
	},
	[TN_CODE_MODULE_SYNTAX] = {
	    .code = "module-syntax",
	    .before = "`",
	    .after = "` is of ES modules; the code of actions is CommonJS",
	    .hint = "write `require(…)` and `exports.NAME = …`; `await import(…)` works as "
		    "well",
	},
	[TN_CODE_UNDECLARED_SECRET] = {
	    .code = "undeclared-secret",
	    .before = "the code uses the secret \"",
	    .after = "\", which is not declared",
	    .hint = "add it to `secrets`",
	},
	[TN_CODE_DOUBTFUL_SECRET] = {
	    .severity = TN_SEVERITY_WARNING,
	    .code = "doubtful-secret",
	    .before = "the code may use the secret \"",
	    .after = "\", which is not declared",
	    .hint = "add it to `secrets`, unless the code can do without",
	},
	[TN_CODE_UNUSED_SECRET] = {
	    .severity = TN_SEVERITY_WARNING,
	    .code = "unused-secret",
	    .before = "the secret \"",
	    .after = "\" is declared, but the code does not use it",
	    .hint = "take it out of `secrets`",
	},
	[TN_CODE_UNDECLARED_PACKAGE] = {
	    .code = "undeclared-dependency",
	    .before = "the code requires \"",
	    .after = "\", which is no declared dependency",
	    .hint = "add it with its version to `dependencies`",
	},
	[TN_CODE_DOUBTFUL_PACKAGE] = {
	    .severity = TN_SEVERITY_WARNING,
	    .code = "doubtful-dependency",
	    .before = "the code may require \"",
	    .after = "\", which is no declared dependency",
	    .hint = "add it with its version to `dependencies`, unless it is never reached",
	},
	[TN_CODE_UNUSED_DEPENDENCY] = {
	    .severity = TN_SEVERITY_WARNING,
	    .code = "unused-dependency",
	    .before = "the dependency \"",
	    .after = "\" is declared, but the code does not require it",
	    .hint = "take it out of `dependencies`, unless another package needs it",
	},
	[TN_CODE_UNDECLARED_MODULE] = {
	    .code = "undeclared-module",
	    .before = "the code requires the module \"",
	    .after = "\", which the action does not list",
	    .hint = "add it to `modules` of the action",
	},
	[TN_CODE_DOUBTFUL_MODULE] = {
	    .severity = TN_SEVERITY_WARNING,
	    .code = "doubtful-module",
	    .before = "the code may require the module \"",
	    .after = "\", which the action does not list",
	    .hint = "add it to `modules` of the action, unless it is never reached",
	},
	[TN_CODE_UNUSED_MODULE] = {
	    .severity = TN_SEVERITY_WARNING,
	    .code = "unused-module",
	    .before = "the module \"",
	    .after = "\" is listed, but the code does not require it",
	    .hint = "take it out of `modules`, or write `require('actions:NAME')`",
	},
};

void
tn_code_find(struct tn_code *code, enum tn_code_finding finding, uint32_t at,
    struct tn_span word)
{
	code->pending = tn_grow(code->pending, code->n_pending, &code->pending_cap,
	    sizeof(*code->pending));
	code->pending[code->n_pending] = (struct tn_code_pending){
		.at = at,
		.sequence = (uint32_t)code->n_pending,
		.finding = finding,
		.word = word,
	};
	code->n_pending++;
}

static int
compare_pending(const void *a, const void *b)
{
	const struct tn_code_pending *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->sequence < y->sequence ? -1 : 1;
}

/* Goes forward only, so that all places of a file cost one walk through it. */
struct cursor {
	struct tn_span text;
	size_t at;
	struct tn_mark mark;
};

static struct tn_mark
move_to(struct cursor *cursor, size_t at)
{
	const char *p = cursor->text.ptr + cursor->at;
	const char *end = cursor->text.ptr + at;
	const char *newline;

	while (p < end && (newline = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		cursor->mark.line++;
		cursor->mark.col = 1;
		p = newline + 1;
	}
	cursor->mark.col += (unsigned)tn_utf8_length(tn_span_of(p, (size_t)(end - p)));
	cursor->at = at;
	return cursor->mark;
}

static struct tn_diag *
tell(struct tn_diags *diags, enum tn_severity severity, const char *code,
    struct tn_mark mark, const struct kind *kind, struct tn_span word)
{
	int len = (int)word.len;

	if (severity == TN_SEVERITY_ERROR)
		return tn_diags_error(diags, code, mark, "%s%.*s%s", kind->before, len,
		    word.ptr, kind->after);
	return tn_diags_warning(diags, code, mark, "%s%.*s%s", kind->before, len,
	    word.ptr, kind->after);
}

static void
say(const struct tn_code *code, const struct tn_code_pending *pending,
    struct tn_mark mark, struct tn_diags *diags)
{
	const struct kind *kind = &kinds[pending->finding];
	struct tn_diag *diag = tell(diags, kind->severity, kind->code, mark, kind,
	    pending->word);

	tn_diags_resource(diags, diag, "%s/%s", code->about->kind, code->about->name);
	if (pending->finding == TN_CODE_MISSING_HANDLER && code->exported.len > 0)
		tn_diags_hint(diags, diag, "it exports %.*s instead",
		    (int)code->exported.len, code->exported.ptr);
	else
		tn_diags_hint(diags, diag, "%s", kind->hint);
}

static void
say_all(struct tn_code *code, struct tn_diags *diags)
{
	struct cursor cursor = {
		.text = code->about->text,
		.mark = { code->about->file, 1, 1 },
	};

	if (code->n_pending > 1)
		qsort(code->pending, code->n_pending, sizeof(*code->pending),
		    compare_pending);
	for (size_t i = 0; i < code->n_pending; i++) {
		const struct tn_code_pending *pending = &code->pending[i];
		bool nowhere = pending->at == TN_CODE_NOWHERE;

		say(code, pending,
		    nowhere ? code->about->mark : move_to(&cursor, pending->at), diags);
	}
}

static void
say_problem(const struct tn_code_subject *about, const struct tn_js_problem *problem,
    struct tn_diags *diags)
{
	struct cursor cursor = { .text = about->text, .mark = { about->file, 1, 1 } };
	struct tn_mark opened = move_to(&cursor,
	    problem->opened < problem->at ? problem->opened : problem->at);
	struct tn_diag *diag = tn_diags_error(diags, "invalid-javascript",
	    move_to(&cursor, problem->at), "%s", problem->message);

	tn_diags_resource(diags, diag, "%s/%s", about->kind, about->name);
	if (problem->opened < problem->at)
		tn_diags_hint(diags, diag,
		    "the one that is open is \"%c\" at line %u, column %u",
		    about->text.ptr[problem->opened], opened.line, opened.col);
	else
		tn_diags_hint(diags, diag, "no engine takes this; is the file complete?");
}

/* --- Reading ------------------------------------------------------------------------ */

/* False, and a finding, when the text is none that could run. */
static bool
read_tokens(struct tn_code *code, struct tn_diags *diags)
{
	TN_CLEANUP(tn_js_freep)
	struct tn_js *js = tn_js_new(code->about->text, TN_JS_SCRIPT);
	uint32_t open = TN_CODE_NOWHERE;
	struct tn_js_token token;
	size_t cap = 0;

	while (tn_js_next(js, &token)) {
		code->tokens = tn_grow(code->tokens, code->n, &cap,
		    sizeof(*code->tokens));
		add_token(code, &token, &open);
	}
	if (tn_js_problem(js) == NULL)
		return true;
	say_problem(code->about, tn_js_problem(js), diags);
	return false;
}

static void
see_name(struct tn_code *code, size_t i)
{
	struct tn_span text = tn_code_text(code, i);

	tn_code_see_handler(code, text);
	if (tn_span_is(text, "secrets"))
		tn_code_see_secrets(code, i);
	else if (tn_code_is_dot(code, i - 1))
		return;
	else if (tn_span_is(text, "exports") || tn_span_is(text, "module"))
		tn_code_see_export(code, i);
	else if (tn_span_is(text, "require"))
		tn_code_see_require(code, i);
	else if (tn_span_is(text, "eval"))
		code->exports_unclear = true;
	else
		tn_code_see_root(code, i);
}

static void
see(struct tn_code *code, size_t i)
{
	const struct tn_code_token *token = &code->tokens[i];
	struct tn_span literal;

	switch ((enum tn_js_kind)token->kind) {
	case TN_JS_NAME:
		see_name(code, i);
		break;
	case TN_JS_KEYWORD:
		if (token->id == TN_JS_IMPORT || token->id == TN_JS_EXPORT)
			tn_code_see_import(code, i);
		else if (token->id == TN_JS_THIS)
			tn_code_see_export(code, i);
		break;
	case TN_JS_STRING:
	case TN_JS_TEMPLATE:
		if (tn_code_literal(code, i, &literal))
			tn_code_see_handler(code, literal);
		break;
	case TN_JS_PRIVATE_NAME:
	case TN_JS_PUNCTUATOR:
	case TN_JS_NUMBER:
	case TN_JS_TEMPLATE_HEAD:
	case TN_JS_TEMPLATE_MIDDLE:
	case TN_JS_TEMPLATE_TAIL:
	case TN_JS_REGEXP:
		break;
	}
}

void
tn_code_lint(const struct tn_code_subject *subject, struct tn_diags *diags)
{
	struct tn_code code = { .about = subject };

	tn_code_add_name(&code.roots,
	    tn_span(subject->trigger != NULL ? "event" : "actions"));
	if (read_tokens(&code, diags)) {
		for (size_t i = 0; i < code.n; i++)
			see(&code, i);
		tn_code_judge_exports(&code);
		tn_code_judge_secrets(&code);
		tn_code_judge_requires(&code);
		say_all(&code, diags);
	}
	tn_free(code.tokens);
	tn_free(code.secrets.items);
	tn_free(code.requires.items);
	tn_free(code.pending);
}
