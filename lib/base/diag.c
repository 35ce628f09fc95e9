#include "base/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/quote.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/tree.h"

struct entry {
	struct tn_diag diag;
	size_t order;
};

/* Of a power of two, more than twice the findings that are kept. */
#define TABLE_SIZE ((size_t)4096)

struct tn_diags {
	struct tn_arena *arena;
	struct entry **table; /* by code, place and message; NULL while there are none */
	struct entry **entries;
	size_t count;
	size_t cap;
	size_t errors, warnings;
	bool full;
	struct tn_diag
	    dropped; /* what repeats and findings past the bound are written to */
};

const char *
tn_severity_name(enum tn_severity severity)
{
	return severity == TN_SEVERITY_ERROR ? "error" : "warning";
}

struct tn_diags *
tn_diags_new(void)
{
	struct tn_diags *diags = tn_new(struct tn_diags);

	diags->arena = tn_arena_new();
	return diags;
}

void
tn_diags_free(struct tn_diags *diags)
{
	if (diags == NULL)
		return;
	tn_arena_free(diags->arena);
	tn_free(diags->entries);
	tn_free(diags);
}

static struct tn_diag *
append(struct tn_diags *diags)
{
	struct entry *entry = tn_arena_new_object(diags->arena, struct entry);

	diags->entries = tn_grow(diags->entries, diags->count, &diags->cap,
	    sizeof(*diags->entries));
	entry->order = diags->count;
	diags->entries[diags->count++] = entry;
	return &entry->diag;
}

static void
say_that_rest_is_dropped(struct tn_diags *diags)
{
	struct tn_diag *diag = append(diags);

	diags->full = true;
	diag->severity = TN_SEVERITY_WARNING;
	diag->code = "too-many-findings";
	diag->message = tn_arena_printf(diags->arena,
	    "more than %d findings; the others are counted but not shown", TN_DIAGS_MAX);
	diag->hint = "mend these first and run again";
}

/* Findings come file by file: the copy of the one before mostly serves again. */
static const char *
own_file(struct tn_diags *diags, const char *file)
{
	if (file == NULL)
		return NULL;
	if (diags->count > 0) {
		const char *last = diags->entries[diags->count - 1]->diag.mark.file;

		if (tn_text_equal(last, file))
			return last;
	}
	return tn_arena_text(diags->arena, file);
}

static size_t
hash_text(size_t hash, const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * (size_t)1099511628211u;
	return hash;
}

static bool
is_same(const struct tn_diag *diag, const char *code, struct tn_mark mark,
    const char *message)
{
	return diag->mark.line == mark.line && diag->mark.col == mark.col &&
	    strcmp(diag->code, code) == 0 && strcmp(diag->message, message) == 0 &&
	    tn_text_equal(diag->mark.file, mark.file);
}

/* Where the finding is in the table, or where it would be. */
static struct entry **
slot_of(struct tn_diags *diags, const char *code, struct tn_mark mark,
    const char *message)
{
	size_t at = hash_text(hash_text(mark.line * 31 + mark.col, code), message);

	if (diags->table == NULL)
		diags->table = tn_arena_array(diags->arena, TABLE_SIZE, struct entry *);
	for (at ^= at >> 20;; at++) {
		struct entry **slot = &diags->table[at & (TABLE_SIZE - 1)];

		if (*slot == NULL || is_same(&(*slot)->diag, code, mark, message))
			return slot;
	}
}

static void write_text(struct tn_str *out, const char *format, va_list args)
    TN_PRINTF(2, 0);

/* Into an empty string, with "…" where it was cut. */
static void
write_text(struct tn_str *out, const char *format, va_list args)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	size_t whole;

	tn_str_init(&text, TN_DIAG_TEXT_MAX);
	tn_str_addv(&text, format, args);
	/* The cut may have gone through a character, of which up to three bytes are left.
	 */
	whole = tn_utf8_check(tn_str_span(&text));
	if (!tn_str_overflowed(&text) || text.len - whole > 3)
		whole = text.len;
	tn_str_add_bytes(out, tn_str_text(&text), whole);
	tn_str_add(out, tn_str_overflowed(&text) ? "…" : "");
}

static size_t *
count_of(struct tn_diags *diags, enum tn_severity severity)
{
	return severity == TN_SEVERITY_ERROR ? &diags->errors : &diags->warnings;
}

static struct tn_diag *add(struct tn_diags *diags, enum tn_severity severity,
    const char *code, struct tn_mark mark, const char *format, va_list args)
    TN_PRINTF(5, 0);

static struct tn_diag *
add(struct tn_diags *diags, enum tn_severity severity, const char *code,
    struct tn_mark mark, const char *format, va_list args)
{
	TN_CLEANUP(tn_str_done) struct tn_str message = TN_STR_INIT;
	struct tn_diag *diag;
	struct entry **slot;

	write_text(&message, format, args);
	slot = slot_of(diags, code, mark, tn_str_text(&message));
	if (*slot != NULL)
		return &diags->dropped;
	*count_of(diags, severity) += 1;
	if (!diags->full && diags->count == TN_DIAGS_MAX)
		say_that_rest_is_dropped(diags);
	if (diags->full)
		return &diags->dropped;
	mark.file = own_file(diags, mark.file);
	diag = append(diags);
	*slot = diags->entries[diags->count - 1];
	diag->severity = severity;
	diag->code = code;
	diag->mark = mark;
	diag->message = tn_arena_text(diags->arena, tn_str_text(&message));
	return diag;
}

struct tn_diag *
tn_diags_error(struct tn_diags *diags, const char *code, struct tn_mark mark,
    const char *format, ...)
{
	struct tn_diag *diag;
	va_list args;

	va_start(args, format);
	diag = add(diags, TN_SEVERITY_ERROR, code, mark, format, args);
	va_end(args);
	return diag;
}

struct tn_diag *
tn_diags_warning(struct tn_diags *diags, const char *code, struct tn_mark mark,
    const char *format, ...)
{
	struct tn_diag *diag;
	va_list args;

	va_start(args, format);
	diag = add(diags, TN_SEVERITY_WARNING, code, mark, format, args);
	va_end(args);
	return diag;
}

void
tn_diags_resource(struct tn_diags *diags, struct tn_diag *diag, const char *format, ...)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	va_list args;

	if (diag == &diags->dropped)
		return;
	va_start(args, format);
	write_text(&text, format, args);
	va_end(args);
	diag->resource = tn_arena_text(diags->arena, tn_str_text(&text));
}

void
tn_diags_hint(struct tn_diags *diags, struct tn_diag *diag, const char *format, ...)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	va_list args;

	if (diag == &diags->dropped)
		return;
	va_start(args, format);
	write_text(&text, format, args);
	va_end(args);
	diag->hint = tn_arena_text(diags->arena, tn_str_text(&text));
}

struct tn_mark
tn_mark_at(const char *file, struct tn_span text, size_t byte)
{
	struct tn_mark mark = { .file = file, .line = 1 };
	size_t line = 0;

	for (size_t i = 0; i < byte; i++) {
		if (text.ptr[i] != '\n')
			continue;
		mark.line++;
		line = i + 1;
	}
	mark.col = (unsigned)tn_utf8_length(tn_span_of(text.ptr + line, byte - line)) + 1;
	return mark;
}

static struct tn_diag *add_words(struct tn_diags *diags, const struct tn_diag *like,
    struct tn_mark mark, const char *format, ...) TN_PRINTF(4, 5);

static struct tn_diag *
add_words(struct tn_diags *diags, const struct tn_diag *like, struct tn_mark mark,
    const char *format, ...)
{
	struct tn_diag *diag;
	va_list args;

	va_start(args, format);
	diag = add(diags, like->severity, like->code, mark, format, args);
	va_end(args);
	return diag;
}

void
tn_diags_copy(struct tn_diags *diags, const struct tn_diag *from, struct tn_mark mark)
{
	struct tn_diag *diag = add_words(diags, from, mark, "%s", from->message);

	if (from->resource != NULL)
		tn_diags_resource(diags, diag, "%s", from->resource);
	if (from->hint != NULL)
		tn_diags_hint(diags, diag, "%s", from->hint);
}

size_t
tn_diags_count(const struct tn_diags *diags)
{
	return diags->count;
}

size_t
tn_diags_errors(const struct tn_diags *diags)
{
	return diags->errors;
}

size_t
tn_diags_warnings(const struct tn_diags *diags)
{
	return diags->warnings;
}

const struct tn_diag *
tn_diags_at(const struct tn_diags *diags, size_t i)
{
	return i < diags->count ? &diags->entries[i]->diag : NULL;
}

static int
compare_numbers(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int
compare_files(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int
compare_places(struct tn_mark a, struct tn_mark b)
{
	int r = compare_files(a.file, b.file);

	if (r == 0)
		r = compare_numbers(a.line, b.line);
	return r != 0 ? r : compare_numbers(a.col, b.col);
}

static int
compare_entries(const void *left, const void *right)
{
	const struct entry *a = *(const struct entry *const *)left;
	const struct entry *b = *(const struct entry *const *)right;
	int r = compare_places(a->diag.mark, b->diag.mark);

	return r != 0 ? r : compare_numbers(a->order, b->order);
}

/* The finding that says that there are more stays last. */
void
tn_diags_sort(struct tn_diags *diags)
{
	size_t count = diags->full ? TN_DIAGS_MAX : diags->count;

	if (count > 1)
		qsort(diags->entries, count, sizeof(*diags->entries), compare_entries);
}

/*
 * YAML and JavaScript each know ends of lines that editors do not (NEL, LS, PS), and not
 * the same: a line's number may mean another line then.
 */
static bool
has_other_ends(struct tn_span text)
{
	static const char *const ends[] = { "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9" };

	for (size_t i = 0; i < TN_ARRAY_LEN(ends); i++)
		if (memmem(text.ptr, text.len, ends[i], strlen(ends[i])) != NULL)
			return true;
	return false;
}

/* False for a file that there is no quoting from. */
static bool
read_source(struct tn_tree *tree, const char *file, const struct tn_redactor *redactor,
    struct tn_str *out)
{
	tn_str_clear(out);
	if (tn_tree_read(tree, file, TN_TREE_FILE_MAX, out, NULL) < 0 ||
	    tn_redactor_finds(redactor, tn_str_span(out)))
		return false;
	/* UTF-16 is no text to us. */
	return !tn_text_starts(tn_str_text(out), "\xff\xfe") &&
	    !tn_text_starts(tn_str_text(out), "\xfe\xff") &&
	    !has_other_ends(tn_str_span(out));
}

void
tn_diags_quote(struct tn_diags *diags, struct tn_tree *tree,
    const struct tn_redactor *redactor, const char *except)
{
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	struct tn_quoter quoter = { .line = 0 };
	const char *file = NULL;
	bool readable = false;

	for (size_t i = 0; i < diags->count; i++) {
		struct tn_diag *diag = &diags->entries[i]->diag;

		if (diag->mark.file == NULL || diag->mark.line == 0 || diag->unquoted)
			continue;
		if (!tn_text_equal(file, diag->mark.file)) {
			file = diag->mark.file;
			readable = !tn_text_equal(file, except) &&
			    read_source(tree, file, redactor, &bytes);
			tn_quoter_init(&quoter, tn_str_span(&bytes));
		}
		if (readable)
			tn_quoter_take(&quoter, diag->mark, diags->arena, &diag->quote);
	}
}
