#include "options.h"

#include <string.h>

#include "base/text.h"

static const struct option {
	const char *name;
	const char
	    *value; /* what stands for the value in the manual; NULL: it takes none */
	size_t offset;
	const char *help;
} table[] = {
	{ "--config", "FILE", offsetof(struct options, config),
	    "the syncs (default: " USUAL_CONFIG ")" },
	{ "--ca-file", "FILE", offsetof(struct options, ca_file),
	    "trust the certificates in FILE instead of the system's" },
	{ "--check", NULL, offsetof(struct options, check),
	    "check the settings and stop; no tenant and no repository is asked" },
	{ "--version", NULL, offsetof(struct options, version), "the version" },
	{ "--help", NULL, offsetof(struct options, help), "this text" },
};

static int
usage_error(struct tn_error *err, const char *what, const char *word)
{
	int r = tn_error_set(err, TN_E_INPUT, "%s %s", what, word);

	tn_error_hint(err, "tenond --help shows what there is");
	return r;
}

/* "--name" or "--name=value". */
static const struct option *
find_option(const char *word)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(table); i++) {
		size_t len = strlen(table[i].name);

		if (strncmp(word, table[i].name, len) == 0 &&
		    (word[len] == '\0' || word[len] == '='))
			return &table[i];
	}
	return NULL;
}

static int
unknown(const char *word, struct tn_error *err)
{
	const char *names[TN_ARRAY_LEN(table)];
	const char *nearest;
	int r;

	for (size_t i = 0; i < TN_ARRAY_LEN(table); i++)
		names[i] = table[i].name;
	nearest = tn_text_nearest(word, names, TN_ARRAY_LEN(names));
	if (nearest == NULL)
		return usage_error(err, "unknown option", word);
	r = tn_error_set(err, TN_E_INPUT, "unknown option %s", word);
	tn_error_hint(err, "did you mean %s?", nearest);
	return r;
}

/* Gives the number of words used, or a negative error. */
static int
take_option(struct options *options, const char *word, const char *next,
    struct tn_error *err)
{
	const struct option *option = find_option(word);
	const char *equals = strchr(word, '=');
	const char *value = equals != NULL ? equals + 1 : next;
	char *field;

	if (option == NULL)
		return unknown(word, err);
	field = (char *)options + option->offset;
	if (option->value == NULL && equals != NULL)
		return usage_error(err, "no value is taken by", option->name);
	if (option->value == NULL) {
		*(bool *)(void *)field = true;
		return 1;
	}
	if (value == NULL || value[0] == '\0')
		return usage_error(err, "a value is missing after", option->name);
	*(const char **)(void *)field = value;
	return equals != NULL ? 1 : 2;
}

int
options_parse(struct options *options, int argc, char **argv, struct tn_error *err)
{
	*options = (struct options){ 0 };
	for (int i = 1; i < argc;) {
		int used = take_option(options, argv[i],
		    i + 1 < argc ? argv[i + 1] : NULL, err);

		if (used < 0)
			return used;
		i += used;
	}
	return 0;
}

void
options_help(struct tn_str *out)
{
	tn_str_add(out,
	    "tenond keeps tenants equal to what git repositories say, all day long.\n\n"
	    "usage: tenond [options]\n\n");
	for (size_t i = 0; i < TN_ARRAY_LEN(table); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;

		tn_str_addf(&name, "%s %s", table[i].name,
		    table[i].value != NULL ? table[i].value : "");
		tn_str_addf(out, "  %-16s%s\n", tn_str_text(&name), table[i].help);
	}
	tn_str_add(out,
	    "\nSIGHUP reads the settings anew, SIGTERM stops: what is under way is finished or\n"
	    "put back. Events go to standard output, one JSON object a line; what is wrong\n"
	    "with the settings to standard error. Exit status: 0 it was stopped, 1 it could\n"
	    "not begin, 6 another tenond has its state.\n");
}
