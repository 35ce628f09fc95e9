/*
 * Findings in what users write: many are gathered in one run. Each has a
 * stable code, a place, the resource it is about, what is wrong, a hint that
 * says what was expected or the nearest right word, and the line it is about.
 */
#ifndef TN_BASE_DIAG_H
#define TN_BASE_DIAG_H

#include "base/defs.h"
#include "base/str.h"

/* A place in a file. line and col count from 1, in characters; 0 is unknown. */
struct tn_mark {
	const char *file; /* borrowed; relative to the project; NULL is unknown */
	unsigned line;
	unsigned col;
};

/* The place of a byte in a file whose text is valid up to there. */
struct tn_mark tn_mark_at(const char *file, struct tn_span text, size_t byte);

enum tn_severity { TN_SEVERITY_ERROR, TN_SEVERITY_WARNING };
/* "error", "warning" */
const char *tn_severity_name(enum tn_severity severity);

/*
 * The line that a finding is about, or the part of it around the place: bytes as they
 * stand in the file, without the end of the line.
 */
struct tn_quote {
	const char *text; /* NULL when there is none to show */
	size_t len;
	size_t at, marked; /* where in it the place is, and the bytes of the word there */
	bool cut_before, cut_after;
};

struct tn_diag {
	enum tn_severity severity;
	const char *code;     /* "unknown-key"; a literal */
	struct tn_mark mark;  /* file owned by the list */
	const char *resource; /* "action/enrich-token", or NULL */
	const char *message;
	const char *hint; /* NULL when there is none */
	bool unquoted;    /* set where the line may hold a secret in the wrong place */
	struct tn_quote quote;
};

struct tn_diags;
struct tn_redactor;
struct tn_tree;

struct tn_diags *tn_diags_new(void);
void tn_diags_free(struct tn_diags *diags);
TN_DEFINE_FREEP(tn_diags, tn_diags_free)

/*
 * Adds an error and returns it, for tn_diags_resource and tn_diags_hint. What was said
 * before of the same place in the same words is not said and not counted again. After
 * TN_DIAGS_MAX findings one last finding says so and the rest is counted only. Texts
 * repeat what a file says, which may be megabytes: of each, so many bytes are kept.
 */
#define TN_DIAGS_MAX     1000
#define TN_DIAG_TEXT_MAX 2000
struct tn_diag *tn_diags_error(struct tn_diags *diags, const char *code,
    struct tn_mark mark, const char *format, ...) TN_PRINTF(4, 5);
struct tn_diag *tn_diags_warning(struct tn_diags *diags, const char *code,
    struct tn_mark mark, const char *format, ...) TN_PRINTF(4, 5);
void tn_diags_resource(struct tn_diags *diags, struct tn_diag *diag, const char *format,
    ...) TN_PRINTF(3, 4);
void tn_diags_hint(struct tn_diags *diags, struct tn_diag *diag, const char *format, ...)
    TN_PRINTF(3, 4);

/* Adds one of another list, at another place. */
void tn_diags_copy(struct tn_diags *diags, const struct tn_diag *from,
    struct tn_mark mark);

size_t tn_diags_count(const struct tn_diags *diags);
/* Counted beyond TN_DIAGS_MAX as well. */
size_t tn_diags_errors(const struct tn_diags *diags);
size_t tn_diags_warnings(const struct tn_diags *diags);
const struct tn_diag *tn_diags_at(const struct tn_diags *diags, size_t i);
/* By file, line, column, then in the order found. */
void tn_diags_sort(struct tn_diags *diags);
/*
 * Adds the quotes, after tn_diags_sort, from the files that the findings are about. Not
 * quoted are the file `except` (NULL: none), one that the tree does not have, and one
 * that holds a value that the redactor (or NULL) knows: cut in the middle, such a value
 * would not be found any more. Nothing is read that no finding is about.
 */
void tn_diags_quote(struct tn_diags *diags, struct tn_tree *tree,
    const struct tn_redactor *redactor, const char *except);

#endif
