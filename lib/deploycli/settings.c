#include "deploycli/reading.h"

#include <string.h>

#include "base/mem.h"
#include "json/json.h"

#define CONFIG_MAX   ((size_t)1 << 20)
#define MAPPINGS_MAX ((size_t)1000)

static const struct {
	const char *name;
	unsigned section;
} sections[] = {
	{ "actions", TN_SECTION_ACTIONS },
	{ "triggers", TN_SECTION_TRIGGERS },
};

enum meaning {
	READ,
	CONNECTION, /* where a tenant is, and who we are */
	NOTHING,
};

/* Of every setting that the tool knows and that has a meaning here. */
static const struct {
	const char *key;
	enum meaning meaning;
	bool secret;
} settings[] = {
	{ "AUTH0_KEYWORD_REPLACE_MAPPINGS", READ, false },
	{ "AUTH0_EXCLUDED", READ, false },
	{ "AUTH0_INCLUDED_ONLY", READ, false },
	{ "AUTH0_DOMAIN", CONNECTION, false },
	{ "AUTH0_AUDIENCE", CONNECTION, false },
	{ "AUTH0_CLIENT_ID", CONNECTION, false },
	{ "AUTH0_CLIENT_SECRET", CONNECTION, true },
	{ "AUTH0_CLIENT_SIGNING_KEY_PATH", CONNECTION, false },
	{ "AUTH0_CLIENT_SIGNING_ALGORITHM", CONNECTION, false },
	{ "AUTH0_ACCESS_TOKEN", CONNECTION, true },
	{ "EXTENSION_SECRET", CONNECTION, true },
};

void
tn_reading_hide(struct tn_reading *reading, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	reading->hidden = tn_arena_grow(reading->arena, reading->hidden,
	    reading->n_hidden, &reading->hidden_cap, sizeof(*reading->hidden));
	reading->hidden[reading->n_hidden++] = text;
}

static enum meaning
meaning_of(const char *key, bool *secret)
{
	*secret = false;
	for (size_t i = 0; i < TN_ARRAY_LEN(settings); i++) {
		if (strcmp(settings[i].key, key) != 0)
			continue;
		*secret = settings[i].secret;
		return settings[i].meaning;
	}
	return NOTHING;
}

/* One warning for all settings of a kind. It has no line: values stand beside the keys.
 */
static void
tell_unused(struct tn_reading *reading, const struct tn_value *root, enum meaning meaning,
    const char *code, const char *what, const char *hint)
{
	TN_CLEANUP(tn_str_done) struct tn_str keys = TN_STR_INIT;
	struct tn_diag *diag;
	size_t n = 0;

	for (size_t i = 0; i < root->count; i++) {
		bool secret;

		if (meaning_of(root->as.members[i].key, &secret) != meaning)
			continue;
		if (n < 20)
			tn_str_addf(&keys, "%s%s", n > 0 ? ", " : "",
			    root->as.members[i].key);
		n++;
	}
	if (n == 0)
		return;
	if (n > 20)
		tn_str_addf(&keys, " and %zu more", n - 20);
	diag = tn_diags_warning(reading->diags, code,
	    (struct tn_mark){ .file = root->mark.file }, "%s: %s", what,
	    tn_str_text(&keys));
	tn_diags_hint(reading->diags, diag, "%s", hint);
}

static void
hide_secrets(struct tn_reading *reading, const struct tn_value *root)
{
	for (size_t i = 0; i < root->count; i++) {
		const struct tn_member *member = &root->as.members[i];
		bool secret;

		meaning_of(member->key, &secret);
		if (secret)
			tn_reading_hide(reading, tn_value_text(member->value));
	}
}

static void
wrong_type(struct tn_reading *reading, const struct tn_member *member,
    const char *expected)
{
	tn_diags_error(reading->diags, "wrong-type", member->mark,
	    "%s: expected %s, found %s", member->key, expected,
	    tn_value_kind_name(member->value->kind));
}

static void
read_mappings(struct tn_reading *reading, const struct tn_value *root)
{
	const struct tn_member *member = tn_value_member(root,
	    "AUTH0_KEYWORD_REPLACE_MAPPINGS");

	if (member == NULL || tn_value_is(member->value, TN_VALUE_NULL))
		return;
	if (!tn_value_is(member->value, TN_VALUE_OBJECT)) {
		wrong_type(reading, member, "mappings by keyword");
	} else if (member->value->count > MAPPINGS_MAX) {
		tn_diags_error(reading->diags, "too-large", member->mark,
		    "there are %zu mappings, at most %zu are read", member->value->count,
		    MAPPINGS_MAX);
	} else {
		tn_keywords_map(&reading->keywords, member->value);
	}
}

/* The sections in a list of names, as bits; *n is the length of the list. */
static unsigned
read_list(struct tn_reading *reading, const struct tn_value *root, const char *key,
    size_t *n)
{
	const struct tn_member *member = tn_value_member(root, key);
	unsigned named = 0;

	*n = 0;
	if (member == NULL || tn_value_is(member->value, TN_VALUE_NULL))
		return 0;
	if (!tn_value_is(member->value, TN_VALUE_ARRAY)) {
		wrong_type(reading, member, "a list of names");
		return 0;
	}
	*n = member->value->count;
	for (size_t i = 0; i < *n; i++) {
		const char *name = tn_value_text(tn_value_at(member->value, i));

		for (size_t k = 0; k < TN_ARRAY_LEN(sections); k++)
			if (tn_text_equal(name, sections[k].name))
				named |= sections[k].section;
	}
	return named;
}

static void
read_sections(struct tn_reading *reading, const struct tn_value *root)
{
	const struct tn_member *only = tn_value_member(root, "AUTH0_INCLUDED_ONLY");
	size_t n_excluded, n_included;
	unsigned excluded = read_list(reading, root, "AUTH0_EXCLUDED", &n_excluded);
	unsigned included = read_list(reading, root, "AUTH0_INCLUDED_ONLY", &n_included);

	if (only == NULL || !tn_value_is(only->value, TN_VALUE_ARRAY)) {
		reading->sections &= ~excluded;
		return;
	}
	reading->sections &= included;
	if (n_included == 0)
		tn_diags_error(reading->diags, "too-few", only->mark,
		    "AUTH0_INCLUDED_ONLY is an empty list: nothing would be managed");
	else if (n_excluded > 0)
		tn_diags_hint(reading->diags,
		    tn_diags_error(reading->diags, "not-together", only->mark,
			"AUTH0_INCLUDED_ONLY and AUTH0_EXCLUDED cannot both be given"),
		    "take one of them out, as auth0-deploy-cli demands it too");
}

static void
read_settings(struct tn_reading *reading, const struct tn_value *root)
{
	hide_secrets(reading, root);
	tell_unused(reading, root, CONNECTION, "ignored-credentials",
	    "these settings are not used",
	    "where a tenant is and who we are stands in the connections file");
	tell_unused(reading, root, NOTHING, "ignored-setting",
	    "these settings mean nothing here",
	    "they are about other resources, exports or auth0-deploy-cli itself; tenon "
	    "deletes nothing that these files do not name");
	read_mappings(reading, root);
	read_sections(reading, root);
}

/* The path of the file, on the heap; NULL and err for one that leaves the source. */
static char *
config_path(const char *named, struct tn_error *err)
{
	char *path = NULL;

	if (tn_tree_resolve(TN_DEPLOYCLI_CONFIG,
		named != NULL ? named : TN_DEPLOYCLI_CONFIG, &path, err) < 0) {
		tn_error_context(err, "the config.json \"%s\"", named);
		tn_error_hint(err,
		    "name a file inside of the source, relative to its top");
	}
	return path;
}

int
tn_settings_read(struct tn_reading *reading, struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	const char *named = reading->options->config;
	TN_CLEANUP(tn_freep) char *path = config_path(named, err);
	struct tn_value *root;
	int r;

	if (path == NULL)
		return -TN_E_INPUT;
	r = tn_tree_read(reading->tree, path, CONFIG_MAX, &bytes, &why);
	if (tn_result_kind(r) == TN_E_NOT_FOUND && named == NULL)
		return 0;
	if (r < 0) {
		tn_error_move(err, &why);
		tn_error_context(err, "cannot read %s", path);
		return r;
	}
	if (tn_json_parse_file(reading->arena, path, tn_str_span(&bytes), NULL, &root,
		reading->diags) < 0)
		return 0;
	if (tn_value_is(root, TN_VALUE_OBJECT))
		read_settings(reading, root);
	else
		tn_diags_error(reading->diags, "wrong-type", root->mark,
		    "expected the settings of auth0-deploy-cli, found %s",
		    tn_value_kind_name(root->kind));
	return 0;
}
