#include "deploycli/reading.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* Ten times what a platform takes: lint says what is too much, with numbers. */
#define FILE_MAX ((size_t)1 << 20)

/* Where a file is named, for findings about it. */
struct named {
	struct tn_reading *reading;
	const char *resource;
	struct tn_mark mark;
	const char *path;
};

static void
finding(const struct named *named, const char *code, struct tn_mark mark,
    const char *message, const char *hint)
{
	struct tn_diags *diags = named->reading->diags;
	struct tn_diag *diag = tn_diags_error(diags, code, mark, "%s", message);

	tn_diags_resource(diags, diag, "%s", named->resource);
	tn_diags_hint(diags, diag, "%s", hint);
}

/* A finding for what the author can mend; any other failure is handed on. */
static int
refuse_file(const struct named *named, struct tn_error *why, struct tn_error *err)
{
	const char *message = tn_arena_printf(named->reading->arena,
	    "cannot use the code file: %s", why->message);
	enum tn_error_kind kind = why->kind;

	switch ((int)kind) {
	case TN_E_NOT_FOUND:
		message = tn_arena_printf(named->reading->arena,
		    "the code file \"%s\" is not there", named->path);
		finding(named, "missing-file", named->mark, message,
		    "a path is relative to the top of the repository");
		return 0;
	case TN_E_LIMIT:
		finding(named, "file-too-large", named->mark, message,
		    "is it the right file?");
		return 0;
	case TN_E_INPUT:
		finding(named, "unreadable-file", named->mark, message,
		    "code is a regular file of the repository; links are not followed");
		return 0;
	default:
		tn_error_move(err, why);
		return -(int)kind;
	}
}

static bool
check_text(const struct named *named, struct tn_span bytes)
{
	size_t at;
	const char *flaw = tn_text_flaw(bytes, &at);

	if (flaw == NULL)
		return true;
	finding(named, "invalid-code", tn_mark_at(named->path, bytes, at),
	    tn_arena_printf(named->reading->arena, "the code %s", flaw),
	    "code is JavaScript source, saved as UTF-8");
	return false;
}

static void
take_code(const struct named *named, struct tn_span bytes, const char **out)
{
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;
	struct tn_reading *reading = named->reading;

	if (!check_text(named, bytes) ||
	    !tn_keywords_replace_code(&reading->keywords, named->path, bytes, &code))
		return;
	if (code.len > reading->code_left) {
		finding(named, "file-too-large", named->mark,
		    "the code files of this repository are too large together",
		    tn_arena_printf(reading->arena, "%zu MiB are read at most",
			TN_READING_CODE_MAX >> 20));
		return;
	}
	reading->code_left -= code.len;
	*out = tn_arena_bytes(reading->arena, tn_str_text(&code), code.len);
}

/* Backslashes stand between directories too: the tool takes files made on Windows. */
static char *
with_slashes(const char *written)
{
	char *path = tn_strdup(written);

	for (char *at = path; *at != '\0'; at++)
		if (*at == '\\')
			*at = '/';
	return path;
}

int
tn_reading_code(struct tn_reading *reading, const char *resource,
    const struct tn_value *written, const char **path_out, const char **out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	TN_CLEANUP(tn_freep) char *slashes = with_slashes(tn_value_text(written));
	TN_CLEANUP(tn_freep) char *path = NULL;
	struct named named = {
		.reading = reading,
		.resource = resource,
		.mark = written->mark,
	};

	*out = NULL;
	if (tn_tree_resolve(TN_DEPLOYCLI_FILE, slashes, &path, &why) < 0) {
		finding(&named, "outside-project", named.mark, why.message,
		    "a path is relative to the top of the repository and stays inside of it");
		return 0;
	}
	named.path = *path_out = tn_arena_text(reading->arena, path);
	if (tn_tree_read(reading->tree, path, FILE_MAX, &bytes, &why) < 0)
		return refuse_file(&named, &why, err);
	take_code(&named, tn_str_span(&bytes), out);
	return 0;
}
