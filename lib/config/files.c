#include "config/load.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "schema/schema.h"
#include "yaml/yaml.h"

#define FILES_MAX ((size_t)1000)
#define BYTES_MAX ((size_t)32 << 20)
#define LOOKS_MAX ((size_t)100000)

struct reader {
	struct tn_load *load;
	struct tn_error *err;
	const struct tn_schema *schema; /* of the file that is read */
	struct tn_yaml_limits left;
	size_t looks; /* at entries of directories */
	bool found;   /* the pattern stands for a file at least */
	bool pattern; /* it has a star or a question mark */
	char **paths; /* of included files, in order */
	size_t n_paths, cap;
};

/* --- Patterns --------------------------------------------------------------------- */

static bool
is_pattern(struct tn_span part)
{
	return memchr(part.ptr, '*', part.len) != NULL ||
	    memchr(part.ptr, '?', part.len) != NULL;
}

/* One part of a path. A star takes as little as it can and is gone back to. */
static bool
part_matches(struct tn_span pattern, const char *name)
{
	size_t at = 0, star = SIZE_MAX;
	const char *from = name;

	if (*name == '.' && (pattern.len == 0 || pattern.ptr[0] != '.'))
		return false;
	while (*name != '\0') {
		if (at < pattern.len && pattern.ptr[at] == '*') {
			star = at++;
			from = name;
		} else if (at < pattern.len &&
		    (pattern.ptr[at] == '?' || pattern.ptr[at] == *name)) {
			at++;
			name++;
		} else if (star != SIZE_MAX) {
			at = star + 1;
			name = ++from;
		} else {
			return false;
		}
	}
	while (at < pattern.len && pattern.ptr[at] == '*')
		at++;
	return at == pattern.len;
}

static void
add_path(struct reader *r, const char *path)
{
	r->found = true;
	for (size_t i = 0; i < r->n_paths; i++) {
		if (strcmp(r->paths[i], path) == 0)
			return;
	}
	if (strcmp(path, TN_PROJECT_FILE) == 0 || r->n_paths > FILES_MAX)
		return;
	r->paths = tn_grow(r->paths, r->n_paths, &r->cap, sizeof(*r->paths));
	r->paths[r->n_paths++] = tn_strdup(path);
}

static int match(struct reader *r, const char *directory, const char *pattern);

static const char *
join(struct reader *r, const char *directory, struct tn_span name)
{
	return tn_arena_printf(r->load->arena, "%s%s%.*s", directory,
	    *directory != '\0' ? "/" : "", (int)name.len, name.ptr);
}

/* One entry of a directory, for the part of the pattern that stands for its name. */
static int
match_entry(struct reader *r, const char *directory, const struct tn_tree_entry *entry,
    struct tn_span part, const char *pattern)
{
	bool any = tn_span_is(part, "**");
	bool last = pattern[part.len] == '\0';
	const char *path;

	if (!tn_utf8_valid(tn_span(entry->name)) || !part_matches(part, entry->name))
		return 0;
	path = join(r, directory, tn_span(entry->name));
	if (last && !any) {
		if (entry->kind == TN_TREE_FILE || entry->kind == TN_TREE_LINK)
			add_path(r, path);
		return 0;
	}
	if (entry->kind != TN_TREE_DIRECTORY)
		return 0;
	return match(r, path, any ? pattern : pattern + part.len + 1);
}

static int
match_list(struct reader *r, const char *directory, struct tn_span part,
    const char *pattern)
{
	struct tn_tree_list list;
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	int result = 0;

	if (r->looks > LOOKS_MAX)
		return 0;
	if (tn_tree_list(r->load->tree, directory, &list, &why) < 0) {
		enum tn_error_kind kind = why.kind;

		if (kind == TN_E_NOT_FOUND || kind == TN_E_INPUT)
			return 0; /* nothing there: the pattern may match nothing */
		tn_error_move(r->err, &why);
		return -(int)kind;
	}
	r->looks += list.n + 1;
	for (size_t i = 0; result == 0 && i < list.n; i++)
		result = match_entry(r, directory, &list.items[i], part, pattern);
	tn_tree_list_done(&list);
	return result;
}

static int
match(struct reader *r, const char *directory, const char *pattern)
{
	struct tn_span part = tn_span_of(pattern, strcspn(pattern, "/"));
	bool last = pattern[part.len] == '\0';
	const char *path;

	if (tn_span_is(part, "**") && !last) {
		int result = match(r, directory, pattern + part.len + 1);

		if (result < 0)
			return result;
	}
	/* Behind a star a name stands for a file only where there is one. */
	if (is_pattern(part) || (last && r->pattern))
		return match_list(r, directory, part, pattern);
	path = join(r, directory, part);
	if (!last)
		return match(r, path, pattern + part.len + 1);
	add_path(r, path);
	return 0;
}

/* --- Includes --------------------------------------------------------------------- */

static void
refuse_include(struct reader *r, struct tn_mark mark, const char *code,
    const char *message, const char *hint)
{
	struct tn_diags *diags = r->load->diags;
	struct tn_diag *diag = tn_diags_error(diags, code, mark, "%s", message);

	tn_diags_resource(diags, diag, "include");
	tn_diags_hint(diags, diag, "%s", hint);
}

static void
warn_of_nothing(struct reader *r, struct tn_mark mark, const char *pattern)
{
	struct tn_diags *diags = r->load->diags;
	struct tn_diag *diag = tn_diags_warning(diags, "include-matches-nothing", mark,
	    "no file matches \"%s\"", pattern);

	tn_diags_resource(diags, diag, "include");
	tn_diags_hint(diags, diag,
	    "* and ? stand for characters of one name, ** for any number of directories");
}

static int
include_one(struct reader *r, const struct tn_value *item)
{
	TN_CLEANUP(tn_freep) char *pattern = NULL;
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	const char *written = tn_value_text(item);
	int result;

	if (written == NULL)
		return 0; /* of a wrong kind: the schema has said so */
	if (tn_tree_resolve(TN_PROJECT_FILE, written, &pattern, &why) < 0) {
		refuse_include(r, item->mark, "outside-project", why.message,
		    "an included file is named relative to " TN_PROJECT_FILE
		    " and stays inside the project");
		return 0;
	}
	if (strcmp(pattern, TN_PROJECT_FILE) == 0) {
		refuse_include(r, item->mark, "include-cycle",
		    TN_PROJECT_FILE " includes itself",
		    "name the other files, or use a pattern: it passes over this file");
		return 0;
	}
	r->found = false;
	r->pattern = is_pattern(tn_span(pattern));
	result = match(r, "", pattern);
	if (result == 0 && !r->found)
		warn_of_nothing(r, item->mark, written);
	return result;
}

/* --- Documents -------------------------------------------------------------------- */

static size_t
count_values(const struct tn_value *value)
{
	size_t n = 1;

	if (value->kind == TN_VALUE_ARRAY) {
		for (size_t i = 0; i < value->count; i++)
			n += count_values(value->as.items[i]);
	} else if (value->kind == TN_VALUE_OBJECT) {
		for (size_t i = 0; i < value->count; i++)
			n += count_values(value->as.members[i].value);
	}
	return n;
}

static size_t
less(size_t left, size_t used)
{
	return left > used ? left - used : 0;
}

/*
 * What is in it is kept even when the schema finds something: more can be told then. What
 * could not be read stays in memory, too, and is counted as the values that fit there: a
 * thousand small files can each hold aliases that stand for a million values.
 */
static int
take_document(struct reader *r, const char *path, const struct tn_str *bytes)
{
	struct tn_load *load = r->load;
	size_t before = tn_arena_size(load->arena);
	struct tn_value *root;
	int result = tn_yaml_parse(load->arena, path, tn_str_span(bytes), &r->left, &root,
	    load->diags);

	if (result < 0) {
		load->well_formed = false;
		r->left.values = less(r->left.values,
		    (tn_arena_size(load->arena) - before) / sizeof(*root));
		return result;
	}
	if (strcmp(path, TN_PROJECT_FILE) == 0 &&
	    tn_load_is_misplaced(root, true, load->diags)) {
		load->well_formed = false;
		return -TN_E_INPUT;
	}
	r->left.bytes = less(r->left.bytes, bytes->len);
	r->left.values = less(r->left.values, count_values(root));
	if (tn_schema_validate(r->schema, load->arena, root, load->diags) < 0)
		load->well_formed = false;
	load->documents = tn_arena_grow(load->arena, load->documents, load->n_documents,
	    &load->documents_cap, sizeof(*load->documents));
	load->documents[load->n_documents++] = root;
	return 0;
}

static int
load_main(struct reader *r)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	int result = tn_tree_read(r->load->tree, TN_PROJECT_FILE, TN_TREE_FILE_MAX,
	    &bytes, &why);

	if (tn_result_kind(result) == TN_E_NOT_FOUND) {
		tn_error_set(r->err, TN_E_NOT_FOUND, "there is no %s", TN_PROJECT_FILE);
		tn_load_hint_missing(r->load->tree, r->err);
	} else if (result < 0) {
		tn_error_move(r->err, &why);
		tn_error_context(r->err, "cannot read %s", TN_PROJECT_FILE);
	}
	if (result == 0)
		result = tn_schemas_get(r->load->schemas, "tenon", &r->schema, r->err);
	return result < 0 ? result : take_document(r, TN_PROJECT_FILE, &bytes);
}

static int
load_included(struct reader *r, const char *path, struct tn_mark mark)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	struct tn_arena *arena = r->load->arena;
	enum tn_error_kind kind;

	if (tn_tree_read(r->load->tree, path, r->left.bytes, &bytes, &why) == 0) {
		(void)!take_document(r, path, &bytes); /* findings say what is wrong */
		return 0;
	}
	kind = why.kind;
	r->load->well_formed = false;
	if (kind == TN_E_NOT_FOUND) {
		refuse_include(r, mark, "missing-file",
		    tn_arena_printf(arena, "the included file \"%s\" is not there", path),
		    "create it, or take it out of the list");
	} else if (kind == TN_E_INPUT || kind == TN_E_LIMIT) {
		refuse_include(r, mark,
		    kind == TN_E_LIMIT ? "file-too-large" : "unreadable-file",
		    tn_arena_printf(arena, "cannot include \"%s\": %s", path,
			why.message),
		    "an included file is a regular file of the project; all of them "
		    "together have at most 32 MiB");
	} else {
		tn_error_move(r->err, &why);
		return -(int)kind;
	}
	return 0;
}

/* Files of one entry of the list: their findings point at it. */
static int
load_includes(struct reader *r, const struct tn_value *include)
{
	size_t done = 0;
	int result = tn_schemas_get(r->load->schemas, "tenon-include", &r->schema,
	    r->err);

	for (size_t i = 0; result == 0 && i < tn_value_count(include); i++) {
		const struct tn_value *item = tn_value_at(include, i);

		if (item == NULL)
			continue;
		result = include_one(r, item);
		if (result == 0 && (r->n_paths > FILES_MAX || r->looks > LOOKS_MAX)) {
			refuse_include(r, item->mark, "too-many-files",
			    r->n_paths > FILES_MAX
				? "more than 1000 files are included"
				: "the patterns look at more than 100,000 files",
			    "name fewer files, or a narrower pattern");
			r->load->well_formed = false;
			return 0;
		}
		while (result == 0 && done < r->n_paths)
			result = load_included(r, r->paths[done++], item->mark);
	}
	return result;
}

int
tn_load_documents(struct tn_load *load, struct tn_error *err)
{
	struct reader r = {
		.load = load,
		.err = err,
		.left = tn_yaml_limits_default,
	};
	int result;

	r.left.bytes = BYTES_MAX;
	load->well_formed = true;
	result = load_main(&r);
	if (result == 0)
		result = load_includes(&r, tn_value_get(load->documents[0], "include"));
	for (size_t i = 0; i < r.n_paths; i++)
		tn_free(r.paths[i]);
	tn_free(r.paths);
	return result;
}
