#include "settings.h"

#include "base/mem.h"
#include "operator/operator.h"

static int
read_syncs(const struct options *options, const char *path, struct tn_schemas *schemas,
    struct tn_settings *out, struct tn_diags *diags, struct tn_error *err)
{
	const struct tn_operator_file file = {
		.path = path,
		.what = "the settings file",
		.option = "--config FILE",
		.named = options->config != NULL ? "--config" : NULL,
	};
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	int r = tn_operator_read(&file, &bytes, err);

	if (r < 0)
		return r;
	return tn_daemon_load(path, tn_str_span(&bytes), schemas, &out->daemon, diags);
}

static int
read_connections(const char *named, struct tn_schemas *schemas, struct tn_settings *out,
    struct tn_diags *diags, struct tn_error *err)
{
	TN_CLEANUP(tn_freep)
	char *path = tn_daemon_path(out->daemon, out->daemon->connections);
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	const struct tn_operator_file file = {
		.path = path,
		.what = "the connections file",
		.option = "`connections` in there",
		.named = named,
	};
	int r = tn_operator_read(&file, &bytes, err);

	if (r < 0)
		return r;
	return tn_connections_load(path, tn_str_span(&bytes), schemas, &out->connections,
	    diags);
}

static int
check_connections(const struct tn_settings *settings, struct tn_diags *diags)
{
	const struct tn_daemon *daemon = settings->daemon;
	int r = 0;

	for (size_t i = 0; i < daemon->n_syncs; i++) {
		const struct tn_sync_entry *sync = &daemon->syncs[i];
		struct tn_diag *diag;

		if (tn_connections_find(settings->connections, sync->connection) != NULL)
			continue;
		diag = tn_diags_error(diags, "unknown-connection", sync->mark,
		    "the connections file has no \"%s\"", sync->connection);
		tn_diags_resource(diags, diag, "sync/%s", sync->name);
		tn_diags_hint(diags, diag, "name one of it, or put it there");
		r = -TN_E_INPUT;
	}
	return r;
}

int
settings_load(const struct options *options, struct tn_schemas *schemas,
    struct tn_settings *out, struct tn_diags *diags, struct tn_error *err)
{
	TN_CLEANUP(tn_freep)
	char *path = tn_operator_absolute(
	    options->config != NULL ? options->config : USUAL_CONFIG);
	int r;

	*out = (struct tn_settings){ 0 };
	r = read_syncs(options, path, schemas, out, diags, err);
	if (r == 0)
		r = read_connections(path, schemas, out, diags, err);
	if (r == 0)
		r = check_connections(out, diags);
	if (r < 0)
		settings_done(out);
	return r;
}

void
settings_done(struct tn_settings *settings)
{
	tn_connections_free(tn_take(settings->connections));
	tn_daemon_free(tn_take(settings->daemon));
}
