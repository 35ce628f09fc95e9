#include "config/load.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* A file at the top that was probably meant to be the project's, or NULL. */
static const char *
nearest_file(const struct tn_tree_list *top)
{
	TN_CLEANUP(tn_freep) const char **names = tn_alloc(top->n + 1, sizeof(*names));
	size_t n = 0;

	for (size_t i = 0; i < top->n; i++)
		if (top->items[i].kind == TN_TREE_FILE)
			names[n++] = top->items[i].name;
	return tn_text_nearest(TN_PROJECT_FILE, names, n);
}

/* A directory at the top that has a project's file, or NULL. */
static const char *
project_below(struct tn_tree *tree, const struct tn_tree_list *top)
{
	for (size_t i = 0; i < top->n; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;

		if (top->items[i].kind != TN_TREE_DIRECTORY)
			continue;
		tn_str_addf(&path, "%s/" TN_PROJECT_FILE, top->items[i].name);
		if (tn_tree_read(tree, tn_str_text(&path), TN_TREE_FILE_MAX, &bytes,
			NULL) == 0)
			return top->items[i].name;
	}
	return NULL;
}

static bool
has_file(const struct tn_tree_list *top, const char *name)
{
	for (size_t i = 0; i < top->n; i++)
		if (strcmp(top->items[i].name, name) == 0)
			return true;
	return false;
}

void
tn_load_hint_missing(struct tn_tree *tree, struct tn_error *err)
{
	TN_CLEANUP(tn_tree_list_done) struct tn_tree_list top = { .n = 0 };
	const char *name;

	if (tn_tree_list(tree, "", &top, NULL) < 0)
		top.n = 0;
	if ((name = nearest_file(&top)) != NULL)
		tn_error_hint(err, "rename \"%s\" to " TN_PROJECT_FILE, name);
	else if ((name = project_below(tree, &top)) != NULL)
		tn_error_hint(err, "there is one in \"%s\": name that with --source",
		    name);
	else if (has_file(&top, "connections.yaml"))
		tn_error_hint(err,
		    "connections.yaml is the operator's file and no project: name it with "
		    "--connections, and the project's directory with --source");
	else
		tn_error_hint(err,
		    "run tenon in the project's directory, or name it with --source");
}

bool
tn_load_is_misplaced(const struct tn_value *root, bool wants_project,
    struct tn_diags *diags)
{
	bool project = tn_value_member(root, "tenon") != NULL ||
	    tn_value_member(root, "project") != NULL;
	const struct tn_member *connections = tn_value_member(root, "connections");
	struct tn_diag *diag;

	if (project == (connections != NULL) || project == wants_project)
		return false;
	diag = tn_diags_error(diags, "misplaced-file", root->mark,
	    wants_project ? "this is a connections file and no project"
			  : "this is a project and no connections file");
	tn_diags_hint(diags, diag,
	    wants_project ? "name it with --connections, and keep it out of the project"
			  : "name its directory with --source");
	diag->unquoted = true;
	return true;
}
