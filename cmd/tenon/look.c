#include "look.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/value.h"
#include "json/json.h"

#define PAYLOAD_MAX ((size_t)1 << 20)
/* More pages than a tenant can have. */
#define PAGE_DIGITS 6

static const char *const kinds[] = {
	[TN_LOOK_ACTIONS] = "actions",
	[TN_LOOK_VERSIONS] = "versions",
	[TN_LOOK_BINDINGS] = "bindings",
	[TN_LOOK_TRIGGERS] = "triggers",
	[TN_LOOK_EXECUTIONS] = "executions",
	[TN_LOOK_MODULES] = "modules",
};

static int
refuse(struct tn_error *err, const char *what, const char *hint)
{
	int r = tn_error_set(err, TN_E_INPUT, "%s", what);

	tn_error_hint(err, "%s", hint);
	return r;
}

static int
find_kind(const char *word, enum tn_look_kind *out, struct tn_error *err)
{
	const char *nearest;
	int r;

	if (word == NULL)
		return refuse(err, "get shows one kind of thing",
		    "such as: tenon get actions");
	for (size_t i = 0; i < TN_ARRAY_LEN(kinds); i++) {
		if (tn_text_equal(word, kinds[i])) {
			*out = (enum tn_look_kind)i;
			return 0;
		}
	}
	nearest = tn_text_nearest(word, kinds, TN_ARRAY_LEN(kinds));
	r = tn_error_set(err, TN_E_INPUT, "%s is no kind of thing in a tenant", word);
	if (nearest != NULL)
		tn_error_hint(err, "did you mean %s?", nearest);
	else
		tn_error_hint(err, "tenon get --help shows what there is");
	return r;
}

static int
parse_choice(const char *option, const char *word, enum tn_choice *out,
    struct tn_error *err)
{
	if (word == NULL)
		return 0;
	if (tn_text_equal(word, "yes"))
		*out = TN_YES;
	else if (tn_text_equal(word, "no"))
		*out = TN_NO;
	else
		return tn_error_set(err, TN_E_INPUT, "%s is yes or no, and not %s",
		    option, word);
	return 0;
}

static int
parse_page(const char *word, struct tn_look *look, struct tn_error *err)
{
	if (word == NULL)
		return 0;
	if (strspn(word, "0123456789") != strlen(word) || strlen(word) > PAGE_DIGITS)
		return tn_error_set(err, TN_E_INPUT,
		    "--page is a number from 0, and not %s", word);
	look->one_page = true;
	for (; *word != '\0'; word++)
		look->page = look->page * 10 + (unsigned)(*word - '0');
	return 0;
}

static int
check_conditions(const struct options *options, struct tn_error *err)
{
	bool any = options->trigger != NULL || options->name != NULL ||
	    options->deployed != NULL || options->installed != NULL ||
	    options->page != NULL;

	if (any && (options->look.kind != TN_LOOK_ACTIONS || options->object != NULL))
		return refuse(err, "conditions are for a list of actions",
		    "leave out --trigger, --name, --deployed, --installed and --page");
	return 0;
}

static int
check_object(const struct options *options, struct tn_error *err)
{
	bool named = options->object != NULL;

	switch (options->look.kind) {
	case TN_LOOK_VERSIONS:
		return named ? 0
			     : refuse(err, "versions are those of one action",
				   "tenon get versions ACTION");
	case TN_LOOK_EXECUTIONS:
		return named ? 0
			     : refuse(err, "an execution is shown by its id",
				   "tenon get executions ID; the tenant's logs have ids");
	case TN_LOOK_TRIGGERS:
		return !named ? 0
			      : refuse(err, "triggers are shown all together",
				    "tenon get bindings TRIGGER shows what is bound");
	case TN_LOOK_ACTIONS:
	case TN_LOOK_BINDINGS:
	case TN_LOOK_MODULES:
		break;
	}
	return 0;
}

static int
parse_get(struct options *options, struct tn_error *err)
{
	struct tn_look *look = &options->look;
	int r = find_kind(options->kind, &look->kind, err);

	look->filter.trigger = options->trigger;
	look->filter.name = options->name;
	if (r == 0)
		r = parse_choice("--deployed", options->deployed, &look->filter.deployed,
		    err);
	if (r == 0)
		r = parse_choice("--installed", options->installed,
		    &look->filter.installed, err);
	if (r == 0)
		r = parse_page(options->page, look, err);
	if (r == 0)
		r = check_conditions(options, err);
	return r < 0 ? r : check_object(options, err);
}

/* Nothing is called so, and in a path it would be something else. */
static int
check_name(const char *name, struct tn_error *err)
{
	static const char *const bad[] = { "", ".", ".." };

	for (size_t i = 0; i < TN_ARRAY_LEN(bad); i++)
		if (tn_text_equal(name, bad[i]))
			return tn_error_set(err, TN_E_INPUT, "nothing is called \"%s\"",
			    name);
	return 0;
}

int
look_parse(struct options *options, struct tn_error *err)
{
	int r = check_name(options->object, err);

	if (r < 0)
		return r;
	options->look.name = options->object;
	if (options->command == TN_COMMAND_GET)
		return parse_get(options, err);
	if (options->command == TN_COMMAND_TEST &&
	    (options->object == NULL || options->payload == NULL))
		return refuse(err, "a test run needs an action and a payload",
		    "tenon test ACTION --payload FILE");
	return 0;
}

int
look_read_payload(const char *file, struct tn_arena *arena, const struct tn_value **out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	struct tn_file_facts facts;
	struct tn_value *value = NULL;
	int r = tn_file_read_regular(file, PAYLOAD_MAX, &bytes, &facts, err);

	if (r == 0)
		r = tn_json_parse(arena, tn_str_span(&bytes), NULL, &value, err);
	if (r == 0 && !tn_value_is(value, TN_VALUE_OBJECT))
		r = tn_error_set(err, TN_E_INPUT,
		    "it should be a JSON object, but it is of type %s",
		    tn_value_kind_name(value->kind));
	if (r < 0) {
		tn_error_context(err, "the payload %s", file);
		return r;
	}
	*out = value;
	return 0;
}
