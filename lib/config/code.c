#include "config/load.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* Ten times what a platform takes: lint says what is too much, with numbers. */
#define FILE_MAX ((size_t)1 << 20)

static struct tn_mark
mark_of(const struct tn_member *action)
{
	const struct tn_member *code = tn_value_member(action->value, "code");

	return code != NULL ? code->value->mark : action->mark;
}

static struct tn_diag *
finding(struct tn_load *load, const struct tn_member *action, const char *code,
    struct tn_mark mark, const char *message)
{
	struct tn_diag *diag = tn_diags_error(load->diags, code, mark, "%s", message);

	tn_diags_resource(load->diags, diag, "action/%s", action->key);
	return diag;
}

static void
refuse_path(struct tn_load *load, const struct tn_member *action,
    const struct tn_error *why)
{
	struct tn_diag *diag = finding(load, action, "outside-project", mark_of(action),
	    why->message);

	tn_diags_hint(load->diags, diag,
	    "a path of code is relative to %s and stays inside the project",
	    TN_PROJECT_FILE);
}

/* A finding for what the author can mend; any other failure is handed on. */
static int
refuse_file(struct tn_load *load, const struct tn_member *action, const char *path,
    struct tn_error *why, struct tn_error *err)
{
	const char *message = tn_arena_printf(load->arena, "cannot use the code file: %s",
	    why->message);
	struct tn_mark mark = mark_of(action);
	struct tn_diag *diag;

	if (why->kind == TN_E_NOT_FOUND) {
		message = tn_arena_printf(load->arena,
		    "the code file \"%s\" is not there", path);
		diag = finding(load, action, "missing-file", mark, message);
		tn_diags_hint(load->diags, diag,
		    "create it, or name another one with `code:`");
	} else if (why->kind == TN_E_LIMIT) {
		diag = finding(load, action, "file-too-large", mark, message);
		tn_diags_hint(load->diags, diag, "is it the right file?");
	} else if (why->kind == TN_E_INPUT) {
		diag = finding(load, action, "unreadable-file", mark, message);
		tn_diags_hint(load->diags, diag,
		    "code is a regular file of the project; links are not followed");
	} else {
		enum tn_error_kind kind = why->kind;

		tn_error_move(err, why);
		return -(int)kind;
	}
	return 0;
}

/* The place of a byte in a file whose text is valid up to there. */
static struct tn_mark
mark_at(const char *file, struct tn_span bytes, size_t at)
{
	struct tn_mark mark = { .file = file, .line = 1 };
	size_t line = 0;

	for (size_t i = 0; i < at; i++) {
		if (bytes.ptr[i] != '\n')
			continue;
		mark.line++;
		line = i + 1;
	}
	mark.col = (unsigned)tn_utf8_length(tn_span_of(bytes.ptr + line, at - line)) + 1;
	return mark;
}

static bool
check_text(struct tn_load *load, const struct tn_member *action, const char *path,
    struct tn_span bytes)
{
	size_t valid = tn_utf8_check(bytes);
	const char *nul = bytes.len > 0 ? memchr(bytes.ptr, '\0', valid) : NULL;
	struct tn_diag *diag;

	if (nul != NULL) {
		valid = (size_t)(nul - bytes.ptr);
		diag = finding(load, action, "invalid-code", mark_at(path, bytes, valid),
		    "the code has a NUL character");
	} else if (valid < bytes.len) {
		diag = finding(load, action, "invalid-code", mark_at(path, bytes, valid),
		    "the code is not valid UTF-8");
	} else {
		return true;
	}
	tn_diags_hint(load->diags, diag, "code is JavaScript source, saved as UTF-8");
	return false;
}

static void
take_code(struct tn_load *load, const struct tn_member *action, const char *path,
    struct tn_span bytes, const char **out)
{
	struct tn_diag *diag;

	if (!check_text(load, action, path, bytes))
		return;
	if (bytes.len > load->code_left) {
		diag = finding(load, action, "file-too-large", mark_of(action),
		    "the code files of this project are too large together");
		tn_diags_hint(load->diags, diag, "%zu MiB are read at most",
		    TN_LOAD_CODE_MAX >> 20);
		return;
	}
	load->code_left -= bytes.len;
	*out = tn_arena_bytes(load->arena, bytes.ptr, bytes.len);
}

int
tn_load_code(struct tn_load *load, const struct tn_member *action,
    struct tn_want_action *out, struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	TN_CLEANUP(tn_freep) char *path = NULL;
	const struct tn_value *value = tn_value_get(action->value, "code");
	const char *written = tn_value_text(value);

	out->code_mark = mark_of(action);
	if (value == NULL && tn_value_is(action->value, TN_VALUE_OBJECT))
		written = tn_arena_printf(load->arena, "%s.js", action->key);
	if (written == NULL)
		return 0; /* of a wrong kind: the schema has said so */
	if (tn_tree_resolve(TN_PROJECT_FILE, written, &path, &why) < 0) {
		refuse_path(load, action, &why);
		return 0;
	}
	out->code_path = tn_arena_text(load->arena, path);
	if (tn_tree_read(load->tree, path, FILE_MAX, &bytes, &why) < 0)
		return refuse_file(load, action, path, &why, err);
	take_code(load, action, path, tn_str_span(&bytes), &out->content.code);
	return 0;
}
