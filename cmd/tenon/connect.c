#include "connect.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "operator/operator.h"

char *
connect_cache_path(void)
{
	return tn_operator_home("XDG_CACHE_HOME", ".cache", "tenon/git");
}

/* A file of connections, or the lack of one. */
struct place {
	char *path; /* absolute; NULL: there is no file */
	const char
	    *named; /* what named it, for messages; NULL: it is at its usual place */
};

static void
place_done(struct place *place)
{
	tn_free(place->path);
}

/* The usual places; each is on the heap and may be NULL. */
static void
usual_places(char *paths[2])
{
	paths[0] = tn_operator_home("XDG_CONFIG_HOME", ".config",
	    "tenon/connections.yaml");
	paths[1] = tn_strdup("/etc/tenon/connections.yaml");
}

static struct place
find_place(const struct options *options)
{
	const char *variable = getenv("TENON_CONNECTIONS");
	struct place place = { .path = NULL };
	char *paths[2];

	if (options->connections != NULL) {
		place.named = "--connections";
		place.path = tn_operator_absolute(options->connections);
		return place;
	}
	if (variable != NULL && variable[0] != '\0') {
		place.named = "TENON_CONNECTIONS";
		place.path = tn_operator_absolute(variable);
		return place;
	}
	usual_places(paths);
	for (size_t i = 0; i < TN_ARRAY_LEN(paths); i++) {
		if (place.path == NULL && paths[i] != NULL &&
		    tn_operator_is_there(paths[i]))
			place.path = tn_take(paths[i]);
		tn_free(paths[i]);
	}
	return place;
}

/*
 * The directory that whoever writes the project can write: of the work tree that the
 * source belongs to, else of the source. On the heap; NULL when it is none on this
 * machine.
 */
static char *
project_directory(const struct options *options)
{
	const char *source = options->source != NULL ? options->source : ".";
	char *real = realpath(tn_text_starts(source, "file://")
		? source + strlen("file://")
		: source,
	    NULL);
	TN_CLEANUP(tn_freep) char *top = tn_strdup(real);
	char *slash;

	tn_free(real);
	if (top == NULL)
		return NULL;
	for (size_t len = strlen(top);; len = (size_t)(slash - top)) {
		TN_CLEANUP(tn_str_done) struct tn_str git = TN_STR_INIT;

		tn_str_addf(&git, "%.*s/.git", (int)len, top);
		if (tn_operator_is_there(tn_str_text(&git)))
			return tn_strndup(top, len);
		slash = memrchr(top, '/', len);
		if (slash == NULL || slash == top)
			return tn_take(top);
	}
}

/* Also when links lead into it. */
static bool
is_inside(const char *path, const char *directory)
{
	size_t len = strlen(directory);
	char *real = realpath(path, NULL);
	bool inside = real != NULL && strncmp(real, directory, len) == 0 &&
	    (real[len] == '/' || tn_text_equal(directory, "/"));

	tn_free(real);
	return inside;
}

/* What lies in the project by itself is the project's word, and not the operator's. */
static int
check_outside(const struct options *options, const struct place *place,
    struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *directory = project_directory(options);
	int r;

	if (place->named != NULL || directory == NULL ||
	    !is_inside(place->path, directory))
		return 0;
	r = tn_error_set(err, TN_E_INPUT,
	    "the connections file \"%s\" is inside of the project's directory \"%s\": "
	    "whoever changes the project could choose where credentials go",
	    place->path, directory);
	tn_error_hint(err,
	    "keep it elsewhere, or name it with --connections if you mean it");
	return r;
}

static int
load_file(const struct options *options, const struct place *place,
    struct tn_schemas *schemas, struct tn_connections **out, struct tn_diags *diags,
    struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	const struct tn_operator_file file = {
		.path = place->path,
		.what = "the connections file",
		.option = "--connections FILE",
		.named = place->named,
	};
	int r = check_outside(options, place, err);

	if (r < 0)
		return r;
	r = tn_operator_read(&file, &bytes, err);
	if (r < 0)
		return r;
	return tn_connections_load(place->path, tn_str_span(&bytes), schemas, out, diags);
}

/* What was looked for in vain. */
static void
say_where(const char *what, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str looked = TN_STR_INIT;
	char *paths[2];

	usual_places(paths);
	for (size_t i = 0; i < TN_ARRAY_LEN(paths); i++) {
		if (paths[i] != NULL)
			tn_str_addf(&looked, "%s%s", looked.len > 0 ? " or " : "",
			    paths[i]);
		tn_free(paths[i]);
	}
	tn_error_set(err, TN_E_INPUT, "there is no connections file (%s), and %s",
	    tn_str_text(&looked), what);
	tn_error_hint(err,
	    "name a file with --connections FILE or TENON_CONNECTIONS; or set AUTH0_DOMAIN, "
	    "AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET. The README shows both");
}

static int
load_environment(struct tn_schemas *schemas, struct tn_connections **out,
    struct tn_diags *diags, struct tn_error *err)
{
	const struct tn_environment environment = tn_operator_environment();
	int r = tn_connections_from_environment(environment.get, environment.arg, schemas,
	    out, diags);

	if (r < 0) {
		say_where("variables of the environment do not make a connection", err);
	} else if (*out == NULL) {
		say_where("AUTH0_DOMAIN is not set", err);
		r = -TN_E_INPUT;
	}
	return r;
}

int
connect_load(const struct options *options, struct tn_schemas *schemas,
    struct tn_connections **out, struct tn_diags *diags, struct tn_error *err)
{
	TN_CLEANUP(place_done) struct place place = find_place(options);

	if (place.path == NULL)
		return load_environment(schemas, out, diags, err);
	return load_file(options, &place, schemas, out, diags, err);
}

int
connect_state_path(const struct options *options, char **out, struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *path = NULL;
	int r;

	*out = NULL;
	if (options_no_state(options))
		return 0;
	if (options->state != NULL)
		path = tn_strdup(options->state);
	else
		path = tn_operator_home("XDG_STATE_HOME", ".local/state",
		    "tenon/state.db");
	if (path == NULL) {
		r = tn_error_set(err, TN_E_INPUT,
		    "there is no place for the state: neither XDG_STATE_HOME nor HOME is set");
		tn_error_hint(err, "name a file with --state FILE");
		return r;
	}
	r = tn_operator_make_place(path, err);
	if (r < 0) {
		tn_error_context(err, "the state file %s", path);
		tn_error_hint(err, "name another file with --state FILE");
		return r;
	}
	*out = tn_take(path);
	return 0;
}
