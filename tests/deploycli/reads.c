/*
 * Prints what we read, as JSON, for peer.mjs to compare with what auth0-deploy-cli reads.
 *
 *   reads keywords                     a list of {"mappings", "text"} on standard input:
 *                                      the texts after the replacement
 *   reads repository DIR NAME=VALUE…   a repository, with these placeholders
 */
#include <stdio.h>
#include <string.h>

#include "deploycli/keyword.h"
#include "json/json.h"
#include "schema/schema.h"
#include "source/source.h"

#define NAMES_MAX 16

static int
print(const struct tn_value *value)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_json_write(value, &text);
	printf("%s\n", tn_str_text(&text));
	return 0;
}

static int
complain(const struct tn_diags *diags, const struct tn_error *err)
{
	for (size_t i = 0; i < tn_diags_count(diags); i++)
		fprintf(stderr, "%s\n", tn_diags_at(diags, i)->message);
	if (tn_error_is_set(err))
		fprintf(stderr, "%s\n", err->message);
	return 1;
}

/* One text; keywords that nobody maps stay. */
static struct tn_value *
replaced(struct tn_arena *arena, const struct tn_value *item, struct tn_diags *diags)
{
	const struct tn_deploycli_options options = { .open = true };
	struct tn_keywords keywords = { .arena = arena,
		.diags = diags,
		.options = &options };
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	tn_keywords_map(&keywords, tn_value_get(item, "mappings"));
	if (!tn_keywords_replace_code(&keywords, "text",
		tn_span(tn_value_get_text(item, "text")), &out))
		return tn_value_null(arena);
	return tn_value_string_of(arena, tn_str_text(&out), out.len);
}

static void
read_input(struct tn_str *out)
{
	char block[4096];
	size_t len;

	while ((len = fread(block, 1, sizeof(block), stdin)) > 0)
		tn_str_add_bytes(out, block, len);
}

static int
read_keywords(void)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str input = TN_STR_INIT;
	struct tn_value *cases, *out = tn_value_array(arena);

	read_input(&input);
	if (tn_json_parse(arena, tn_str_span(&input), NULL, &cases, &err) < 0)
		return complain(diags, &err);
	for (size_t i = 0; i < tn_value_count(cases); i++)
		tn_value_push(arena, out, replaced(arena, tn_value_at(cases, i), diags));
	if (tn_diags_count(diags) > 0)
		return complain(diags, &err);
	return print(out);
}

static struct tn_value *
action_value(struct tn_arena *arena, const struct tn_want_action *action)
{
	struct tn_value *out = tn_value_object(arena);
	struct tn_value *secrets = tn_value_array(arena);

	tn_value_set_text(arena, out, "name", action->name);
	tn_value_set_text(arena, out, "trigger", action->trigger.id);
	tn_value_set_text(arena, out, "version", action->trigger.version);
	tn_value_set(arena, out, "content", tn_content_to_value(arena, &action->content));
	tn_value_set_int(arena, out, "unstated", action->unstated);
	for (size_t i = 0; i < action->content.n_secrets; i++) {
		const char *source = action->content.secrets[i].source;

		tn_value_push(arena, secrets,
		    source != NULL ? tn_value_string(arena, source)
				   : tn_value_null(arena));
	}
	tn_value_set(arena, out, "sources", secrets);
	return out;
}

static struct tn_value *
flow_value(struct tn_arena *arena, const struct tn_want_flow *flow)
{
	struct tn_value *out = tn_value_array(arena);

	for (size_t i = 0; i < flow->n_entries; i++) {
		struct tn_value *entry = tn_value_object(arena);

		tn_value_set_text(arena, entry, "action_name", flow->entries[i].name);
		tn_value_set_text(arena, entry, "display_name",
		    flow->entries[i].display_name);
		tn_value_push(arena, out, entry);
	}
	return out;
}

static int
print_wanted(const struct tn_want *want)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *out = tn_value_object(arena);
	struct tn_value *actions = tn_value_array(arena);
	struct tn_value *triggers = tn_value_object(arena);

	for (size_t i = 0; i < want->n_actions; i++)
		tn_value_push(arena, actions, action_value(arena, &want->actions[i]));
	for (size_t i = 0; i < want->n_flows; i++)
		tn_value_set(arena, triggers, want->flows[i].trigger,
		    flow_value(arena, &want->flows[i]));
	tn_value_set(arena, out, "actions", actions);
	tn_value_set(arena, out, "triggers", triggers);
	return print(out);
}

static int
read_repository(const char *directory, char **names, int n)
{
	TN_CLEANUP(tn_schemas_freep) struct tn_schemas *schemas = tn_schemas_new();
	TN_CLEANUP(tn_deploycli_freep) struct tn_deploycli *loaded = NULL;
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = NULL;
	struct tn_placeholder placeholders[NAMES_MAX];
	struct tn_deploycli_options options = { .placeholders = placeholders };

	for (int i = 0; i < n && i < NAMES_MAX; i++) {
		char *value = strchr(names[i], '=');

		if (value == NULL)
			continue;
		*value = '\0';
		placeholders[options.n_placeholders++] =
		    (struct tn_placeholder){ names[i], value + 1 };
	}
	if (tn_dirtree_open(directory, &tree, &err) < 0 ||
	    tn_deploycli_load(tree, schemas, &options, &loaded, diags, &err) < 0)
		return complain(diags, &err);
	return print_wanted(loaded->want);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "keywords") == 0)
		return read_keywords();
	if (argc >= 3 && strcmp(argv[1], "repository") == 0)
		return read_repository(argv[2], argv + 3, argc - 3);
	fprintf(stderr, "usage: reads keywords | repository DIR NAME=VALUE...\n");
	return 2;
}
