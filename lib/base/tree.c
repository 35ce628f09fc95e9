#include "base/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define PATH_LENGTH_MAX 1024

int
tn_tree_read(struct tn_tree *tree, const char *path, size_t max, struct tn_str *out,
    struct tn_error *err)
{
	int r = tn_tree_path_check(path, err);

	if (r < 0)
		return r;
	return tree->ops->read(tree, path, max, out, err);
}

static int
compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct tn_tree_entry *)a)->name,
	    ((const struct tn_tree_entry *)b)->name);
}

int
tn_tree_list(struct tn_tree *tree, const char *path, struct tn_tree_list *out,
    struct tn_error *err)
{
	int r = *path != '\0' ? tn_tree_path_check(path, err) : 0;

	*out = (struct tn_tree_list){ .n = 0 };
	if (r == 0)
		r = tree->ops->list(tree, path, out, err);
	if (r < 0) {
		tn_tree_list_done(out);
		return r;
	}
	if (out->n > 0)
		qsort(out->items, out->n, sizeof(*out->items), compare_entries);
	return 0;
}

int
tn_tree_list_add(struct tn_tree_list *list, struct tn_span name, enum tn_tree_kind kind,
    struct tn_error *err)
{
	if (tn_span_is(name, ".git"))
		return 0;
	if (list->n == TN_TREE_ENTRIES_MAX)
		return tn_error_set(err, TN_E_LIMIT,
		    "the directory has more than %zu entries", TN_TREE_ENTRIES_MAX);
	list->items = tn_grow(list->items, list->n, &list->cap, sizeof(*list->items));
	list->items[list->n++] = (struct tn_tree_entry){
		.name = tn_span_dup(name),
		.kind = kind,
	};
	return 0;
}

void
tn_tree_list_done(struct tn_tree_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		tn_free(list->items[i].name);
	tn_free(list->items);
	*list = (struct tn_tree_list){ .n = 0 };
}

void
tn_tree_free(struct tn_tree *tree)
{
	if (tree != NULL)
		tree->ops->free(tree);
}

/* The part of path up to the next slash. */
static struct tn_span
first_part(const char *path)
{
	return tn_span_of(path, strcspn(path, "/"));
}

static int
refuse_form(const char *path, struct tn_error *err)
{
	if (*path == '\0')
		return tn_error_set(err, TN_E_INPUT, "the path is empty");
	if (*path == '/')
		return tn_error_set(err, TN_E_INPUT,
		    "path \"%s\" is absolute; it must be relative", path);
	if (strchr(path, '\\') != NULL)
		return tn_error_set(err, TN_E_INPUT,
		    "path \"%s\" has a backslash; parts are separated by \"/\"", path);
	if (strlen(path) > PATH_LENGTH_MAX)
		return tn_error_set(err, TN_E_INPUT, "a path is longer than %d bytes",
		    PATH_LENGTH_MAX);
	return 0;
}

int
tn_tree_path_check(const char *path, struct tn_error *err)
{
	const char *at = path;
	int r = refuse_form(path, err);

	if (r < 0)
		return r;
	for (;;) {
		struct tn_span part = first_part(at);

		if (part.len == 0)
			return tn_error_set(err, TN_E_INPUT,
			    "path \"%s\" has an empty part: two slashes in a row, or one at its end",
			    path);
		if (tn_span_is(part, ".") || tn_span_is(part, ".."))
			return tn_error_set(err, TN_E_INPUT,
			    "path \"%s\" has a part \"%.*s\"", path, (int)part.len,
			    part.ptr);
		at += part.len;
		if (*at == '\0')
			return 0;
		at++;
	}
}

static void
truncate_to(struct tn_str *path, size_t len)
{
	path->len = len;
	path->ptr[len] = '\0';
}

/* Removes the last part of a path; false when there is none. */
static bool
go_up(struct tn_str *path)
{
	const char *slash;

	if (path->len == 0)
		return false;
	slash = strrchr(path->ptr, '/');
	truncate_to(path, slash != NULL ? (size_t)(slash - path->ptr) : 0);
	return true;
}

static int
walk(struct tn_str *path, const char *written, struct tn_error *err)
{
	const char *at = written;

	for (;;) {
		struct tn_span part = first_part(at);

		if (tn_span_is(part, "..")) {
			if (!go_up(path))
				return tn_error_set(err, TN_E_INPUT,
				    "path \"%s\" leaves the project", written);
		} else if (!tn_span_is(part, ".")) {
			if (path->len > 0)
				tn_str_add_char(path, '/');
			tn_str_add_bytes(path, part.ptr, part.len);
		}
		at += part.len;
		if (*at == '\0')
			return 0;
		at++;
		if (*at == '/' || *at == '\0')
			return tn_error_set(err, TN_E_INPUT,
			    "path \"%s\" has an empty part: two slashes in a row, or one at its end",
			    written);
	}
}

int
tn_tree_resolve(const char *base_file, const char *written, char **out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	int r = refuse_form(written, err);

	if (r < 0)
		return r;
	tn_str_add(&path, base_file != NULL ? base_file : "");
	go_up(&path);
	r = walk(&path, written, err);
	if (r < 0)
		return r;
	if (path.len == 0)
		return tn_error_set(err, TN_E_INPUT,
		    "path \"%s\" names the project's top directory, not a file", written);
	r = tn_tree_path_check(path.ptr, err);
	if (r < 0)
		return r;
	*out = tn_str_take(&path);
	return 0;
}

struct mem_file {
	char *path;
	char *bytes;
	size_t len;
};

struct memtree {
	struct tn_tree tree;
	struct mem_file *files; /* by path */
	size_t count;
	size_t cap;
};

/* The index of path, or of where it would stand; *found says which. */
static size_t
find(const struct memtree *mem, const char *path, bool *found)
{
	size_t low = 0, high = mem->count;

	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int r = strcmp(mem->files[middle].path, path);

		if (r == 0) {
			*found = true;
			return middle;
		}
		if (r < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
mem_read(struct tn_tree *tree, const char *path, size_t max, struct tn_str *out,
    struct tn_error *err)
{
	const struct memtree *mem = (const struct memtree *)tree;
	const struct mem_file *file;
	bool found;
	size_t at = find(mem, path, &found);

	if (!found)
		return tn_error_set(err, TN_E_NOT_FOUND, "there is no file \"%s\"", path);
	file = &mem->files[at];
	if (file->len > max)
		return tn_error_set(err, TN_E_LIMIT,
		    "file \"%s\" has %zu bytes; %zu are allowed", path, file->len, max);
	tn_str_add_bytes(out, file->bytes, file->len);
	return 0;
}

/* The part of a file's path that stands in the directory, when it is below it. */
static bool
part_below(const char *file, struct tn_span directory, struct tn_span *part)
{
	if (directory.len > 0) {
		if (!tn_span_equal(tn_span_of(file, strnlen(file, directory.len)),
			directory) ||
		    file[directory.len] != '/')
			return false;
		file += directory.len + 1;
	}
	*part = first_part(file);
	return true;
}

/* All that is below one directory stands together, so its name is the one before. */
static bool
is_listed(const struct tn_tree_list *list, struct tn_span name)
{
	return list->n > 0 && tn_span_is(name, list->items[list->n - 1].name);
}

static int
mem_list(struct tn_tree *tree, const char *path, struct tn_tree_list *out,
    struct tn_error *err)
{
	const struct memtree *mem = (const struct memtree *)tree;
	bool found;
	size_t at = find(mem, path, &found);

	if (found)
		return tn_error_set(err, TN_E_INPUT, "\"%s\" is a file, not a directory",
		    path);
	for (size_t i = at; i < mem->count; i++) {
		const char *file = mem->files[i].path;
		struct tn_span part;
		int r;

		if (!part_below(file, tn_span(path), &part) || is_listed(out, part))
			continue;
		r = tn_tree_list_add(out, part,
		    part.ptr[part.len] == '/' ? TN_TREE_DIRECTORY : TN_TREE_FILE, err);
		if (r < 0)
			return r;
	}
	if (out->n == 0 && *path != '\0')
		return tn_error_set(err, TN_E_NOT_FOUND, "there is no directory \"%s\"",
		    path);
	return 0;
}

static void
mem_file_done(struct mem_file *file)
{
	tn_free(file->path);
	tn_free(file->bytes);
}

static void
mem_free(struct tn_tree *tree)
{
	struct memtree *mem = (struct memtree *)tree;

	for (size_t i = 0; i < mem->count; i++)
		mem_file_done(&mem->files[i]);
	tn_free(mem->files);
	tn_free(mem);
}

static const struct tn_tree_ops mem_ops = {
	.read = mem_read,
	.list = mem_list,
	.free = mem_free,
};

struct tn_tree *
tn_memtree_new(void)
{
	struct memtree *mem = tn_new(struct memtree);

	mem->tree.ops = &mem_ops;
	return &mem->tree;
}

static void
remove_at(struct memtree *mem, size_t at)
{
	mem_file_done(&mem->files[at]);
	mem->count--;
	memmove(&mem->files[at], &mem->files[at + 1],
	    (mem->count - at) * sizeof(*mem->files));
}

static void
insert_at(struct memtree *mem, size_t at, struct mem_file file)
{
	mem->files = tn_grow(mem->files, mem->count, &mem->cap, sizeof(*mem->files));
	memmove(&mem->files[at + 1], &mem->files[at],
	    (mem->count - at) * sizeof(*mem->files));
	mem->files[at] = file;
	mem->count++;
}

void
tn_memtree_put(struct tn_tree *memtree, const char *path, const char *bytes, size_t len)
{
	struct memtree *mem = (struct memtree *)memtree;
	bool found;
	size_t at = find(mem, path, &found);
	struct mem_file file;

	if (found)
		remove_at(mem, at);
	if (bytes == NULL)
		return;
	file = (struct mem_file){
		.path = tn_strdup(path),
		.bytes = tn_strndup(bytes, len),
		.len = len,
	};
	insert_at(mem, at, file);
}
