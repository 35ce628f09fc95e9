/*
 * What the code of an action or module says about itself, read from its tokens: what it
 * exports, which secrets, packages and modules it uses. Not for other rooms.
 *
 * The checks are made for code that nobody would call wrong: where a text may mean
 * something else, or may never run, there is a warning or silence. An error is said of
 * what is wrong whenever the code runs.
 */
#ifndef TN_LINT_CODE_H
#define TN_LINT_CODE_H

#include "base/diag.h"
#include "js/js.h"
#include "model/want.h"

/* What is checked. */
struct tn_code_subject {
	const char *kind; /* "action", "module" */
	const char *name;
	struct tn_mark mark; /* where it is declared */
	struct tn_span text;
	const char *file; /* of the text */
	const struct tn_trigger
	    *trigger; /* NULL: a module, which exports what it likes */
	const struct tn_content *content;
	const struct tn_want_use *modules;
	size_t n_modules;
	unsigned unstated; /* TN_PART_…: not declared here, and not checked */
};

/* Says what is wrong with the code. In time linear in its length. */
void tn_code_lint(const struct tn_code_subject *subject, struct tn_diags *diags);

/* --- Between the parts ---------------------------------------------------------------
 */

#define TN_CODE_NOWHERE UINT32_MAX

struct tn_code_token {
	uint32_t at;
	uint32_t len;
	uint32_t partner; /* of a bracket: the token that closes or opens it */
	uint32_t open;    /* the innermost bracket around it, or nowhere */
	uint8_t kind;     /* enum tn_js_kind */
	uint8_t id;       /* enum tn_js_id */
	bool escaped;
};

enum tn_code_finding {
	TN_CODE_MISSING_HANDLER,
	TN_CODE_UNCLEAR_HANDLER,
	TN_CODE_MODULE_SYNTAX,
	TN_CODE_UNDECLARED_SECRET,
	TN_CODE_DOUBTFUL_SECRET,
	TN_CODE_UNUSED_SECRET,
	TN_CODE_UNDECLARED_PACKAGE,
	TN_CODE_DOUBTFUL_PACKAGE,
	TN_CODE_UNUSED_DEPENDENCY,
	TN_CODE_UNDECLARED_MODULE,
	TN_CODE_DOUBTFUL_MODULE,
	TN_CODE_UNUSED_MODULE,
};

struct tn_code_pending {
	uint32_t at; /* in the text; nowhere: at the declaration */
	uint32_t sequence;
	enum tn_code_finding finding;
	struct tn_span word;
};

/* A name that the code uses, and how sure it is that it has to be there. */
enum tn_code_surety { TN_CODE_MAYBE, TN_CODE_LIKELY, TN_CODE_SURE };
struct tn_code_use {
	struct tn_span name;
	uint32_t at;
	enum tn_code_surety surety;
};
struct tn_code_uses {
	struct tn_code_use *items;
	size_t n;
	size_t cap;
	bool unclear; /* there are uses that the text does not name */
};

#define TN_CODE_NAMES_MAX 8
struct tn_code_names {
	struct tn_span items[TN_CODE_NAMES_MAX];
	size_t n;
};

struct tn_code {
	const struct tn_code_subject *about;
	struct tn_code_token *tokens;
	size_t n;

	/* exports.c */
	bool exports_handler;
	bool mentions_handler;
	bool exports_unclear;
	struct tn_span exported; /* a name that looks like a handler */

	/* secrets.c */
	struct tn_code_uses secrets;
	struct tn_code_names roots;   /* what the handler calls its event */
	struct tn_code_names aliases; /* what stands for event.secrets */
	bool root_seen;

	/* requires.c */
	struct tn_code_uses requires;
	bool own_require; /* the name means something else here */
	bool module_syntax;

	struct tn_code_pending *pending;
	size_t n_pending;
	size_t pending_cap;
};

/* Beyond either end there is a token of no kind. */
const struct tn_code_token *tn_code_at(const struct tn_code *code, size_t i);
struct tn_span tn_code_text(const struct tn_code *code, size_t i);
/* A name, as that or as the name of a property, of this text. */
bool tn_code_is_name(const struct tn_code *code, size_t i, const char *name);
/* The text of a string or template that has neither escapes nor substitutions. */
bool tn_code_literal(const struct tn_code *code, size_t i, struct tn_span *out);
/* A dot, with or without a question mark. */
bool tn_code_is_dot(const struct tn_code *code, size_t i);
/*
 * At the bracket that opens an object or pattern: calls each with the index of every key
 * of its own, and SIZE_MAX for what is no plain key: a rest, a spread, something
 * computed.
 */
typedef void tn_code_key_fn(struct tn_code *code, size_t key, void *arg);
void tn_code_keys(struct tn_code *code, size_t open, tn_code_key_fn *each, void *arg);

void tn_code_find(struct tn_code *code, enum tn_code_finding finding, uint32_t at,
    struct tn_span word);
void tn_code_use(struct tn_code_uses *uses, struct tn_span name, uint32_t at,
    enum tn_code_surety surety);
/* By name and then by place. */
void tn_code_sort_uses(struct tn_code_uses *uses);
bool tn_code_has_name(const struct tn_code_names *names, struct tn_span name);
void tn_code_add_name(struct tn_code_names *names, struct tn_span name);

/* At a name that is none of a property: exports, module, this. */
void tn_code_see_export(struct tn_code *code, size_t i);
/* At a name or literal. */
void tn_code_see_handler(struct tn_code *code, struct tn_span name);
void tn_code_judge_exports(struct tn_code *code);

/* At the name secrets. */
void tn_code_see_secrets(struct tn_code *code, size_t i);
/* At a name that is none of a property. */
void tn_code_see_root(struct tn_code *code, size_t i);
void tn_code_judge_secrets(struct tn_code *code);

void tn_code_see_require(struct tn_code *code, size_t i);
void tn_code_see_import(struct tn_code *code, size_t i);
void tn_code_judge_requires(struct tn_code *code);

#endif
