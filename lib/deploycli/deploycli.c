#include "deploycli/deploycli.h"

#include <string.h>

#include "base/mem.h"
#include "deploycli/reading.h"
#include "schema/schema.h"

#define ACTIONS_DIRECTORY  "actions"
#define TRIGGERS_DIRECTORY "triggers"
#define NAMES_TOLD         40

/* What is managed, and where it stands in the two forms. */
static const struct {
	const char *key;
	const char *directory;
	unsigned section;
} managed[] = {
	{ "actions", ACTIONS_DIRECTORY, TN_SECTION_ACTIONS },
	{ "triggers", TRIGGERS_DIRECTORY, TN_SECTION_TRIGGERS },
};

/* Directories of the tool for other resources, and its file for the tenant itself. */
static const char *const others[] = { "action-modules", "attack-protection", "branding",
	"branding_templates", "clients", "client-auth-credentials", "connection-profiles",
	"connections", "custom-domains", "database-connections", "emails",
	"event-streams", "flow-vault-connections", "flows", "forms", "grants", "guardian",
	"hooks", "log-streams", "network-acls", "organizations", "pages",
	"phone-providers", "phone-templates", "prompts", "rate-limit-policies",
	"resource-servers", "risk-assessment", "roles", "rules", "rules-configs",
	"self-service-profiles", "supplemental-signals", "tenant.json", "themes",
	"token-exchange-profiles", "user-attribute-profiles" };

/* --- which form ------------------------------------------------------------------- */

static bool
is_other(const char *name)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(others); i++)
		if (strcmp(others[i], name) == 0)
			return true;
	return false;
}

static const struct tn_tree_entry *
entry_of(const struct tn_tree_list *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->items[i].name, name) == 0)
			return &list->items[i];
	return NULL;
}

static bool
is_json(const struct tn_tree_entry *entry)
{
	return entry->kind == TN_TREE_FILE && tn_text_ends(entry->name, ".json");
}

/* A directory of that name that has a file of JSON. Others, of code say, may have the
 * name too. */
static int
has_json(struct tn_tree *tree, const struct tn_tree_list *top, const char *name,
    bool *out, struct tn_error *err)
{
	const struct tn_tree_entry *entry = entry_of(top, name);
	struct tn_tree_list list = { 0 };
	int r;

	*out = false;
	if (entry == NULL || entry->kind != TN_TREE_DIRECTORY)
		return 0;
	r = tn_tree_list(tree, name, &list, err);
	for (size_t i = 0; i < list.n; i++)
		*out |= is_json(&list.items[i]);
	tn_tree_list_done(&list);
	return r;
}

static int
detect_in(struct tn_tree *tree, const struct tn_tree_list *top,
    enum tn_deploycli_form *out, struct tn_error *err)
{
	bool found = entry_of(top, "tenant.json") != NULL;
	int r = 0;

	*out = TN_DEPLOYCLI_NONE;
	if (entry_of(top, TN_DEPLOYCLI_FILE) != NULL) {
		*out = TN_DEPLOYCLI_YAML;
		return 0;
	}
	for (size_t i = 0; i < TN_ARRAY_LEN(managed) && !found && r == 0; i++)
		r = has_json(tree, top, managed[i].directory, &found, err);
	if (found)
		*out = TN_DEPLOYCLI_DIRECTORY;
	return r;
}

int
tn_deploycli_detect(struct tn_tree *tree, enum tn_deploycli_form *out,
    struct tn_error *err)
{
	struct tn_tree_list top = { 0 };
	int r = tn_tree_list(tree, "", &top, err);

	if (r == 0)
		r = detect_in(tree, &top, out, err);
	tn_tree_list_done(&top);
	return r;
}

/* --- one tree of both forms ------------------------------------------------------- */

/* "clients, connections, …" in the order of the file. */
static void
tell_ignored(struct tn_reading *reading, const char *file, const struct tn_str *names,
    size_t n)
{
	struct tn_diag *diag;

	if (n == 0)
		return;
	diag = tn_diags_warning(reading->diags, "ignored-section",
	    (struct tn_mark){ .file = file }, "left to auth0-deploy-cli: %s%s",
	    tn_str_text(names), n > NAMES_TOLD ? ", …" : "");
	tn_diags_hint(reading->diags, diag, "tenon manages actions and triggers");
}

static void
add_name(struct tn_str *names, size_t *n, const char *name)
{
	if (*n < NAMES_TOLD)
		tn_str_addf(names, "%s%s", *n > 0 ? ", " : "", name);
	++*n;
}

static bool
is_managed(const struct tn_reading *reading, const char *key)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(managed); i++)
		if (strcmp(managed[i].key, key) == 0)
			return (reading->sections & managed[i].section) != 0;
	return false;
}

/* The sections that are managed; the others are told. */
static struct tn_value *
pick_sections(struct tn_reading *reading, const struct tn_value *root)
{
	struct tn_value *out = tn_value_object(reading->arena);
	TN_CLEANUP(tn_str_done) struct tn_str names = TN_STR_INIT;
	size_t n = 0;

	out->mark = root->mark;
	for (size_t i = 0; i < root->count; i++) {
		const struct tn_member *member = &root->as.members[i];

		if (is_managed(reading, member->key)) {
			tn_value_set(reading->arena, out, member->key, member->value);
			out->as.members[out->count - 1].mark = member->mark;
		} else {
			add_name(&names, &n, member->key);
		}
	}
	tell_ignored(reading, root->mark.file, &names, n);
	return out;
}

static int
read_yaml(struct tn_reading *reading, struct tn_value **out, struct tn_error *err)
{
	struct tn_value *root;
	int r = tn_document_read(reading, TN_DEPLOYCLI_FILE, TN_KEYWORD_YAML, &root, err);

	*out = NULL;
	if (r < 0 || root == NULL)
		return r;
	if (tn_value_is(root, TN_VALUE_OBJECT))
		*out = pick_sections(reading, root);
	else if (tn_value_is(root, TN_VALUE_NULL))
		*out = tn_value_object(reading->arena);
	else
		tn_diags_error(reading->diags, "wrong-type", root->mark,
		    "expected a repository of auth0-deploy-cli, found %s",
		    tn_value_kind_name(root->kind));
	return 0;
}

/* Files of JSON of a directory, sorted by name; empty when it is not there. */
static int
list_json(struct tn_reading *reading, const char *directory, struct tn_tree_list *out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	int r = tn_tree_list(reading->tree, directory, out, &why);

	if (tn_result_kind(r) == TN_E_NOT_FOUND)
		return 0;
	if (r < 0) {
		tn_error_move(err, &why);
		tn_error_context(err, "the directory %s", directory);
	}
	return r;
}

static int
read_action_files(struct tn_reading *reading, struct tn_value *out, struct tn_error *err)
{
	struct tn_value *actions = tn_value_array(reading->arena);
	struct tn_tree_list list = { 0 };
	int r = list_json(reading, ACTIONS_DIRECTORY, &list, err);

	for (size_t i = 0; i < list.n && r == 0; i++) {
		const char *path = tn_arena_printf(reading->arena,
		    ACTIONS_DIRECTORY "/%s", list.items[i].name);
		struct tn_value *action = NULL;

		if (!is_json(&list.items[i]))
			continue;
		r = tn_document_read(reading, path, TN_KEYWORD_JSON, &action, err);
		if (action != NULL)
			tn_value_push(reading->arena, actions, action);
	}
	tn_tree_list_done(&list);
	tn_value_set(reading->arena, out, "actions", actions);
	return r;
}

/* As the tool does it: the first file by name is the one. */
static int
read_trigger_file(struct tn_reading *reading, struct tn_value *out, struct tn_error *err)
{
	struct tn_tree_list list = { 0 };
	struct tn_value *triggers = NULL;
	const char *first = NULL;
	int r = list_json(reading, TRIGGERS_DIRECTORY, &list, err);

	for (size_t i = 0; i < list.n && r == 0; i++) {
		const char *path = tn_arena_printf(reading->arena,
		    TRIGGERS_DIRECTORY "/%s", list.items[i].name);

		if (!is_json(&list.items[i]))
			continue;
		if (first != NULL) {
			tn_diags_warning(reading->diags, "ignored-file",
			    (struct tn_mark){ .file = path },
			    "not read: triggers are read from %s alone", first);
			continue;
		}
		first = path;
		r = tn_document_read(reading, path, TN_KEYWORD_JSON, &triggers, err);
	}
	tn_tree_list_done(&list);
	if (triggers != NULL)
		tn_value_set(reading->arena, out, "triggers", triggers);
	return r;
}

static int
tell_ignored_directories(struct tn_reading *reading, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str names = TN_STR_INIT;
	struct tn_tree_list list = { 0 };
	size_t n = 0;
	int r = tn_tree_list(reading->tree, "", &list, err);

	for (size_t i = 0; i < list.n; i++)
		if (is_other(list.items[i].name))
			add_name(&names, &n, list.items[i].name);
	for (size_t i = 0; i < TN_ARRAY_LEN(managed); i++)
		if (entry_of(&list, managed[i].directory) != NULL &&
		    !is_managed(reading, managed[i].key))
			add_name(&names, &n, managed[i].directory);
	tn_tree_list_done(&list);
	if (r == 0)
		tell_ignored(reading, NULL, &names, n);
	return r;
}

static int
read_directory(struct tn_reading *reading, struct tn_value **out, struct tn_error *err)
{
	struct tn_value *root = tn_value_object(reading->arena);
	int r = tell_ignored_directories(reading, err);

	if (r == 0 && is_managed(reading, "actions"))
		r = read_action_files(reading, root, err);
	if (r == 0 && is_managed(reading, "triggers"))
		r = read_trigger_file(reading, root, err);
	*out = root;
	return r;
}

/* --- from the tree to what is wanted ----------------------------------------------- */

/* The values of secrets keep their markers: they name a source and are no text. */
static void
resolve_secrets(struct tn_keywords *keywords, const struct tn_value *secrets)
{
	for (size_t i = 0; tn_value_is(secrets, TN_VALUE_ARRAY) && i < secrets->count;
	     i++) {
		const struct tn_value *item = secrets->as.items[i];
		const struct tn_member *name = tn_value_member(item, "name");

		if (name != NULL)
			(void)!tn_keywords_resolve(keywords, name->value);
	}
}

/* Keys that are not read may hold what nobody maps. */
static void
resolve_action(struct tn_keywords *keywords, const struct tn_value *action)
{
	static const char *const keys[] = { "name", "code", "runtime", "dependencies",
		"supported_triggers", "deployed" };

	for (size_t i = 0; i < TN_ARRAY_LEN(keys); i++) {
		const struct tn_member *member = tn_value_member(action, keys[i]);

		/* Findings are counted with the others. */
		if (member != NULL)
			(void)!tn_keywords_resolve(keywords, member->value);
	}
	resolve_secrets(keywords, tn_value_get(action, "secrets"));
}

static void
resolve(struct tn_keywords *keywords, const struct tn_value *root)
{
	const struct tn_value *actions = tn_value_get(root, "actions");
	const struct tn_member *triggers = tn_value_member(root, "triggers");

	for (size_t i = 0; tn_value_is(actions, TN_VALUE_ARRAY) && i < actions->count;
	     i++)
		resolve_action(keywords, actions->as.items[i]);
	if (triggers != NULL)
		(void)!tn_keywords_resolve(keywords, triggers->value);
}

static void
check_secret_names(struct tn_reading *reading)
{
	const struct tn_keywords *keywords = &reading->keywords;

	for (size_t i = 0; i < keywords->n_used; i++) {
		const struct tn_keyword_use *used = &keywords->used[i];
		struct tn_diag *diag;
		size_t k = 0;

		while (k < reading->n_secret_names &&
		    strcmp(reading->secret_names[k].name, used->name) != 0)
			k++;
		if (k == reading->n_secret_names)
			continue;
		diag = tn_diags_error(reading->diags, "secret-as-text", used->mark,
		    "%s gives a secret its value and cannot stand in plain text besides",
		    used->name);
		tn_diags_hint(reading->diags, diag,
		    "name another source for the secret in the connections file, under "
		    "secrets, or use another placeholder here");
	}
}

static void
tell_open(struct tn_reading *reading)
{
	const struct tn_keywords *keywords = &reading->keywords;
	TN_CLEANUP(tn_str_done) struct tn_str names = TN_STR_INIT;
	struct tn_diag *diag;
	size_t n = 0;

	for (size_t i = 0; i < keywords->n_open; i++)
		add_name(&names, &n, keywords->open[i].name);
	if (n == 0)
		return;
	diag = tn_diags_warning(reading->diags, "open-placeholder",
	    keywords->open[0].mark, "without a mapping: %s%s", tn_str_text(&names),
	    n > NAMES_TOLD ? ", …" : "");
	tn_diags_hint(reading->diags, diag,
	    "they come from the environment, if the connection lets them: placeholders: "
	    "[NAME]");
}

static int
read_sections(struct tn_reading *reading, struct tn_schemas *schemas,
    struct tn_value *root, struct tn_error *err)
{
	const struct tn_schema *schema;
	int r = tn_schemas_get(schemas, "deploycli", &schema, err);

	if (r < 0)
		return r;
	resolve(&reading->keywords, root);
	/* Its findings are counted with the others. */
	(void)!tn_schema_validate(schema, reading->arena, root, reading->diags);
	r = tn_reading_actions(reading, tn_value_get(root, "actions"), err);
	if (r < 0)
		return r;
	tn_reading_flows(reading, tn_value_get(root, "triggers"));
	check_secret_names(reading);
	tell_open(reading);
	return 0;
}

static int
read_all(struct tn_reading *reading, struct tn_schemas *schemas,
    enum tn_deploycli_form form, struct tn_error *err)
{
	struct tn_value *root = NULL;
	int r = tn_settings_read(reading, err);

	if (r < 0)
		return r;
	r = form == TN_DEPLOYCLI_YAML ? read_yaml(reading, &root, err)
				      : read_directory(reading, &root, err);
	return r < 0 || root == NULL ? r : read_sections(reading, schemas, root, err);
}

static struct tn_deploycli *
deploycli_new(const char *project)
{
	struct tn_arena *arena = tn_arena_new();
	struct tn_deploycli *deploycli = tn_arena_new_object(arena, struct tn_deploycli);

	deploycli->arena = arena;
	deploycli->want = tn_arena_new_object(arena, struct tn_want);
	deploycli->want->arena = arena;
	deploycli->want->project = tn_arena_text(arena,
	    project != NULL ? project : TN_DEPLOYCLI_PROJECT);
	return deploycli;
}

int
tn_deploycli_load(struct tn_tree *tree, struct tn_schemas *schemas,
    const struct tn_deploycli_options *options, struct tn_deploycli **out,
    struct tn_diags *diags, struct tn_error *err)
{
	TN_CLEANUP(tn_deploycli_freep)
	struct tn_deploycli *deploycli = deploycli_new(options->project);
	struct tn_reading reading = {
		.tree = tree,
		.diags = diags,
		.arena = deploycli->arena,
		.options = options,
		.keywords = { .arena = deploycli->arena,
		    .diags = diags,
		    .options = options },
		.sections = TN_SECTION_ACTIONS | TN_SECTION_TRIGGERS,
		.want = deploycli->want,
		.code_left = TN_READING_CODE_MAX,
	};
	size_t errors = tn_diags_errors(diags);
	int r = tn_deploycli_detect(tree, &deploycli->form, err);

	if (r < 0)
		return r;
	if (deploycli->form == TN_DEPLOYCLI_NONE)
		return tn_error_set(err, TN_E_NOT_FOUND,
		    "there is neither %s nor a directory of auth0-deploy-cli",
		    TN_DEPLOYCLI_FILE);
	r = read_all(&reading, schemas, deploycli->form, err);
	deploycli->hidden = reading.hidden;
	deploycli->n_hidden = reading.n_hidden;
	*out = tn_take(deploycli);
	if (r < 0)
		return r;
	return tn_diags_errors(diags) > errors ? -TN_E_INPUT : 0;
}

void
tn_deploycli_free(struct tn_deploycli *deploycli)
{
	if (deploycli != NULL)
		tn_arena_free(deploycli->arena);
}
