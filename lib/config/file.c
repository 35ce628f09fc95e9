#include "config/load.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "json/json.h"

/* Ten times what a platform takes: lint says what is too much, with numbers. */
#define FILE_MAX  ((size_t)1 << 20)
#define TABLE_MIN ((size_t)64)

/* A payload is a person's text, not an answer of a tenant. */
static const struct tn_json_limits payload_limits = {
	.bytes = FILE_MAX,
	.values = 100000,
	.depth = 64,
};

/* --- The table -------------------------------------------------------------------- */

/* FNV-1a. A project that makes all its paths collide makes its own run slow. */
static size_t
hash(const char *path)
{
	uint64_t h = 14695981039346656037u;

	for (; *path != '\0'; path++)
		h = (h ^ (unsigned char)*path) * 1099511628211u;
	return (size_t)(h ^ (h >> 32));
}

static struct tn_load_file **
slot_of(struct tn_load_file **files, size_t cap, const char *path)
{
	size_t at = hash(path) & (cap - 1);

	while (files[at] != NULL && strcmp(files[at]->path, path) != 0)
		at = (at + 1) & (cap - 1);
	return &files[at];
}

static void
grow_table(struct tn_load *load)
{
	size_t cap = load->files_cap > 0 ? load->files_cap * 2 : TABLE_MIN;
	struct tn_load_file **files = tn_arena_array(load->arena, cap,
	    struct tn_load_file *);

	for (size_t i = 0; i < load->files_cap; i++) {
		if (load->files[i] != NULL)
			*slot_of(files, cap, load->files[i]->path) = load->files[i];
	}
	load->files = files;
	load->files_cap = cap;
}

/* --- Reading ---------------------------------------------------------------------- */

static bool
check_text(struct tn_load *load, const struct tn_load_item *item, const char *what,
    const char *path, struct tn_span bytes)
{
	bool is_code = strcmp(what, "code") == 0;
	size_t at;
	const char *flaw = tn_text_flaw(bytes, &at);
	struct tn_diag *diag;

	if (flaw == NULL)
		return true;
	diag = tn_load_finding(load, item, is_code ? "invalid-code" : "invalid-payload",
	    tn_mark_at(path, bytes, at), "the %s %s", what, flaw);
	tn_diags_hint(load->diags, diag, "%s, saved as UTF-8",
	    is_code ? "code is JavaScript source" : "a payload is JSON");
	return false;
}

static void
take_text(struct tn_load *load, const struct tn_load_item *item, const char *what,
    struct tn_load_file *file, const struct tn_str *bytes)
{
	if (bytes->len > load->code_left) {
		file->kind = TN_E_LIMIT;
		file->message = tn_arena_printf(load->arena,
		    "the files of this project are too large together: %zu MiB are read "
		    "at most",
		    TN_LOAD_CODE_MAX >> 20);
		return;
	}
	load->code_left -= bytes->len;
	if (!check_text(load, item, what, file->path, tn_str_span(bytes)))
		return;
	file->is_text = true;
	file->text =
	    tn_span_of(tn_arena_bytes(load->arena, tn_str_text(bytes), bytes->len),
		bytes->len);
	file->references = tn_load_text_refers(file->text);
}

/* The author can mend these. */
static bool
is_finding(enum tn_error_kind kind)
{
	return kind == TN_E_NOT_FOUND || kind == TN_E_LIMIT || kind == TN_E_INPUT;
}

static int
read_file(struct tn_load *load, const struct tn_load_item *item, const char *what,
    const char *path, struct tn_load_file **out, struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	struct tn_load_file *file = tn_arena_new_object(load->arena, struct tn_load_file);

	file->path = tn_arena_text(load->arena, path);
	if (tn_tree_read(load->tree, path, FILE_MAX, &bytes, &why) == 0) {
		take_text(load, item, what, file, &bytes);
	} else if (is_finding(why.kind)) {
		file->kind = why.kind;
		file->message = tn_arena_text(load->arena, why.message);
	} else {
		enum tn_error_kind kind = why.kind;

		tn_error_move(err, &why);
		return -(int)kind;
	}
	*slot_of(load->files, load->files_cap, path) = file;
	load->n_files++;
	*out = file;
	return 0;
}

/* --- Findings --------------------------------------------------------------------- */

static void
refuse_path(struct tn_load *load, const struct tn_load_item *item, const char *what,
    struct tn_mark mark, const struct tn_error *why)
{
	struct tn_diag *diag = tn_load_finding(load, item, "outside-project", mark, "%s",
	    why->message);

	tn_diags_hint(load->diags, diag,
	    "the path of a %s file is relative to %s and stays inside the project", what,
	    mark.file != NULL ? mark.file : TN_PROJECT_FILE);
}

static void
refuse_file(struct tn_load *load, const struct tn_load_item *item, const char *what,
    struct tn_mark mark, const struct tn_load_file *file)
{
	struct tn_diag *diag;

	if (file->kind == TN_E_NOT_FOUND) {
		diag = tn_load_finding(load, item, "missing-file", mark,
		    "the %s file \"%s\" is not there", what, file->path);
		tn_diags_hint(load->diags, diag,
		    "create it, or name another one with `%s:`", what);
		return;
	}
	diag = tn_load_finding(load, item,
	    file->kind == TN_E_LIMIT ? "file-too-large" : "unreadable-file", mark,
	    "cannot use the %s file: %s", what, file->message);
	tn_diags_hint(load->diags, diag, "%s",
	    file->kind == TN_E_LIMIT
		? "is it the right file?"
		: "it must be a regular file of the project; links are not followed");
}

int
tn_load_file(struct tn_load *load, const struct tn_load_item *item, const char *what,
    const char *written, struct tn_mark mark, struct tn_load_file **out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	TN_CLEANUP(tn_freep) char *path = NULL;
	struct tn_load_file *file;

	*out = NULL;
	if (tn_tree_resolve(mark.file, written, &path, &why) < 0) {
		refuse_path(load, item, what, mark, &why);
		return 0;
	}
	if ((load->n_files + 1) * 2 > load->files_cap)
		grow_table(load);
	file = *slot_of(load->files, load->files_cap, path);
	if (file == NULL) {
		int r = read_file(load, item, what, path, &file, err);

		if (r < 0)
			return r;
	}
	if (file->kind != TN_E_NONE)
		refuse_file(load, item, what, mark, file);
	else if (file->is_text)
		*out = file;
	return 0;
}

/* What is wrong with it, or NULL. */
static const char *
parse_json(struct tn_load *load, struct tn_load_file *file)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	size_t before = tn_arena_size(load->arena), took;
	struct tn_value *value = NULL;

	if (load->payloads_left == 0)
		return "is too much together with the other payloads of this project";
	if (tn_json_parse(load->arena, file->text, &payload_limits, &value, &why) < 0)
		return tn_arena_printf(load->arena, "is no JSON: %s", why.message);
	took = tn_arena_size(load->arena) - before;
	load->payloads_left -= took < load->payloads_left ? took : load->payloads_left;
	if (!tn_value_is(value, TN_VALUE_OBJECT))
		return "is no JSON object";
	file->json = value;
	return NULL;
}

const struct tn_value *
tn_load_json(struct tn_load *load, const struct tn_load_item *item,
    struct tn_load_file *file, struct tn_mark mark)
{
	struct tn_diag *diag;

	if (file->json == NULL && file->json_problem == NULL)
		file->json_problem = parse_json(load, file);
	if (file->json_problem != NULL) {
		diag = tn_load_finding(load, item, "invalid-payload", mark,
		    "the payload \"%s\" %s", file->path, file->json_problem);
		tn_diags_hint(load->diags, diag,
		    "it holds one JSON object, such as {\"event\": {…}}");
	}
	return file->json;
}
