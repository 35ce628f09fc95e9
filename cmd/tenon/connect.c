#include "connect.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

#define CONNECTIONS_MAX ((size_t)4 << 20)
#define SECRET_MAX      ((size_t)64 << 10)

static const char *
from_environment(void *arg TN_UNUSED, const char *name)
{
	return getenv(name);
}

static int
from_file(void *arg TN_UNUSED, const char *path, struct tn_str *out, struct tn_error *err)
{
	return tn_file_read(path, SECRET_MAX, out, err);
}

struct tn_environment
connect_environment(void)
{
	return (struct tn_environment){ .get = from_environment, .read_file = from_file };
}

/* $variable/rest, or $HOME/fallback/rest; NULL when neither is set. */
static char *
home_path(const char *variable, const char *fallback, const char *rest)
{
	struct tn_str path = TN_STR_INIT;
	const char *base = getenv(variable);
	const char *home = getenv("HOME");

	if (base != NULL && base[0] == '/')
		tn_str_addf(&path, "%s/%s", base, rest);
	else if (home != NULL && home[0] == '/')
		tn_str_addf(&path, "%s/%s/%s", home, fallback, rest);
	else
		return NULL;
	return tn_str_take(&path);
}

static char *
connections_path(const struct options *options)
{
	const char *named = options->connections;
	char *path;

	if (named == NULL)
		named = getenv("TENON_CONNECTIONS");
	if (named != NULL && named[0] != '\0')
		return tn_strdup(named);
	path = home_path("XDG_CONFIG_HOME", ".config", "tenon/connections.yaml");
	if (path != NULL && access(path, F_OK) == 0)
		return path;
	tn_free(path);
	return tn_strdup("/etc/tenon/connections.yaml");
}

int
connect_load(const struct options *options, struct tn_schemas *schemas,
    struct tn_connections **out, struct tn_diags *diags, struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *path = connections_path(options);
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	int r = tn_file_read(path, CONNECTIONS_MAX, &bytes, err);

	if (r < 0) {
		tn_error_context(err, "the connections file");
		tn_error_hint(err,
		    "name it with --connections FILE or TENON_CONNECTIONS; the "
		    "README shows one");
		return r;
	}
	return tn_connections_load(path, tn_str_span(&bytes), schemas, out, diags);
}

static int
make_directory_of(const char *path, struct tn_error *err)
{
	const char *slash = strrchr(path, '/');
	TN_CLEANUP(tn_freep) char *directory = NULL;

	if (slash == NULL || slash == path)
		return 0;
	directory = tn_strndup(path, (size_t)(slash - path));
	return tn_file_mkdirs(directory, err);
}

int
connect_state_path(const struct options *options, char **out, struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *path = NULL;
	int r;

	if (options->state != NULL)
		path = tn_strdup(options->state);
	else
		path = home_path("XDG_STATE_HOME", ".local/state", "tenon/state.db");
	if (path == NULL) {
		r = tn_error_set(err, TN_E_INPUT,
		    "there is no place for the state: neither XDG_STATE_HOME nor HOME is set");
		tn_error_hint(err, "name a file with --state FILE");
		return r;
	}
	r = make_directory_of(path, err);
	if (r < 0) {
		tn_error_context(err, "the state file %s", path);
		tn_error_hint(err, "name another file with --state FILE");
		return r;
	}
	*out = tn_take(path);
	return 0;
}
